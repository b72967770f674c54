"""The history of an organization, booked as it happened: each grant at its time, each event at its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from usage_tui.importing.entry_list import Entry
from usage_tui.importing.faults import BadLine
from usage_tui.importing.former import FormerPeriods, former_periods
from usage_tui.importing.organization import Description
from usage_tui.ledger.booked_grant import NothingLeft
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ledger import AlreadyReversed, Ledger
from usage_tui.ledger.roll_forward import MovesTally, roll_forwards
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.statement import Statement, make_statement
from usage_tui.models import BillingPeriods, Credits, Event, Period


class History(NamedTuple):
    """What happened, and how the organization stands after it.

    Attributes:
        statement: As the viewer may see it, and what only a viewer with billing access may.
        periods: The current billing period and those before it, as the cadence of the plan says; None if
            nothing is known of them that does not stand elsewhere.
        bad_lines: Reversals of what is not there, or was reversed before.
        early: How many events are older than any grant, and their sum: they are nobody's overage.
    """

    statement: Statement
    periods: BillingPeriods | None
    bad_lines: Sequence[BadLine]
    early: tuple[int, Credits]


def replay(
    entries: Iterable[Entry],
    reversed_ids: set[str],
    description: Description,
    as_of: datetime,
    keep: Callable[[Event], object],
    *,
    voids: Mapping[str, datetime] | None = None,
) -> History:
    """Book a history and state how the organization stands at a moment.

    Args:
        entries: In order of time, none after `as_of`.
        reversed_ids: The ids that some entry reverses.
        description: The organization. What is granted to it after `as_of` is left out.
        as_of: The moment of the recording.
        keep: Takes each event, the oldest first.
        voids: When what was left of a grant was taken back, by its id.
    """
    entries = iter(entries)
    first = next(entries, None)
    replaying = _Replay(reversed_ids, description, as_of, voids or {}, first)
    for entry in chain(() if first is None else (first,), entries):
        event = replaying.book(entry)
        if event is not None:
            keep(event)
    return replaying.history()


class _Replay:
    """A ledger, and what is added up beside it, while a history is booked."""

    def __init__(
        self,
        reversed_ids: set[str],
        description: Description,
        as_of: datetime,
        voids: Mapping[str, datetime],
        first: Entry | None,
    ) -> None:
        """Grant what was granted; `first` is the first entry to come."""
        calendar = Calendar(description.org.time_zone)
        self._billing = description.billing(calendar, as_of)
        self._description, self._as_of, self._reversed_ids = description, as_of, reversed_ids
        periods = _former(description, calendar, as_of, first)
        self._starts = [period.starts_at for period in (*reversed(periods), self._billing.period)]
        self._moved = MovesTally.of_periods(self._starts)
        self._former = FormerPeriods(periods, calendar)
        self._ledger, self._rollup = Ledger(self._moved.add), PeriodRollup(self._billing.period, calendar)
        granted = [terms for terms in description.terms if terms.granted_at <= as_of]
        for terms in granted:
            self._ledger.grant(terms)
        self._first_grant = min((terms.effective_at for terms in granted), default=as_of)
        self._waiting = sorted((at, grant_id) for grant_id, at in voids.items() if at <= as_of)
        self._bad_lines: list[BadLine] = []
        self._originals: dict[str, Event] = {}
        self._count = self._early_count = self._early_micro = 0

    def book(self, entry: Entry) -> Event | None:
        """The event of the next entry, after what was taken back before it; None for a bad line."""
        while self._waiting and self._waiting[0][0] <= entry.use.occurred_at:
            _void(self._ledger, *self._waiting.pop(0))
        try:
            event = _booked(self._ledger, entry, self._originals)
        except (ValueError, AlreadyReversed) as error:
            self._bad_lines.append(BadLine(entry.line, str(error), entry.file))
            return None
        if event.occurred_at < self._first_grant and event.uncovered:
            self._early_count += 1
            self._early_micro += event.uncovered.micro
        self._rollup.add(event)
        self._former.add(event)
        self._count += 1
        if event.id in self._reversed_ids:
            self._originals[event.id] = event
        return event

    def history(self) -> History:
        """What happened, and how the organization stands."""
        ledger, description = self._ledger, self._description
        for at, grant_id in self._waiting:
            _void(ledger, at, grant_id)
        ledger.advance(max(self._as_of, ledger.now))
        statement = make_statement(
            ledger, self._rollup, self._billing, description.viewer, revision=self._count
        )
        statement = _without_overage(statement, self._early_micro)
        told = description.viewer.billing_access
        carried = (
            roll_forwards(self._starts, ledger.booked_grants, self._moved.moves, ledger.now) if told else ()
        )
        all_periods = self._former.periods(statement.summary, carried)
        early = self._early_count, Credits(self._early_micro)
        return History(statement, all_periods, self._bad_lines, early)


def _former(
    description: Description, calendar: Calendar, as_of: datetime, first: Entry | None
) -> Sequence[Period]:
    """The periods before the shown one, newest first, back to the one of the first entry."""
    if first is None:
        return ()
    cadence, since = description.subscription.cadence, first.use.occurred_at
    return [*former_periods(description.bounds, cadence, calendar, as_of, since=since)]


def _booked(ledger: Ledger, entry: Entry, originals: Mapping[str, Event]) -> Event:
    if entry.reverses is not None:
        event = _reverse(ledger, entry, originals)
    elif entry.is_adjustment:
        event = ledger.adjust(entry.use)
    else:
        event = ledger.use(entry.use)
    return event if entry.is_counted else replace(event, quantity=None)


def _reverse(ledger: Ledger, entry: Entry, originals: Mapping[str, Event]) -> Event:
    original = reversible(entry, originals.get(entry.reverses or ""))
    use = entry.use
    return ledger.reverse(original, reversal_id=use.id, at=use.occurred_at, actor=use.actor)


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


def _void(ledger: Ledger, at: datetime, grant_id: str) -> None:
    try:
        ledger.void(grant_id, at=max(at, ledger.now))
    except NothingLeft:
        return


def _without_overage(statement: Statement, early: int) -> Statement:
    """The statement without the use from before the first grant as overage."""
    balance = statement.summary.balance
    if balance is None or balance.overage is None:
        return statement
    overage = balance.overage - Credits(early)
    summary = replace(statement.summary, balance=replace(balance, overage=overage))
    return statement._replace(summary=summary)
