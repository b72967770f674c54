"""Daily usage: the amount of each day, as bars of exact height and as words for one day."""

from __future__ import annotations

from datetime import date

from usage_tui.cards import readout
from usage_tui.cards.arrangement import Layout, Needs
from usage_tui.cards.card import RULE, Age, Placeholder, age, draw_placeholder, head, joined, view_of
from usage_tui.cards.daily_scale import Scale, axis_row, date_labels, scale_beside
from usage_tui.cards.daily_scale import scale as scale_of
from usage_tui.cards.days import Range, day_range
from usage_tui.cards.panel import Card, Cursor, Opening, Place
from usage_tui.cards.past import Then, of_past, then
from usage_tui.cards.readout import Reading
from usage_tui.cards.typeset.axis import toned
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, cell_len, fit, line, right, width
from usage_tui.cards.typeset.plot import Bar, plot
from usage_tui.insight.compare import PeriodComparison
from usage_tui.ledger.days import ONE_DAY
from usage_tui.models import Credits, DailyUsage, DateRange, Day, SourceDays
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.known_answers import known_answers
from usage_tui.state.periods import ShownPeriod, shown_period
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, exact_places, is_money, places

TITLE = "Daily usage"
_SHORT_RANGES = {"7 days": 7, "14 days": 14}
_QUARTER = {"13 weeks": 91}
_LONG = 182
"""Days from which a period also has the range of a quarter."""
_MONTH = 31
"""Days up to which a period is shown from its first day on."""
_READOUT_BESIDE_FROM = 100
_DAY_GAP = 4
"""Columns between two days of the list."""
_PITCH = 3
"""Columns from one bar to the next that are enough."""
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
        sources: The days by source; None while they are not known.
        has_sources: Whether they are known, or about to be.
        former: The days that these are compared with; None if there is none.
        then: The period, if it is not the current one.
    """

    ranges: tuple[Range, ...]
    past: tuple[Day, ...]
    opening: int
    unit: str
    decimals: int | None
    age: Age
    sources: SourceDays | None
    has_sources: bool
    former: DateRange | None
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
    unit, period, compared = state.unit, shown.period, _compared(state, shown)
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
    former = {} if compared is None else _moved_to(start, compared)
    ranges = [
        day_range(name, max(start, last - ONE_DAY * (days - 1)), last, past, today, unit, spikes, former)
        for name, days in short.items()
    ]
    whole = "All days" if state.summary.value and not period else "Period"
    filled = [index for index, days in enumerate([*short.values(), length]) if 2 * elapsed > days]
    return DailyView(
        ranges=(*ranges, day_range(whole, start, end, past, today, unit, spikes, former)),
        past=daily.items,
        opening=len(short) if length <= _MONTH else max(filled, default=0),
        unit=unit,
        decimals=places((day.credits for day in daily.items), unit) if is_money(unit) else None,
        age=age(state, shown.daily, follows=True),
        sources=state.source_days.value,
        has_sources=state.source_days.value is not None or state.source_days.is_pending,
        former=None
        if compared is None
        else DateRange(
            start_date=compared.former_period.start_date, end_date=compared.former_period.end_date
        ),
        then=then(state, shown),
    )


def _compared(state: UsageState, shown: ShownPeriod) -> PeriodComparison | None:
    """The comparison that the viewer looks at; None without one of the period that is shown."""
    found = state.compared.value if state.comparing else None
    is_shown = found is not None and shown.period is not None and found.period.id == shown.period.id
    return found if is_shown else None


def _moved_to(start: date, compared: PeriodComparison) -> dict[date, Credits]:
    """The days of the period before, each on the day that it is compared with."""
    first = compared.former_period.start_date
    return {start + (day.date - first): day.credits for day in compared.former_days}


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
    beside, scale = _shared(days, view, area)
    marked = None if cursor is None else cursor // scale.per_bar
    rows = max(1, area.height - (2 if beside else 3))
    above = int(rows >= _ROWS_WITH_MARKS and any(bucket.spike for bucket in scale.buckets))
    bars = [
        Bar(
            _micro(bucket.credits),
            index == marked,
            _micro(bucket.former),
            spike=bool(above) and bucket.spike,
        )
        for index, bucket in enumerate(scale.buckets)
    ]
    grid = plot(bars, scale.cells, rows, scale.top, area.glyphs, above=above)
    body = [
        line(*axis_row(row - above, rows - above, scale), *cells) for row, cells in enumerate(toned(grid))
    ]
    room = scale.cells + (1 if beside else 0)
    reading = Reading(days.buckets, days.average, view.unit, view.decimals, cursor, view.sources)
    body.append(line(" " * scale.left, *date_labels(scale.buckets, grid, marked, room, area)))
    if beside:
        texts = [*readout.beside(reading, beside, area, len(body)), *[EMPTY] * len(body)]
        body = [_beside(row, texts[index], beside, area) for index, row in enumerate(body)]
    else:
        body.append(readout.below(reading, area))
    names = _end(view, chosen, area) if view.then is None else EMPTY
    return [head(view.title(area.glyphs.dash), names, area, view.age), *body]


def _micro(amount: Credits | None) -> int | None:
    return None if amount is None else amount.micro


def _shared(days: Range, view: DailyView, area: Area) -> tuple[int, Scale]:
    """The columns of the readout beside the chart, 0 for below it, and the chart in the others.

    The readout is wide where that makes no bar too thin.
    """
    if area.width < _READOUT_BESIDE_FROM:
        return 0, scale_of(days, area.width, view.unit)
    widths = [readout.width_beside(days, view.unit, view.decimals)]
    if view.has_sources:
        widths.append(readout.width_of_parts(days, view.unit, view.decimals))
    scales = [(cells, scale_of(days, area.width - cells - 2, view.unit)) for cells in widths]
    narrow, wide = scales[0], scales[-1]
    return wide if wide[1].pitch >= min(narrow[1].pitch, _PITCH) else narrow


def _end(view: DailyView, chosen: int, area: Area) -> Line:
    """The ranges, and what the lines at the bars mean, if there is room."""
    names = _names(view, chosen)
    if view.former is None:
        return names
    start, end = view.former.start_date, view.former.end_date
    former = f"{area.glyphs.rest} {dates.day(start)} {area.glyphs.dash} {dates.day(end)}"
    both = joined([line(Span(former, "muted")), names], "   ")
    return both if len(TITLE) + width(both) + RULE + 2 <= area.width else names


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
    scale = scale_beside(0, days, area.width - width(start), view.unit)
    largest = max((bucket.credits.micro for bucket in scale.buckets if bucket.credits), default=0)
    bars = [Bar(bucket.credits.micro if bucket.credits is not None else None) for bucket in scale.buckets]
    grid = plot(bars, len(bars), 1, max(1, largest), area.glyphs)
    shown = line(*start, *toned(grid)[0])
    return readout.behind(shown, Reading(days.buckets, days.average, view.unit, view.decimals), area)


def _names(view: DailyView, chosen: int) -> Line:
    active = chosen % len(view.ranges)
    return joined(
        [
            line(Span(choice.name, "tab" if index == active else "muted", choice=choice.name))
            for index, choice in enumerate(view.ranges)
        ]
    )


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

    def bar_at(self, view: DailyView, area: Area, at: Place, column: int, row: int) -> int | None:
        """The bar at a column, from the top of the plot to the dates below it."""
        days = self._range(view, at)
        beside, scale = _shared(days, view, area)
        bar = scale.bar_at(column)
        if bar is None or not 1 <= row <= area.height - (0 if beside else 1) - 1:
            return None
        return bar * scale.per_bar

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
            if view.then:
                return Selection("daily", "these days", ("--period", view.then.id))
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
