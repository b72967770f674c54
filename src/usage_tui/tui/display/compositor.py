"""From updates of Textual's compositor to what is sent to a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from inspect import signature
from typing import TypeGuard

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.strip import Strip

from usage_tui.tui.display.cells import read_cells
from usage_tui.tui.display.terminfo import erases_in_color
from usage_tui.tui.display.writer import CellWriter, Frame, Patch, Size

_Lines = Iterator[tuple[int, int, Iterable[Strip]]]
"""Rows and columns, and what stands there from left to right."""
_PRIVATE: dict[Callable[..., object], list[str]] = {
    LayoutUpdate: ["strips", "region"],
    ChopsUpdate: ["chops", "spans", "chop_ends"],
    App._display: ["self", "screen", "renderable"],
    App._begin_update: ["self"],
    App._end_update: ["self"],
    App._print_error_renderables: ["self"],
    LinuxDriver.start_application_mode: ["self"],
    LinuxDriver.write: ["self", "data"],
}
"""The private parts that this and the app use, with the names of their parameters."""


Update = LayoutUpdate | ChopsUpdate
"""All of a screen, or parts of it."""


def is_known() -> bool:
    """Whether this release of Textual has the private parts that are needed, in their known form."""
    return all(list(signature(part).parameters) == names for part, names in _PRIVATE.items())


class CellDisplay:
    """Turns updates of the compositor into the text that makes a terminal show them."""

    def __init__(self) -> None:
        self._writer = CellWriter(erases_in_color=erases_in_color())
        self._held: list[Update] = []

    @staticmethod
    def reads(renderable: object) -> TypeGuard[Update]:
        """Whether this is an update of a kind that is known."""
        return isinstance(renderable, Update)

    def forget(self) -> None:
        """Forget what the terminal shows."""
        self._writer.forget()

    @property
    def frame(self) -> Frame | None:
        """What the terminal shows; None if that is unknown."""
        return self._writer.frame

    def adopt(self, frame: Frame) -> None:
        """Take it as known that the terminal shows a frame."""
        self._writer.adopt(frame)

    def hold(self, update: Update) -> None:
        """Show an update with the next `encode`: the compositor will not make it again."""
        if isinstance(update, LayoutUpdate):
            self._held.clear()
        self._held.append(update)

    def encode(self, console: Console, cursor: tuple[int, int]) -> str | None:
        """What makes the terminal show the updates that are held; empty if it shows them already.

        Args:
            console: It knows the colors of the terminal.
            cursor: The row and column where the cursor is to rest.

        Returns:
            None if they cover only part of a screen whose contents are unknown.
        """
        if not self._held:
            return ""
        size = _size(self._held[-1])
        updates, self._held = [one for one in self._held if _size(one) == size], []
        if not self._writer.knows(size) and not isinstance(updates[0], LayoutUpdate):
            return None
        colors = COLOR_SYSTEMS.get(console.color_system or "", ColorSystem.TRUECOLOR)
        patches = [
            Patch(row, column, read_cells(strips, colors))
            for one in updates
            for row, column, strips in _lines(one)
        ]
        return self._writer.write(size, patches, cursor)


def _size(update: Update) -> Size:
    if isinstance(update, LayoutUpdate):
        return Size(*update.region.size)
    return Size(update.chop_ends[0][-1], len(update.chops))


def _lines(update: Update) -> _Lines:
    return _lines_of_layout(update) if isinstance(update, LayoutUpdate) else _lines_of_chops(update)


def _lines_of_layout(update: LayoutUpdate) -> _Lines:
    left, top = update.region.offset
    return ((row, left, strips) for row, strips in enumerate(update.strips, top))


def _lines_of_chops(update: ChopsUpdate) -> _Lines:
    """The chops within a span, each cut at the end of the span."""
    for row, start, end in update.spans:
        for chop_end, (column, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
            if strip is not None and column < end and chop_end > start:
                yield row, column, [strip.crop(0, min(chop_end, end) - column)]
