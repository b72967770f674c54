"""The same point of the period before, in all and by source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from usage_tui.frozen import frozen
from usage_tui.models import Credits, Day, Period, Ranking, SourceDays
from usage_tui.named_tuple import NamedTuple

_Source = tuple[str, str]
"""A category and an id."""


@frozen
class Change:
    """What was used, against what was used before."""

    amount: Credits
    former: Credits

    @property
    def change(self) -> Credits:
        """How much more was used."""
        return self.amount - self.former

    @property
    def percent(self) -> int | None:
        """The size of the change in whole percent of the former, rounded down.

        Zero stands for less than 1 where there is a change. None if the former is zero or less.
        """
        if self.former <= Credits.ZERO:
            return None
        return abs(self.change.micro) * 100 // self.former.micro


@frozen
class Comparison(Change):
    """What a period has used so far, against the period before at the same point.

    Attributes:
        days: The whole days of this period that have passed; today is not one.
        former_days: As many days of the period before, or all of them where it was shorter.
    """

    days: int
    former_days: int


@frozen
class SourceChange(Change):
    """What a source used, against what it used before."""

    kind: str
    source_id: str
    label: str


@frozen
class SourceChanges:
    """What each source used, against what it used before.

    Attributes:
        items: The sources of which both are known, by what they use now, the highest first.
        other: All other sources together; None if there are none.
    """

    items: tuple[SourceChange, ...]
    other: Change | None

    @property
    def total(self) -> Change:
        """All of them together."""
        every = [*self.items, *([] if self.other is None else [self.other])]
        return Change(
            amount=Credits.total(one.amount for one in every),
            former=Credits.total(one.former for one in every),
        )


@frozen
class PeriodComparison:
    """A period against the one before it, as of one state of the organization.

    Attributes:
        former_period: The one before.
        total: What they used, at the same point; in all, where the period is over.
        former_days: Every day of the one before, also those after that point.
        sources: The same by source; None if that is unknown.
    """

    as_of: datetime
    revision: int
    period: Period
    former_period: Period
    total: Comparison
    former_days: tuple[Day, ...]
    sources: SourceChanges | None


def same_point(
    period: Period, days: Iterable[Day], former: Period, former_days: Iterable[Day], today: date
) -> Comparison:
    """Compare the elapsed days of a period with the first days of the one before.

    Args:
        period: The current period.
        days: Its days.
        former: The period before.
        former_days: Its days.
        today: The date that is not over.
    """
    elapsed = min(max((today - period.start_date).days, 0), _length(period))
    compared = min(elapsed, _length(former))
    return Comparison(
        days=elapsed,
        amount=_first(period, days, elapsed),
        former_days=compared,
        former=_first(former, former_days, compared),
    )


def whole(period: Period, days: Iterable[Day], former: Period, former_days: Iterable[Day]) -> Comparison:
    """Compare a period that is over with all of the one before."""
    return Comparison(
        days=_length(period),
        amount=Credits.total(day.credits for day in days),
        former_days=_length(former),
        former=Credits.total(day.credits for day in former_days),
    )


def _length(period: Period) -> int:
    return (period.end_date - period.start_date).days + 1


def _first(period: Period, days: Iterable[Day], count: int) -> Credits:
    end = period.start_date + timedelta(days=count)
    return Credits.total(day.credits for day in days if period.start_date <= day.date < end)


class Span(NamedTuple):
    """Some days in a row, and what each source used on these and maybe on others.

    Nothing was used before the first day that is known.
    """

    start: date
    days: int
    known: SourceDays


class _Used(NamedTuple):
    """What each source used in millionths, under which name, and all others; None if none is left out."""

    amounts: Mapping[_Source, int]
    labels: Mapping[_Source, str]
    rest: int | None


def source_changes(now: Span, former: Span) -> SourceChanges:
    """Compare what each source used on some days with what it used on others."""
    return _changes(_of_days(now), _of_days(former), of_one_reply=now.known is former.known)


def period_changes(now: Ranking, former: Ranking) -> SourceChanges:
    """Compare what each source used in a period with what it used in another."""
    return _changes(_of_period(now), _of_period(former), of_one_reply=False)


def _changes(now: _Used, former: _Used, *, of_one_reply: bool) -> SourceChanges:
    """Compare sources.

    A reply may add up some of the sources. One that it does not list may be among those, so it is compared
    alone only where both replies list it.
    """
    used, used_before = now.amounts, former.amounts
    has_rest = now.rest is not None or former.rest is not None
    alone = used.keys() | used_before.keys()
    if has_rest and not of_one_reply:
        alone = used.keys() & used_before.keys()
    labels = {**former.labels, **now.labels}
    items = [
        SourceChange(
            kind=kind,
            source_id=source_id,
            label=labels[kind, source_id],
            amount=Credits(used.get((kind, source_id), 0)),
            former=Credits(used_before.get((kind, source_id), 0)),
        )
        for kind, source_id in alone
    ]
    items.sort(key=lambda one: (-one.amount.micro, -one.former.micro, one.label, one.kind, one.source_id))
    other = None
    if has_rest:
        other = Change(
            amount=Credits((now.rest or 0) + sum(used[one] for one in used.keys() - alone)),
            former=Credits((former.rest or 0) + sum(used_before[one] for one in used_before.keys() - alone)),
        )
    return SourceChanges(items=tuple(one for one in items if one.amount or one.former), other=other)


def _of_days(span: Span) -> _Used:
    begin = (span.start - span.known.range.start_date).days
    part = slice(max(0, begin), max(0, begin + span.days))
    items, rest = span.known.items, span.known.other
    return _Used(
        {(one.kind, one.source_id): sum(used.micro for used in one.credits[part]) for one in items},
        {(one.kind, one.source_id): one.label for one in items},
        None if rest is None else sum(used.micro for used in rest[part]),
    )


def _of_period(ranking: Ranking) -> _Used:
    return _Used(
        {(one.kind, one.source_id): one.credits.micro for one in ranking.items},
        {(one.kind, one.source_id): one.label for one in ranking.items},
        None if ranking.other is None else ranking.other.credits.micro,
    )
