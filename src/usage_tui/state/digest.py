"""The digest of what is known: the few numbers of a status line, to be read without any library."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from usage_tui.frozen import frozen
from usage_tui.insight.pace import cut
from usage_tui.insight.reconcile import Reconciliation
from usage_tui.models import Credits, RollForward
from usage_tui.state.answer import Answer
from usage_tui.state.known_answers import answers_now
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.numbers import whole_percent

SCHEMA = "usage-tui/status/1"


@frozen
class ReconcileAnswer:
    """What the period used, by its days, by its sources and by its total; and the balance carried forward.

    Attributes:
        agrees: Whether all say the same.
        roll_forward: What grants held when the period began, and what has moved since; null where that is not
            told.
        closing: What grants should hold by that.
        held: What grants hold, locked ones too.
    """

    agrees: bool
    days: Credits
    sources: Credits
    period: Credits
    roll_forward: RollForward | None
    closing: Credits | None
    held: Credits | None


@frozen
class StatusAnswer(Answer):
    """How an organization stands, in a line. What is not known is null.

    Attributes:
        credits: What can be spent.
        included: The part of it that ends with the period.
        purchased: The part of it that was bought.
        locked: On purchased grants that cannot be used now.
        overage: What no grant has covered.
        used: What the period used.
        progress_of: What the percentages are of: ``included``, or ``budget``.
        progress_used: What is used of that.
        progress_granted: How much that is.
        percent_used: Of that, rounded down.
        percent_left: Of that, rounded down.
        days_left: Civil days from today to the last one of the period, both included.
        refresh: The day on which the next period begins.
        state: ``normal``, ``low``, ``paused``, ``locked``, or a word of the service.
        runs_out: The day on which nothing is left at the usual pace.
        earliest: The same at the busiest pace.
        latest: The same at the quietest pace.
        pace: What a day uses at the usual pace; the seventh place and beyond are cut.
        reconcile: null where a side is not known, or is of another moment.
    """

    credits: Credits | None
    included: Credits | None
    purchased: Credits | None
    locked: Credits | None
    overage: Credits | None
    used: Credits | None
    progress_of: str | None
    progress_used: Credits | None
    progress_granted: Credits | None
    percent_used: int | None
    percent_left: int | None
    days_left: int | None
    refresh: date | None
    state: str | None
    runs_out: date | None
    earliest: date | None
    latest: date | None
    pace: Credits | None
    reconcile: ReconcileAnswer | None


def digest_of(state: UsageState, *, fetched_at: datetime, stale: bool = False) -> StatusAnswer:
    """The digest of a state whose summary is known.

    Args:
        state: What is known.
        fetched_at: When the source told it.
        stale: Whether that is long ago.
    """
    summary = state.summary.value
    assert summary is not None  # noqa: S101 - as the caller has seen
    balance, progress, period = summary.balance, summary.included, summary.period
    answers = answers_now(state)
    ahead = answers.runway if answers else None
    if progress is not None and not progress.granted:
        progress = None
    return StatusAnswer(
        schema=SCHEMA,
        as_of=summary.as_of,
        fetched_at=fetched_at,
        stale=stale,
        origin=state.origin,
        org=summary.org,
        unit=summary.unit.code,
        credits=balance.total if balance else None,
        included=balance.included if balance else None,
        purchased=balance.purchased if balance else None,
        locked=balance.locked if balance else None,
        overage=balance.overage if balance else None,
        used=state.used,
        progress_of=progress.kind if progress else None,
        progress_used=progress.used if progress else None,
        progress_granted=progress.granted if progress else None,
        percent_used=_percent(progress.used, progress.granted) if progress else None,
        percent_left=_percent(progress.remaining, progress.granted) if progress else None,
        days_left=period.days_left if period else None,
        refresh=dates.local(period.ends_at, summary.org.time_zone).date() if period else None,
        state=summary.state,
        runs_out=ahead.runs_out if ahead else None,
        earliest=ahead.earliest if ahead else None,
        latest=ahead.latest if ahead else None,
        pace=cut(ahead.pace.a_day) if ahead and ahead.pace else None,
        reconcile=_reconcile(answers.reconciliation) if answers else None,
    )


def _reconcile(books: Reconciliation | None) -> ReconcileAnswer | None:
    if books is None:
        return None
    carried = books.roll_forward
    return ReconcileAnswer(
        agrees=books.agrees,
        days=books.days,
        sources=books.sources,
        period=books.period,
        roll_forward=carried,
        closing=carried.closing if carried is not None else None,
        held=books.held,
    )


def _percent(part: Credits, whole: Credits) -> int:
    return whole_percent(Decimal(part.micro), Decimal(whole.micro))
