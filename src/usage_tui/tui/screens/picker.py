"""A dialog in which something is found by typing, and chosen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from usage_tui.cards.choices import Choice
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.choices import Choices
from usage_tui.tui.widgets.query import Query

T = TypeVar("T")


class Picker(Dialog, Generic[T]):
    """One line to type in, and what it finds. Subclasses say what there is, and what choosing does."""

    # The letters of other keys are typed here, so these always work.
    BINDINGS: ClassVar = [
        Binding("up", "line_up", show=False),
        Binding("down", "line_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("escape", "dismiss", show=False),
    ]
    AUTO_FOCUS = "Query"
    KEYS: ClassVar[Mapping[str, str]] = {}
    placeholder: str = ""
    """What stands in the line before anything is typed."""
    enter: str = "choose"
    """What Enter does, in a word."""

    @abstractmethod
    def find(self, query: str) -> Sequence[Choice[T]]:
        """What there is to choose from, once this is typed."""

    @abstractmethod
    def choose(self, leads_to: T) -> None:
        """Do what the chosen row means; the dialog is closed."""

    def compose_body(self) -> ComposeResult:
        """The line, and what it finds."""
        yield Query(self.placeholder)
        yield Choices[T]()

    @property
    def choices(self) -> Choices[T]:
        """What is found."""
        return self.query_one(Choices)

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """The keys that are not typed, whatever keys are set."""
        return [("open", f"Enter {self.enter}"), ("back", "Esc close")]

    def run(self, command: str) -> None:
        """Run a command that was clicked."""
        if command == "open":
            self._chosen()
        else:
            self.call_next(self.action_dismiss)

    def on_mount(self) -> None:
        """Begin with what there is before anything is typed."""
        rows = self.find("")
        self.choices.show(rows, self.start(rows))

    def start(self, rows: Sequence[Choice[T]]) -> int:
        """The row that the cursor is on at first."""
        return 0

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.choices.show(self.find(event.value))

    @on(Input.Submitted)
    @on(Choices.Chosen)
    def _chosen(self) -> None:
        chosen = self.choices.chosen
        if chosen is not None:
            self.dismiss()
            self.choose(chosen.leads_to)

    def action_line_up(self) -> None:
        """The row above."""
        self.choices.move(-1)

    def action_line_down(self) -> None:
        """The row below."""
        self.choices.move(1)

    def action_page_up(self) -> None:
        """As many rows up as are shown."""
        self.choices.move(-self.choices.size.height)

    def action_page_down(self) -> None:
        """As many rows down as are shown."""
        self.choices.move(self.choices.size.height)
