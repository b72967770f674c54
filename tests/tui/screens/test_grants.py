"""Grants: all of them, and what became of one."""

from __future__ import annotations

import pytest

from tests.known import known
from tests.tui.clients import Scripted, demo
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.models import Grants
from usage_tui.tui.screens.grants import GrantsScreen, GrantsTable

GRANTS = acme().statement.grants


def details(ui: Session) -> str:
    """What the details say, as if they were one line."""
    return " ".join(ui.shown("#grant-details").split())


@pytest.mark.parametrize("size", [NARROW, NORMAL, WIDE, (200, 60)])
async def test_the_grants_stand_in_the_order_of_the_data(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("3")
        *rows, total = ui.shown("GrantsTable").splitlines()[2:]
        assert len(rows) == len(GRANTS.items) == 8
        for grant, row in zip(GRANTS.items, rows, strict=True):
            assert grant.status in row.lower()
            assert grant.description[:8] in row
        assert total.split()[:3] == ["All", "8", "grants"]
        assert total.endswith("21,509.75")
        assert ("44,000.00" in total) == (size != NARROW)


@pytest.mark.parametrize("size", [(40, 12), NARROW, NORMAL, WIDE])
async def test_who_may_pay_is_led_to_billing(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("3")
        assert "b Buy" in ui.line("Credit grants")
        assert "a Auto" in ui.line("Credit grants")
        await ui.click("Buy")
        assert "Buy credits in Billing" in ui.text


async def test_who_may_not_pay_is_not() -> None:
    async with running(make_app("locked")) as ui:
        await ui.press("3")
        assert "Buy" not in ui.line("Credit grants")


async def test_enter_leads_to_the_events_of_the_time_in_which_the_grant_was_usable() -> None:
    async with running(make_app()) as ui:
        await ui.press("3", "enter")
        assert "period Nov 1 – Nov 30, 2026" in ui.line("Filter")
        assert ui.app.current_mode == "history"
        # One that has ended leads to the time before its end, one without an end up to now.
        await ui.press("3", *["down"] * 4, "enter")
        assert "period Oct 1 – Oct 31, 2026" in ui.line("Filter")
        await ui.press("3", "G", "enter")
        assert "period Jan 15 – Nov 22, 2026" in ui.line("Filter")


async def test_a_grant_to_come_has_no_events() -> None:
    async with running(make_app()) as ui:
        await ui.press("3", "down", "down", "down", "enter")
        assert "Scheduled" in ui.text
        assert ui.app.current_mode == "grants"


@pytest.mark.parametrize(("down", "up"), [("down", "up"), ("j", "k")])
async def test_the_details_are_those_of_the_row_under_the_cursor(down: str, up: str) -> None:
    async with running(make_app()) as ui:
        await ui.press("3")
        assert "Team plan, November 2026 included, from the subscription" in details(ui)
        assert "10,000.00 original = 6,240.50 used" in details(ui)
        assert "About 2,003.43 lapse unused" in details(ui)
        await ui.press(down)
        assert "Auto-recharge purchased, from auto-recharge" in details(ui)
        await ui.press(up)
        assert "Team plan, November 2026" in details(ui)


@pytest.mark.parametrize(("first", "last"), [("g", "G"), ("home", "end"), ("pageup", "pagedown")])
async def test_keys_lead_to_the_first_row_and_the_last(first: str, last: str) -> None:
    async with running(make_app()) as ui:
        await ui.press("3", last)
        assert GRANTS.items[-1].description in details(ui)
        await ui.press(first)
        assert GRANTS.items[0].description in details(ui)


async def test_more_grants_than_rows_scroll_with_the_cursor() -> None:
    async with running(make_app("annual"), (80, 20)) as ui:
        await ui.press("3")
        table = ui.focused(GrantsTable)
        assert table.visible_rows < table.row_count == 13
        assert "Rows 1–6 of 13" in ui.line("Credit grants")
        assert ui.line(" All ").startswith("All")
        await ui.press("pagedown")
        assert table.cursor == table.visible_rows
        await ui.press("G")
        assert "Rows 8–13 of 13" in ui.line("Credit grants")
        assert ui.line(" All ").startswith("All")
        assert "Business plan 2026, allowance 6 of 12" in details(ui)


@pytest.mark.parametrize("size", [(40, 12), (80, 14), (80, 20), NORMAL, NARROW])
async def test_the_row_under_the_cursor_is_on_the_screen_and_details_are_below_it(
    size: tuple[int, int],
) -> None:
    async with running(make_app("annual"), size) as ui:
        await ui.press("3", "G")
        table = ui.focused(GrantsTable)
        row = table.region.y + known(table.cursor_line)
        assert row < table.region.bottom
        assert ui.lines[row].strip().startswith("○ Used")
        assert any("Grant details" in line for line in ui.lines[row:-1])


async def test_y_copies_the_row_under_the_cursor() -> None:
    async with running(make_app()) as ui:
        await ui.press("3", "down", "y")
        assert ui.app.clipboard == "Active\tAuto-recharge\tMar 2, 2026\tMar 2, 2027\t2,000\t1,250.25"


async def test_a_refresh_keeps_the_cursor() -> None:
    async with running(make_app()) as ui:
        await ui.press("3", "down", "down")
        before = ui.text
        await ui.press("r")
        assert ui.text == before


async def test_fewer_grants_leave_the_cursor_on_the_last() -> None:
    client = Scripted()
    async with running(make_app(client)) as ui:
        await ui.press("3", "G")
        client.replies["grants"] = Grants(as_of=GRANTS.as_of, revision=2, items=GRANTS.items[:2])
        await ui.press("r")
        assert "Auto-recharge purchased" in details(ui)


@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_without_billing_access_the_screen_explains(size: tuple[int, int]) -> None:
    client = demo("member")
    async with running(make_app(client), size) as ui:
        await ui.press("3", "down", "G", "y", "r")
        assert isinstance(ui.app.screen, GrantsScreen)
        assert "An owner or a billing admin can see this." in ui.text
        for word in ("Remaining", "usable", "Grant details", "Spent from top"):
            assert word not in ui.text
        assert "grants" not in client.asked


async def test_without_grants_there_is_a_sentence() -> None:
    none = Grants(as_of=GRANTS.as_of, revision=2, items=())
    async with running(make_app(Scripted(grants=none))) as ui:
        await ui.press("3", "down", "G")
        assert "No grants yet." in ui.text
        assert "Grant details" not in ui.text


# The books


@pytest.mark.parametrize("size", [(40, 30), NARROW, NORMAL, WIDE, (200, 60)])
async def test_below_the_grants_stands_whether_the_books_agree(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("3")
        assert ui.line("The books agree").startswith("The books agree")


async def test_with_room_the_balance_is_carried_forward() -> None:
    async with running(make_app(), WIDE) as ui:
        await ui.press("3")
        carried = "7,750.25 at the start, 10,000.00 granted, 6,253.00 used, 12.50 given back, 11,509.75 now."
        assert carried in ui.line("The books agree")


async def test_a_member_is_told_too_but_not_what_was_granted() -> None:
    async with running(make_app("member"), WIDE) as ui:
        await ui.press("3")
        assert "an opening balance is not offered" in ui.line("The books agree")
        assert "granted" not in ui.line("The books agree")


async def test_without_a_page_of_grants_enter_on_the_balance_tells_it() -> None:
    async with running(make_app("not-offered"), WIDE) as ui:
        assert "Enter details" in ui.footer
        await ui.press("enter")
        assert "The books agree: 7,750.25 at the start" in ui.text


@pytest.mark.parametrize("size", [(40, 30), NARROW])
async def test_a_narrow_screen_has_all_sums_and_all_details(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("3")
        assert "1,500.00 locked" in ui.text
        assert "included, from the subscription" in ui.text
        assert "Granted Nov 1, 2026." in ui.text
