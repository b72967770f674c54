"""The look of every tone, resolved once per theme: component classes on each screen would slow the start."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, get_args

from rich.style import Style
from textual.app import App

from usage_tui.cards.typeset.lines import Tone

Toned = Tone | Literal["cursor"]
"""A tone, or the row under the cursor."""


class TonedApp(App[None]):
    """An app whose styles say what each tone looks like, on all its screens."""

    COMPONENT_CLASSES = {f"tone--{name}" for name in (*get_args(Tone), "cursor")}  # noqa: RUF012 - as Textual

    def notify_style_update(self) -> None:
        """Another theme has other tones."""
        super().notify_style_update()
        self.__dict__.pop("_tones", None)

    def tone_style(self, tone: Toned) -> Style:
        """How the tone looks; without a background unless the tone has its own."""
        if tone not in self._tones:
            self._tones[tone] = self._tone_style(f"tone--{tone}")
        return self._tones[tone]

    @cached_property
    def _tones(self) -> dict[Toned, Style]:
        return {}

    def _tone_style(self, name: str) -> Style:
        if not self._component_styles:
            self.stylesheet.apply(self)  # Textual paints the first screen before it does so
        styles = self.get_component_styles(name)
        style = styles.rich_style
        if styles.has_rule("background"):
            return style
        return Style(
            color=style.color,
            bold=style.bold,
            underline=style.underline,
            dim=style.dim,
            reverse=style.reverse,
        )
