"""The colors of our own themes: few, each with a meaning. No other module names any."""

from __future__ import annotations

DARK, LIGHT = "usage-dark", "usage-light"
DEFAULT = DARK
COLORS = {
    DARK: {
        "background": "#111416",
        "surface": "#1a1e21",
        "panel": "#24292d",
        "foreground": "#e2e5e9",
        "primary": "#4fb8c4",
        "secondary": "#a994f4",
        "accent": "#7fb2ff",
        "warning": "#e7a33d",
        "error": "#fe7b72",
        "success": "#74c476",
        "text-muted": "#98a1aa",
        "text-disabled": "#7d868f",
        "border": "#7fb2ff",
        "border-blurred": "#3b434b",
        "block-cursor-background": "#2d343b",
        "block-cursor-foreground": "#e2e5e9",
        "block-cursor-blurred-background": "#1f2428",
    },
    LIGHT: {
        "background": "#fbfbfa",
        "surface": "#f0f1f1",
        "panel": "#e3e6e8",
        "foreground": "#1b2127",
        "primary": "#066b79",
        "secondary": "#6147c6",
        "accent": "#1a5fc8",
        "warning": "#994a00",
        "error": "#b7231a",
        "success": "#1c6c28",
        "text-muted": "#59636d",
        "text-disabled": "#646d77",
        "border": "#1a5fc8",
        "border-blurred": "#c3c9cf",
        "block-cursor-background": "#dde1e6",
        "block-cursor-foreground": "#1b2127",
        "block-cursor-blurred-background": "#eceef0",
    },
}
"""By the name of the theme: the variables of the styles that it sets."""
