"""Two terminals that are shown the same frames: one by Textual's own display, one by ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyte.screens import Char
from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.style import Style
from textual import constants
from textual._compositor import CompositorUpdate
from textual.drivers import headless_driver
from textual.screen import Screen
from textual.strip import Strip

from tests.terminal import Cells, Emulator
from usage_tui.tui.display import compositor
from usage_tui.tui.display.app import CellDiffApp


class Witness:
    """What each of the two displays has sent, and what that shows.

    Attributes:
        stock: The terminal that Textual's own display writes to.
        ours: The terminal that the cell-diffing display writes to.
        sent: The bytes of each display, by frame; the stock display's first.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.stock = Emulator(columns, rows)
        self.ours = Emulator(columns, rows)
        self.sent: list[tuple[bytes, bytes]] = []

    def resize(self, columns: int, rows: int) -> None:
        """Give both terminals another size, as a window does: before the program knows."""
        for emulator in (self.stock, self.ours):
            emulator.screen.resize(rows, columns)

    def see(self, stock: str, ours: str) -> None:
        """Show a frame."""
        self.sent.append((stock.encode(), ours.encode()))
        self.stock.feed(stock.encode())
        self.ours.feed(ours.encode())

    def check(self) -> None:
        """Both show the same, and have their cursor in the same place."""
        differences = [
            f"{row}:{column} {one} is not {other}"
            for row, (left, right) in enumerate(zip(self.stock.cells, self.ours.cells, strict=True))
            for column, (one, other) in enumerate(zip(left, right, strict=True))
            if one != other and _visible(one) != _visible(other)
        ]
        assert not differences, "\n".join(differences[:10])
        at = [(emulator.screen.cursor.y, emulator.screen.cursor.x) for emulator in (self.stock, self.ours)]
        assert at[0] == at[1]


def visible(cells: Cells) -> Cells:
    """The cells without what nobody sees: of a blank only its background shows, or a line through it."""
    return [[_visible(cell) for cell in row] for row in cells]


def _visible(cell: Char) -> Char:
    lined = cell.underscore or cell.strikethrough or cell.reverse
    return Char(" ", bg=cell.bg) if cell.data == " " and not lined else cell


class _Driver(headless_driver.HeadlessDriver):
    """Keeps what is written. It is headless to all but the display."""

    is_headless = True

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.written = ""

    def write(self, data: str) -> None:
        self.written += data


def witness_frames(
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    *,
    colors: str = "truecolor",
    erases_in_color: bool = True,
) -> Witness:
    """From now on all apps of ours are shown to this witness.

    Args:
        monkeypatch: What undoes it.
        size: The columns and rows of both terminals.
        colors: ``truecolor``, ``256`` or ``standard``.
        erases_in_color: Whether our display takes the terminal for one that does.
    """
    witness = Witness(*size)
    display: Callable[..., None] = CellDiffApp._display  # told what it is to pass on

    def witnessed(app: CellDiffApp[Any], screen: Screen[Any], renderable: Any) -> None:
        driver = app._driver
        if not isinstance(driver, _Driver) or not isinstance(renderable, CompositorUpdate):
            display(app, screen, renderable)
            return
        column, row = screen.outer_size.clamp_offset(app.cursor_position)
        stock = renderable.render_segments(app.console) + Control.move_to(column, row).segment.text
        driver.is_headless, driver.written = False, ""
        display(app, screen, renderable)
        driver.is_headless = True
        if not app._batch_count:
            witness.see(stock, driver.written)

    forget_colors(monkeypatch)
    monkeypatch.setattr(headless_driver, "HeadlessDriver", _Driver)
    monkeypatch.setattr(CellDiffApp, "_display", witnessed)
    monkeypatch.setattr(constants, "COLOR_SYSTEM", colors)
    monkeypatch.setattr(compositor, "erases_in_color", lambda: erases_in_color)
    return witness


def forget_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual keeps the codes of a style for the whole process, also when its next app has other colors."""
    render, render_style = Strip.render, Strip.render_style

    def render_anew(strip: Strip, console: Console) -> str:
        strip._render_cache = None
        return render(strip, console)

    def render_style_anew(style: Style, text: str, color_system: ColorSystem) -> str:
        style._ansi = None
        return render_style(style, text, color_system)

    monkeypatch.setattr(Strip, "render", render_anew)
    monkeypatch.setattr(Strip, "render_style", staticmethod(render_style_anew))
