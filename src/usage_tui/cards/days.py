"""The bars of the daily chart: days, or some weeks each if the period is long, in ranges to choose from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median_high

from usage_tui.insight.why import SPIKE_FACTOR
from usage_tui.ledger.days import ONE_DAY
from usage_tui.models import Credits, Day, EventQuery, SourceDays
from usage_tui.named_tuple import NamedTuple
from usage_tui.text.amounts import average_text
from usage_tui.text.numbers import percent

PARTS = 3
"""How many sources of a bar are told, at most."""
_MOST_BARS = 31
_STEPS = (1, 7, 14, 28)
"""How many days a bar may stand for."""


class Bucket(NamedTuple):
    """One bar: a day, or the days of a week or several if the period is long.

    Attributes:
        start: The first day.
        days: How many civil days.
        credits: None for upcoming days.
        top: The label of the source that used most of a day; empty for weeks, for which it is not known.
        top_percent: The part of the day's amount that it used.
        today: Whether today is one of the days.
        spike: Whether the day stands out.
        query: The events behind it.
        former: What the same days of the period before used; None if that is not compared, or not known.
    """

    start: date
    days: int
    credits: Credits | None
    top: str
    top_percent: str
    today: bool
    spike: bool
    query: EventQuery
    former: Credits | None = None


class Part(NamedTuple):
    """What one source used of the amount of a bar.

    Attributes:
        percent: Empty if the bar is of no use.
        credits: None if only its percentage is known.
    """

    label: str
    percent: str
    credits: Credits | None


class Range(NamedTuple):
    """One choice of days.

    Attributes:
        average: The amount a day, over the days up to today.
        peak: The index of the highest bucket; None if nothing was used.
    """

    name: str
    buckets: tuple[Bucket, ...]
    average: str
    peak: int | None


def day_range(
    name: str,
    start: date,
    end: date,
    past: Mapping[date, Day],
    today: date,
    unit: str,
    spikes: Collection[date],
    former: Mapping[date, Credits],
) -> Range:
    """The days from one to another, both included, upcoming days have no amount.

    Of the spikes those are marked that stick out of these days, too: after a lasting change every day would.

    Args:
        name: What the range is called.
        start: The first day.
        end: The last one.
        past: The days until now.
        today: The date that is not over.
        unit: The code of the unit of every amount.
        spikes: The days that stick out.
        former: What is compared with each day; empty if there is none.
    """
    length = (end - start).days + 1
    step = next((days for days in _STEPS if length <= days * _MOST_BARS), _STEPS[-1])
    days = {day.date: day.credits for day in past.values() if start <= day.date <= end}
    usual = median_high([amount.micro for amount in days.values()]) if days else 0
    marked = {day for day in spikes if step == 1 and day in days and days[day].micro > SPIKE_FACTOR * usual}
    buckets = [
        _bucket(start + ONE_DAY * offset, min(step, length - offset), past, today, marked, former)
        for offset in range(0, length, step)
    ]
    return Range(
        name=name,
        buckets=tuple(buckets),
        average=average_text(Credits.total(days.values()), len(days), unit),
        peak=peak(buckets),
    )


def _bucket(
    start: date,
    length: int,
    past: Mapping[date, Day],
    today: date,
    marked: Collection[date],
    former: Mapping[date, Credits],
) -> Bucket:
    dates = [start + ONE_DAY * offset for offset in range(length)]
    days = [past[day] for day in dates if day in past]
    used = Credits.total(day.credits for day in days)
    top = days[0].top if days and length == 1 else None
    return Bucket(
        start=start,
        days=length,
        credits=used if days else None,
        top=top.label if top else "",
        top_percent=percent(Decimal(top.credits.micro), Decimal(used.micro))
        if top and used > Credits.ZERO
        else "",
        today=start <= today < start + ONE_DAY * length,
        spike=start in marked,
        query=EventQuery(
            starts_at=days[0].starts_at if days else None, ends_at=days[-1].ends_at if days else None
        ),
        former=_sum(former.get(day) for day in dates),
    )


def _sum(amounts: Iterable[Credits | None]) -> Credits | None:
    """All of them; None if one is unknown."""
    every = list(amounts)
    known = [amount for amount in every if amount is not None]
    return Credits.total(known) if len(known) == len(every) else None


def parts(bucket: Bucket, known: SourceDays | None) -> tuple[Part, ...]:
    """The sources that used most of a bar, three at most; the first alone if no more is known.

    Only amounts that add up to that of the bar are told.
    """
    used = bucket.credits
    if used is None:
        return ()
    sums = _source_sums(bucket, known) if known is not None else {}
    if Credits.total(sums.values()) != used or not sums:
        return (Part(bucket.top, bucket.top_percent, None),) if bucket.top else ()
    highest = sorted(sums.items(), key=lambda one: (-one[1].micro, one[0]))[:PARTS]
    return tuple(
        Part(label, percent(Decimal(part.micro), Decimal(used.micro)) if used > Credits.ZERO else "", part)
        for (label, _, _), part in highest
        if part > Credits.ZERO
    )


def _source_sums(bucket: Bucket, known: SourceDays) -> Mapping[tuple[str, str, str], Credits]:
    """What each source used of a bar; empty if not all of its days and sources are known."""
    begin = (bucket.start - known.range.start_date).days
    part = slice(begin, begin + bucket.days)
    if begin < 0 or (known.other is not None and any(known.other[part])):
        return {}
    return {
        (item.label or item.source_id, item.kind, item.source_id): Credits.total(item.credits[part])
        for item in known.items
    }


def together(buckets: Sequence[Bucket]) -> Bucket:
    """One bar for all of them, for a chart with fewer columns than bars."""
    if len(buckets) == 1:
        return buckets[0]
    known = [bucket.credits for bucket in buckets if bucket.credits is not None]
    return buckets[0]._replace(
        days=sum(bucket.days for bucket in buckets),
        credits=Credits.total(known) if known else None,
        top="",
        top_percent="",
        today=any(bucket.today for bucket in buckets),
        former=_sum(bucket.former for bucket in buckets),
        spike=any(bucket.spike for bucket in buckets),
    )


def peak(buckets: Sequence[Bucket]) -> int | None:
    """The index of the highest bar; None if nothing was used."""
    amounts = [bucket.credits for bucket in buckets]
    largest = max((amount for amount in amounts if amount is not None), default=Credits.ZERO)
    return amounts.index(largest) if largest > Credits.ZERO else None
