"""What Textual's compositor hands over, as what a terminal must be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from inspect import signature
from typing import TypeGuard

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.strip import Strip

from usage_tui.ui.terminal.display.cells import read_cells
from usage_tui.ui.terminal.display.terminfo import erases_in_color
from usage_tui.ui.terminal.display.writer import CellWriter, Patch, Size

_Lines = Iterator[tuple[int, int, Iterable[Strip]]]
"""Rows and columns, and what stands there from left to right."""
_PRIVATE: dict[Callable[..., object], list[str]] = {
    LayoutUpdate: ["strips", "region"],
    ChopsUpdate: ["chops", "spans", "chop_ends"],
    App._display: ["self", "screen", "renderable"],
    App._begin_update: ["self"],
    App._end_update: ["self"],
}
"""What this and the app stand on, with the names of the parameters."""


Update = LayoutUpdate | ChopsUpdate
"""All of a screen, or parts of it."""


def is_known() -> bool:
    """Whether this release of Textual has the private parts that are needed, in their known form."""
    return all(list(signature(part).parameters) == names for part, names in _PRIVATE.items())


class CellDisplay:
    """Turns updates of the compositor into what makes the terminal show them."""

    def __init__(self) -> None:
        self._writer = CellWriter(erases_in_color=erases_in_color())

    @staticmethod
    def reads(renderable: object) -> TypeGuard[Update]:
        """Whether this is an update of a kind that is known."""
        return isinstance(renderable, Update)

    def forget(self) -> None:
        """From now on it is not known what the terminal shows."""
        self._writer.forget()

    def encode(self, update: Update, console: Console, cursor: tuple[int, int]) -> str | None:
        """What makes the terminal show an update; empty where it does already.

        Args:
            update: What the compositor has made.
            console: It knows the colors of the terminal.
            cursor: The row and column where the cursor is to rest.

        Returns:
            None if the update is for a part of a screen of which nothing is known.
        """
        if isinstance(update, LayoutUpdate):
            size, lines = Size(*update.region.size), _lines_of_layout(update)
        else:
            size, lines = Size(update.chop_ends[0][-1], len(update.chops)), _lines_of_chops(update)
            if not self._writer.knows(size):
                return None
        colors = COLOR_SYSTEMS.get(console.color_system or "", ColorSystem.TRUECOLOR)
        patches = [Patch(row, column, read_cells(strips, colors)) for row, column, strips in lines]
        return self._writer.write(size, patches, cursor)


def _lines_of_layout(update: LayoutUpdate) -> _Lines:
    left, top = update.region.offset
    return ((row, left, strips) for row, strips in enumerate(update.strips, top))


def _lines_of_chops(update: ChopsUpdate) -> _Lines:
    """The chops that lie in a span, each cut where the span ends."""
    for row, start, end in update.spans:
        for chop_end, (column, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
            if strip is not None and column <= end and chop_end > start:
                yield row, column, [strip.crop(0, min(chop_end, end) - column)]
