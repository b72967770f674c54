"""The history of an organization, booked as it happened: each grant at its time, each event at its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from usage_tui.importing.entries import Entry
from usage_tui.importing.faults import BadLine
from usage_tui.importing.former import FormerPeriods
from usage_tui.importing.organization import Description
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ledger import AlreadyReversed, Ledger
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.statement import Statement, make_statement
from usage_tui.models import BillingPeriods, Event


class History(NamedTuple):
    """What happened, and how the organization stands after it.

    Attributes:
        statement: As the viewer may see it, and what only a viewer with billing access may.
        events: Oldest first; none where the viewer may not see them.
        periods: The current billing period and those before it, as the cadence of the plan says; None where
            no event lies before the current one.
        bad_lines: Reversals of what is not there, or was reversed before.
    """

    statement: Statement
    events: Sequence[Event]
    periods: BillingPeriods | None
    bad_lines: Sequence[BadLine]


def replay(
    entries: Iterable[Entry], reversed_ids: set[str], description: Description, as_of: datetime
) -> History:
    """Book a history and state how the organization stands at a moment.

    Args:
        entries: In order of time, none after `as_of`.
        reversed_ids: The ids that some entry reverses.
        description: The organization. What is granted to it after `as_of` is left out.
        as_of: The moment of the recording.
    """
    calendar = Calendar(description.org.time_zone)
    contract = description.contract(calendar, as_of)
    book, rollup = Ledger(), PeriodRollup(contract.period, calendar)
    former = FormerPeriods(description, calendar, as_of)
    for terms in description.terms:
        if terms.granted_at <= as_of:
            book.grant(terms)
    events: list[Event] = []
    bad_lines: list[BadLine] = []
    originals: dict[str, Event] = {}
    for entry in entries:
        try:
            event = _book(book, entry, originals)
        except (ValueError, AlreadyReversed) as error:
            bad_lines.append(BadLine(entry.line, str(error)))
            continue
        rollup.add(event)
        former.add(event)
        events.append(event)
        if event.id in reversed_ids:
            originals[event.id] = event
    book.advance(as_of)
    statement = make_statement(book, rollup, contract, description.viewer, revision=len(events))
    periods = former.before(statement.summary)
    return History(statement, events if description.viewer.billing_access else [], periods, bad_lines)


def _book(book: Ledger, entry: Entry, originals: Mapping[str, Event]) -> Event:
    if entry.reverses is not None:
        return _reverse(book, entry, originals)
    return book.adjust(entry.use) if entry.is_adjustment else book.use(entry.use)


def _reverse(book: Ledger, entry: Entry, originals: Mapping[str, Event]) -> Event:
    original = reversible(entry, originals.get(entry.reverses or ""))
    use = entry.use
    return book.reverse(original, reversal_id=use.id, at=use.occurred_at, actor=use.actor)


def reversible(entry: Entry, original: Event | None) -> Event:
    """The event that an entry gives back, where it was found.

    Raises:
        ValueError: It was not, or the entry gives back another amount.
    """
    if original is None:
        raise ValueError(f"reverses: no earlier event has the id {entry.reverses!r}")
    if entry.use.credits != -original.credits:
        raise ValueError(f"credits: must give back all of {original.credits}, not {-entry.use.credits}")
    return original
