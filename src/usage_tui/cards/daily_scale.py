"""How the days of a chart are shown in a given room: columns, bars, axis, labels below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from usage_tui.cards.days import Bucket, Range, together
from usage_tui.cards.typeset.axis import Label, around, clear, placed
from usage_tui.cards.typeset.lines import Area, Line, Span, line, right
from usage_tui.cards.typeset.plot import Plot, axis_top, pitch_of
from usage_tui.named_tuple import NamedTuple
from usage_tui.text import dates
from usage_tui.text.amounts import axis_text, symbol

_AXIS_WIDTHS = (7, 9)
"""Columns of the axis with a blank: for most amounts, and for the smallest."""
_LABEL = 8
"""Columns of a date below the bars, with a gap."""


class Scale(NamedTuple):
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

    @property
    def pitch(self) -> int:
        """Columns from one bar to the next."""
        return pitch_of(len(self.buckets), self.cells)

    def bar_at(self, column: int) -> int | None:
        """The bar at a column, counted from the axis on; None if there is none."""
        bar = (column - self.left) // self.pitch
        return bar if column >= self.left and bar < len(self.buckets) else None


def scale(days: Range, room: int, unit: str) -> Scale:
    """The narrow axis if its labels fit, otherwise the wide one, which fits any label."""
    least, most = _AXIS_WIDTHS
    narrow, wide = (scale_beside(left, days, room, unit) for left in (least, most + len(symbol(unit))))
    return narrow if max(map(len, narrow.labels)) < narrow.left else wide


def scale_beside(left: int, days: Range, room: int, unit: str) -> Scale:
    """The scale beside so many columns of axis."""
    cells = max(1, room - left)
    # Bars that stand for several days may stand for some more, so that there are gaps between them.
    most = cells if days.buckets[0].days == 1 else (cells + 1) // 2
    size = max(1, -(-len(days.buckets) // max(1, most)))
    buckets = [together(days.buckets[at : at + size]) for at in range(0, len(days.buckets), size)]
    amounts = [amount for bucket in buckets for amount in (bucket.credits, bucket.former) if amount]
    largest = max((amount.micro for amount in amounts), default=0)
    top = axis_top(largest)
    # If no day used more than was given back, there is no bar to measure.
    labels = (axis_text(top, unit), axis_text(top // 2, unit)) if largest > 0 else ("", "")
    return Scale(left, cells, size, buckets, top, labels)


def axis_row(row: int, rows: int, of: Scale) -> Line:
    """The label of the top at the first row, of the middle halfway down."""
    top, middle = of.labels
    text = top if row == 0 else middle if row == rows // 2 and rows > 2 else ""
    return line(Span(right(text, of.left - 1), "muted"), " ")


def date_labels(buckets: Sequence[Bucket], grid: Plot, cursor: int | None, room: int, area: Area) -> Line:
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
