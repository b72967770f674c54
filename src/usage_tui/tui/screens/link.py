"""An address for the browser of the computer in front of the viewer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, line, wrap
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.lines import Lines

_WHAT_TO_DO = "Open this link in a browser on your own computer."
_SENT = "Sent to your terminal's clipboard."
_NOT_ARRIVED = "Clipboard empty? Hold Shift and select the link with the mouse."
_COLUMNS = 8
"""Columns that a key scrolls sideways."""


class LinkDialog(Dialog):
    """Shows a whole address and sends it to the terminal's clipboard."""

    FRAME_ID = "link"
    KEYS: ClassVar[Mapping[str, str]] = {"copy": "copy again", "back": "close"}
    BINDINGS = bindings("copy", day_before="columns_left", day_after="columns_right")

    def __init__(self, title: str, url: str) -> None:
        """Lead to this address under this title."""
        super().__init__()
        self._title = title
        self._url = url

    @property
    def heading(self) -> str:
        """What the address is for."""
        return self._title

    def on_mount(self) -> None:
        """Send the address at once: that is what the dialog is opened for."""
        # A longer address scrolls sideways: wrapped or cut, it could not be selected in one piece.
        self.query_one(Lines).styles.min_width = len(self._url)
        self.action_copy()

    def action_copy(self) -> None:
        """Send the address to the terminal's clipboard."""
        self.app.copy_to_clipboard(self._url)

    def action_redact(self) -> None:
        """Close: an address may hold a name."""
        self.dismiss()
        super().action_redact()

    def action_columns_left(self) -> None:
        """Show the address from further left."""
        self._frame().scroll_relative(x=-_COLUMNS, animate=False)

    def action_columns_right(self) -> None:
        """Show the address from further right."""
        self._frame().scroll_relative(x=_COLUMNS, animate=False)

    def draw(self, area: Area) -> list[Line]:
        """What to do, the address, what was sent, and what if nothing arrived."""
        cells = self._frame().content_size.width or area.width
        return [
            *_wrapped(_WHAT_TO_DO, cells),
            EMPTY,
            line(Span(self._url, "link", "copy")),
            EMPTY,
            *_wrapped(_SENT, cells),
            *_wrapped(_NOT_ARRIVED, cells, "muted"),
        ]


def _wrapped(text: str, cells: int, tone: Tone = "text") -> list[Line]:
    return [line(Span(row, tone)) for row in wrap(text, cells)]
