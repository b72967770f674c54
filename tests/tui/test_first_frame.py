"""The first screen drawn without Textual: cell by cell what the app then draws, but for the last line."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.tui.session import NARROW, NORMAL, WIDE
from tests.tui.witness import forget_colors
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.catalog import DEFAULT_SCENARIO, SCENARIOS
from usage_tui.config.settings import Settings
from usage_tui.state.loading import FIRST_WAIT, PlainStore, load_all
from usage_tui.tui.app import UsageApp
from usage_tui.tui.colors import DARK, LIGHT
from usage_tui.tui.display.compositor import CellDisplay
from usage_tui.tui.display.writer import Frame, Size
from usage_tui.tui.first_frame import first_frame

HINT = "A hint that is cut where there is no room for all of it"
SMALLEST, LARGEST = (40, 12), (200, 60)
SILENT = "loading"


class _FirstFrame(UsageApp):
    """The app, until it has sent its first frame to nowhere."""

    first: Frame | None = None

    @property
    def _is_sent(self) -> bool:
        return True

    def _display_cells(self, cells: CellDisplay, screen: object) -> None:
        super()._display_cells(cells, self.screen)
        if self.first is None:
            self.first = cells.frame
            self.exit()


async def drawn(scenario: str, size: tuple[int, int], settings: Settings) -> Frame | None:
    client = open_demo(scenario)
    store = PlainStore.of(client)
    store.state = replace(store.state, ascii_only=settings.ascii)
    with suppress(TimeoutError):
        await asyncio.wait_for(load_all(store, client), FIRST_WAIT)
    return first_frame(store.state, settings, Size(*size), hint=HINT, overview=False)


async def painted(scenario: str, size: tuple[int, int], settings: Settings) -> Frame:
    app = _FirstFrame(open_demo(scenario), settings, hint=HINT)
    await app.run_async(headless=True, size=size, mouse=False)
    assert app.first is not None
    return app.first


def texts(frame: Frame) -> list[str]:
    return ["".join(cells) for cells, _ in frame.rows]


async def prove_same(scenario: str, size: tuple[int, int], settings: Settings) -> None:
    ours = await drawn(scenario, size, settings)
    app = await painted(scenario, size, settings)
    assert ours is not None
    assert texts(ours)[:-1] == texts(app)[:-1]
    assert ours.rows[:-1] == app.rows[:-1]
    assert set(ours.rows[-1][1]) == {app.rows[-1][1][0].blank}


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_colors(monkeypatch)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != SILENT])
async def test_every_scenario_is_drawn_as_the_app_draws_it(scenario: str) -> None:
    await prove_same(scenario, WIDE, Settings())


@pytest.mark.parametrize("size", [SMALLEST, NORMAL, NARROW, LARGEST])
@pytest.mark.parametrize("scenario", [DEFAULT_SCENARIO, "labels", "locked"])
async def test_every_size_is_drawn_as_the_app_draws_it(scenario: str, size: tuple[int, int]) -> None:
    await prove_same(scenario, size, Settings())


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(Settings(theme=DARK), id="dark"),
        pytest.param(Settings(theme=LIGHT), id="light"),
        pytest.param(Settings(ascii=True), id="ascii"),
        pytest.param(Settings(keys={"buy_credits": "f5", "range": "f6"}), id="keys"),
    ],
)
async def test_every_look_is_drawn_as_the_app_draws_it(settings: Settings) -> None:
    await prove_same(DEFAULT_SCENARIO, WIDE, settings)


async def test_in_256_colors_it_is_drawn_as_the_app_draws_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLORTERM")
    await prove_same(DEFAULT_SCENARIO, WIDE, Settings())


async def test_nothing_is_drawn_before_there_are_numbers() -> None:
    assert await drawn(SILENT, WIDE, Settings()) is None


@pytest.mark.parametrize("size", [(39, 24), (80, 11)])
async def test_nothing_is_drawn_on_too_small_a_screen(size: tuple[int, int]) -> None:
    assert await drawn(DEFAULT_SCENARIO, size, Settings()) is None


async def test_nothing_is_drawn_in_the_themes_of_others() -> None:
    assert await drawn(DEFAULT_SCENARIO, WIDE, Settings(theme="nord")) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NO_COLOR", "1"),
        ("FORCE_COLOR", "1"),
        ("TEXTUAL_COLOR_SYSTEM", "256"),
        ("TEXTUAL_DRIVER", "some.module:Driver"),
        ("COLORTERM", "no"),
    ],
)
async def test_nothing_is_drawn_where_colors_are_others(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-16color")
    monkeypatch.setenv(name, value)
    assert await drawn(DEFAULT_SCENARIO, WIDE, Settings()) is None
