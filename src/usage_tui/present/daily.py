"""Daily usage: credits a day, as bars of exact height and as words for one day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from usage_tui.models import Credits, DailyUsage, Day, EventQuery, Period
from usage_tui.present import dates
from usage_tui.present.card import Placeholder, draw_placeholder, head, joined, stale, view_of
from usage_tui.present.numbers import credits_text, percent
from usage_tui.present.plot import Bar, Plot, Raster, Role, axis_top, plot, raster
from usage_tui.present.text import EMPTY, Area, Line, Span, Tone, cut_line, line, right, width
from usage_tui.state.usage import UsageState

TITLE = "Daily usage"
_SHORT_RANGES = (7, 14)
_DAYS_SHOWN_SINGLY = 31
_READOUT_BESIDE_FROM = 100
_READOUT_WIDTH = 20
_ONE_DAY = timedelta(days=1)
_TONES: dict[Role, Tone] = {"bar": "included", "cursor": "focus", "zero": "muted", "to come": "rule"}


class Bucket(NamedTuple):
    """One bar: a day, or the days of a week where the period is long.

    Attributes:
        start: The first day.
        days: How many civil days.
        credits: None for days to come.
        top: The label of the source that used most, and its part of the bucket as a percentage.
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
    """One choice of days."""

    name: str
    buckets: tuple[Bucket, ...]
    average: str
    peak: int | None


class DailyView(NamedTuple):
    """The choices, short ones first, the whole period last."""

    ranges: tuple[Range, ...]
    stale: Line


def daily_view(state: UsageState) -> DailyView | Placeholder:
    """What the card says."""
    period = state.summary.value.period if state.summary.value else None
    return view_of(state.daily, lambda daily: _view(state, daily, period))


def _view(state: UsageState, daily: DailyUsage, period: Period | None) -> DailyView:
    today = dates.local(daily.as_of, daily.time_zone).date()
    past = [day for day in daily.items if day.date <= today]
    end = period.end_date if period else daily.range.end_date
    total = (end - daily.range.start_date).days + 1
    ranges = [
        _range(f"{days} days", past[-days:], past[-1].date if past else today, today)
        for days in _SHORT_RANGES
        if days < total
    ]
    return DailyView((*ranges, _range("Period", past, end, today)), stale(state.daily, daily.time_zone))


def _range(name: str, past: list[Day], end: date, today: date) -> Range:
    start = past[0].date if past else end
    buckets: list[Bucket] = []
    step = 1 if (end - start).days < _DAYS_SHOWN_SINGLY else 7
    by_date = {day.date: day for day in past}
    while start <= end:
        span = [start + _ONE_DAY * offset for offset in range(min(step, (end - start).days + 1))]
        buckets.append(_bucket([by_date[one] for one in span if one in by_date], start, len(span), today))
        start += _ONE_DAY * step
    used = Credits.total(day.credits for day in past)
    amounts = [bucket.credits for bucket in buckets]
    largest = max((amount for amount in amounts if amount is not None), default=Credits.ZERO)
    return Range(
        name=name,
        buckets=tuple(buckets),
        average=_average(used, len(past)),
        peak=amounts.index(largest) if largest > Credits.ZERO else None,
    )


def _average(used: Credits, days: int) -> str:
    """Credits a day to 2 decimals, rounded half up."""
    if not days:
        return credits_text(Credits.ZERO, 2)
    hundredths = (abs(used.micro) * 2 + 10_000 * days) // (20_000 * days)
    return credits_text(Credits((hundredths if used.micro >= 0 else -hundredths) * 10_000), 2)


def _bucket(days: list[Day], start: date, length: int, today: date) -> Bucket:
    used = Credits.total(day.credits for day in days)
    tops: dict[tuple[str, str], int] = {}
    for day in days:
        if day.top is not None:
            source = (day.top.source_id, day.top.label)
            tops[source] = tops.get(source, 0) + day.top.credits.micro
    top = max(tops, key=lambda source: tops[source], default=None) if length == 1 else None
    return Bucket(
        start=start,
        days=length,
        credits=used if days else None,
        top=top[1] if top else "",
        top_percent=percent(Decimal(tops[top]), Decimal(used.micro)) if top and used.micro > 0 else "",
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
    beside = area.width >= _READOUT_BESIDE_FROM
    top = axis_top(max((bucket.credits.micro for bucket in days.buckets if bucket.credits), default=0))
    labels = [_axis_label(top), _axis_label(top // 2)] if days.peak is not None else ["", ""]
    left = max(6, *(len(label) for label in labels)) + 1
    rows = max(1, area.height - (2 if beside else 3))
    cells = max(1, area.width - left - (_READOUT_WIDTH + 2 if beside else 0))
    bars = plot(_bars(days, cursor), cells, rows, top, area.glyphs)
    body = [
        line(*_axis_row(row, rows, labels, left), *_toned(text, bars, row))
        for row, text in enumerate(draw_plot(bars))
    ]
    body.append(line(" " * left, *_date_labels(days, bars, cursor, area)))
    readout = _readout(days, cursor, area)
    if beside:
        texts = [*readout, *[EMPTY] * len(body)]
        body = [_beside(row, texts[index], area) for index, row in enumerate(body)]
    else:
        body.append(cut_line(joined([row for row in readout if row]), area.width, area.glyphs))
    return [head(TITLE, view.stale or _names(view, chosen), area), *body]


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


def _bars(days: Range, cursor: int | None) -> list[Bar]:
    return [
        Bar(bucket.credits.micro if bucket.credits is not None else None, index == cursor)
        for index, bucket in enumerate(days.buckets)
    ]


def _axis_row(row: int, rows: int, labels: list[str], left: int) -> Line:
    """The label of the top at the first row, of the middle halfway down."""
    text = labels[0] if row == 0 else labels[1] if row == rows // 2 and rows > 2 else ""
    return line(Span(right(text, left - 1), "muted"), " ")


def _axis_label(micro: int) -> str:
    """A short exact label of an axis value: ``1,500``, ``20K``, ``1.5M``, ``0.5``."""
    amount = Credits(micro)
    for size, suffix in ((10**15, "B"), (10**12, "M"), (10**10, "K")):
        if (micro >= size and suffix != "K") or micro >= 10**11:
            unit = {"B": 10**9, "M": 10**6, "K": 10**3}[suffix]
            return f"{(Decimal(micro) / (unit * 10**6)).normalize():f}{suffix}"
    return credits_text(amount, None if amount.micro % 1_000_000 else 0)


def _date_labels(days: Range, bars: Plot, cursor: int | None, area: Area) -> Line:
    """Weekly labels, ``today``, and the mark of the cursor; none overlaps another."""
    cells: list[Span] = []
    marks: list[tuple[int, str, bool]] = []
    for index, bucket in enumerate(days.buckets):
        at = index * bars.pitch
        if index == cursor:
            marks.append((at + (bars.bar - 1) // 2, area.glyphs.cursor_day, True))
        elif bucket.today and bucket.days == 1 and cursor != index:
            marks.append((at, "today", False))
    step = max(1, 7 if days.buckets and days.buckets[0].days == 1 else 4)
    if len(days.buckets) <= 7 and bars.pitch >= 8:
        step = 1
    for index in range(0, len(days.buckets), step):
        label = dates.day(days.buckets[index].start)
        marks.append((index * bars.pitch, label, False))
    taken: list[tuple[int, str, bool]] = []
    for at, text, mark in marks:
        clear = all(at + len(text) < start or at > start + len(other) for start, other, _ in taken)
        if clear and at + len(text) <= bars.width + 1:
            taken.append((at, text, mark))
    position = 0
    for at, text, mark in sorted(taken):
        cells += [Span(" " * (at - position)), Span(text, "focus" if mark else "muted")]
        position = at + len(text)
    return line(*cells)


def _readout(days: Range, cursor: int | None, area: Area) -> list[Line]:
    """The day under the cursor, or else the peak, in words; then the average."""
    index = days.peak if cursor is None else cursor
    if index is None:
        return [line(Span("No use yet", "muted"))]
    bucket, beside = days.buckets[index], area.width >= _READOUT_BESIDE_FROM
    when = dates.weekday(bucket.start) if bucket.days == 1 else _week(bucket)
    lines: list[Line] = [
        line(Span(when, "strong")) if cursor is not None else line(Span(f"Peak {_on(bucket)}{when}", "muted"))
    ]
    if bucket.credits is None:
        lines.append(line(Span("to come", "muted")))
    else:
        unit = Span(" credits" if beside else "", "muted")
        lines.append(line(Span(credits_text(bucket.credits), "strong"), unit))
    if bucket.top:
        share = f" {bucket.top_percent}" if bucket.top_percent else ""
        name = cut_line(line(bucket.top), _READOUT_WIDTH - len(share), area.glyphs)
        lines.append(line(*name, Span(share, "muted")))
    if not beside:
        return [*lines, line(Span(f" average {days.average} a day", "muted"))]
    average = line(Span(days.average, "strong"), Span(" credits", "muted"))
    return [*lines, *[EMPTY] * (4 - len(lines)), line(Span("Average a day", "muted")), average]


def _on(bucket: Bucket) -> str:
    return "on " if bucket.days == 1 else ""


def _week(bucket: Bucket) -> str:
    end = bucket.start + _ONE_DAY * (bucket.days - 1)
    return f"{dates.day(bucket.start)} – {dates.day(end)}"


def _beside(row: Line, text: Line, area: Area) -> Line:
    """The readout stands left-aligned in its own columns at the right edge."""
    start = area.width - _READOUT_WIDTH
    return line(*row, " " * (start - width(row)), *text) if text else row


def day_text(days: Range, index: int) -> str:
    """One bar as a line of text: date, credits, top source."""
    bucket = days.buckets[index]
    when = dates.weekday(bucket.start, year=True) if bucket.days == 1 else _week(bucket)
    if bucket.credits is None:
        return f"{when}\tto come"
    return "\t".join([when, credits_text(bucket.credits), *([bucket.top] if bucket.top else [])])
