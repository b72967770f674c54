"""Our own themes, dark and light: few colors, each with a meaning. No other module names colors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="usage-dark",
    dark=True,
    background="#111416",
    surface="#1a1e21",
    panel="#24292d",
    foreground="#e2e5e9",
    primary="#4fb8c4",
    secondary="#a994f4",
    accent="#7fb2ff",
    warning="#e8a33d",
    error="#ff7b72",
    success="#74c476",
    variables={
        "text-muted": "#98a1aa",
        "text-disabled": "#7d868f",
        "border": "#7fb2ff",
        "border-blurred": "#3b434b",
        "block-cursor-background": "#2d343b",
        "block-cursor-foreground": "#e2e5e9",
        "block-cursor-blurred-background": "#1f2428",
    },
)

LIGHT = Theme(
    name="usage-light",
    dark=False,
    background="#fbfbfa",
    surface="#f0f1f1",
    panel="#e3e6e8",
    foreground="#1b2127",
    primary="#066b79",
    secondary="#6147c6",
    accent="#1a5fc8",
    warning="#9a4a00",
    error="#b8231a",
    success="#1c6c28",
    variables={
        "text-muted": "#59636d",
        "text-disabled": "#646d77",
        "border": "#1a5fc8",
        "border-blurred": "#c3c9cf",
        "block-cursor-background": "#dde1e6",
        "block-cursor-foreground": "#1b2127",
        "block-cursor-blurred-background": "#eceef0",
    },
)

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
DEFAULT = DARK.name
MONOCHROME = "ansi-dark"
"""The theme without colors of its own."""


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """The names of themes: ours first, then those of the terminal's own colors, then all others."""
    groups: dict[str, list[str]] = {"Ours": [*OUR_NAMES], "Terminal": [], "Others": []}
    for name in sorted(names):
        if name not in OUR_NAMES:
            groups["Terminal" if name.startswith("ansi-") else "Others"].append(name)
    return groups
