"""What a widget may ask of the program around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

from textual.widget import Widget

from usage_tui.cards.typeset.glyphs import Glyphs


class Context(Protocol):
    """The program as its widgets know it."""

    glyphs: Glyphs
    keys: Mapping[str, str]

    def run_command(self, command: str) -> None:
        """Run a command of the table as if its key had been pressed."""

    @staticmethod
    def of(widget: Widget) -> Context:
        """The program that the widget belongs to."""
        return cast(Context, widget.app)
