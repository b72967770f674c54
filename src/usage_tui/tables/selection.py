"""What of the data a table holds, in the words of the command that exports it."""

from __future__ import annotations

from usage_tui.models import EventPage, EventQuery
from usage_tui.named_tuple import NamedTuple

SOURCES, DAILY, HISTORY, GRANTS, ALLOWANCES, REPORT, FOCUS = (
    *("sources", "daily", "history"),
    *("grants", "allowances", "report", "focus"),
)
"""What `usage-tui export` takes."""


class Selection(NamedTuple):
    """A table, or a part of one.

    Attributes:
        what: Which table, as `usage-tui export` calls it.
        label: What people call it.
        options: The options that choose its rows; None if no command gives just these.
        query: Of the history, which events.
        page: The events that it holds, if it is a part of the history that is known; else None.
    """

    what: str
    label: str
    options: tuple[str, ...] | None = ()
    query: EventQuery = EventQuery()
    page: EventPage | None = None

    @property
    def command(self) -> tuple[str, ...]:
        """The command that prints it, with its options; empty if there is none."""
        return () if self.options is None else (self.what, *self.options)
