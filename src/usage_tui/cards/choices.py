"""A list to choose from: rows in groups, found by their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from usage_tui.cards.typeset.lines import Area, Line, Span, Tone, cut, fit, line, width

T = TypeVar("T")

_GROUP = 11
"""Cells of the column of groups, with its gap."""
_GROUPS_FROM = 40
_LEAST_LABEL = 12


class Choice(NamedTuple, Generic[T]):
    """One row.

    Attributes:
        group: What it belongs to; rows of a group follow each other.
        label: What it is called. It may come from outside, and is shown as it is.
        end: What stands at the right, such as its key or its amount.
        leads_to: What choosing it means.
        tone: Of the right end.
        words: More words by which it is found.
    """

    group: str
    label: str
    end: str
    leads_to: T
    tone: Tone = "muted"
    words: str = ""


def matching(choices: Sequence[Choice[T]], query: str) -> list[Choice[T]]:
    """The rows with every word of the query, in their groups; the group with the best row comes first."""
    wanted = query.casefold().split()
    if not wanted:
        return list(choices)
    found = [(place, choice) for choice in choices if (place := _place(choice, wanted)) is not None]
    best: dict[str, int] = {}
    for place, choice in found:
        best[choice.group] = min(place, best.get(choice.group, place))
    order = list(dict.fromkeys(choice.group for choice in choices))
    found.sort(key=lambda one: (best[one[1].group], order.index(one[1].group), one[0]))
    return [choice for _, choice in found]


def _place(choice: Choice[T], wanted: Sequence[str]) -> int | None:
    """How well a row matches, 0 best; None if a word is missing."""
    label = choice.label.casefold()
    texts = f"{label} {choice.group.casefold()} {choice.words.casefold()}"
    if not all(word in texts for word in wanted):
        return None
    if label.startswith(wanted[0]):
        return 0
    if all(word in label for word in wanted):
        return 1 if f" {wanted[0]}" in label else 2
    return 3


def draw(choices: Sequence[Choice[T]], area: Area, first: int = 0) -> list[Line]:
    """The rows that fit, from `first` on; the first row of each group names it."""
    if not choices:
        return [line(Span("Nothing matches.", "muted"))]
    shown = choices[first : first + area.height] if area.height else choices
    groups = _GROUP if area.width >= _GROUPS_FROM else 0
    rows = []
    for index, choice in enumerate(shown):
        named = index == 0 or choice.group != shown[index - 1].group
        group = fit(choice.group if named else "", groups - 1, area.glyphs) + " " if groups else ""
        rows.append(_row(choice, group, area))
    return rows


def _row(choice: Choice[T], group: str, area: Area) -> Line:
    """Group, label, and the right end, which gives way where the label would be too short."""
    room = area.width - len(group)
    end = Span(choice.end, choice.tone)
    if room - width((end,)) - 1 < _LEAST_LABEL:
        end = Span("")
    taken = width((end,)) + bool(end.text)
    return line(
        Span(group, "muted"), fit(cut(choice.label, room - taken, area.glyphs), room - taken), " ", end
    )
