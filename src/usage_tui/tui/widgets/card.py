"""One widget for every card: it shows a view, and knows where in it the viewer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.message import Message

from usage_tui.cards.card import LOADING, Placeholder
from usage_tui.cards.panel import Opening, Panel, Place
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.typeset import Typeset

V = TypeVar("V")


class CardWidget(Typeset, Generic[V], can_focus=True):
    """A panel on a screen. It shows the view that it was given last."""

    class Moved(Message):
        """The viewer is at another place in the panel."""

    def __init__(self, panel: Panel[V]) -> None:
        """Show this panel, under its own id."""
        super().__init__(id=panel.id)
        self.panel = panel
        self.view: V | Placeholder = LOADING
        self._choice = ""

    @property
    def content(self) -> V | None:
        """The view, unless there is nothing to show."""
        return None if isinstance(self.view, Placeholder) else self.view

    @property
    def place(self) -> Place:
        """Where the viewer is."""
        return Place(choice=self._choice)

    def show(self, view: V | Placeholder) -> None:
        """Show the view; an equal one changes nothing."""
        if view != self.view:
            self.view = view
            self.shown()
            self.redraw()

    def shown(self) -> None:
        """Bring what depends on the view up to date, such as a cursor."""

    def draw(self, area: Area) -> Sequence[Line]:
        """What the panel draws of the view."""
        return self.panel.draw(self.view, area, self.place)

    @property
    def copy_text(self) -> str:
        """What copying sends; empty if there is nothing to copy."""
        return "" if self.content is None else self.panel.copy_text(self.content, self.place)

    @property
    def opens(self) -> Opening:
        """What Enter leads to."""
        return self.panel.opens(self.view, self.place)

    @property
    def has_choice(self) -> bool:
        """Whether there is, or may soon be, more than one alternative."""
        return self.content is None or len(self.panel.choices(self.content)) != 1

    def show_next_choice(self) -> None:
        """Show the next alternative of the panel; after the last one comes the usual one."""
        if self.content is None:
            return
        choices = self.panel.choices(self.content)
        now = choices.index(self.panel.chosen(self.content, self.place))
        self.choose(choices[(now + 1) % len(choices)])

    def choose(self, choice: str) -> None:
        """Show one of the panel's alternatives."""
        self._choice = choice
        self.restart()
        self.post_message(self.Moved())

    def restart(self) -> None:
        """Start again in what is shown now."""
        self.redraw()
