"""Curves drawn by plotext. Only the screen that shows them loads it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from textual_plotext.plot import Plot

from usage_tui.cards.typeset.curves import Curve, Point, Sketch
from usage_tui.cards.typeset.lines import Line, Span, Tone, cell_len, line

_colored = re.compile(r"\x1b\[([0-9;]*)m").split
_RULE = 1
"""Plotext's number of a color: here it tells what a symbol belongs to, and reaches no terminal."""


@lru_cache(maxsize=16)
def draw_curves(sketch: Sketch) -> tuple[Line, ...]:
    """The curves and rules in rows of exact width, each in its tone."""
    figure = _figure(sketch)
    for column in sketch.rules:
        places = [column * sketch.right / max(1, sketch.width - 1)] * sketch.height
        values = [row * sketch.top / max(1, sketch.height - 1) for row in range(sketch.height)]
        figure.scatter(places, values, marker=sketch.rule, color=_RULE)
    tones: dict[str, Tone] = {f"38;5;{_RULE}": "rule"}
    for color, curve in enumerate(sketch.curves, start=_RULE + 1):
        tones[f"38;5;{color}"] = curve.tone
        for piece in _pieces(curve, sketch):
            places, values = ([*numbers] for numbers in zip(*piece, strict=True))
            figure.plot(places, values, marker=curve.stroke.marker or "braille", color=color)
    rows = figure.build().split("\n")[: sketch.height]
    return tuple(_toned(row, tones, sketch.width) for row in rows)


def _figure(sketch: Sketch) -> Plot:
    """A canvas without axes, of exactly so many cells."""
    figure = Plot()
    figure.theme("clear")
    figure.plotsize(sketch.width, sketch.height)
    # The public setter stops at the size of the terminal that plotext believes to be on; the widget of
    # textual-plotext works around it in the same way.
    figure._set_size(sketch.width, sketch.height)
    figure.frame(False)
    figure.xaxes(False, False)
    figure.yaxes(False, False)
    figure.xticks([])
    figure.yticks([])
    figure.xlim(0, sketch.right)
    figure.ylim(0, sketch.top)
    return figure


def _pieces(curve: Curve, sketch: Sketch) -> Iterator[list[tuple[float, float]]]:
    """The parts of a curve that are drawn: all of it, or its dashes."""
    stroke = curve.stroke
    if not stroke.off:
        if curve.points:
            yield [*curve.points]
        return
    if len(curve.points) < 2:
        return
    columns = sketch.width * (1 if stroke.marker else 2)
    step = sketch.right / max(1, columns - 1)
    for start in range(0, columns, stroke.on + stroke.off):
        places = [column * step for column in range(start, start + stroke.on)]
        dash = [(place, _value(curve.points, place)) for place in places if _spans(curve.points, place)]
        if dash:
            yield dash


def _spans(points: tuple[Point, ...], place: float) -> bool:
    return points[0][0] <= place <= points[-1][0]


def _value(points: tuple[Point, ...], place: float) -> float:
    """How high the curve is at a place between its first and its last point."""
    after = min(bisect_right(points, place, key=lambda point: point[0]), len(points) - 1)
    (left, low), (right, high) = points[after - 1], points[after]
    return low + (high - low) * (place - left) / (right - left) if right > left else high


def _toned(row: str, tones: dict[str, Tone], width: int) -> Line:
    """A row of plotext, its colors replaced by what they stand for."""
    text, *rest = _colored(row)
    spans = [Span(text)]
    for code, piece in zip(rest[::2], rest[1::2], strict=True):
        spans.append(Span(piece, tones.get(code, "text")))
    blank = width - sum(cell_len(span.text) for span in spans)
    return line(*spans, " " * blank)
