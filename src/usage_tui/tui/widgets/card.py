"""What all cards of the dashboard share: a view to show, and the keyboard's focus."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from usage_tui.cards.card import Placeholder
from usage_tui.models import EventQuery
from usage_tui.state.remote import Status
from usage_tui.tui.widgets.typeset import Typeset

V = TypeVar("V")


class Card(Typeset, Generic[V], can_focus=True):
    """A card of the dashboard. It shows the view it was given last."""

    opens: ClassVar[str] = ""
    """The command that `open` runs; empty where it leads to the events behind a row."""

    view: V | Placeholder | None = None

    def show(self, view: V | Placeholder) -> None:
        """Show the view; an equal one changes nothing."""
        if view != self.view:
            self.view = view
            self.shown()
            self.redraw()

    def shown(self) -> None:
        """Bring what depends on the view up to date, such as a cursor."""

    @property
    def content(self) -> V | None:
        """The view, unless there is nothing to show."""
        return None if isinstance(self.view, Placeholder) else self.view

    @property
    def failed(self) -> bool:
        """Whether the card says why it could not be loaded."""
        return isinstance(self.view, Placeholder) and self.view.status is Status.FAILED

    @property
    def copy_text(self) -> str:
        """What `copy` sends: the row under the cursor, or the card's number; tabs between cells."""
        return ""

    @property
    def events_behind(self) -> EventQuery | None:
        """The events that `open` leads to; None where it leads nowhere."""
        return None
