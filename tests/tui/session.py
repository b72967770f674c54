"""The dashboard in a headless terminal: one way to make it, one to wait for it, one to read it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from textual._context import visible_screen_stack
from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget
from textual.worker import WorkerCancelled

from tests.tui.headless import TIMEOUT, be_quick, has_more_to_run
from usage_tui.clients.base import UsageClient
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.catalog import DEFAULT_SCENARIO
from usage_tui.clients.registry import DEMO
from usage_tui.config.profiles import Profile
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.state.overview_profiles import OverviewProfile, overview_profiles
from usage_tui.state.reported_alerts import ReportedAlerts
from usage_tui.tui.app import UsageApp
from usage_tui.tui.themes import DARK

W = TypeVar("W", bound=Widget)

be_quick()

WIDE = 120, 40
NORMAL = 80, 24
NARROW = 60, 30


def make_app(
    data: str | UsageClient = DEFAULT_SCENARIO,
    *,
    hint: str = "",
    theme: str | None = DARK.name,
    started: Started | None = None,
    told: ReportedAlerts | None = None,
    **settings: Any,
) -> UsageApp:
    """The dashboard of a demo scenario, or of a client; with alerts only if it can remember them."""
    client = open_demo(data) if isinstance(data, str) else data
    if started is None and isinstance(data, str):
        started = Started(source=("--demo", data), title="demo")
    sources = sources_of_demo(data) if isinstance(data, str) else ()
    return UsageApp(
        client,
        Settings(theme=theme, **settings),
        hint=hint,
        open_alerts=None if told is None else lambda: told,
        started=started,
        sources=sources,
    )


def sources_of_demo(scenario: str) -> Sequence[OverviewProfile]:
    """What the program can open where it was started with a demo, and has no profiles."""
    profile = Profile(name=None, provider=DEMO, options={"scenario": scenario})
    started = Started(source=("--demo", scenario), title="demo")
    return overview_profiles(profile, None, started, (), keeps=False, restricted=False, refresh_seconds=0)


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until nothing is on its way any more: no request, no message, no repaint.

    Textual's own pause waits until the process computes nothing for a moment, which on a busy machine
    is no sign that it is done.

    Raises:
        AssertionError: Something is on its way without end; the message names it.
    """
    try:
        async with asyncio.timeout(TIMEOUT):
            await _settle(pilot)
    except TimeoutError:
        raise AssertionError(f"still on its way: {', '.join(_pending(pilot.app))}") from None


async def _settle(pilot: Pilot[Any]) -> None:
    while True:
        for worker in list(pilot.app.workers):
            # One that a newer request has replaced.
            with suppress(WorkerCancelled):
                # Shielded, for whoever gives up waiting for a worker would cancel it.
                await asyncio.shield(asyncio.ensure_future(worker.wait()))
        if not await pilot._wait_for_screen():
            return  # a bug has ended the program
        for screen in pilot.app._background_screens:
            if screen._layout_required:
                screen._on_timer_update()
        pilot.app.screen._on_timer_update()
        if not any(_pending(pilot.app)):
            return
        await asyncio.sleep(0.001)  # for the clock, most often


def _pending(app: App[Any]) -> Iterator[str]:
    """The workers, messages, callbacks, resizes and delayed paints that are still to come."""
    yield from (f"worker {worker.name}" for worker in app.workers if not worker.is_finished)
    yield from (f"callback of {screen}" for screen in app.screen_stack if screen._callbacks)
    if has_more_to_run():
        yield "message"
    if app._resize_event is not None:
        yield "resize"
    if app._batch_count > 0:
        yield "delayed paint"


class Session:
    """A dashboard, what it shows, and the keys and the mouse that it is used with.

    Attributes:
        app: The dashboard.
        pilot: Textual's own way to use it.
    """

    def __init__(self, app: UsageApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, each to its last character; those below a dialog are seen around it."""
        visible_screen_stack.set(self.app._background_screens)
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.lines)

    @property
    def footer(self) -> str:
        """The last line: keys, or a note."""
        return self.lines[-1].strip()

    @property
    def focus(self) -> str:
        """The selector of the widget that has the keyboard."""
        return f"#{self.app.focused.id}" if self.app.focused else ""

    def focused(self, kind: type[W]) -> W:
        """The widget that has the keyboard, which is of this kind."""
        assert isinstance(self.app.focused, kind)
        return self.app.focused

    def line(self, text: str) -> str:
        """The only row with this text in it."""
        (found,) = (line for line in self.lines if text in line)
        return found.strip()

    def shown(self, widget: type[Widget] | str) -> str:
        """What a widget shows now."""
        region = self.app.screen.query_one(widget).region
        rows = self.lines[region.y : region.bottom]
        return "\n".join(row[region.x : region.right].rstrip() for row in rows)

    async def settle(self) -> None:
        """Wait until nothing is on its way any more."""
        await settled(self.pilot)

    async def wait_for(self, *texts: str) -> None:
        """Wait until the texts are on the screen, although a request is still on its way."""
        for _ in range(1000):
            await self.pilot.pause()
            if all(text in self.text for text in texts):
                return
        raise AssertionError(f"never on the screen: {texts}\n{self.text}")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, and wait for what they do."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def press_only(self, *keys: str) -> None:
        """Press keys without waiting for requests that they lead to."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause()

    async def click(self, text: str, *, times: int = 1, row: int = 0) -> None:
        """Click where this text begins, for the first time from some row on."""
        row = next(number for number, line in enumerate(self.lines) if number >= row and text in line)
        await self.pilot.click(offset=(self.lines[row].index(text), row), times=times)
        await self.settle()

    async def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(columns, rows)
        await self.settle()


@asynccontextmanager
async def running(
    app: UsageApp, size: tuple[int, int] = WIDE, *, answered: bool = True
) -> AsyncIterator[Session]:
    """A dashboard in a terminal of so many columns and rows.

    Args:
        app: The dashboard.
        size: Columns and rows.
        answered: Whether to wait until it has loaded all it can; with a silent client that is never.
    """
    async with app.run_test(size=size) as pilot:
        session = Session(app, pilot)
        await (session.settle() if answered else pilot.pause())
        yield session
