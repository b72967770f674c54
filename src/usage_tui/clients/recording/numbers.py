"""The numbers that a recording says twice, compared: each disagreement as a sentence.

What a client does not tell is not compared. Every function may raise `InvalidCredits`, where a sum of
credible amounts does not fit 64 bits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TypeVar

from usage_tui.clients.recording.header import Header
from usage_tui.ledger.ranking import sum_counts
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.spending import INCLUDED, PURCHASED
from usage_tui.models import Credits, DailyUsage, Grants, IncludedProgress, PeriodUsage, Ranking, Summary

Amount = TypeVar("Amount", Credits, int)
_Parts = Iterable[Credits | None]

_LONGEST_LABEL = 40


def header_disagreements(header: Header) -> Iterator[str]:
    """What the slices of a header say differently of one and the same number."""
    summary = header.summary
    yield from _in_summary(summary)
    if isinstance(header.sources, Ranking):
        yield from _in_sources(header.sources, summary)
    if isinstance(header.daily, DailyUsage):
        yield from _in_days(header.daily, summary)
    if isinstance(header.grants, Grants):
        yield from _in_grants(header.grants, summary)


def event_disagreements(header: Header, rollup: PeriodRollup) -> Iterator[str]:
    """What a header says differently from the sums of the period's events."""
    summary = header.summary
    if summary.usage is not None:
        yield from _counted_usage(summary.usage, rollup.usage())
    if isinstance(header.sources, Ranking):
        counted = rollup.ranking(as_of=summary.as_of, revision=summary.revision)
        yield from _counted_sources(header.sources, counted)
    if isinstance(header.daily, DailyUsage):
        yield from _counted_days(header.daily, rollup.daily(as_of=summary.as_of, revision=summary.revision))


def _counted_usage(said: PeriodUsage, counted: PeriodUsage) -> Iterator[str]:
    for name in ("total", "from_included", "from_purchased", "uncovered"):
        yield from compare(
            f"summary, usage, {name}", getattr(said, name), "by the events", getattr(counted, name)
        )
    yield from compare("summary, usage, event_count", said.event_count, "by the events", counted.event_count)


def _in_summary(summary: Summary) -> Iterator[str]:
    usage, balance = summary.usage, summary.balance
    if usage is not None:
        paid = _total([usage.from_included, usage.from_purchased, usage.uncovered])
        yield from compare("summary, usage, total", usage.total, "its parts add up to", paid)
    if balance is not None:
        split = _total([balance.included, balance.purchased])
        yield from compare("summary, balance, total", balance.total, "its parts add up to", split)
    if summary.included is not None:
        yield from _in_progress(summary.included, summary)


def _in_progress(included: IncludedProgress, summary: Summary) -> Iterator[str]:
    whole = Credits.total([included.used, included.remaining])
    yield from compare("summary, included, granted", included.granted, "used and remaining add up to", whole)
    if included.kind != INCLUDED:
        return  # a limit is no part of the balance
    paid = summary.usage.from_included if summary.usage is not None else None
    left = summary.balance.included if summary.balance is not None else None
    yield from compare("summary, included, used", included.used, "usage, from_included is", paid)
    yield from compare("summary, included, remaining", included.remaining, "balance, included is", left)


def _total(parts: _Parts) -> Credits | None:
    """The sum of the parts; None if one is not reported."""
    known = list(parts)
    told = [part for part in known if part is not None]
    return Credits.total(told) if len(told) == len(known) else None


def _in_sources(sources: Ranking, summary: Summary) -> Iterator[str]:
    amounts = [source.credits for source in sources.items]
    if sources.other is not None:
        amounts.append(sources.other.credits)
    yield from compare("sources, total", sources.total, "its rows add up to", Credits.total(amounts))
    yield from compare("sources, total", sources.total, "summary, usage, total is", _used(summary))


def _used(summary: Summary) -> Credits | None:
    return summary.usage.total if summary.usage is not None else None


def _in_days(daily: DailyUsage, summary: Summary) -> Iterator[str]:
    span, dates = daily.range, [day.date for day in daily.items]
    length = (span.end_date - span.start_date).days + 1
    if len(dates) != length or any(
        date != span.start_date + timedelta(days=number) for number, date in enumerate(dates)
    ):
        yield f"daily: the days are not every one from {span.start_date} to {span.end_date}, in order"
    for day in daily.items:
        if day.by_kind:
            parts = Credits.total(day.by_kind.values())
            yield from compare(f"daily, {day.date}", day.credits, "its categories add up to", parts)
    days = Credits.total(day.credits for day in daily.items)
    yield from compare("daily, total", daily.total, "its days add up to", days)
    if summary.period is not None and span.start_date == summary.period.start_date:
        yield from compare("daily, total", daily.total, "summary, usage, total is", _used(summary))


def _in_grants(grants: Grants, summary: Summary) -> Iterator[str]:
    left: defaultdict[tuple[str, str], Credits] = defaultdict(Credits)
    for grant in grants.items:
        left[grant.status, grant.bucket] += grant.remaining
        parts = Credits.total([grant.used, grant.expired_amount, grant.voided_amount, grant.remaining])
        yield from compare(
            f"grants, {grant.id[:_LONGEST_LABEL]}, original", grant.original, "its parts add up to", parts
        )
    balance, usage = summary.balance, summary.usage
    if balance is None or usage is None or usage.from_included is None:
        return  # where it is not told who paid, the grants may not be all that the balance is made of
    for bucket, amount in ((INCLUDED, balance.included), (PURCHASED, balance.purchased)):
        yield from compare(
            f"summary, balance, {bucket}", amount, "active grants hold", left["active", bucket]
        )
    locked = left["locked", INCLUDED] + left["locked", PURCHASED]
    yield from compare("summary, balance, locked", balance.locked, "locked grants hold", locked)


def _counted_sources(said: Ranking, counted: Ranking) -> Iterator[str]:
    rest = {(source.kind, source.source_id): source for source in counted.items}
    for source in said.items:
        found = rest.pop((source.kind, source.source_id), None)
        name = f"sources, {source.label[:_LONGEST_LABEL]}"
        amount, count = (found.credits, found.count) if found else (Credits.ZERO, 0)
        yield from compare(f"{name}, credits", source.credits, "by the events", amount)
        yield from compare(f"{name}, count", source.count, "by the events", count)
    amount, count = (said.other.credits, said.other.count) if said.other else (Credits.ZERO, 0)
    amount_left = Credits.total(source.credits for source in rest.values())
    count_left = sum_counts(source.count for source in rest.values())
    yield from compare("sources, other, credits", amount, "by the events", amount_left)
    yield from compare("sources, other, count", count, "by the events", count_left)


def _counted_days(said: DailyUsage, counted: DailyUsage) -> Iterator[str]:
    days = {day.date: day for day in counted.items}
    for day in said.items:
        found = days.get(day.date)
        if found is None:
            continue  # before the period: its events may not be here
        yield from compare(f"daily, {day.date}, credits", day.credits, "by the events", found.credits)
        yield from compare(f"daily, {day.date}, count", day.count, "by the events", found.count)


def compare(name: str, said: Amount | None, otherwise: str, other: Amount | None) -> Iterator[str]:
    """The sentence about two numbers that must be equal; nothing if they are, or if one is not told."""
    if said is not None and other is not None and said != other:
        gap = max(said, other) - min(said, other)
        yield f"{name}: {said}, but {otherwise} {other}; they differ by {gap}"
