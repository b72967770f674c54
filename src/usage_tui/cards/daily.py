"""Daily usage: the amount of each day, as bars of exact height and as words for one day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from usage_tui.cards import readout
from usage_tui.cards.arrangement import Layout, Needs
from usage_tui.cards.card import Age, Placeholder, age, draw_placeholder, head, joined, view_of
from usage_tui.cards.days import ONE_DAY, Bucket, Range, day_range, together
from usage_tui.cards.panel import Card, Cursor, Opening, Place
from usage_tui.cards.past import Then, of_past, then
from usage_tui.cards.readout import Reading
from usage_tui.cards.typeset.axis import Label, around, clear, placed, toned
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, cell_len, fit, line, right, width
from usage_tui.cards.typeset.plot import Bar, Plot, axis_top, plot, raster
from usage_tui.models import DailyUsage, Day
from usage_tui.state.known_answers import known_answers
from usage_tui.state.periods import ShownPeriod, shown_period
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, axis_text, exact_places, is_money, places, symbol

TITLE = "Daily usage"
_SHORT_RANGES = {"7 days": 7, "14 days": 14}
_QUARTER = {"13 weeks": 91}
_LONG = 182
"""Days from which a period also has the range of a quarter."""
_MONTH = 31
"""Days up to which a period is shown from its first day on."""
_READOUT_BESIDE_FROM = 100
_AXIS_WIDTHS = (7, 9)
"""Columns of the axis with a blank: for most amounts, and for the smallest."""
_LABEL = 8
"""Columns of a date below the bars, with a gap."""
_DAY_GAP = 4
"""Columns between two days of the list."""
_ROWS_WITH_MARKS = 3
"""Rows of the plot from which it has one for the marks of spikes."""
_ROWS = 12
"""Rows of the card, once the tables have those that they usually need."""


class DailyView(NamedTuple):
    """The choices, short ones first, the whole period last.

    Attributes:
        past: Every day until now, as it is listed where there is no cursor to read it out.
        opening: The index of the range that is shown first, which is not mostly upcoming days.
        unit: The code of the unit of every amount.
        decimals: Those of the amounts that are read out; None if each amount has its own.
        then: The period, if it is not the current one.
    """

    ranges: tuple[Range, ...]
    past: tuple[Day, ...]
    opening: int
    unit: str
    decimals: int | None
    age: Age
    then: Then | None = None

    def title(self, dash: str) -> str:
        """The card's title, which names an earlier period."""
        return f"{TITLE} {self.then.name(dash)}" if self.then else TITLE

    @property
    def unused(self) -> bool:
        """Whether no day has used anything."""
        return not any(bucket.credits for bucket in self.ranges[-1].buckets)


def daily_view(state: UsageState) -> DailyView | Placeholder:
    """What the card says."""
    shown = shown_period(state)
    return of_past(view_of(shown.daily, lambda daily: _view(state, shown, daily)), TITLE, shown)


def _view(state: UsageState, shown: ShownPeriod, daily: DailyUsage) -> DailyView:
    unit, period = state.unit, shown.period
    today = dates.local(daily.as_of, daily.time_zone).date()
    past = {day.date: day for day in daily.items}
    answers = known_answers(state)
    spikes = answers.spikes if answers is not None else ()
    start = min([daily.range.start_date, *past])
    last = max(past, default=start)
    end = max(last, period.end_date if period else daily.range.end_date)
    length, elapsed = (end - start).days + 1, (last - start).days + 1
    short = {
        name: days
        for name, days in (_SHORT_RANGES | (_QUARTER if length > _LONG else {})).items()
        if days < length and shown.past is None
    }
    ranges = [
        day_range(name, max(start, last - ONE_DAY * (days - 1)), last, past, today, unit, spikes)
        for name, days in short.items()
    ]
    whole = "All days" if state.summary.value and not period else "Period"
    filled = [index for index, days in enumerate([*short.values(), length]) if 2 * elapsed > days]
    return DailyView(
        ranges=(*ranges, day_range(whole, start, end, past, today, unit, spikes)),
        past=daily.items,
        opening=len(short) if length <= _MONTH else max(filled, default=0),
        unit=unit,
        decimals=places((day.credits for day in daily.items), unit) if is_money(unit) else None,
        age=age(state, shown.daily, follows=True),
        then=then(state, shown),
    )


def draw(
    view: DailyView | Placeholder,
    area: Area,
    *,
    chosen: int = -1,
    cursor: int | None = None,
) -> list[Line]:
    """Head, axis, plot, date labels and readout.

    Args:
        view: What to show.
        area: Where; the height counts.
        chosen: The index of the range.
        cursor: The index of the bar whose day is read out; None reads out the peak.
    """
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    days = view.ranges[chosen]
    beside = readout.width_beside(days, view.unit, view.decimals) if area.width >= _READOUT_BESIDE_FROM else 0
    scale = _scale(days, area.width - (beside + 2 if beside else 0), view.unit)
    marked = None if cursor is None else cursor // scale.per_bar
    rows = max(1, area.height - (2 if beside else 3))
    above = int(rows >= _ROWS_WITH_MARKS and any(bucket.spike for bucket in scale.buckets))
    bars = [
        Bar(
            bucket.credits.micro if bucket.credits is not None else None,
            index == marked,
            spike=bool(above) and bucket.spike,
        )
        for index, bucket in enumerate(scale.buckets)
    ]
    grid = plot(bars, scale.cells, rows, scale.top, area.glyphs, above=above)
    body = [
        line(*_axis_row(row - above, rows - above, scale), *toned(text, grid, row))
        for row, text in enumerate(area.raster(grid))
    ]
    room = scale.cells + (1 if beside else 0)
    reading = Reading(days.buckets, days.average, view.unit, view.decimals, cursor)
    body.append(line(" " * scale.left, *_date_labels(scale.buckets, grid, marked, room, area)))
    if beside:
        texts = [*readout.beside(reading, beside, area, len(body)), *[EMPTY] * len(body)]
        body = [_beside(row, texts[index], beside, area) for index, row in enumerate(body)]
    else:
        body.append(readout.below(reading, area))
    names = _names(view, chosen) if view.then is None else EMPTY
    return [head(view.title(area.glyphs.dash), names, area, view.age), *body]


def listed(view: DailyView, area: Area) -> list[Line]:
    """Every day and its exact amount, in columns that are read downward; nothing while nothing was used."""
    if view.unused:
        return []
    decimals = exact_places((day.credits for day in view.past), view.unit)
    years = len({day.date.year for day in view.past}) > 1
    names = [dates.day(day.date, year=years) for day in view.past]
    amounts = [amount_text(day.credits, view.unit, decimals) for day in view.past]
    name, amount = max(map(cell_len, names)), max(map(cell_len, amounts))
    cells = [
        line(Span(fit(day, name), "muted"), "  ", right(used, amount))
        for day, used in zip(names, amounts, strict=True)
    ]
    columns = max(1, (area.width + _DAY_GAP) // (name + 2 + amount + _DAY_GAP))
    rows = -(-len(cells) // columns)
    return [joined(cells[row::rows], " " * _DAY_GAP) for row in range(rows)]


def glance(view: DailyView | Placeholder, area: Area) -> Line:
    """The bars in one row, then as much of the readout as fits."""
    start = line(Span("Daily", "title"), " ")
    if isinstance(view, DailyView) and view.then is not None:
        start = line(Span(f"Daily {view.then.name(area.glyphs.dash)}", "title"), " ")
    if isinstance(view, Placeholder):
        failed = view.status is Status.FAILED
        return line(*start, Span("! could not load" if failed else "", "error"))
    days = view.ranges[view.opening]
    scale = _scaled(0, days, area.width - width(start), view.unit)
    largest = max((bucket.credits.micro for bucket in scale.buckets if bucket.credits), default=0)
    bars = [Bar(bucket.credits.micro if bucket.credits is not None else None) for bucket in scale.buckets]
    grid = plot(bars, len(bars), 1, max(1, largest), area.glyphs)
    shown = line(*start, *toned(raster(grid)[0], grid, 0))
    return readout.behind(shown, Reading(days.buckets, days.average, view.unit, view.decimals), area)


class _Scale(NamedTuple):
    """How the buckets are shown in a given room.

    Attributes:
        left: Columns of the axis, with a blank.
        cells: Columns of the plot.
        per_bar: How many buckets a bar stands for: more than one if there are more buckets than columns.
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
    """The narrow axis if its labels fit, otherwise the wide one, which fits any label."""
    least, most = _AXIS_WIDTHS
    narrow, wide = (_scaled(left, days, room, unit) for left in (least, most + len(symbol(unit))))
    return narrow if max(map(len, narrow.labels)) < narrow.left else wide


def _scaled(left: int, days: Range, room: int, unit: str) -> _Scale:
    cells = max(1, room - left)
    # Bars that stand for several days may stand for some more, so that there are gaps between them.
    most = cells if days.buckets[0].days == 1 else (cells + 1) // 2
    size = max(1, -(-len(days.buckets) // max(1, most)))
    buckets = [together(days.buckets[at : at + size]) for at in range(0, len(days.buckets), size)]
    top = axis_top(max((bucket.credits.micro for bucket in buckets if bucket.credits), default=0))
    labels = ("", "") if days.peak is None else (axis_text(top, unit), axis_text(top // 2, unit))
    return _Scale(left, cells, size, buckets, top, labels)


def _names(view: DailyView, chosen: int) -> Line:
    active = chosen % len(view.ranges)
    return joined(
        [
            line(Span(choice.name, "tab" if index == active else "muted", choice=choice.name))
            for index, choice in enumerate(view.ranges)
        ]
    )


def _axis_row(row: int, rows: int, scale: _Scale) -> Line:
    """The label of the top at the first row, of the middle halfway down."""
    top, middle = scale.labels
    text = top if row == 0 else middle if row == rows // 2 and rows > 2 else ""
    return line(Span(right(text, scale.left - 1), "muted"), " ")


def _date_labels(buckets: Sequence[Bucket], grid: Plot, cursor: int | None, room: int, area: Area) -> Line:
    """The mark of the cursor, ``today``, and dates at even distances."""
    shown = clear(_labels(buckets, grid), room)
    if cursor is None:
        return placed(shown)
    start = cursor * grid.pitch
    mark = Label(start + (grid.bar - 1) // 2, area.glyphs.cursor_day, "focus")
    return placed(around(mark, start, shown, room))


def _labels(buckets: Sequence[Bucket], grid: Plot) -> Iterator[Label]:
    """The labels, those that matter most first."""
    for index, bucket in enumerate(buckets):
        if bucket.today:
            yield Label(index * grid.pitch, "today")
    every_bar = len(buckets) <= 7 and grid.pitch >= _LABEL
    step = 1 if every_bar else 7 if buckets[0].days == 1 else -(-_LABEL // grid.pitch)
    for index in range(0, len(buckets), step):
        yield Label(index * grid.pitch, dates.day(buckets[index].start))


def _beside(row: Line, text: Line, cells: int, area: Area) -> Line:
    """The readout stands left-aligned in its own columns at the right edge."""
    return line(*row, " " * (area.width - cells - width(row)), *text) if text else row


class DailyCard(Card[DailyView]):
    """The amount of each day: axis, labels and readout in words, and a plot between them."""

    id = "daily"
    title = TITLE
    cursor = Cursor.BARS
    choose = "next_range"
    has_glance = True

    def view(self, state: UsageState) -> DailyView | Placeholder:
        """The days of the period, and of its end."""
        return daily_view(state)

    def draw(self, view: DailyView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, axis, plot, labels and readout; and in plain text, which has no cursor, every day."""
        if isinstance(view, Placeholder):
            return draw(view, area)
        if not area.interactive:
            days = listed(view, area)
            return [*draw(view, area._replace(height=area.height - len(days))), *days]
        cursor = self.under_cursor(view, at) if area.focused else None
        return draw(view, area, chosen=view.ranges.index(self._range(view, at)), cursor=cursor)

    def needs(self, view: DailyView | Placeholder, area: Area, layout: Layout) -> Needs:
        """The rows that the tables leave; few while nothing was used."""
        if isinstance(view, DailyView) and view.unused:
            return Needs.exactly(3 if area.width >= _READOUT_BESIDE_FROM else 4)
        match layout:
            case Layout.TEXT:
                return Needs.exactly(9 + (len(listed(view, area)) if isinstance(view, DailyView) else 0))
            case Layout.STACKED:
                return Needs(5, 10, 14)
            case Layout.WIDE:
                return Needs(5, _ROWS, None)
            case Layout.HALVES:
                return Needs(8, 19, None)

    def glance(self, view: DailyView | Placeholder, area: Area) -> Line:
        """A row of bars for the whole period, its peak, and the average."""
        return glance(view, area)

    def choices(self, view: DailyView) -> tuple[str, ...]:
        """All ranges from the shortest to the whole period, in a circle that begins with the opening one."""
        names = tuple(days.name for days in view.ranges)
        return names[view.opening :] + names[: view.opening]

    def step(self, view: DailyView, at: Place) -> str:
        """What a bar stands for: a day, a week, or several weeks."""
        buckets = self._range(view, at).buckets
        weeks = buckets[0].days // 7 if buckets else 0
        return "day" if not weeks else "week" if weeks == 1 else f"{weeks} weeks"

    def row_count(self, view: DailyView, at: Place, height: int) -> int:
        """The days or weeks of the range."""
        return len(self._range(view, at).buckets)

    def under_cursor(self, view: DailyView, at: Place) -> int | None:
        """The peak until the cursor is moved; today if there is no peak."""
        days = self._range(view, at)
        if at.cursor is not None or not days.buckets:
            return at.cursor
        today = next((index for index, bucket in enumerate(days.buckets) if bucket.today), 0)
        return today if days.peak is None else days.peak

    def copy_text(self, view: DailyView, at: Place) -> str:
        """The day under the cursor."""
        index = self.under_cursor(view, at)
        return "" if index is None else readout.day_text(self._range(view, at), index, view.unit)

    def opens(self, view: DailyView | Placeholder, at: Place) -> Opening:
        """The events of the day under the cursor; an upcoming day has none."""
        index = None if isinstance(view, Placeholder) else self.under_cursor(view, at)
        if isinstance(view, Placeholder) or index is None:
            return None
        bucket = self._range(view, at).buckets[index]
        return None if bucket.credits is None else bucket.query

    def table(self, view: DailyView, at: Place, height: int) -> Selection:
        """The days of the range."""
        days = self._range(view, at)
        if days is view.ranges[-1] or not days.buckets:
            return Selection("daily", "days")
        last = days.buckets[-1].start + ONE_DAY * (days.buckets[-1].days - 1)
        options = ("--from", days.buckets[0].start.isoformat(), "--to", last.isoformat())
        return Selection("daily", f"these {days.name}", options)

    def day(self, view: DailyView, at: Place) -> date | None:
        """The day under the cursor, or the highest one of a week; None for one that is to come."""
        index = self.under_cursor(view, at)
        if index is None:
            return None
        bucket = self._range(view, at).buckets[index]
        days = [day for day in view.past if 0 <= (day.date - bucket.start).days < bucket.days]
        return max(days, key=lambda day: day.credits).date if days else None

    def _range(self, view: DailyView, at: Place) -> Range:
        name = self.chosen(view, at)
        return next(days for days in view.ranges if days.name == name)
