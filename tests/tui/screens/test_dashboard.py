"""Usage, the dashboard: its cards under the keyboard."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from textual.events import MouseScrollDown

from tests.known import known
from tests.tui.clients import Scripted, demo
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.clients.base import Unreachable
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.models import Credits
from usage_tui.state.reducers import refresh_failed
from usage_tui.text.amounts import amount_text
from usage_tui.tui.screens.allowance import AllowanceDialog
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.grants import GrantsScreen
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.widgets.card import CardWidget
from usage_tui.tui.widgets.chart import ChartWidget
from usage_tui.tui.widgets.dashboard import Cards
from usage_tui.tui.widgets.footer import Footer
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.table import TableWidget

TITLES = {
    "#balance": "Credits remaining",
    "#included": "Included credits",
    "#runway": "Runway",
    "#ranking": "Current-period usage",
    "#daily": "Daily usage",
    "#recent": "Historical usage",
    "#grants": "Credit grants",
    "#allowance": "Background AI & sandbox usage",
}
"""The cards in the order in which they are read, which is that of Tab."""
EVENTS = acme().events
LAYOUTS = [(40, 30), (48, 30), NARROW, NORMAL, WIDE, (200, 60)]


def to(card: str) -> list[str]:
    """The keys from the start to a card."""
    return ["tab"] * list(TITLES).index(card)


def heavy_heads(ui: Session, rule: str = "━") -> list[str]:
    """The titles on screen that a heavy rule follows."""
    return [title for title in TITLES.values() if re.search(f"{re.escape(title)}[… ]?{rule}", ui.text)]


# Focus


@pytest.mark.parametrize("size", LAYOUTS)
async def test_tab_leads_a_heavy_head_through_the_cards_down_and_then_to_the_right_and_around(
    size: tuple[int, int],
) -> None:
    async with running(make_app(), size) as ui:
        cards = [card for card in ui.app.screen.query(CardWidget) if card.display]
        for one, following in pairwise(card.region for card in cards):
            assert following.y >= one.bottom or following.x >= one.right
        assert [f"#{card.id}" for card in cards] == list(TITLES)
        for card, title in TITLES.items():
            assert ui.focus == card
            assert heavy_heads(ui) == [title]
            await ui.press("tab")
        assert ui.focus == "#balance"


async def test_shift_tab_leads_back() -> None:
    async with running(make_app()) as ui:
        await ui.press("shift+tab")
        assert ui.focus == "#allowance"
        await ui.press("shift+tab")
        assert ui.focus == "#grants"


async def test_the_focused_card_has_a_heavy_head_in_ascii_too() -> None:
    async with running(make_app(ascii=True)) as ui:
        for title in TITLES.values():
            assert heavy_heads(ui, "=") == [title]
            await ui.press("tab")


async def test_the_row_cursor_is_in_the_focused_card_alone() -> None:
    async with running(make_app()) as ui:
        cards = {
            card: ui.app.screen.query_one(card, CardWidget) for card in ("#ranking", "#recent", "#grants")
        }
        for focused in TITLES:
            assert ui.focus == focused
            for name, card in cards.items():
                assert (card.cursor_line is not None) == (name == focused)
            await ui.press("tab")


# Rows


@pytest.mark.parametrize(("down", "up"), [("down", "up"), ("j", "k")])
async def test_keys_move_the_row_cursor_and_stop_at_the_ends(down: str, up: str) -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#ranking"), up)
        ranking = ui.focused(TableWidget)
        assert ranking.cursor == 0
        await ui.press(down, down)
        assert ranking.copy_text.split("\t")[0] == "Weekly digest"
        await ui.press(up)
        assert ranking.copy_text.split("\t")[0] == "Contract review"
        await ui.press(*[down] * 9)
        assert ranking.copy_text.split("\t")[0] == "Brand voice check"


async def test_rows_that_do_not_fit_are_summed_up_and_come_with_the_cursor() -> None:
    async with running(make_app("unknown"), NORMAL) as ui:
        await ui.press(*to("#ranking"))
        ranking = ui.focused(TableWidget)
        assert "Other" in ui.shown("#ranking")
        before = ranking.lines[2:]
        await ui.press(*["down"] * (ranking.row_count - 1))
        assert ranking.first_row + ranking.visible_rows == ranking.row_count
        assert ranking.lines[2:] != before
        assert "Other" in ui.shown("#ranking")


# Sources and categories


async def test_c_rolls_sources_up_to_categories_and_back() -> None:
    async with running(make_app()) as ui:
        sources = ui.shown("#ranking")
        assert "c categories" in ui.footer
        await ui.press("c")
        assert "c compare" in ui.footer
        categories = ui.shown("#ranking")
        for row in ("Agent chat", "AI Tools", "Workflows", "Browser sessions"):
            assert row in categories
        assert "Contract review" not in categories
        assert "1,905.00 30.6%" in ui.line("AI Tools")
        await ui.press("c", "c")
        assert ui.shown("#ranking") == sources
        assert "c categories" in ui.footer


async def test_rolling_up_puts_the_cursor_on_the_first_row() -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#ranking"), "down", "down", "c")
        assert ui.focused(TableWidget).cursor == 0


# Days


@pytest.mark.parametrize(("key", "card"), [("c", "#ranking"), ("d", "#daily")])
async def test_a_key_that_changes_a_card_brings_it_onto_the_screen(key: str, card: str) -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press(*["pagedown"] * 6 if key == "c" else [])
        assert not ui.app.screen.can_view_entire(ui.app.screen.query_one(card))
        await ui.press(key)
        assert ui.app.screen.can_view_entire(ui.app.screen.query_one(card))
        assert ui.focused(CardWidget).region.overlaps(ui.app.screen.query_one("#cards").region)


async def test_d_leads_through_the_ranges_and_around() -> None:
    async with running(make_app()) as ui:
        daily = ui.app.screen.query_one("#daily", ChartWidget)
        shown = []
        for _ in range(4):
            view = known(daily.content)
            days = next(one for one in view.ranges if one.name == daily.panel.chosen(view, daily.place))
            active = [span.text for span in daily.lines[0] if span.tone == "tab"]
            shown.append((*active, len(days.buckets), str(days.buckets[0].start)))
            await ui.press("d")
        assert shown == [
            ("Period", 30, "2026-11-01"),
            ("7 days", 7, "2026-11-16"),
            ("14 days", 14, "2026-11-09"),
            ("Period", 30, "2026-11-01"),
        ]


@pytest.mark.parametrize(("before", "after"), [("left", "right"), ("h", "l")])
async def test_keys_move_the_day_and_its_readout_follows(before: str, after: str) -> None:
    async with running(make_app()) as ui:
        assert "Peak on Thu, Nov 12" in ui.shown("#daily")
        await ui.press(*to("#daily"))
        assert "Peak" not in ui.shown("#daily")
        assert "Thu, Nov 12" in ui.shown("#daily")
        await ui.press(before)
        assert day(ui) == ("Wed, Nov 11", f"{used_on(11)} credits", "Agent chat 54%")
        await ui.press(after, after)
        assert day(ui) == ("Fri, Nov 13", f"{used_on(13)} credits", "Agent chat 42%")


def day(ui: Session) -> tuple[str, ...]:
    """What the chart says of the day under the cursor: date, credits, top source."""
    rows = ui.shown("#daily").splitlines()[1:4]
    start = next(found.start() for found in re.finditer(r"\b\w{3}, \w{3} \d", rows[0]))
    return tuple(" ".join(row[start:].split()) for row in rows)


def used_on(number: int) -> str:
    """What a day of November took, in New York."""
    midnight = datetime(2026, 11, number, 5, tzinfo=UTC)
    ends = midnight + timedelta(days=1)
    used = Credits.total(event.credits for event in EVENTS if midnight <= event.occurred_at < ends)
    return amount_text(used, "credit")


async def test_a_day_without_use_and_a_day_to_come_read_differently() -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#daily"), *["left"] * 4)
        assert day(ui)[:2] == ("Sun, Nov 8", "0 credits")
        await ui.press("G")
        assert day(ui)[:2] == ("Mon, Nov 30", "upcoming")


@pytest.mark.parametrize(("first", "last"), [("g", "G"), ("home", "end")])
async def test_the_day_stops_at_the_ends_of_the_range(first: str, last: str) -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#daily"), "d", first, "left")
        assert day(ui)[0] == "Mon, Nov 16"
        await ui.press(last, "right")
        assert day(ui)[0] == "Sun, Nov 22"


# Enter


async def test_enter_on_a_source_leads_to_its_events_of_the_period() -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#ranking"), "down", "enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert " source Contract review " in ui.line("Filter")
        assert " period Nov 1 – Nov 30, 2026 " in ui.line("Filter")
        starts_at, ends_at = datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC)
        expected = [
            event
            for event in EVENTS
            if event.source_id == "tool_contract" and starts_at <= event.occurred_at < ends_at
        ]
        page = known(ui.app.state.events.value)
        assert page.items == tuple(expected[: len(page.items)])
        assert page.page.total == len(expected)
        assert ui.app.state.query.starts_at == starts_at
        assert ui.app.state.query.ends_at == ends_at


async def test_enter_on_a_category_leads_to_the_events_of_all_its_sources() -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#ranking"), "c", "down", "enter")
        assert " category AI Tools " in ui.line("Filter")
        labels = {event.label for event in known(ui.app.state.events.value).items}
        assert {event.kind for event in known(ui.app.state.events.value).items} == {"ai_tool"}
        assert {"Contract review", "Invoice matching", "Meeting notes"} <= labels


async def test_enter_on_a_day_leads_to_its_events() -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#daily"), "enter")
        assert " day Thu, Nov 12 " in ui.line("Filter")
        items = known(ui.app.state.events.value).items
        midnight = datetime(2026, 11, 12, 5, tzinfo=UTC), datetime(2026, 11, 13, 5, tzinfo=UTC)
        assert items[0] == next(event for event in EVENTS if event.occurred_at < midnight[1])
        assert all(midnight[0] <= event.occurred_at < midnight[1] for event in items)


async def test_enter_on_a_day_to_come_leads_nowhere() -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#daily"), "G", "enter")
        assert isinstance(ui.app.screen, Dashboard)


@pytest.mark.parametrize(
    ("card", "screen"),
    [
        ("#balance", GrantsScreen),
        ("#included", GrantsScreen),
        ("#recent", HistoryScreen),
        ("#grants", GrantsScreen),
        ("#allowance", AllowanceDialog),
    ],
)
async def test_enter_on_a_card_opens_the_whole_of_it(card: str, screen: type) -> None:
    async with running(make_app()) as ui:
        await ui.press(*to(card), "enter")
        assert isinstance(ui.app.screen, screen)


async def test_without_billing_access_enter_on_a_row_explains_instead() -> None:
    client = demo("member")
    async with running(make_app(client)) as ui:
        await ui.press(*to("#ranking"), "down", "enter")
        assert isinstance(ui.app.screen, Dashboard)
        assert ui.footer.startswith("An owner or a billing admin can see this.")
        assert "events" not in client.asked


# The last line and the help


async def test_the_last_line_says_what_acts_on_the_focused_card() -> None:
    acting = [
        ("#balance", "Tab next card   Enter grants   c categories   d range   [] period"),
        (
            "#ranking",
            "Tab next card   Enter events   ↑↓ move   u people   c categories   d range   [] period",
        ),
        ("#daily", "Tab next card   Enter events   ←→ day   w why   d range   c categories   [] period"),
        ("#recent", "Tab next card   Enter history   ↑↓ move   c categories   d range   [] period"),
        ("#grants", "Tab next card   Enter grants   ↑↓ move   c categories   d range   [] period"),
        ("#allowance", "Tab next card   Enter details   c categories   d range   [] period"),
    ]
    async with running(make_app()) as ui:
        for card, words in acting:
            while ui.focus != card:
                await ui.press("tab")
            full = f"{words}   y copy   e export   r refresh   ? help   q quit"
            without = [full, full.replace("   r refresh", ""), full.replace("   e export   r refresh", "")]
            assert ui.footer == next(text for text in without if len(text) <= WIDE[0] - 2)  # as there is room


async def test_the_last_line_follows_the_cursor_and_the_choice() -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#daily"), "G")
        assert "Enter" not in ui.footer
        await ui.press("g")
        assert "Enter events" in ui.footer
        await ui.press("c")
        assert "c compare" in ui.footer


async def test_the_last_line_promises_no_events_to_who_may_not_see_them() -> None:
    async with running(make_app("member")) as ui:
        await ui.press(*to("#ranking"))
        assert "Enter" not in ui.footer


async def test_the_bars_of_a_long_period_are_weeks_in_the_last_line() -> None:
    async with running(make_app("annual")) as ui:
        await ui.press(*to("#daily"))
        assert "←→ 2 weeks" in ui.footer


async def test_the_cursor_repaints_the_last_line_only_where_it_changes() -> None:
    async with running(make_app()) as ui:
        await ui.press(*to("#ranking"))
        footer, painted = ui.app.screen.query_one(Footer), []
        footer.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[assignment]
        await ui.press("down", "down")
        assert painted == []


@pytest.mark.parametrize(("card", "word"), [("#balance", "open grants"), ("#daily", "open events")])
async def test_the_help_says_what_enter_opens_here(card: str, word: str) -> None:
    async with running(make_app()) as ui:
        await ui.press(*to(card), "question_mark")
        assert re.search(rf"Enter +{word}", ui.text)


@pytest.mark.parametrize(
    ("keys", "gray", "bright"),
    [
        (to("#daily"), ["rows", "show newer events"], ["days in the chart", "filter, sort, clear"]),
        (["2"], ["days in the chart", "range of days, what if"], ["rows", "Next, Previous page"]),
    ],
)
async def test_keys_that_do_nothing_here_are_gray_in_the_help(
    keys: list[str], gray: list[str], bright: list[str]
) -> None:
    async with running(make_app()) as ui:
        await ui.press(*keys, "question_mark")
        spans = [span for row in ui.app.screen.query_one(Lines).lines for span in row]
        disabled = [span.text for span in spans if span.tone == "disabled"]
        for words in gray:
            assert any(words in text for text in disabled)
        for words in bright:
            assert not any(words in text for text in disabled)


# Copy


COPIES = [
    ("", "#balance", "10,009.75"),
    ("tab", "#included", "6,240.50 used\t3,759.50 remaining\tof 10,000"),
    ("tab tab down", "#ranking", "Contract review\t1,240.50\t19.9%\t38 runs"),
    ("c down", "#ranking", "AI Tools\t1,905.00\t30.6%\t140 runs"),
    ("tab", "#daily", "Thu, Nov 12, 2026\t1,404.50\tContract review"),
    (
        "tab down",
        "#recent",
        "Nov 22, 2026 15:27:03\tAgent chat\tChat message\tmaria@acme.example\t6.75",
    ),
    ("tab", "#grants", "Active\tTeam plan, November 2026\tNov 1, 2026\tDec 1, 2026\t10,000\t3,759.50"),
    (
        "tab",
        "#allowance",
        "Background AI\t1,200 of 2,000 credits\nSandbox runtime\t15 of 50 hours\nStorage\t41.2 of 100 GB",
    ),
]


async def test_y_copies_the_focused_row_or_number_and_says_what_was_sent() -> None:
    async with running(make_app(), (200, 60)) as ui:
        for keys, card, text in COPIES:
            await ui.press(*keys.split(), "y")
            assert ui.focus == card
            assert ui.app.clipboard == text
            sent = ui.footer.partition("clipboard: ")[2]
            assert sent.split() == text.split()


async def test_where_there_is_nothing_to_copy_that_is_said() -> None:
    async with running(make_app("member")) as ui:
        await ui.press(*to("#recent"), "y")
        assert ui.footer == "Nothing to copy here."
        assert not ui.app.clipboard


# Scrolling


async def test_pages_scroll_and_the_footer_says_whether_there_is_more() -> None:
    async with running(make_app(), NORMAL) as ui:
        assert "Credits remaining" in ui.text
        assert ui.footer.endswith("▼ more")
        await ui.press("pagedown")
        assert "Credits remaining" not in ui.text
        await ui.press(*["pagedown"] * 3)
        assert "Background AI & sandbox usage" in ui.text
        assert "more" not in ui.footer
        await ui.press("pageup")
        assert ui.footer.endswith("▼ more")


def in_sight(ui: Session) -> bool:
    """Whether the head of the focused card is on the screen, with the heavy rule of the focus."""
    return heavy_heads(ui) == [TITLES[ui.focus]]


@pytest.mark.parametrize("size", [(40, 12), NARROW, NORMAL, (100, 30)])
async def test_pages_take_the_focus_along(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        cards = ui.app.screen.query_one("#cards")
        seen = [ui.focus]
        while cards.scroll_y < cards.max_scroll_y:
            before = cards.scroll_y
            await ui.press("pagedown")
            assert cards.scroll_y > before
            assert ui.focused(CardWidget).region.overlaps(cards.region)
            seen.append(ui.focus)
        await ui.press("pagedown")
        assert ui.focus == "#allowance"
        order = [list(TITLES).index(card) for card in seen]
        assert order == sorted(order)
        while cards.scroll_y > 0:
            await ui.press("pageup")
            assert ui.focused(CardWidget).region.overlaps(cards.region)
        await ui.press("pageup")
        assert ui.focus == "#balance"


async def test_enter_after_a_page_opens_what_is_on_the_screen() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("pagedown")
        assert in_sight(ui)
        assert ui.focus == "#daily"
        await ui.press("enter")
        assert " day Thu, Nov 12 " in ui.line("Filter")


async def test_where_all_is_on_the_screen_pages_lead_to_the_last_card_and_the_first() -> None:
    async with running(make_app()) as ui:
        await ui.press("pagedown")
        assert ui.focus == "#allowance"
        await ui.press("pageup")
        assert ui.focus == "#balance"


@pytest.mark.parametrize("size", [(40, 12), NARROW, NORMAL, (200, 60)])
async def test_a_resize_keeps_the_focused_card_in_sight(size: tuple[int, int]) -> None:
    async with running(make_app()) as ui:
        for card in TITLES:
            await ui.resize(*size)
            assert ui.focus == card
            assert in_sight(ui)
            await ui.resize(*WIDE)
            await ui.press("tab")


async def test_what_the_wheel_takes_out_of_sight_loses_the_focus_to_what_is_there() -> None:
    async with running(make_app(), NORMAL) as ui:
        for _ in range(8):
            await ui.pilot._post_mouse_events([MouseScrollDown], offset=(10, 10))
            await ui.settle()
        cards = ui.app.screen.query_one("#cards")
        assert cards.scroll_y > 10
        assert ui.focus != "#balance"
        assert ui.focused(CardWidget).region.overlaps(cards.region)


async def test_at_120_by_40_everything_is_on_the_screen() -> None:
    async with running(make_app()) as ui:
        for title in TITLES.values():
            assert title in ui.text
        assert "more" not in ui.footer
        cards = ui.app.screen.query_one("#cards")
        assert cards.max_scroll_y == 0


async def test_the_first_screenful_at_80_by_24_says_how_much_how_long_and_what_for() -> None:
    async with running(make_app(), NORMAL) as ui:
        for answer in ("3,759.50", "9 days left", "not within a year", "2,003.43", "Contract review"):
            assert answer in ui.text


# Unknown is not zero


async def test_nothing_is_counted_while_nothing_is_known() -> None:
    async with running(make_app("loading"), answered=False) as ui:
        for card in TITLES:
            assert "Loading…" in ui.shown(card)
            assert not re.search(r"\d{2}|\b0\b", ui.shown(card))


@pytest.mark.parametrize("size", LAYOUTS)
async def test_no_card_moves_when_its_reply_comes(size: tuple[int, int]) -> None:
    async with running(make_app("loading"), size, answered=False) as ui:
        before = {card: ui.app.screen.query_one(card).region for card in TITLES}
    # A line for what is locked is not kept free: hardly anyone has one.
    summary = acme().statement.summary
    usual = replace(summary, balance=replace(known(summary.balance), locked=Credits.ZERO))
    async with running(make_app(Scripted(summary=usual)), size) as ui:
        assert {card: ui.app.screen.query_one(card).region for card in TITLES} == before


async def test_a_new_organization_reads_as_sentences_and_real_zeros() -> None:
    async with running(make_app("empty")) as ui:
        assert "No credits used in this period yet." in ui.shown("#ranking")
        assert "No events yet." in ui.shown("#recent")
        assert "0 used" in ui.shown("#included")
        assert "No usage yet" in ui.shown("#daily")


async def test_a_reply_that_changes_keeps_the_cursor_on_a_row_that_is_there() -> None:
    client = Scripted()
    async with running(make_app(client)) as ui:
        await ui.press(*to("#ranking"), *["down"] * 7)
        ranking = acme().statement.sources
        client.replies["sources"] = ranking.__class__(
            as_of=ranking.as_of, revision=2, total=ranking.items[0].credits, items=ranking.items[:1]
        )
        await ui.press("r")
        assert ui.focused(TableWidget).copy_text.split("\t")[0] == "Agent chat"


async def test_cards_make_room_for_an_announcement_and_take_it_back() -> None:
    async with running(make_app(), WIDE) as ui:
        before, fresh = ui.text, ui.app.state
        assert "more" not in ui.footer
        ui.app.state = refresh_failed(fresh, Unreachable("No answer."))
        await ui.settle()
        assert "Not refreshed" in ui.text
        assert "more" not in ui.footer
        ui.app.state = fresh
        await ui.settle()
        assert ui.text == before


# Pages of the dashboard


@pytest.mark.parametrize("size", [(60, 20), NARROW, NORMAL, (100, 30), (120, 30)])
async def test_whatever_is_scrolled_to_no_card_is_cut(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        cards = ui.app.screen.query_one(Cards)
        for key in [*["tab"] * len(TITLES), *["pagedown"] * len(TITLES)]:
            top, bottom = cards.region.y, cards.region.bottom
            for card in cards.cards:
                hidden = card.region.bottom <= top or card.region.y >= bottom
                assert hidden or (card.region.y >= top and card.region.bottom <= bottom), card.id
            await ui.press(key)


async def test_a_line_stands_for_the_chart_and_a_click_on_it_leads_there() -> None:
    async with running(make_app(), NORMAL) as ui:
        assert ui.lines[-2].strip().startswith("Daily ▂▂▂▂▁▁00▂▂▂█")
        assert ui.lines[-2].endswith("peak Nov 12  1,404.50  average 283.66")
        await ui.click("peak Nov 12")
        assert ui.focus == "#daily"
        assert "Nov 15" in ui.shown("#daily")
        await ui.press("shift+tab")
        assert "peak Nov 12" in ui.lines[-2]


async def test_without_room_for_it_no_line_stands_for_the_chart() -> None:
    async with running(make_app(), WIDE) as ui:
        assert not ui.app.screen.query_one("#daily-glance").region


async def test_a_chart_that_failed_says_so_in_its_line() -> None:
    client = Scripted(daily=Unreachable("The connection timed out."))
    async with running(make_app(client), NORMAL) as ui:
        assert ui.lines[-2].strip() == "Daily ! could not load"


# Pages of the newest events


async def test_next_and_previous_turn_the_newest_events_on_their_card() -> None:
    async with running(make_app()) as ui:
        await ui.press("n")
        assert ui.focus == "#recent"
        recent = ui.focused(TableWidget)
        assert recent.visible_rows == 3
        assert recent.copy_text.startswith("Nov 22, 2026 14:58:20")
        await ui.press("n", "p")
        assert recent.copy_text.startswith("Nov 22, 2026 14:58:20")
        await ui.press("p", "p")
        assert recent.copy_text.startswith("Nov 22, 2026 15:29:41")


async def test_each_event_comes_once_and_after_the_last_the_history_follows() -> None:
    async with running(make_app()) as ui:
        times = []
        while ui.app.current_mode == "usage":
            rows = ui.shown("#recent").splitlines()[2:]
            times += [row[:16] for row in rows if row]
            await ui.press("n")
        local = [event.occurred_at.astimezone(ZoneInfo("America/New_York")) for event in EVENTS[:50]]
        assert times == [f"{at:%b} {at.day:<2}  {at:%H:%M:%S}" for at in local]
        assert isinstance(ui.app.screen, HistoryScreen)


async def test_next_and_previous_can_be_clicked_and_are_gray_at_the_ends() -> None:
    async with running(make_app()) as ui:
        assert "← p Previous   n Next →" in ui.line("Historical usage")
        await ui.click("Previous")
        assert ui.focused(TableWidget).first_row == 0
        await ui.click("Next")
        assert ui.focused(TableWidget).first_row == 3
        await ui.click("Previous")
        assert ui.focused(TableWidget).first_row == 0


@pytest.mark.parametrize("scenario", ["member", "empty", "clocks"])
async def test_where_there_is_one_page_nothing_turns_it(scenario: str) -> None:
    async with running(make_app(scenario), (200, 60)) as ui:
        assert "Previous" not in ui.text
        await ui.press("n", "p")
        assert ui.focus == "#balance"
