"""History: pages of events, their filter, and the details of one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.clients.recordings import record_acme
from tests.known import known
from tests.tui.clients import Growing, Noted, Scripted, Slow, Stubborn, demo
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running, settled
from usage_tui.cards.typeset.lines import Tone
from usage_tui.clients.base import CursorExpired, Unreachable
from usage_tui.clients.demo.client import DemoClient, open_demo
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.models import Event, EventPage, EventQuery, Page
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.event import EventDialog
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.widgets.events_table import EventsTable
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.table import TableWidget

EVENTS = acme().events
SIZES = [(48, 30), NARROW, NORMAL, WIDE, (200, 60)]


def page(ui: Session) -> tuple[Event, ...]:
    """The events on the screen."""
    events = ui.app.state.events.value
    assert events is not None
    return events.items


def rows(ui: Session) -> str:
    """Which rows the pager says are on the screen."""
    return ui.line("Rows ").partition("Rows ")[2].strip()


def table(ui: Session) -> EventsTable:
    return ui.app.screen.query_one(EventsTable)


def words(ui: Session) -> str:
    """What the details say, as if they were one line."""
    return " ".join(ui.shown("#event-details").split())


def said_of(command: str, ui: Session) -> tuple[bool | None, bool, set[Tone]]:
    """Whether a turn is possible, whether its key acts, and the tones that the pager writes it in."""
    (pager,) = ui.app.screen.query_one("#pager", Lines).lines
    acts = any(one.binding.id == command and one.enabled for one in ui.app.screen.active_bindings.values())
    tones = {span.tone for span in pager if span.command == command}
    return ui.app.screen.check_action(command, ()), acts, tones


# Pages


@pytest.mark.parametrize("size", SIZES)
async def test_a_page_is_as_many_events_as_rows_fit(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("2")
        shown = table(ui).region.height - 2
        assert page(ui) == tuple(EVENTS[:shown])
        assert rows(ui) == f"1–{shown} of 676"
        last = ui.lines[table(ui).region.bottom - 1]
        assert last.split()[:2] == ["Nov", str(EVENTS[shown - 1].occurred_at.day)]


async def test_next_and_previous_walk_through_all_events_and_back() -> None:
    async with running(make_app(), (200, 60)) as ui:
        await ui.press("2")
        pages = [page(ui)]
        while ui.app.screen.check_action("next_page", ()):
            await ui.press("n")
            pages.append(page(ui))
        assert [event for events in pages for event in events] == list(EVENTS)
        assert rows(ui).endswith("–676 of 676")
        for events in reversed(pages[:-1]):
            await ui.press("p")
            assert page(ui) == events
        assert rows(ui).startswith("1–")


@pytest.mark.parametrize(("following", "before"), [("n", "p"), ("pagedown", "pageup")])
async def test_keys_turn_pages(following: str, before: str) -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", following, following)
        assert rows(ui) == "27–39 of 676"
        await ui.press(before)
        assert rows(ui) == "14–26 of 676"


async def test_turning_puts_the_cursor_on_the_first_row() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", "down", "down", "n")
        assert table(ui).event == EVENTS[13]


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        (["n", "n"], 27),
        (["n", "n", "n", "p"], 27),
        (["n", "p"], 1),
        (["pagedown", "pagedown"], 27),
        (["n", "p", "p"], 1),
        (["n"] * 9, 4 * 13 + 1),
    ],
)
async def test_keys_pressed_before_the_page_has_come_go_on_from_there(keys: list[str], first: int) -> None:
    client = Slow()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        await ui.press_only(*keys)
        assert rows(ui) == "1–13 of 676"
        assert len(client.pending) == 1
        client.answer()
        await ui.settle()
        assert rows(ui) == f"{first}–{first + 12} of 676"
        assert table(ui).cursor == 0


@pytest.mark.parametrize(
    ("key", "first"), [("escape", 14), ("j", 14), ("y", 14), ("g", 1), ("G", 664), ("question_mark", 14)]
)
async def test_any_other_key_ends_at_the_page_that_is_on_its_way(key: str, first: int) -> None:
    client = Slow()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        await ui.press_only("n", "n", "n", key)
        client.answer()
        await ui.settle()
        assert ui.app.state.first_row == first - 1


async def test_a_filter_ends_all_turning_of_pages() -> None:
    client = Slow()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        await ui.press_only("n", "n")
        ui.app.show_events(EventQuery(source_id="agent_chat"))
        await ui.wait_for(" of 458")
        client.answer()
        await ui.settle()
        assert rows(ui) == "1–12 of 458"


async def test_a_resize_goes_on_from_the_page_that_is_on_its_way() -> None:
    client = Slow()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        await ui.press_only("n")
        await ui.pilot.resize_terminal(*NARROW)
        client.answer()
        await ui.settle()
        assert page(ui)[0] == EVENTS[13]
        assert len(page(ui)) == table(ui).visible_rows


async def test_a_page_that_cannot_be_loaded_ends_the_turning() -> None:
    client = Scripted()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        client.replies["events"] = Unreachable("The line is cut.")
        asked = Noted(client)
        ui.app._pages = asked
        history = ui.app.screen
        assert isinstance(history, HistoryScreen)
        for _ in range(3):
            history.action_next_page()
        await ui.settle()
        assert asked.asked == ["events"]
        assert rows(ui) == "1–13 of 676"
        client.replies.clear()
        await ui.press("n")
        assert rows(ui) == "14–26 of 676"


async def test_on_the_first_page_previous_is_grey_and_does_nothing() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        await ui.press("2")
        assert said_of("previous_page", ui) == (None, False, {"disabled"})
        assert said_of("next_page", ui) == (True, True, {"key", "muted"})
        before = ui.text
        client.asked.clear()
        await ui.press("p", "pageup", "g")
        await ui.click("p Previous")
        assert not client.asked
        assert ui.text == before


async def test_on_the_last_page_next_is_grey_and_does_nothing() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        await ui.press("2", "G")
        assert said_of("next_page", ui) == (None, False, {"disabled"})
        assert said_of("previous_page", ui) == (True, True, {"key", "muted"})
        before = ui.text
        client.asked.clear()
        await ui.press("n", "pagedown", "G")
        await ui.click("n Next")
        assert not client.asked
        assert ui.text == before


@pytest.mark.parametrize(("first", "last"), [("g", "G"), ("home", "end")])
async def test_keys_lead_to_the_first_row_and_the_last(first: str, last: str) -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", "n", "down", last)
        assert rows(ui) == "664–676 of 676"
        assert table(ui).event == EVENTS[-1]
        await ui.press(first)
        assert rows(ui) == "1–13 of 676"
        assert table(ui).event == EVENTS[0]


async def test_where_the_length_is_unknown_the_last_key_leads_to_the_last_row_of_the_page() -> None:
    first = EventPage(
        as_of=acme().statement.summary.as_of,
        revision=acme().statement.summary.revision,
        items=tuple(EVENTS[:13]),
        page=Page(size=13, here="a", next="b"),
    )
    async with running(make_app(Scripted(events=first)), NORMAL) as ui:
        await ui.press("2")
        assert rows(ui) == "1–13"
        await ui.press("G")
        assert table(ui).event == EVENTS[12]
        assert rows(ui) == "1–13"


async def test_the_first_row_stays_when_the_size_changes() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", "n", "n")
        for size in NARROW, WIDE, (200, 60), (80, 14):
            await ui.resize(*size)
            assert page(ui)[0] == EVENTS[26], size
            assert len(page(ui)) == table(ui).visible_rows, size
            assert rows(ui) == f"27–{26 + len(page(ui))} of 676"
            await ui.resize(*NORMAL)
            assert rows(ui) == "27–39 of 676", size


async def test_a_taller_first_page_is_full_though_fewer_rows_lay_before(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_acme(tmp_path))
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2", "n")
        await ui.resize(120, 40)
        await ui.press("p")
        assert len(page(ui)) == table(ui).visible_rows
        assert rows(ui) == f"1–{table(ui).visible_rows} of 471"


async def test_refresh_keeps_page_and_cursor() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", "n", "down", "down")
        before = ui.text
        await ui.press("r")
        assert ui.text == before
        assert table(ui).event == EVENTS[15]


# Newer events


async def test_newer_events_are_announced_and_shown_on_demand() -> None:
    client = Growing()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        assert "newer" not in ui.text
        assert not ui.app.screen.check_action("newer", ())
        client.arrived = True
        await ui.press("n")
        assert "3 newer  N show" in ui.line("Rows ")
        await ui.press("down", "N")
        assert rows(ui) == "1–13 of 676"
        assert page(ui)[:3] == tuple(EVENTS[:3])
        assert table(ui).event == EVENTS[0]
        assert "newer" not in ui.text


@pytest.mark.parametrize("turns", [(), ("n",)])
async def test_a_refresh_that_nobody_asked_for_announces_newer_events_and_moves_no_row(
    turns: tuple[str, ...],
) -> None:
    client = Growing()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2", *turns, "down", "down")
        before, event = page(ui), table(ui).event
        client.arrived = True
        ui.app.check_origin()
        await ui.settle()
        assert "3 newer  N show" in ui.line("Rows ")
        assert (page(ui), table(ui).event) == (before, event)
        assert known(ui.app.state.recent.value).items[0] == EVENTS[0]
        await ui.press("N")
        assert page(ui)[0] == EVENTS[0]


def test_picture_of_newer_events(snap_compare: Callable[..., bool]) -> None:
    client = Growing()
    app = make_app(client)

    async def use(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("2")
        await settled(pilot)
        client.arrived = True
        app.check_origin()
        await settled(pilot)

    assert snap_compare(app, terminal_size=NORMAL, run_before=use)


async def test_a_refresh_that_was_asked_for_brings_the_newest_events_to_the_first_page() -> None:
    client = Growing()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        client.arrived = True
        await ui.press("r")
        assert page(ui)[:3] == tuple(EVENTS[:3])
        assert "newer" not in ui.text


async def test_a_page_out_of_sight_is_loaded_anew_only_when_it_is_seen_again() -> None:
    client = Noted(Growing())
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2", "1")
        client.asked.clear()
        await ui.press("r")
        assert client.asked.count("events") == 1  # those of the dashboard
        await ui.press("2")
        assert client.asked.count("events") == 2


async def test_where_no_cursor_leads_to_the_first_page_it_stays_until_it_is_asked_for() -> None:
    class Bare(Growing):
        async def events(self, *arguments: Any, **options: Any) -> EventPage:
            found = await super().events(*arguments, **options)
            return replace(found, page=replace(found.page, here=None))

    client = Bare()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        before = page(ui)
        client.arrived = True
        ui.app.check_origin()
        await ui.settle()
        assert page(ui) == before
        await ui.press("r")
        assert page(ui)[:3] == tuple(EVENTS[:3])


async def test_a_page_that_could_not_be_loaded_is_loaded_by_the_next_refresh() -> None:
    client = Scripted(events=Unreachable("No answer."))
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        assert "No answer." in ui.shown("EventsTable")
        client.replies = {}
        await ui.press("r")
        assert rows(ui) == "1–13 of 676"


# Filter


async def test_x_clears_the_filter() -> None:
    async with running(make_app()) as ui:
        await ui.press("tab", "tab", "tab", "down", "enter")
        assert "x clear" in ui.line("Filter")
        assert rows(ui).endswith("of 39")
        await ui.press("x")
        assert "Filter" not in ui.text
        assert rows(ui).endswith("of 676")
        assert page(ui)[0] == EVENTS[0]


async def test_without_a_filter_there_is_nothing_to_clear() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        await ui.press("2")
        assert ui.app.screen.check_action("clear_filter", ()) is False
        client.asked.clear()
        await ui.press("x")
        assert not client.asked


async def test_another_filter_starts_over_at_the_first_page() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", "n", "n", "1", "tab", "tab", "tab", "enter")
        assert " source Agent chat " in ui.line("Filter")
        assert rows(ui).startswith("1–")
        assert table(ui).cursor == 0


async def test_the_filter_stays_on_the_way_to_the_dashboard_and_back() -> None:
    async with running(make_app()) as ui:
        await ui.press("tab", "tab", "tab", "enter")
        filtered = ui.text
        await ui.press("escape")
        assert isinstance(ui.app.screen, Dashboard)
        await ui.press("2")
        assert ui.text == filtered


async def test_a_filter_that_matches_nothing_says_so() -> None:
    nothing = EventPage(
        as_of=acme().statement.summary.as_of, revision=1, items=(), page=Page(size=0, total=0)
    )
    client = Scripted()
    async with running(make_app(client)) as ui:
        client.replies["events"] = nothing
        await ui.press("tab", "tab", "tab", "enter")
        assert "No events match the filter." in ui.text
        assert "Event details" not in ui.text


# Details


@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_the_details_are_those_of_the_row_under_the_cursor(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("2")
        details = words(ui)
        for text in (
            "Contract review",
            "50.125",
            "Sun, Nov 22, 15:29:41 New York",
            "Team plan",
            "Started by",
        ):
            assert text in details
        await ui.press("down")
        details = words(ui)
        assert "Sun, Nov 22, 15:27:03 New York" in details
        assert "Contract review" not in details


async def test_the_details_name_every_grant_that_paid_and_what_none_did() -> None:
    async with running(make_app("overage")) as ui:
        await ui.press("2")
        assert "no grant (overage)" in words(ui)


async def test_a_reversal_names_what_it_gives_back() -> None:
    async with running(make_app("refund")) as ui:
        await ui.press("tab", "tab", "tab")
        leads = [row.label for row in known(ui.focused(TableWidget).content).sources].index("Lead enrichment")
        await ui.press(*["down"] * leads, "enter")
        number = [event.reverses is not None for event in page(ui)].index(True)
        await ui.press(*["down"] * number)
        details = words(ui)
        assert "Reversal" in details
        assert "Returned to" in details
        assert "-260.50" in details


@pytest.mark.parametrize("size", [(40, 12), (80, 14)])
async def test_on_the_lowest_screens_the_rows_of_the_details_hold_events(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("2")
        assert "Event details" not in ui.text
        assert len(page(ui)) == size[1] - 5
        await ui.press("down", "enter")
        assert "Event details" in ui.text
        assert "Agent chat" in ui.text


@pytest.mark.parametrize("size", [NARROW, NORMAL, (120, 12)])
async def test_enter_opens_all_details_of_the_row_under_the_cursor(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("2", "down", "enter")
        assert isinstance(ui.app.screen, EventDialog)
        lines = ui.app.screen.query_one("#event Lines", Lines).lines
        shown = " ".join(span.text for line in lines for span in line)
        for text in ("Agent chat", "Sun, Nov 22, 15:27:03", "maria@acme.example", EVENTS[1].id, "settled"):
            assert text in shown
        await ui.press("escape")
        assert table(ui).event == EVENTS[1]


def dialog(ui: Session) -> str:
    """What the dialog says, as if it were one line."""
    assert isinstance(ui.app.screen, EventDialog)
    return " ".join(ui.shown("#event Lines").split())


def marked(ui: Session, where: str) -> list[str]:
    """The value that Enter follows, in its lines."""
    lines = ui.app.screen.query_one(where, Lines).lines
    return [span.text for line in lines for span in line if span.tone == "link"]


# What an event leads on to


async def test_beside_the_details_enter_leads_on_to_the_run_that_started_it() -> None:
    async with running(make_app()) as ui:
        await ui.press("2")
        assert marked(ui, "#event-details") == ["Agent chat, 15:27:03"]
        assert "Enter event   Tab next link" in ui.footer
        await ui.press("enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert table(ui).event == EVENTS[1]
        assert "15:27:03" in words(ui)


async def test_tab_marks_the_next_link_and_enter_leads_to_the_source_or_the_person() -> None:
    async with running(make_app()) as ui:
        await ui.press("2", "tab")
        assert marked(ui, "#event-details") == ["Contract review"]
        assert "Enter source" in ui.footer
        await ui.press("tab")
        assert marked(ui, "#event-details") == ["maria@acme.example"]
        await ui.press("tab", "shift+tab")
        assert "Enter person" in ui.footer
        await ui.press("enter")
        assert " text maria@acme.example " in ui.line("Filter")
        await ui.press("tab", "enter")
        assert " source Contract review " in ui.line("Filter")
        assert {event.source_id for event in page(ui)} == {"tool_contract"}


async def test_where_nothing_leads_on_enter_shows_the_details() -> None:
    digest = next(event for event in EVENTS if event.label == "Weekly digest")
    assert digest.actor is None
    assert digest.parent_id is None
    async with running(make_app()) as ui:
        await ui.press("2", *["down"] * EVENTS.index(digest), "enter")
        assert " source Weekly digest " in ui.line("Filter")
        assert marked(ui, "#event-details") == []
        assert "Enter details" in ui.footer
        await ui.press("enter")
        assert isinstance(ui.app.screen, EventDialog)
        await ui.press("tab", "enter", "shift+tab")
        assert isinstance(ui.app.screen, EventDialog)


@pytest.mark.parametrize("size", [(40, 12), NARROW, NORMAL])
async def test_keys_work_inside_the_dialog(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("2", "enter")
        assert marked(ui, "#event Lines") == ["Agent chat, 15:27:03"]
        await ui.press("down", "down")
        assert "Browser sessions" in dialog(ui)
        await ui.press("up")
        assert "15:27:03 New York" in dialog(ui)
        await ui.press("y")
        assert ui.app.clipboard == "Nov 22, 2026 15:27:03\tAgent chat\tChat message\tmaria@acme.example\t6.75"
        assert "Sent to your terminal's clipboard." in ui.text
        await ui.press("up", "enter")
        assert "15:27:03 New York" in dialog(ui)
        await ui.press("enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert " source Agent chat " in ui.line("Filter")


async def test_the_arrows_walk_on_through_pages_and_back() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", "enter")
        for number in range(1, 30):
            await ui.press("down")
            assert EVENTS[number].id in dialog(ui)
        for number in reversed(range(29)):
            await ui.press("up")
            assert EVENTS[number].id in dialog(ui)
        await ui.press("up")
        assert EVENTS[0].id in dialog(ui)
        await ui.press("escape")
        assert table(ui).event == EVENTS[0]
        assert rows(ui).startswith("1–13")


async def test_the_keys_in_the_frame_say_what_they_do_and_those_that_fit() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", "enter")
        assert "↑↓ event   Tab link   Enter event   y copy   Esc close" in ui.text
        await ui.press("tab")
        assert "Enter source   y copy" in ui.text
        await ui.resize(40, 12)
        assert "Enter source   y copy   Esc close" in ui.text


async def test_a_run_that_is_on_another_page_is_looked_for_and_shown() -> None:
    started = next(one for one in EVENTS[13:] if one.parent_id)
    parent = next(one for one in EVENTS if one.id == started.parent_id)
    query = EventQuery(kind=started.kind, source_id=started.source_id)
    client = demo()
    async with running(make_app(client)) as ui:
        ui.app.show_events(query)
        await ui.settle()
        await ui.press(*["down"] * page(ui).index(started))
        assert parent.id in words(ui)
        client.asked.clear()
        await ui.press("enter")
        assert client.asked == ["events"]
        assert parent.id in dialog(ui)
        assert "Agent chat" in dialog(ui)
        await ui.press("down")
        assert page(ui)[page(ui).index(started) + 1].id in dialog(ui)


class Orphaned(DemoClient):
    """Acme, whose events name others that it does not have, or of which nothing more can be read."""

    def __init__(self, failure: Exception | None = None) -> None:
        whole = acme()
        events = [replace(whole.events[0], parent_id="evt_lost"), *whole.events[1:]]
        super().__init__(whole._replace(events=events))
        self._failure = failure

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        if query.ends_at is not None and self._failure is not None:
            raise self._failure
        return await super().events(query, cursor=cursor, limit=limit)


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (None, "evt_lost is not among the 200 events before this one."),
        (Unreachable("The service does not answer."), "The service does not answer."),
    ],
)
@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_a_run_that_is_not_found_is_said_to_be(
    failure: Exception | None, said: str, size: tuple[int, int]
) -> None:
    async with running(make_app(Orphaned(failure)), size) as ui:
        await ui.press("2", *(["enter"] if size == NORMAL else []), "enter")
        assert said in ui.lines[-1] if size == WIDE else said in ui.text
        await ui.press("down")
        assert said not in ui.text


async def test_what_an_event_leads_on_to_can_be_clicked() -> None:
    async with running(make_app()) as ui:
        await ui.press("2")
        pane = ui.app.screen.query_one("#event-details").region
        row = next(y for y in range(pane.y, pane.bottom) if "maria@" in ui.lines[y][pane.x :])
        await ui.pilot.click(offset=(ui.lines[row].index("maria@", pane.x), row))
        await ui.settle()
        assert " text maria@acme.example " in ui.line("Filter")
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2", "enter")
        await ui.click("Contract review", row=4)
        assert " source Contract review " in ui.line("Filter")


async def test_a_condition_of_the_filter_is_dropped_by_a_click() -> None:
    async with running(make_app()) as ui:
        await ui.press("tab", "tab", "tab", "down", "enter")
        await ui.click("period")
        assert "period" not in ui.line("Filter")
        assert " source Contract review " in ui.line("Filter")
        await ui.click("source")
        assert "Filter" not in ui.text


async def test_y_copies_the_row_under_the_cursor() -> None:
    async with running(make_app()) as ui:
        await ui.press("2", "down", "y")
        assert ui.app.clipboard == "Nov 22, 2026 15:27:03\tAgent chat\tChat message\tmaria@acme.example\t6.75"
        assert "clipboard: Nov 22, 2026 15:27:03" in ui.footer


# States


@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_without_billing_access_the_screen_explains(size: tuple[int, int]) -> None:
    client = demo("member")
    async with running(make_app(client), size) as ui:
        await ui.press("2", "n", "g", "G", "down", "y", "r")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert "An owner or a billing admin can see this." in ui.text
        for word in ("Rows", "Next", "Event details"):
            assert word not in ui.text
        assert ui.app.screen.query_one(EventsTable).region.width == size[0] - 2
        assert "events" not in client.asked


async def test_without_events_there_is_a_sentence_and_no_page_to_turn() -> None:
    async with running(make_app("empty")) as ui:
        await ui.press("2", "n", "G", "down")
        assert "No events yet." in ui.text
        assert "Rows" not in ui.text


async def test_a_page_that_cannot_be_loaded_keeps_the_old_one_and_says_why() -> None:
    client = Scripted()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        client.replies["events"] = Unreachable("The line is cut.", advice="Check the network.")
        await ui.press("n")
        assert page(ui) == tuple(EVENTS[:13])
        assert rows(ui) == "1–13 of 676"
        assert ui.footer == "The line is cut. Check the network."
        client.replies.clear()
        await ui.press("n")
        assert rows(ui) == "14–26 of 676"


class Forgetful(DemoClient):
    """Acme, which keeps no page but the first once it is told so."""

    def __init__(self) -> None:
        super().__init__(acme())
        self.cached = True

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        if cursor is not None and not self.cached:
            raise CursorExpired("This cursor has expired.", advice="Start over at the first page.")
        return await super().events(query, cursor=cursor, limit=limit)


@pytest.mark.parametrize("key", ["n", "p", "G"])
async def test_where_the_pages_of_a_walk_are_gone_it_starts_over_at_the_first_and_says_so(key: str) -> None:
    client = Forgetful()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2", "n", "n", "down")
        client.cached = False
        await ui.press(key)
        assert page(ui) == tuple(EVENTS[:13])
        assert rows(ui) == "1–13 of 676"
        assert ui.footer == "That page has expired; back to the first page."
        assert "refresh failed" not in ui.text


async def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    client = Stubborn()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        await ui.pilot.press("n")
        await client.asked.wait()
        await ui.pilot.press("G")
        await ui.wait_for("664–676 of 676")
        before, state = ui.text, ui.app.state
        client.released.set()
        await ui.settle()
        assert ui.app.state is state
        assert ui.text == before


async def test_an_answer_to_another_filter_changes_nothing() -> None:
    client = Stubborn()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        await ui.pilot.press("n")
        await client.asked.wait()
        await ui.pilot.press("1", "tab", "tab", "tab", "enter")
        await ui.wait_for(" source Agent chat ", "Rows 1–12 of 412")
        before = ui.text
        client.released.set()
        await ui.settle()
        assert ui.text == before
        assert {event.source_id for event in page(ui)} == {"agent_chat"}


async def test_a_shorter_page_leaves_the_cursor_on_its_last_row() -> None:
    client = Scripted()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2", *["down"] * 9)
        short = await open_demo().events(ui.app.state.query, limit=4)
        client.replies["events"] = replace(short, page=replace(short.page, next=None, total=4))
        await ui.press("r")
        assert table(ui).event == EVENTS[3]
        assert ui.app.screen.query_one("#event-details", Lines).lines
