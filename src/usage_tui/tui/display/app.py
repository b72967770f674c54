"""The app whose display sends only what changed."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import RenderableType
from textual import events
from textual.app import App, ReturnType
from textual.screen import Screen

if TYPE_CHECKING:
    from usage_tui.tui.display.compositor import CellDisplay, Update


class Traffic(NamedTuple):
    """What was sent to the terminal.

    Attributes:
        size: The bytes of all frames.
        frames: How often something was sent.
        seconds: How long it took to work out the last frame.
    """

    size: int = 0
    frames: int = 0
    seconds: float = 0.0


class CellDiffApp(App[ReturnType]):
    """An app that sends only the cells that changed.

    With a release of Textual that lacks a private part that this uses, it displays like any other app.

    Args:
        stock_display: Whether to leave the display to Textual in any case.
        options: Those of `textual.app.App`.

    Attributes:
        traffic: What the display has sent so far; None if that is left to Textual.
    """

    def __init__(self, *, stock_display: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._is_painted = False
        self._cells = None if stock_display else _cell_display()
        self.traffic = None if self._cells is None else Traffic()

    def repaint(self) -> None:
        """Paint every cell, for example after output of another program."""
        if self._cells is not None:
            self._cells.forget()
        self.screen.refresh()

    def on_mount(self) -> None:
        """After the first frame, a reported size means that the terminal was resized or resumed."""
        self.call_after_refresh(setattr, self, "_is_painted", True)

    def on_resize(self, event: events.Resize) -> None:
        """Paint everything on a terminal that was resized or used by another program."""
        # A resumed program gets the size again, as does one that was resized back in between. Only
        # terminals that report it by themselves, in pixels as well, do so when nothing was lost.
        if self._is_painted and (event.pixel_size is None or event.size != self.size):
            self.repaint()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        cells, is_open = self._cells, self._running and not self._closed
        if cells is None or renderable is None or not is_open or self.is_headless or self.is_inline:
            super()._display(screen, renderable)
        elif not cells.reads(renderable):
            cells.forget()
            super()._display(screen, renderable)
        elif self._batch_count:
            cells.hold(renderable)
            self.post_display_hook()
        else:
            self._display_cells(cells, screen, renderable)

    def _display_cells(self, cells: CellDisplay, screen: Screen[Any], update: Update) -> None:
        started_at = perf_counter()
        column, row = self.screen.outer_size.clamp_offset(self.cursor_position)
        text = cells.encode(update, self.console, (row, column))
        if text is None:
            screen.refresh()
        elif text and self._driver is not None:
            self._begin_update()
            self._driver.write(text)
            self._end_update()
            self._driver.flush()
            self._count(text, perf_counter() - started_at)
        self.post_display_hook()

    def _count(self, text: str, seconds: float) -> None:
        size, frames, _ = self.traffic or Traffic()
        self.traffic = Traffic(size + len(text.encode()), frames + 1, seconds)


def _cell_display() -> CellDisplay | None:
    """The display; None if Textual lacks what it uses, or needs short writes, as on Windows."""
    if sys.platform == "win32":
        return None
    try:
        from usage_tui.tui.display import compositor
    except ImportError:
        return None
    return compositor.CellDisplay() if compositor.is_known() else None
