"""The symbols of the screens, in one place, with a twin for terminals without Unicode."""

from __future__ import annotations

from typing import NamedTuple

from usage_tui.cards.typeset.digits import HEAVY, SEGMENTS, Digits


class Glyphs(NamedTuple):
    """One set of symbols, each one cell wide, and its large digits."""

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
    digits: Digits


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
    digits=HEAVY,
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
    digits=SEGMENTS,
)
