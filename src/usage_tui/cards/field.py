"""A field of a form: a label, and alternatives of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from usage_tui.cards.typeset.lines import Area, Line, Span, line, width

LABEL = 10
"""Cells of the label, with the mark of the focus before it and a gap behind it."""
_GAP = 3


class Alternative(NamedTuple):
    """One of the alternatives.

    Attributes:
        key: What it stands for.
        label: What it is called.
    """

    key: str
    label: str


class Field(NamedTuple):
    """A field.

    Attributes:
        label: What it decides.
        alternatives: What there is to choose from, at least one.
        chosen: The key of the one that is chosen.
    """

    label: str
    alternatives: Sequence[Alternative]
    chosen: str

    def step(self, by: int) -> str:
        """The key of the next alternative, or of the one before; after the last comes the first."""
        keys = [one.key for one in self.alternatives]
        return keys[(keys.index(self.chosen) + by) % len(keys)]


def label(text: str, area: Area) -> Line:
    """The label, with a mark if the keyboard acts on the field."""
    mark = area.glyphs.next if area.focused else ""
    return line(
        Span(f"{mark:<2}", "focus"), Span(f"{text:<{LABEL - 2}}", "focus" if area.focused else "muted")
    )


def draw(field: Field, area: Area) -> list[Line]:
    """Label and alternatives, in as many lines as they need."""
    rows = [label(field.label, area)]
    for one in field.alternatives:
        shown = _alternative(one, chosen=one.key == field.chosen, area=area)
        gap = _GAP if width(rows[-1]) > LABEL else 0
        if gap and width(rows[-1]) + gap + width(shown) > area.width:
            rows.append(line(" " * LABEL))
            gap = 0
        rows[-1] = line(*rows[-1], " " * gap, *shown)
    return rows


def _alternative(one: Alternative, *, chosen: bool, area: Area) -> Line:
    mark = area.glyphs.active if chosen else area.glyphs.used
    return line(
        Span(f"{mark} ", "focus" if chosen else "muted", choice=one.key),
        Span(one.label, "strong" if chosen else "text", choice=one.key),
    )
