"""Daily usage: the amount of each day, as bars of exact height and as words for one day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from usage_tui.cards.card import Placeholder, draw_placeholder, head, joined, stale, view_of
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cut, line, right, width
from usage_tui.cards.typeset.plot import Bar, Plot, Raster, Role, axis_top, plot, raster
from usage_tui.models import Credits, DailyUsage, Day, EventQuery
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, average_text, axis_text, is_money, noun_after, places, symbol
from usage_tui.text.numbers import percent

TITLE = "Daily usage"
_SHORT_RANGES = (7, 14)
_DAYS_SHOWN_SINGLY = 31
_READOUT_BESIDE_FROM = 100
_READOUT_WIDTH = 20
_ONE_DAY = timedelta(days=1)
_AXIS_WIDTHS = (7, 9)
"""Columns of the axis with a blank: for most amounts, and for the smallest."""
_TONES: dict[Role, Tone] = {"bar": "included", "cursor": "focus", "zero": "muted", "to come": "rule"}


class Bucket(NamedTuple):
    """One bar: a day, or the days of a week where the period is long.

    Attributes:
        start: The first day.
        days: How many civil days.
        credits: None for days to come.
        top: The label of the source that used most of a day; empty for weeks, of which it is not known.
        top_percent: The part of the day's amount that it used.
        today: Whether today is one of the days.
        query: The events behind it.
    """

    start: date
    days: int
    credits: Credits | None
    top: str
    top_percent: str
    today: bool
    query: EventQuery


class Range(NamedTuple):
    """One choice of days.

    Attributes:
        average: The amount a day, over the days that are not to come.
        peak: The index of the highest bucket; None while nothing was used.
    """

    name: str
    buckets: tuple[Bucket, ...]
    average: str
    peak: int | None


class DailyView(NamedTuple):
    """The choices, short ones first, the whole period last.

    Attributes:
        unit: The code of the unit of every amount.
        decimals: Those of the amounts that are read out; None where each has those it needs.
    """

    ranges: tuple[Range, ...]
    unit: str
    decimals: int | None
    stale: Line


def daily_view(state: UsageState) -> DailyView | Placeholder:
    """What the card says."""
    return view_of(state.daily, lambda daily: _view(state, daily))


def _view(state: UsageState, daily: DailyUsage) -> DailyView:
    summary, unit = state.summary.value, state.unit
    period = summary.period if summary else None
    today = dates.local(daily.as_of, daily.time_zone).date()
    past = {day.date: day for day in daily.items}
    start = min([daily.range.start_date, *past])
    last = max(past, default=start)
    end = max(last, period.end_date if period else daily.range.end_date)
    ranges = [
        _range(f"{days} days", max(start, last - _ONE_DAY * (days - 1)), last, past, today, unit)
        for days in _SHORT_RANGES
        if days <= (end - start).days
    ]
    whole = "All days" if summary and not period else "Period"
    return DailyView(
        ranges=(*ranges, _range(whole, start, end, past, today, unit)),
        unit=unit,
        decimals=places((day.credits for day in daily.items), unit) if is_money(unit) else None,
        stale=stale(state.daily, daily.time_zone),
    )


def _range(name: str, start: date, end: date, past: Mapping[date, Day], today: date, unit: str) -> Range:
    length = (end - start).days + 1
    step = 1 if length <= _DAYS_SHOWN_SINGLY else 7
    buckets = [
        _bucket(start + _ONE_DAY * offset, min(step, length - offset), past, today)
        for offset in range(0, length, step)
    ]
    days = [day.credits for day in past.values() if start <= day.date <= end]
    amounts = [bucket.credits for bucket in buckets]
    largest = max((amount for amount in amounts if amount is not None), default=Credits.ZERO)
    return Range(
        name=name,
        buckets=tuple(buckets),
        average=average_text(Credits.total(days), len(days), unit),
        peak=amounts.index(largest) if largest > Credits.ZERO else None,
    )


def _bucket(start: date, length: int, past: Mapping[date, Day], today: date) -> Bucket:
    every = (past.get(start + _ONE_DAY * offset) for offset in range(length))
    days = [day for day in every if day is not None]
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
        today=start <= today < start + _ONE_DAY * length,
        query=EventQuery(
            starts_at=days[0].starts_at if days else None, ends_at=days[-1].ends_at if days else None
        ),
    )


def draw(
    view: DailyView | Placeholder,
    area: Area,
    *,
    chosen: int = -1,
    cursor: int | None = None,
    draw_plot: Raster = raster,
) -> list[Line]:
    """Head, axis, plot, date labels and readout.

    Args:
        view: What to show.
        area: Where; the height counts.
        chosen: The index of the range.
        cursor: The index of the bar whose day is read out; None reads out the peak.
        draw_plot: Draws the plot.
    """
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    days = view.ranges[chosen]
    beside = _readout_width(view, days) if area.width >= _READOUT_BESIDE_FROM else 0
    scale = _scale(days, area.width - (beside + 2 if beside else 0), view.unit)
    marked = None if cursor is None else cursor // scale.per_bar
    rows = max(1, area.height - (2 if beside else 3))
    bars = [
        Bar(bucket.credits.micro if bucket.credits is not None else None, index == marked)
        for index, bucket in enumerate(scale.buckets)
    ]
    grid = plot(bars, scale.cells, rows, scale.top, area.glyphs)
    body = [
        line(*_axis_row(row, rows, scale), *_toned(text, grid, row))
        for row, text in enumerate(draw_plot(grid))
    ]
    room = scale.cells + (1 if beside else 0)
    body.append(line(" " * scale.left, *_date_labels(scale.buckets, grid, marked, room, area)))
    if beside:
        texts = [*_readout_beside(view, days, cursor, beside, area), *[EMPTY] * len(body)]
        body = [_beside(row, texts[index], beside, area) for index, row in enumerate(body)]
    else:
        body.append(_readout_below(view, days, cursor, area))
    return [head(TITLE, view.stale or _names(view, chosen), area), *body]


class _Scale(NamedTuple):
    """How the buckets are shown in a given room.

    Attributes:
        left: Columns of the axis, with a blank.
        cells: Columns of the plot.
        per_bar: How many buckets a bar stands for: more than one where there are more than columns.
        buckets: One for every bar.
        top: The value at the upper edge, in millionths.
        labels: Of the top and of the middle.
    """

    left: int
    cells: int
    per_bar: int
    buckets: list[Bucket]
    top: int
    labels: tuple[str, str]


def _scale(days: Range, room: int, unit: str) -> _Scale:
    """The narrow axis where its labels fit, else the wide one, which takes any."""
    least, most = _AXIS_WIDTHS
    narrow, wide = (_scale_beside(left, days, room, unit) for left in (least, most + len(symbol(unit))))
    return narrow if max(map(len, narrow.labels)) < narrow.left else wide


def _scale_beside(left: int, days: Range, room: int, unit: str) -> _Scale:
    cells = max(1, room - left)
    size = max(1, -(-len(days.buckets) // cells))
    buckets = [_together(days.buckets[at : at + size]) for at in range(0, len(days.buckets), size)]
    top = axis_top(max((bucket.credits.micro for bucket in buckets if bucket.credits), default=0))
    labels = ("", "") if days.peak is None else (axis_text(top, unit), axis_text(top // 2, unit))
    return _Scale(left, cells, size, buckets, top, labels)


def _together(buckets: Sequence[Bucket]) -> Bucket:
    known = [bucket.credits for bucket in buckets if bucket.credits is not None]
    return buckets[0]._replace(
        days=sum(bucket.days for bucket in buckets),
        credits=Credits.total(known) if known else None,
        today=any(bucket.today for bucket in buckets),
    )


def _toned(text: str, bars: Plot, row: int) -> Line:
    """One row of the plot, every bar and mark in the tone of its role."""
    roles = {cell.column: cell.role for cell in bars.cells if cell.row == bars.height - 1 - row}
    spans = []
    for role, run in groupby(enumerate(text), key=lambda place: roles.get(place[0])):
        spans.append(Span("".join(character for _, character in run), _TONES[role] if role else "text"))
    return tuple(spans)


def _names(view: DailyView, chosen: int) -> Line:
    active = chosen % len(view.ranges)
    return joined(
        [
            line(Span(choice.name, "tab" if index == active else "muted"))
            for index, choice in enumerate(view.ranges)
        ]
    )


def _axis_row(row: int, rows: int, scale: _Scale) -> Line:
    """The label of the top at the first row, of the middle halfway down."""
    top, middle = scale.labels
    text = top if row == 0 else middle if row == rows // 2 and rows > 2 else ""
    return line(Span(right(text, scale.left - 1), "muted"), " ")


class _Label(NamedTuple):
    """A text below the plot, from a column on."""

    column: int
    text: str
    tone: Tone = "muted"


def _date_labels(buckets: Sequence[Bucket], grid: Plot, cursor: int | None, room: int, area: Area) -> Line:
    """The mark of the cursor, ``today``, and dates at even distances; none overlaps another."""
    placed: list[_Label] = []
    for label in _labels(buckets, grid, cursor, area):
        end = label.column + len(label.text)
        clear = all(end < one.column or label.column > one.column + len(one.text) for one in placed)
        if clear and end <= room:
            placed.append(label)
    spans: list[Span] = []
    for column, text, tone in sorted(placed):
        spans += [Span(" " * (column - width(spans))), Span(text, tone)]
    return line(*spans)


def _labels(buckets: Sequence[Bucket], grid: Plot, cursor: int | None, area: Area) -> Iterator[_Label]:
    """The labels, those that matter most first."""
    if cursor is not None:
        yield _Label(cursor * grid.pitch + (grid.bar - 1) // 2, area.glyphs.cursor_day, "focus")
    for index, bucket in enumerate(buckets):
        if bucket.today and bucket.days == 1 and index != cursor:
            yield _Label(index * grid.pitch, "today")
    every_day = len(buckets) <= 7 and grid.pitch >= 8
    step = 1 if every_day else 7 if buckets[0].days == 1 else max(1, 28 // buckets[0].days)
    for index in range(0, len(buckets), step):
        yield _Label(index * grid.pitch, dates.day(buckets[index].start))


class _Readout(NamedTuple):
    """One bar in words; `amount` is empty for days to come, `top` and `share` where no source is known."""

    when: Span
    short: Span
    amount: str
    noun: str
    top: str
    share: str


def _readout(view: DailyView, days: Range, cursor: int | None, area: Area) -> _Readout | None:
    """The day under the cursor, or else the peak; None where there is neither."""
    index = days.peak if cursor is None else cursor
    if index is None:
        return None
    bucket = days.buckets[index]
    when = dates.weekday(bucket.start) if bucket.days == 1 else _week(bucket, area.glyphs.dash)
    short = dates.day(bucket.start) if bucket.days == 1 else when
    tone: Tone = "muted" if cursor is None else "strong"
    if cursor is None:
        when = f"Peak on {when}" if bucket.days == 1 else f"Peak {when}"
    return _Readout(
        when=Span(when, tone),
        short=Span(short, tone),
        amount=_bucket_text(view, bucket),
        noun=noun_after(bucket.credits or Credits.ZERO, view.unit),
        top=bucket.top,
        share=f" {bucket.top_percent}" if bucket.top_percent else "",
    )


def _bucket_text(view: DailyView, bucket: Bucket) -> str:
    """The amount of a bar; empty for days to come."""
    return "" if bucket.credits is None else amount_text(bucket.credits, view.unit, view.decimals)


def _amount(text: str, noun: str = "", cells: int = 0) -> Line:
    """An amount, with its unit where there is room for it; a day to come has none."""
    if not text:
        return line(Span("to come", "muted"))
    after = f" {noun}" if noun and len(text) + 1 + len(noun) <= cells else ""
    return line(Span(text, "strong"), Span(after, "muted"))


def _source(readout: _Readout, cells: int, area: Area) -> Line:
    """The top source, cut where it has to be, and its part of the day."""
    if not readout.top:
        return EMPTY
    name = cut(readout.top, max(1, cells - len(readout.share)), area.glyphs)
    return line(name, Span(readout.share, "muted"))


def _readout_width(view: DailyView, days: Range) -> int:
    """As wide as the longest amount of any day, so that nothing moves with the cursor."""
    amounts = [_bucket_text(view, bucket) for bucket in days.buckets]
    return max(_READOUT_WIDTH, *(len(text) for text in (days.average, *amounts)))


def _readout_beside(view: DailyView, days: Range, cursor: int | None, cells: int, area: Area) -> list[Line]:
    """The readout in lines, then the average."""
    readout = _readout(view, days, cursor, area)
    if readout is None:
        return [line(Span("No use yet", "muted"))]
    amount = _amount(readout.amount, readout.noun, cells)
    average = _amount(days.average, noun_after(Credits.ZERO, view.unit), cells)
    lines = [line(readout.when), amount, _source(readout, cells, area), EMPTY]
    return [*lines, line(Span("Average a day", "muted")), average]


def _readout_below(view: DailyView, days: Range, cursor: int | None, area: Area) -> Line:
    """The readout in one line. The average gives way first, then the weekday, then the source's name."""
    readout = _readout(view, days, cursor, area)
    if readout is None:
        return line(Span("No use yet", "muted"))
    amount, source = _amount(readout.amount), _source(readout, _READOUT_WIDTH, area)
    average = line(Span(f" average {days.average} a day", "muted"))
    for parts in ([line(readout.when), amount, source, average], [line(readout.when), amount, source]):
        if width(joined(parts)) <= area.width:
            return joined(parts)
    start = joined([line(readout.short), amount])
    room = area.width - width(start) - 2
    return joined([start, _source(readout, room, area)]) if room > len(readout.share) + 1 else start


def _week(bucket: Bucket, dash: str = "–") -> str:
    end = bucket.start + _ONE_DAY * (bucket.days - 1)
    return f"{dates.day(bucket.start)} {dash} {dates.day(end)}"


def _beside(row: Line, text: Line, cells: int, area: Area) -> Line:
    """The readout stands left-aligned in its own columns at the right edge."""
    return line(*row, " " * (area.width - cells - width(row)), *text) if text else row


def day_text(days: Range, index: int, unit: str) -> str:
    """One bar as a line of text: date, exact amount, top source."""
    bucket = days.buckets[index]
    when = dates.weekday(bucket.start, year=True) if bucket.days == 1 else _week(bucket)
    if bucket.credits is None:
        return f"{when}\tto come"
    return "\t".join([when, amount_text(bucket.credits, unit), *([bucket.top] if bucket.top else [])])
