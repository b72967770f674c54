"""The mouse: what can be pressed can be clicked."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollDown

from tests.tui.clients import demo
from tests.tui.session import NORMAL, make_app, running
from usage_tui.tui.screens.allowance import AllowanceDialog
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.grants import GrantsScreen
from usage_tui.tui.screens.help import HelpDialog
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.screens.organizations import OrganizationsDialog
from usage_tui.tui.widgets.chart import ChartWidget
from usage_tui.tui.widgets.table import TableWidget


async def test_the_first_line_leads_to_every_screen() -> None:
    async with running(make_app()) as ui:
        for word, screen in (("History", HistoryScreen), ("3 Grants", GrantsScreen), ("Usage", Dashboard)):
            await ui.click(word)
            assert isinstance(ui.app.screen, screen)


async def test_the_first_line_leads_to_other_organizations() -> None:
    async with running(make_app("organizations")) as ui:
        await ui.click("switch")
        assert isinstance(ui.app.screen, OrganizationsDialog)


async def test_the_keys_of_the_last_line_can_be_clicked() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        await ui.click("categories")
        assert "c compare" in ui.footer
        await ui.click("Tab next card")
        assert ui.focus == "#included"
        client.asked.clear()
        await ui.click("r refresh")
        assert client.asked[0] == "refresh"
        await ui.click("? help")
        assert isinstance(ui.app.screen, HelpDialog)


async def test_more_below_can_be_clicked() -> None:
    async with running(make_app(), NORMAL) as ui:
        assert "Credits remaining" in ui.text
        await ui.click("▼ more")
        assert "Credits remaining" not in ui.text


async def test_keys_in_the_head_of_a_card_can_be_clicked() -> None:
    async with running(make_app()) as ui:
        await ui.click("View allowance details")
        assert isinstance(ui.app.screen, AllowanceDialog)
        await ui.press("escape")
        await ui.click("2 History", row=1)
        assert isinstance(ui.app.screen, HistoryScreen)


async def test_a_range_of_days_can_be_clicked() -> None:
    async with running(make_app()) as ui:
        for name, days in (("7 days", 7), ("14 days", 14), ("Period", 30)):
            await ui.click(name, row=10)
            card = ui.focused(ChartWidget)
            assert card.id == "daily"
            (choice,) = [span.text for span in card.lines[0] if span.tone == "tab"]
            assert choice == name
            assert card.panel.row_count(card.content, card.place, 0) == days


async def test_a_click_on_a_bar_puts_the_cursor_there_and_two_open_its_events() -> None:
    async with running(make_app()) as ui:
        await ui.click("▂▂")
        assert ui.focus == "#daily"
        assert ui.focused(ChartWidget).copy_text == "Sat, Nov 14, 2026\t97.575\tAgent chat"
        await ui.click("▂▂", times=2)
        assert " day Sat, Nov 14 " in ui.line("Filter")


async def test_every_bar_can_be_clicked_from_its_top_to_its_date() -> None:
    async with running(make_app()) as ui:
        region = ui.app.screen.query_one("#daily").region
        for day in range(1, 31):
            for row in (1, region.height - 2, region.height - 1):
                await ui.pilot.click(offset=(region.x + 7 + 3 * (day - 1) + row % 2, region.y + row))
                assert f"Nov {day}, 2026" in ui.focused(ChartWidget).copy_text


async def test_a_click_beside_the_bars_moves_nothing() -> None:
    async with running(make_app()) as ui:
        await ui.click("▂▂")
        here = ui.focused(ChartWidget).copy_text
        region = ui.app.screen.query_one("#daily").region
        for column, row in ((2, 2), (97, 2), (20, 0), (110, 4)):
            await ui.pilot.click(offset=(region.x + column, region.y + row))
            assert ui.focused(ChartWidget).copy_text == here


@pytest.mark.parametrize(("size", "bars"), [(NORMAL, 30), ((60, 30), 30), ((40, 12), 30), ((200, 60), 30)])
async def test_bars_of_any_width_can_be_clicked(size: tuple[int, int], bars: int) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("tab", "tab", "tab", "tab")
        card = ui.focused(ChartWidget)
        row = card.region.bottom - (2 if size[0] >= 100 else 3)
        under_cursor = set()
        for column in range(7, size[0] - 2):
            await ui.pilot.click(offset=(card.region.x + column, row))
            under_cursor.add(card.place.cursor)
        assert len(under_cursor - {None}) == bars


async def test_the_arrows_of_the_last_line_can_be_clicked() -> None:
    async with running(make_app()) as ui:
        await ui.press("tab", "tab", "tab")
        await ui.click("↓ move")
        assert ui.focused(TableWidget).cursor == 1
        await ui.click("↑↓ move")
        assert ui.focused(TableWidget).cursor == 0


async def test_a_key_in_the_help_acts_on_the_screen_below() -> None:
    async with running(make_app()) as ui:
        await ui.press("question_mark")
        await ui.click("allowance, buy, recharge")
        assert isinstance(ui.app.screen, AllowanceDialog)


@pytest.mark.parametrize("key", ["question_mark", "v", "ctrl+p", "t"])
async def test_the_keys_in_the_frame_of_a_dialog_can_be_clicked(key: str) -> None:
    async with running(make_app()) as ui:
        await ui.press(key)
        await ui.click("Esc close")
        assert isinstance(ui.app.screen, Dashboard)


async def test_enter_in_the_frame_of_a_list_chooses() -> None:
    async with running(make_app()) as ui:
        await ui.press("ctrl+p")
        await ui.click("Enter run")
        assert isinstance(ui.app.screen, HistoryScreen)


async def test_an_address_is_sent_again_by_a_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    async with running(make_app()) as ui:
        await ui.press("b")
        for words in ("https://billing.example", "y copy again"):
            ui.app._clipboard = ""
            await ui.click(words)
            assert ui.app.clipboard == "https://billing.example/buy"


async def test_pages_are_turned_by_the_pager() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2")
        await ui.click("Next →")
        assert "Rows 14–26" in ui.text
        await ui.click("→")
        assert "Rows 27–39" in ui.text
        await ui.click("← p")
        assert "Rows 14–26" in ui.text


async def test_the_filter_is_cleared_where_it_says_so() -> None:
    async with running(make_app()) as ui:
        await ui.press("tab", "tab", "tab", "enter")
        await ui.click("x clear")
        assert "Filter" not in ui.text


async def test_a_click_on_a_card_focuses_it() -> None:
    async with running(make_app()) as ui:
        await ui.click("Daily usage")
        assert ui.focus == "#daily"


async def test_a_click_on_a_row_puts_the_cursor_there_and_two_open_it() -> None:
    async with running(make_app()) as ui:
        await ui.click("Weekly digest")
        assert ui.focused(TableWidget).copy_text.split("\t")[0] == "Weekly digest"
        assert isinstance(ui.app.screen, Dashboard)
        await ui.click("Contract review", times=2)
        assert " source Contract review " in ui.line("Filter")


async def test_a_click_beside_the_rows_moves_nothing() -> None:
    async with running(make_app()) as ui:
        await ui.press("tab", "tab", "tab", "down")
        for words in ("Current-period usage", "Source  "):
            await ui.click(words)
            assert ui.focused(TableWidget).copy_text.split("\t")[0] == "Contract review"


async def test_a_click_on_an_event_shows_its_details() -> None:
    async with running(make_app()) as ui:
        await ui.press("2")
        await ui.click("12:44:37")
        assert "12:44:37" in ui.shown("#event-details")


async def test_the_wheel_scrolls_the_cards() -> None:
    async with running(make_app(), NORMAL) as ui:
        cards = ui.app.screen.query_one("#cards")
        await ui.pilot._post_mouse_events([MouseScrollDown], offset=(10, 10))
        await ui.settle()
        assert cards.scroll_y > 0
