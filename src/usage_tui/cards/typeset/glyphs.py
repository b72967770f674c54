"""The symbols of the screens, in one place, with a twin for terminals without Unicode."""

from __future__ import annotations

from usage_tui.cards.typeset.digits import HEAVY, SEGMENTS, Digits
from usage_tui.named_tuple import NamedTuple


class Stroke(NamedTuple):
    """How a curve is drawn.

    Attributes:
        sample: Three cells of it.
        marker: The symbol that it consists of; empty for the dots of Braille, two to a cell.
        on: Columns of dots or symbols that are drawn, one after the other.
        off: Columns that are left out after these.
    """

    sample: str
    marker: str
    on: int
    off: int


class Strokes(NamedTuple):
    """The curves of a balance, which differ without any color."""

    usual: Stroke
    busiest: Stroke
    quietest: Stroke
    before: Stroke


class Glyphs(NamedTuple):
    """One set of symbols, each one cell wide, with its large digits and its curves."""

    bar: str
    rest: str
    half: str
    purchased: str
    rule: str
    rule_focused: str
    more: str
    cut: str
    none: str
    eighths: str
    cursor_day: str
    day_to_come: str
    spike: str
    banner: str
    dash: str
    dot: str
    next: str
    previous: str
    up: str
    down: str
    active: str
    scheduled: str
    locked: str
    expired: str
    voided: str
    used: str
    mark: str
    digits: Digits
    strokes: Strokes


UNICODE = Glyphs(
    bar="━",
    rest="─",
    half="╸",
    purchased="━",
    rule="─",
    rule_focused="━",
    more="▼",
    cut="…",
    none="—",
    eighths="▁▂▃▄▅▆▇█",
    cursor_day="▲",
    day_to_come="·",
    spike="▲",
    banner="▌",
    dash="–",
    dot="·",
    next="→",
    previous="←",
    up="↑",
    down="↓",
    active="●",
    scheduled="◇",
    locked="■",
    expired="×",
    voided="–",
    used="○",
    mark="┊",
    digits=HEAVY,
    strokes=Strokes(
        usual=Stroke("⠤⠤⠤", "", 1, 0),
        busiest=Stroke("⠤ ⠤", "", 4, 4),
        quietest=Stroke("⠄⠄⠄", "", 1, 1),
        before=Stroke("○ ○", "○", 1, 3),
    ),
)

MONOCHROME = UNICODE._replace(purchased="┅")
"""Included and purchased must differ in shape without color."""

ASCII = Glyphs(
    bar="=",
    rest="-",
    half="-",
    purchased=":",
    rule="-",
    rule_focused="=",
    more="v",
    cut="~",
    none="-",
    eighths="..ooo###",
    cursor_day="^",
    day_to_come=".",
    spike="^",
    banner="|",
    dash="-",
    dot=".",
    next=">",
    previous="<",
    up="^",
    down="v",
    active="*",
    scheduled="+",
    locked="#",
    expired="x",
    voided="-",
    used="o",
    mark="|",
    digits=SEGMENTS,
    strokes=Strokes(
        usual=Stroke("***", "*", 1, 0),
        busiest=Stroke("= =", "=", 1, 1),
        quietest=Stroke("...", ".", 1, 0),
        before=Stroke("o  ", "o", 1, 3),
    ),
)
