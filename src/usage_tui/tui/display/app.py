"""The app whose display sends only what changed."""

from __future__ import annotations

import sys
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from textual import events
from textual.app import App, ReturnType
from textual.screen import Screen

from usage_tui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from usage_tui.tui.display.compositor import CellDisplay
    from usage_tui.tui.display.shown import Shown
    from usage_tui.tui.display.writer import Frame

_LONGEST_HOLD = 2.0
"""Seconds after which an app that took over a frame shows what it has, complete or not."""


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
        shown: What is on the terminal already. What is complete stays until the app has its first screen
            complete, too: see `settle`.
        options: Those of `textual.app.App`.

    Attributes:
        traffic: What the display has sent so far; None if that is left to Textual.
    """

    def __init__(self, *, stock_display: bool = False, shown: Shown | None = None, **options: Any) -> None:
        self._cells = None if stock_display else _cell_display()
        self._shown = shown
        if self._cells is not None and shown is not None and shown.is_intact:
            from usage_tui.tui.display.driver import taking_over

            options["driver_class"] = taking_over(shown)
        elif shown is not None:
            shown.give_back()
        super().__init__(**options)
        self._is_painted = self._is_held = False
        self.traffic = None if self._cells is None else Traffic(shown.size, 1) if shown else Traffic()
        self.touched_at = 0.0

    @property
    def takes_over(self) -> bool:
        """Whether another run can go on from a frame of this one."""
        if self._cells is None:
            return False
        from textual.drivers.linux_driver import LinuxDriver

        return issubclass(self.driver_class, LinuxDriver)

    @property
    def frame(self) -> Frame | None:
        """What the terminal shows; None if that is unknown."""
        return None if self._cells is None else self._cells.frame

    def settle(self) -> None:
        """The first screen is complete; call it once."""
        self._release()
        if not self.touched_at and (frame := self.frame) is not None:
            self.settled(frame)

    def settled(self, frame: Frame) -> None:
        """The first screen is complete, and no key was pressed before it was.

        Args:
            frame: It.
        """

    def repaint(self) -> None:
        """Paint every cell, for example after output of another program."""
        if self._cells is not None:
            self._cells.forget()
        self.screen.refresh()

    def on_mount(self) -> None:
        """After the first frame, a reported size means that the terminal was resized or resumed."""
        self.call_after_refresh(setattr, self, "_is_painted", True)
        self._take_over()

    def _take_over(self) -> None:
        """Go on from what is shown already, and leave something complete there until there is another."""
        shown, self._shown = self._shown, None
        cells = shown.cells if shown is not None else None
        if self._cells is not None and shown is not None and cells is not None:
            from usage_tui.tui.display.frame import NotAFrame, from_data

            with suppress(NotAFrame):
                self._cells.adopt(from_data(cells))
                self._is_held = shown.is_complete
                if self._is_held:
                    self.set_timer(_LONGEST_HOLD, self._release)

    def _release(self) -> None:
        """Show what was held back."""
        if self._is_held:
            self._is_held = False
            if self._cells is not None and not self._batch_count:
                self._display_cells(self._cells, self.screen)

    async def on_event(self, event: events.Event) -> None:
        """Notice the first key: what it does is to be seen at once."""
        if isinstance(event, events.InputEvent | events.AppBlur):
            self.touched_at = perf_counter()
            self._release()
        await super().on_event(event)

    def _print_error_renderables(self) -> None:
        """Print errors where they stay to be read."""
        if self._exit_renderables and self._shown is not None:
            self._shown.give_back()
        super()._print_error_renderables()

    def on_resize(self, event: events.Resize) -> None:
        """Paint everything on a terminal that was resized or used by another program."""
        # A resumed program gets the size again, as does one that was resized back in between. Only
        # terminals that report it by themselves, in pixels as well, do so when nothing was lost.
        if self._is_painted and (event.pixel_size is None or event.size != self.size):
            self.repaint()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        cells, is_open = self._cells, self._running and not self._closed
        if cells is None or renderable is None or not is_open or not self._is_sent or self.is_inline:
            super()._display(screen, renderable)
        elif not cells.reads(renderable):
            cells.forget()
            super()._display(screen, renderable)
        else:
            cells.hold(renderable)
            if not self._batch_count and not self._is_held:
                self._display_cells(cells, screen)
            self.post_display_hook()

    @property
    def _is_sent(self) -> bool:
        """Whether there is somewhere to send cells to."""
        return not self.is_headless

    def _display_cells(self, cells: CellDisplay, screen: Screen[Any]) -> None:
        started_at = perf_counter()
        column, row = self.screen.outer_size.clamp_offset(self.cursor_position)
        text = cells.encode(self.console, (row, column))
        if text is None:
            screen.refresh()
        elif text and self._driver is not None:
            self._begin_update()
            self._driver.write(text)
            self._end_update()
            self._driver.flush()
            self._count(text, perf_counter() - started_at)

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
