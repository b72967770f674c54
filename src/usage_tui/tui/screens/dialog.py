"""A framed window over the screen, closed by one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.config.commands import key_of
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import program_of
from usage_tui.tui.tones import COMPONENTS
from usage_tui.tui.widgets.lines import Lines


class Dialog(ModalScreen[None]):
    """A dialog that shows lines, or a body of its own. Subclasses say which."""

    BINDINGS = bindings(
        back="dismiss",
        quit="dismiss",
        page_up="page_up",
        page_down="page_down",
        cursor_up="line_up",
        cursor_down="line_down",
    )
    COMPONENT_CLASSES = COMPONENTS
    FRAME_ID = "dialog"
    """The id of the frame, for its width in the styles."""
    KEYS: ClassVar[Mapping[str, str]] = {"back": "close"}
    """What the frame says of its keys: commands, each with its word."""

    @property
    def heading(self) -> str:
        """What stands in the frame."""
        raise NotImplementedError

    def draw(self, area: Area) -> list[Line]:
        """The lines inside the frame."""
        raise NotImplementedError

    @property
    def key_words(self) -> str:
        """What the lower frame says of the keys."""
        context = program_of(self)
        return "   ".join(
            f"{key_of(command, context.keys, context.glyphs)} {label}" for command, label in self.KEYS.items()
        )

    def compose(self) -> ComposeResult:
        """A frame around lines, which scroll where the terminal is small."""
        with VerticalScroll(id=self.FRAME_ID, classes="dialog", can_focus=False) as frame:
            frame.border_title = self.heading
            frame.border_subtitle = self.key_words
            yield from self.compose_body()

    def compose_body(self) -> ComposeResult:
        """What the frame is around: the lines, if nothing else."""
        lines = Lines()
        lines.show(self.draw)
        yield lines

    def _frame(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def action_page_up(self) -> None:
        """One screen up."""
        self._frame().scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """One screen down."""
        self._frame().scroll_page_down(animate=False)

    def action_line_up(self) -> None:
        """One line up."""
        self._frame().scroll_up(animate=False)

    def action_line_down(self) -> None:
        """One line down."""
        self._frame().scroll_down(animate=False)
