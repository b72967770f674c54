"""The balance over time: what was left, and what will be at the usual, the busiest and the quietest pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from usage_tui.cards import runway, runway_frame
from usage_tui.cards.card import Placeholder, draw_placeholder, head, joined
from usage_tui.cards.panel import Cursor, Explanation, Opening, Panel, Place
from usage_tui.cards.runway_screen import RANGES, ChartView, shown_dates
from usage_tui.cards.runway_words import EXPLANATION
from usage_tui.cards.typeset.curves import Canvas
from usage_tui.cards.typeset.glyphs import Stroke
from usage_tui.cards.typeset.lines import Area, Line, Span, Tone, line, right, width
from usage_tui.models import Credits
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, estimated_text

_LEAST_ROWS = 8
"""With fewer rows than this, the facts are shown without the chart."""


def draw(
    view: ChartView | Placeholder, area: Area, canvas: Canvas, *, chosen: int = 0, cursor: int | None = None
) -> list[Line]:
    """Head, facts, marks, canvas, dates, and what the cursor reads out.

    Args:
        view: What to show.
        area: Where; the height counts.
        canvas: Draws the curves.
        chosen: The index of the range.
        cursor: The index of the date that is read out.
    """
    if isinstance(view, Placeholder):
        return draw_placeholder(runway.TITLE, view, area)
    if not view.paces:
        return runway.draw(view.words, area)
    title = _head(view, chosen, area)
    if area.height < _LEAST_ROWS or not any(amount for course in view.paces for amount in course.starts):
        return [title, *runway.fact_rows(view.words.facts[: max(0, area.height - 1)], area)]
    facts = runway.fact_rows(view.words.facts[: _facts(area.height)], area)
    marks = 2 if area.height >= 14 else 1
    frame = runway_frame.frame_of(view, shown_dates(view, chosen), area, area.height - len(facts) - marks - 3)
    rows = [
        line(Span(right(label, frame.left - 1), "muted"), " ", *row)
        for label, row in zip(runway_frame.labels(frame), canvas(frame.sketch), strict=True)
    ]
    start = " " * frame.left
    return [
        title,
        *facts,
        *(line(start, *row) for row in runway_frame.marks(frame, marks, area)),
        *rows,
        line(start, *runway_frame.date_line(frame, cursor, area)),
        readout(view, shown_dates(view, chosen), cursor, area),
    ]


def _facts(height: int) -> int:
    """How many facts there are above the chart."""
    return 1 if height < 16 else 2 if height < 20 else 4


def _head(view: ChartView, chosen: int, area: Area) -> Line:
    names = joined(
        [
            line(Span(name, "tab" if index == chosen else "muted", choice=name))
            for index, name in enumerate(RANGES)
        ]
    )
    dot = f" {area.glyphs.dot} "
    room = area.width - len(runway.TITLE) - width(names) - 8
    basis = (form.replace(" · ", dot) for form in view.words.basis)
    shown = next((form for form in basis if len(form) <= room), "")
    end = joined([line(Span(shown, "muted")), names], "   ") if shown else names
    return head(runway.TITLE, end, area, view.words.age)


def readout(view: ChartView, shown: Sequence[date], cursor: int | None, area: Area) -> Line:
    """The curves by name, each with what is left on the day under the cursor, if there is room."""
    day = view.today if cursor is None else shown[cursor]
    name = Span("now" if day == view.today else dates.day(day), "muted" if cursor is None else "strong")
    if day < view.today:
        left = next(past.left for past in view.past if past.date == day)
        sample = Span(area.glyphs.strokes.usual.sample)
        return line(name, "  ", sample, " ", estimated_text(left, view.unit), Span(" left", "muted"))
    number = (day - view.today).days
    if number == 0 and view.before is None:
        now = f"  {estimated_text(view.paces[0].starts[0], view.unit)} left  "
        legend = joined(_legend(view, [""] * 3, area))
        return found if width(found := line(name, now, *legend)) <= area.width else legend
    for decimals in (None, 0):
        texts = [_short(course.starts[number], view.unit, decimals) for course in view.paces]
        if view.before is not None:
            texts.append(_short(view.before.starts[number], view.unit, decimals))
        found = joined([line(name), *_legend(view, texts, area)])
        if width(found) <= area.width:
            return found
    return joined(_legend(view, [""] * 4, area))


def _short(amount: Credits, unit: str, decimals: int | None) -> str:
    return estimated_text(amount, unit) if decimals is None else amount_text(amount, unit, decimals)


def _legend(view: ChartView, texts: Sequence[str], area: Area) -> list[Line]:
    strokes = area.glyphs.strokes
    parts: list[tuple[Stroke, str, Tone]] = [
        (strokes.usual, "usual", "included"),
        (strokes.busiest, "busiest", "warning"),
        (strokes.quietest, "quietest", "purchased"),
    ]
    if view.before is not None:
        parts.append((strokes.before, "without", "muted"))
    return [
        line(Span(stroke.sample, tone), Span(f" {name}", "muted"), f" {text}" if text else "")
        for (stroke, name, tone), text in zip(parts, texts, strict=False)
    ]


class ChartPanel(Panel[ChartView]):
    """The balance over time, with a cursor on a day."""

    id = "runway-chart"
    title = runway.TITLE
    cursor = Cursor.BARS
    choose = "next_range"

    def __init__(self, canvas: Canvas) -> None:
        """Draw with this canvas."""
        self._canvas = canvas

    def draw(self, view: ChartView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, facts, marks, canvas, dates, and what the cursor reads out."""
        if isinstance(view, Placeholder):
            return draw(view, area, self._canvas)
        cursor = self.under_cursor(view, at) if area.focused else None
        return draw(view, area, self._canvas, chosen=self._chosen(view, at), cursor=cursor)

    def choices(self, view: ChartView) -> tuple[str, ...]:
        """All ranges in a circle, which begins with the one that shows when it runs out."""
        return view.names

    def _chosen(self, view: ChartView, at: Place) -> int:
        return [*RANGES].index(self.chosen(view, at)) if view.paces else 0

    def step(self, view: ChartView, at: Place) -> str:
        """What the cursor moves by."""
        return "day"

    def row_count(self, view: ChartView, at: Place, height: int) -> int:
        """The days of the range."""
        return len(shown_dates(view, self._chosen(view, at))) if view.paces else 0

    def under_cursor(self, view: ChartView, at: Place) -> int | None:
        """Today until the cursor is moved."""
        if at.cursor is not None or not view.paces:
            return at.cursor
        return shown_dates(view, self._chosen(view, at)).index(view.today)

    def copy_text(self, view: ChartView, at: Place) -> str:
        """Every fact in a line, with its label."""
        return runway.facts_text(view.words)

    def opens(self, view: ChartView | Placeholder, at: Place) -> Opening:
        """How it is worked out."""
        return (
            None
            if isinstance(view, Placeholder)
            else Explanation("How the runway is worked out", EXPLANATION, "method")
        )
