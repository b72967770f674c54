"""Where the balance over time stands on a canvas: curves, marks above it, dates below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from usage_tui.cards.runway_days import DayRow, Kind, symbol
from usage_tui.cards.runway_screen import ChartView, Course
from usage_tui.cards.typeset.axis import Label, around, clear, placed
from usage_tui.cards.typeset.curves import Curve, Point, Sketch
from usage_tui.cards.typeset.lines import Area, Line, Tone
from usage_tui.cards.typeset.plot import axis_top
from usage_tui.ledger.days import ONE_DAY
from usage_tui.text import dates
from usage_tui.text.amounts import axis_text
from usage_tui.text.amounts import symbol as unit_symbol

if TYPE_CHECKING:
    from usage_tui.insight.past_balances import PastBalance

DAY = 1440
"""How long a day is on the chart: minutes."""
_DATE_GAP = 9
"""Columns from one date below the chart to the next, at least."""


class Frame(NamedTuple):
    """A range of the view on a canvas.

    Attributes:
        first: The date at the left edge.
        last: The date after the right edge.
    """

    view: ChartView
    first: date
    last: date
    left: int
    sketch: Sketch

    def column(self, day: date, minutes: int = 0) -> int:
        """Where a moment is on the canvas."""
        return self.sketch.column((day - self.first).days * DAY + minutes)


def frame_of(view: ChartView, shown: Sequence[date], area: Area, height: int) -> Frame:
    """These dates on a canvas of so many rows, with all that is drawn on it."""
    first, last = shown[0], shown[-1]
    past = [day for day in view.past if day.date >= first]
    ahead = (last - view.today).days + 1
    values = [day.left.micro for day in past]
    for course in (*view.paces, *([view.before] if view.before else [])):
        values += [amount.micro for amount in course.starts[:ahead]]
    top = axis_top(max(values))
    left = 2 + max(map(len, (axis_text(top, view.unit), axis_text(top // 2, view.unit))))
    left = max(left, 7 + len(unit_symbol(view.unit)))
    right_edge = ((last - first).days + 1) * DAY
    sketch = Sketch(max(1, area.width - left), height, right_edge, top, (), rule=area.glyphs.mark)
    frame = Frame(view, first, last, left, sketch)
    rules = {frame.column(view.today, view.now), *(frame.column(mark.on) for mark in _named(frame))}
    return frame._replace(
        sketch=sketch._replace(curves=tuple(_curves(frame, past, area)), rules=tuple(sorted(rules)))
    )


def _curves(frame: Frame, past: Sequence[PastBalance], area: Area) -> Iterator[Curve]:
    """The quietest and the busiest pace below the usual one, and the past above all."""
    view, strokes = frame.view, area.glyphs.strokes
    if view.before is not None:
        yield Curve(_points(frame, view.before), strokes.before, "muted")
    usual, busiest, quietest = view.paces
    yield Curve(_points(frame, quietest), strokes.quietest, "purchased")
    yield Curve(_points(frame, busiest), strokes.busiest, "warning")
    yield Curve(_points(frame, usual), strokes.usual, "included")
    known = [((day.date - frame.first).days * DAY, day.left.micro) for day in past]
    if known:
        left = (view.before or usual).starts[0]
        now = ((view.today - frame.first).days * DAY + view.now, left.micro)
        yield Curve((*known, now), strokes.usual, "text")


def _points(frame: Frame, course: Course) -> tuple[Point, ...]:
    """From now to the right edge; where midnight brings or takes something, straight up or down."""
    start = (frame.view.today - frame.first).days * DAY
    count = (frame.last - frame.view.today).days + 1
    points = [(start + frame.view.now, course.starts[0].micro)]
    for number in range(1, count + 1):
        points.append((start + number * DAY, course.ends[number - 1].micro))
        if number < count:
            points.append((start + number * DAY, course.starts[number].micro))
    return tuple(dict.fromkeys(points))


def labels(frame: Frame) -> list[str]:
    """The amounts at the left: at the top, in the middle, and at the bottom."""
    top, rows, unit = frame.sketch.top, frame.sketch.height, frame.view.unit
    texts = [""] * rows
    if rows > 2:
        texts[rows // 2] = axis_text(top // 2, unit)
    texts[-1], texts[0] = "0", axis_text(top, unit)
    return texts


_MARKED = (
    Kind.RUNS_OUT,
    Kind.TERM_END,
    Kind.REFRESH,
    Kind.EARLIEST,
    Kind.LATEST,
    Kind.EXPIRY,
    Kind.START,
    Kind.RECHARGE,
)
"""What is marked on the chart, the most important first."""


def _shown(frame: Frame) -> list[DayRow]:
    """What is marked within the range: of two things in one column, the more important one."""
    found: dict[int, DayRow] = {}
    marks = (
        mark for mark in frame.view.marks if mark.kind in _MARKED and frame.first <= mark.on <= frame.last
    )
    for mark in sorted(marks, key=lambda mark: (_MARKED.index(mark.kind), mark.on)):
        found.setdefault(frame.column(mark.on), mark)
    return [*found.values()]


def _named(frame: Frame) -> list[DayRow]:
    """The first of each kind of what is marked: these have words, and a rule."""
    found: dict[Kind, DayRow] = {}
    for mark in _shown(frame):
        found.setdefault(mark.kind, mark)
    return [*found.values()]


def marks(frame: Frame, rows: int, area: Area) -> list[Line]:
    """The words of what happens, above where it happens; only the sign of what has no room for words."""
    room, named = frame.sketch.width, _named(frame)
    levels: list[list[Label]] = [[] for _ in range(rows)]
    for mark in [*named, *(mark for mark in _shown(frame) if mark not in named)]:
        forms = _forms(mark, frame, area) if mark in named else [symbol(mark.kind, area.glyphs)]
        places = [
            (place, level)
            for text in forms
            for level in reversed(levels)
            for place in _places(frame.column(mark.on), text, mark.tone, room)
        ]
        for label, level in places:
            if all(label.end < other.column or label.column > other.end for other in level):
                level.append(label)
                break
    return [placed(level) for level in levels]


def _forms(mark: DayRow, frame: Frame, area: Area) -> list[str]:
    sign, word = symbol(mark.kind, area.glyphs), mark.kind.value
    on = dates.expected(mark.on, frame.view.today) if mark.expected else dates.day(mark.on)
    return [f"{sign} {word} {on}", f"{sign} {word}", sign]


def _places(column: int, text: str, tone: Tone, room: int) -> Iterator[Label]:
    """Beginning at its column, or else ending there with the sign at the end."""
    if column + len(text) <= room:
        yield Label(column, text, tone)
    elif len(text) <= column + 1:
        sign, _, words = text.partition(" ")
        yield Label(column + 1 - len(text), f"{words} {sign}" if words else sign, tone)


def date_line(frame: Frame, cursor: int | None, area: Area) -> Line:
    """``today``, dates at even distances, and the mark of the cursor."""
    room = frame.sketch.width
    shown = clear(_date_labels(frame), room)
    if cursor is None:
        return placed(shown)
    day = frame.first + ONE_DAY * cursor
    column = _cursor_column(frame, day)
    return placed(around(Label(column, area.glyphs.cursor_day, "focus"), column, shown, room))


def _cursor_column(frame: Frame, day: date) -> int:
    return frame.column(day, frame.view.now if day == frame.view.today else 0)


def _date_labels(frame: Frame) -> Iterator[Label]:
    view, days = frame.view, (frame.last - frame.first).days + 1
    yield Label(_cursor_column(frame, view.today), "today")
    per_day = max(1, frame.sketch.width) / days
    step = next((step for step in (1, 7, 14) if step * per_day >= _DATE_GAP), None)
    for number in range(days):
        day = frame.first + ONE_DAY * number
        if (step is not None and (day - view.today).days % step == 0) or (step is None and day.day == 1):
            yield Label(frame.column(day), dates.day(day))
