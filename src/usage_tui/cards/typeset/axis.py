"""What surrounds a plot: its tones, and labels below it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from usage_tui.cards.typeset.lines import Line, Span, Tone, line, width
from usage_tui.cards.typeset.plot import Plot, Role

_TONES: dict[Role, Tone] = {"bar": "included", "cursor": "focus", "zero": "muted", "to come": "rule"}


def toned(text: str, bars: Plot, row: int) -> Line:
    """One row of the plot, every bar and mark in the tone of its role."""
    roles = {cell.column: cell.role for cell in bars.cells if cell.row == bars.height - 1 - row}
    spans = []
    for role, run in groupby(enumerate(text), key=lambda place: roles.get(place[0])):
        spans.append(Span("".join(character for _, character in run), _TONES[role] if role else "text"))
    return tuple(spans)


class Label(NamedTuple):
    """A text below the plot, from a column on."""

    column: int
    text: str
    tone: Tone = "muted"


def placed(labels: Iterable[Label], room: int) -> Line:
    """The labels in one line, those that come first before others; none overlaps another."""
    shown: list[Label] = []
    for label in labels:
        end = label.column + len(label.text)
        clear = all(end < one.column or label.column > one.column + len(one.text) for one in shown)
        if clear and end <= room:
            shown.append(label)
    spans: list[Span] = []
    for column, text, tone in sorted(shown):
        spans += [Span(" " * (column - width(spans))), Span(text, tone)]
    return line(*spans)
