"""What if: one line that is typed, and its answer beside the answer without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from usage_tui.cards.card import head, joined, key_hint
from usage_tui.cards.runway_words import outs
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cut, cut_line, fit, line, width, wrap
from usage_tui.models import Credits
from usage_tui.text.amounts import average_text, estimated_text

if TYPE_CHECKING:
    from usage_tui.insight.runway import Runway

TITLE = "What if"
_EXAMPLES = (
    'top-up 5000, cut 20%, cut "Code completion" 50%, recharge 10000',
    "top-up 5000, cut 20%, recharge 10000",
    "top-up 5000, cut 20%",
)
_LABEL = 14
_GAP = 2
_MISTAKE_ROWS = 4
"""Rows below the answers from which what is wrong stands there; else it takes the place of their heads."""


class Compared(NamedTuple):
    """One answer, without and with what is assumed."""

    label: str
    now: str
    then: str


class WhatIfView(NamedTuple):
    """The answers side by side.

    Attributes:
        typed: What stands in the line; empty if there is none.
        mistake: What is wrong with it; empty if it is understood.
        typing: Whether the line is being typed.
        rejected: Whether the mistake was to be kept, and not only typed so far.
    """

    rows: tuple[Compared, ...]
    typed: str = ""
    mistake: str = ""
    typing: bool = False
    rejected: bool = False


def compared(now: Runway, then: Runway | None, unit: str) -> tuple[Compared, ...]:
    """Every answer of a runway beside that of another runway, which is empty if there is none."""
    answers = [*_answers(now, unit)]
    others = [text for _, text in _answers(then, unit)] if then is not None else [""] * len(answers)
    return tuple(Compared(label, text, other) for (label, text), other in zip(answers, others, strict=True))


def _answers(runway: Runway, unit: str) -> Iterator[tuple[str, str]]:
    usual, busiest, quietest = outs(runway)
    yield "Runs out", usual
    yield "  at busiest", busiest
    yield "  at quietest", quietest
    yield "Lapses", _lapses(runway, unit)
    a_day = Credits(int(runway.pace.a_day * runway.factor)) if runway.pace else Credits.ZERO
    yield "Pace", f"{average_text(a_day, 1, unit)} a day"


def _lapses(runway: Runway, unit: str) -> str:
    """What lapses of the present grants, at the usual pace or else at the quietest."""
    usual = Credits.total(lapse.usual for lapse in runway.lapses)
    most = Credits.total(lapse.most for lapse in runway.lapses)
    if usual:
        return f"about {estimated_text(usual, unit)}" if usual != most else estimated_text(usual, unit)
    return f"up to {estimated_text(most, unit)}" if most else "nothing"


def draw_head(view: WhatIfView, area: Area) -> list[Line]:
    """The title, and the keys that act on the line."""
    first = ("open", "keep") if view.typing else ("what_if", "change")
    words = [first, ("back", "clear")] if view.typing or view.typed else []
    keys = joined([key_hint(command, word, area) for command, word in words])
    return [head(TITLE, keys, area._replace(focused=view.typing))]


def draw_line(view: WhatIfView, area: Area) -> list[Line]:
    """The prompt before what is typed; else what is kept, or what could be typed."""
    prompt = Span("> ", "muted")
    if view.typing:
        return [line(prompt)]
    if view.typed:
        return [cut_line(line(prompt, Span(view.typed, "strong")), area.width, area.glyphs)]
    key = key_hint("what_if", "what if", area)
    room = area.width - width(key) - _GAP
    example = next((one for one in _EXAMPLES if len(one) <= room), "")
    return [line(*key, " " * _GAP, Span(example, "disabled"))]


def draw_answers(view: WhatIfView, area: Area) -> list[Line]:
    """The answers that fit, and what is wrong with the line."""
    room = (area.width - _LABEL - _GAP) // 2
    then = "what if" if view.typed else ""
    heads = line(" " * _LABEL, Span(fit("now", room), "muted"), " " * _GAP, Span(then, "muted"))
    rows = [_row(row, room, area) for row in view.rows]
    mistake = _mistake(view, area) if view.mistake else []
    if area.height >= 1 + len(rows) + _MISTAKE_ROWS:
        return [heads, *rows, EMPTY, *mistake]
    return [*(mistake or [heads]), *rows][: area.height]


def _mistake(view: WhatIfView, area: Area) -> list[Line]:
    """What is wrong with the line, calm while it is being typed."""
    text = f"{view.mistake[:1].upper()}{view.mistake[1:]}."
    tone: Tone = "warning" if view.rejected else "muted"
    return [line(Span(row, tone)) for row in wrap(f"! {text}" if view.rejected else text, area.width)]


def _row(row: Compared, room: int, area: Area) -> Line:
    """A label and both answers; one that the assumption changes stands out."""
    tone: Tone = "muted" if row.then == row.now else "strong"
    return line(
        Span(fit(row.label, _LABEL), "muted"),
        fit(row.now, room, area.glyphs),
        " " * _GAP,
        Span(cut(row.then, room, area.glyphs), tone),
    )
