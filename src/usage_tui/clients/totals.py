"""The totals of the events that match a query, for clients that hold them."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.clients.base import InvalidReply
from usage_tui.models import Event, EventQuery, InvalidCredits, Totals


def totals_of(query: EventQuery, cursor: str | None, found: Sequence[Event]) -> Totals | None:
    """What the first page tells of all events that match; None on later ones, or without conditions.

    Raises:
        InvalidReply: The sum is too large.
    """
    if cursor is not None or not query.has_conditions:
        return None
    try:
        return Totals.of(found)
    except InvalidCredits:
        raise InvalidReply("The amounts of these events are too large to add up.") from None
