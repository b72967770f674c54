"""The look of every tone, resolved once per screen: component classes on each widget would slow the start."""

from __future__ import annotations

from typing import Literal, get_args

from rich.style import Style
from textual.widget import Widget

from usage_tui.cards.typeset.lines import Tone

COMPONENTS = {f"tone--{name}" for name in (*get_args(Tone), "cursor")}
"""The component classes that every screen with tones declares."""


def tone_style(widget: Widget, tone: Tone | Literal["cursor"]) -> Style:
    """How the tone looks on the widget's screen; without a background unless the tone has its own."""
    screen, name = widget.screen, f"tone--{tone}"
    style = screen.get_component_rich_style(name)
    if screen.get_component_styles(name).has_rule("background"):
        return style
    return Style(
        color=style.color, bold=style.bold, underline=style.underline, dim=style.dim, reverse=style.reverse
    )
