"""Every size of terminal: what does not fit gives way, and nothing is lost on the way back."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.tui.session import NORMAL, WIDE, make_app, running
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS
from usage_tui.tui.widgets.table import TableWidget

SMALLEST = 40, 12
SIZES = [SMALLEST, (48, 30), (75, 24), (76, 24), (119, 40), WIDE, (200, 60)]


@pytest.mark.parametrize("size", [(36, 10), (39, 40), (120, 11), (20, 3), (10, 40)])
async def test_a_terminal_that_is_too_small_says_so_and_how_to_leave(size: tuple[int, int]) -> None:
    app = make_app()
    async with running(app, size) as ui:
        words = [line.strip() for line in ui.lines if line.strip()]
        said = f"Too small: {size[0]}x{size[1]}."
        needed = (
            " usage-tui needs 40x12." if size != (20, 3) else ""
        )  # no room for all of it, so none is shown
        assert " ".join(words) == f"{said}{needed} q quit"
        await ui.pilot.press("q")
    assert app.return_code == 0


async def test_the_smallest_size_is_enough() -> None:
    async with running(make_app(), SMALLEST) as ui:
        assert "Too small" not in ui.text
        assert "3,759.50" in ui.text


async def test_a_terminal_that_grows_again_shows_what_it_did() -> None:
    async with running(make_app(), WIDE) as ui:
        await ui.press("tab", "tab", "tab", "down", "down")
        before = ui.text
        await ui.resize(36, 10)
        assert "Too small: 36x10." in ui.text
        assert "Acme" not in ui.text
        await ui.resize(*WIDE)
        assert ui.text == before
        assert ui.focused(TableWidget).copy_text.split("\t")[0] == "Weekly digest"


@pytest.mark.parametrize("key", ["2", "3"])
async def test_the_other_screens_say_so_too_and_come_back(key: str) -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press(key, "down")
        before = ui.text
        await ui.resize(30, 24)
        assert "Too small: 30x24." in ui.text
        await ui.resize(*NORMAL)
        assert ui.text == before


@pytest.mark.parametrize(("key", "card"), [("1", "#balance"), ("2", "#events"), ("3", "#all-grants")])
async def test_a_start_in_a_terminal_that_is_too_small_is_no_obstacle(key: str, card: str) -> None:
    async with running(make_app(), (36, 10)) as ui:
        await ui.press(key)
        await ui.resize(*WIDE)
        assert ui.focus == card
        async with running(make_app(), WIDE) as usual:
            await usual.press(key)
            assert ui.text == usual.text


async def test_a_dialog_gives_way_to_it_and_is_still_there_afterwards() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("v")
        before = ui.text
        await ui.resize(30, 8)
        await ui.resize(*NORMAL)
        assert ui.text == before


async def test_every_row_is_as_wide_as_the_terminal_and_no_wider() -> None:
    async with running(make_app()) as ui:
        for key in "1", "2", "3", "v", "escape", "question_mark":
            await ui.press(key)
            for size in SIZES:
                await ui.resize(*size)
                strips = ui.app.screen._compositor.render_strips()
                assert len(strips) == size[1], (key, size)
                assert {strip.cell_length for strip in strips} == {size[0]}, (key, size)


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != "loading"])
async def test_every_state_fits_the_smallest_terminal(scenario: str) -> None:
    async with running(make_app(scenario), SMALLEST) as ui:
        for key in ("pagedown", "2", "3", "v"):
            assert [cell_len(line) for line in ui.lines if cell_len(line) > SMALLEST[0]] == []
            await ui.press(key)
            assert [cell_len(line) for line in ui.lines if cell_len(line) > SMALLEST[0]] == []
            assert len(ui.lines) == SMALLEST[1]
