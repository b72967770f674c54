"""What surrounds a plot: its tones, and labels below it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from usage_tui.cards.typeset.lines import Line, Span, Tone, line, width
from usage_tui.cards.typeset.plot import Plot, Role
from usage_tui.named_tuple import NamedTuple

_TONES: dict[Role, Tone] = {
    "bar": "included",
    "cursor": "focus",
    "zero": "muted",
    "to come": "rule",
    "before": "muted",
    "spike": "warning",
}


def toned(plot: Plot) -> list[Line]:
    """The rows of a plot, the top one first, every bar and mark in the tone of its role."""
    blank: tuple[str, Tone] = " ", "text"
    rows = [[blank] * plot.width for _ in range(plot.height)]
    for cell in plot.cells:
        rows[plot.height - 1 - cell.row][cell.column] = cell.glyph, _TONES[cell.role]
    return [
        tuple([Span("".join([glyph for glyph, _ in run]), tone) for tone, run in groupby(row, itemgetter(1))])
        for row in rows
    ]


class Label(NamedTuple):
    """A text below the plot, from a column on."""

    column: int
    text: str
    tone: Tone = "muted"

    @property
    def end(self) -> int:
        """The column after it."""
        return self.column + len(self.text)


def clear(labels: Iterable[Label], room: int) -> list[Label]:
    """The labels that fit, those that come first before others; none touches another."""
    shown: list[Label] = []
    for label in labels:
        if label.end <= room and _is_clear(label, shown):
            shown.append(label)
    return sorted(shown)


def _is_clear(label: Label, others: Iterable[Label]) -> bool:
    return all(label.end < other.column or label.column > other.end for other in others)


def around(mark: Label, start: int, labels: list[Label], room: int) -> list[Label]:
    """The mark and the labels; one that is in its way moves beside it.

    Args:
        mark: What is to be shown in any case.
        start: The column of the mark's own label, which stands behind it in its tone.
        labels: None touches another.
        room: Columns.
    """
    shown = [mark]
    for label in labels:
        others = [other for other in labels if other is not label]
        if label.column == start:
            places = [
                Label(mark.end, label.text, mark.tone),
                label._replace(column=mark.column - len(label.text)),
            ]
        elif label.column <= mark.end and label.end >= mark.column:
            places = [
                label._replace(column=mark.column - 1 - len(label.text)),
                label._replace(column=mark.end + 1),
            ]
        else:
            places = [label]
        shown += [
            place for place in places if place.column >= 0 and place.end <= room and _is_clear(place, others)
        ][:1]
    return shown


def placed(labels: Iterable[Label]) -> Line:
    """The labels in one line, each in its column."""
    spans: list[Span] = []
    for column, text, tone in sorted(labels):
        spans += [Span(" " * (column - width(spans))), Span(text, tone)]
    return line(*spans)
