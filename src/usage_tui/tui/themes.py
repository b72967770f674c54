"""The themes: our own, dark and light, those of the terminal's sixteen colors, and Textual's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from usage_tui.tui import colors


def _ours(name: str, *, dark: bool) -> Theme:
    """One of our themes. Its colors are variables too, for Textual would round some of them."""
    of = colors.COLORS[name]
    return Theme(
        name=name,
        dark=dark,
        background=of["background"],
        surface=of["surface"],
        panel=of["panel"],
        foreground=of["foreground"],
        primary=of["primary"],
        secondary=of["secondary"],
        accent=of["accent"],
        warning=of["warning"],
        error=of["error"],
        success=of["success"],
        variables=of,
    )


DARK = _ours(colors.DARK, dark=True)
LIGHT = _ours(colors.LIGHT, dark=False)
OURS = (DARK, LIGHT)
OUR_NAMES = tuple(theme.name for theme in OURS)

SIXTEEN_COLORS = (
    replace(
        BUILTIN_THEMES["ansi-dark"],
        primary="ansi_cyan",
        secondary="ansi_magenta",
        accent="ansi_bright_blue",
    ),
    replace(BUILTIN_THEMES["ansi-light"], secondary="ansi_magenta", accent="ansi_bright_blue"),
)
"""Textual's themes in the terminal's own colors, with our meanings of them.

Classic blue is hardly legible on black, cyan on white; green is what is active, never the focus.
"""
NAMES = sorted(set(OUR_NAMES) | set(BUILTIN_THEMES))
"""The names of all themes: ours and Textual's."""
DEFAULT = colors.DEFAULT
MONOCHROME = "ansi-dark"
"""The theme without colors of its own."""


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """The names of themes: ours first, then those of the terminal's own colors, then all others."""
    groups: dict[str, list[str]] = {"Ours": [*OUR_NAMES], "Terminal": [], "Others": []}
    for name in sorted(names):
        if name not in OUR_NAMES:
            groups["Terminal" if name.startswith("ansi-") else "Others"].append(name)
    return groups
