"""Starting from what an earlier run has kept: what is shown, what is marked, and what takes its place."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.pilot import Pilot

from tests.known import known
from tests.tui.clients import Scripted
from tests.tui.session import NARROW, NORMAL, WIDE, Session, running, settled
from usage_tui.clients.base import ClientError, NotFound, Slice, Unauthenticated, Unreachable, UsageClient
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.config.paths import cache_name
from usage_tui.config.settings import Settings
from usage_tui.models import Credits, EventPage, EventQuery
from usage_tui.state.cache import Cache
from usage_tui.text.amounts import spoken_amount
from usage_tui.tui.app import UsageApp
from usage_tui.tui.widgets.events_table import EventsTable

AS_OF = "as of Nov 22, 15:30"
DOWN = Unreachable("usage.example.com cannot be reached.")
EVENTS = acme().events


class Answering(Scripted):
    """Acme, which answers nothing before it is let; from then on it says what it is told to.

    Attributes:
        answering: Set to let it answer.
        down: Whether each answer is that nobody is there.
        cursors: Every cursor that was sent.
    """

    def __init__(self, *, down: bool = False, **replies: object) -> None:
        super().__init__(**replies)
        self.answering = asyncio.Event()
        self.down = down
        self.cursors: list[str] = []
        if down:
            self.answering.set()

    async def _answer(self, name: Slice, reply: Any) -> Any:
        await self.answering.wait()
        if self.down:
            raise DOWN
        return await super()._answer(name, reply)

    async def refresh(self) -> bool:
        if self.down:
            raise DOWN
        return True

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        if cursor is not None:
            self.cursors.append(cursor)
        return await super().events(query, cursor=cursor, limit=limit)


def cached(client: UsageClient, folder: Path, **settings: Any) -> UsageApp:
    """The dashboard with a cache in this folder."""
    return UsageApp(client, Settings(theme="usage-dark", **settings), cache=Cache(folder, "key", None))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a run with Acme has left."""

    async def run() -> None:
        async with running(cached(open_demo(), tmp_path)):
            pass

    asyncio.run(run())
    return tmp_path


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def past_filled(app: UsageApp, pilot: Pilot[Any]) -> None:
    """Wait for what comes after the first frame."""
    async with asyncio.timeout(60):
        while app.state.days.value is None:
            await pilot.pause()
    await pilot.pause()


def marks(ui: Session) -> dict[str, str]:
    """The sign behind the title of every card on the screen; empty for one that is new."""
    titles = "Credits remaining|Included credits|[A-Z][a-z-]+ usage|Credit grants"
    return dict(re.findall(rf"({titles}) ([!…]?)", ui.text))


async def test_the_last_good_state_is_shown_at_once_and_every_card_of_it_is_marked(folder: Path) -> None:
    client = Answering()
    async with running(cached(client, folder), WIDE, answered=False) as ui:
        await past_filled(ui.app, ui.pilot)
        assert "Loading" not in ui.text
        for number in ("6,250.25", "62%", "2,810.25", "50.125", "10,000.00", "1,200 of 2,000"):
            assert number in ui.text
        assert ui.lines[0].endswith(AS_OF)
        assert len(marks(ui)) == 6
        assert set(marks(ui).values()) == {"…"}
        assert "sandbox usage … ─" in ui.shown("#allowance")
        client.answering.set()
        await ui.settle()
        assert set(marks(ui).values()) == {""}
        assert "…" not in ui.shown("#allowance")


async def test_what_comes_in_the_place_of_the_kept_looks_as_without_a_cache(folder: Path) -> None:
    async with running(cached(Scripted(), folder)) as ui, running(UsageApp(open_demo())) as other:
        assert ui.text.replace("demo", "") == other.text.replace("demo", "")


async def test_offline_everything_kept_can_be_used_and_is_marked(folder: Path) -> None:
    async with running(cached(Answering(down=True), folder), WIDE) as ui:
        assert (
            "! Not refreshed  Showing data from Nov 22, 15:30. usage.example.com cannot be reached."
            in ui.text
        )
        assert len(marks(ui)) == 6
        assert set(marks(ui).values()) == {"!"}
        assert "sandbox usage ! ─" in ui.shown("#allowance")
        assert "9 days left" in ui.shown("#included")
        await ui.press("v")
        assert "Memory upkeep" in ui.text
        await ui.press("escape", "3")
        assert "spend order" in ui.text or "Team plan" in ui.text
        assert marks(ui) == {"Credit grants": "!"}


async def test_offline_the_history_pages_through_what_is_kept_and_says_so(folder: Path) -> None:
    client = Answering(down=True)
    async with running(cached(client, folder), NORMAL) as ui:
        await ui.press("2")
        table = ui.app.screen.query_one(EventsTable)
        assert marks(ui) == {"Historical usage": "!"}
        rows = table.visible_rows
        assert f"Rows 1–{rows} of 50 cached" in ui.text
        assert table.event == EVENTS[0]
        await ui.press("n")
        assert table.event == EVENTS[rows]
        await ui.press("p", "G")
        assert table.event == EVENTS[49]
        assert ui.app.screen.check_action("next_page", ()) is None
        await ui.press("g", "r")
        assert table.event == EVENTS[0]
        assert client.cursors == []


async def test_offline_a_filter_chooses_among_what_is_kept(folder: Path) -> None:
    async with running(cached(Answering(down=True), folder), WIDE) as ui:
        await ui.press("tab", "tab", "tab", "down", "enter")
        shown = known(ui.app.state.events.value).items
        assert shown == tuple(event for event in EVENTS[:50] if event.source_id == shown[0].source_id)
        assert f"of {len(shown)} cached" in ui.text


async def test_offline_an_export_of_all_that_match_does_not_count_what_is_cached(folder: Path) -> None:
    async with running(cached(Answering(down=True), folder), WIDE) as ui:
        await ui.press("2", "slash", *"source:chat", "enter", "e")
        assert "all that match" in ui.text
        assert "these " in ui.text
        await ui.press("escape", "x", "slash", *"on:2026-11-22", "enter", "e")  # all of which are cached
        whole = [
            event for event in EVENTS if event.occurred_at >= EVENTS[0].occurred_at.replace(hour=5, minute=0)
        ]
        assert f"all {len(whole)} that match" in ui.text


async def test_offline_a_filter_tells_totals_only_where_they_are_known(folder: Path) -> None:
    kept = EVENTS[:50]
    chats = [event for event in kept if event.label == "Agent chat"]
    whole = [event for event in kept if event.occurred_at >= kept[0].occurred_at.replace(hour=5, minute=0)]
    async with running(cached(Answering(down=True), folder), WIDE) as ui:
        await ui.press("2", "slash", *"chat", "enter")
        total = spoken_amount(Credits.total(event.credits for event in chats), "credit")
        said = f"{len(chats)} cached events, {total}; the total is not known offline"
        assert said in ui.line("x clear")
        await ui.press("x", "slash", *"on:2026-11-22", "enter")  # older events are not of that day
        total = spoken_amount(Credits.total(event.credits for event in whole), "credit")
        assert f"{len(whole)} events, {total}" in ui.line("x clear")
        await ui.resize(*NARROW)
        await ui.press("x", "slash", *"chat", "enter")
        assert "total unknown offline" in ui.line("x clear")
        kept_page = known(ui.app.state.recent.value).page
        assert (kept_page.next is not None, kept_page.total) == (True, None)  # more than is kept follows


async def test_a_size_that_changes_leaves_the_first_row_of_a_cached_page(folder: Path) -> None:
    async with running(cached(Answering(down=True), folder), NORMAL) as ui:
        await ui.press("2", "n")
        first = known(ui.app.state.events.value).items[0]
        await ui.resize(*NARROW)
        assert known(ui.app.state.events.value).items[0] == first
        table = ui.app.screen.query_one(EventsTable)
        assert len(known(ui.app.state.events.value).items) == table.visible_rows


async def test_once_the_service_answers_the_history_starts_over_at_its_first_page(folder: Path) -> None:
    client = Answering(down=True)
    async with running(cached(client, folder), NORMAL) as ui:
        await ui.press("2", "n")
        client.down = False
        await ui.press("r")
        assert "cached" not in ui.text
        assert "as of" not in "\n".join(ui.lines[1:])
        assert known(ui.app.state.events.value).items[0] == EVENTS[0]
        await ui.press("n")
        assert client.cursors[-1] == f"from-{len(EVENTS[: ui.app.state.first_row])}"


async def test_a_history_that_opens_after_the_line_dropped_shows_the_newest_events() -> None:
    async with running(UsageApp(Scripted()), NORMAL) as ui:
        ui.app._client.replies = {"events": DOWN}  # type: ignore[attr-defined]
        await ui.press("r", "2")
        assert "of 50 cached" in ui.line("Rows ")
        assert marks(ui) == {"Historical usage": "!"}


async def test_a_history_that_opens_when_nobody_answers_shows_the_newest_events_until_somebody_does() -> None:
    client = Answering()
    client.answering.set()
    async with running(UsageApp(client), NORMAL) as ui:
        client.down = True
        await ui.press("r", "2")
        table = ui.app.screen.query_one(EventsTable)
        assert "of 50 cached" in ui.line("Rows ")
        assert marks(ui) == {"Historical usage": "!"}
        await ui.press("n")
        assert table.event == EVENTS[table.visible_rows]
        client.down = False
        await ui.press("r")
        assert "cached" not in ui.line("Rows ")
        assert marks(ui) == {"Historical usage": ""}
        assert table.event == EVENTS[0]


async def test_events_that_alone_were_not_answered_are_asked_for_again_with_the_next_look() -> None:
    client = Scripted()
    async with running(UsageApp(client), NORMAL) as ui:
        client.replies = {"events": DOWN}
        await ui.press("2")
        assert "of 50 cached" in ui.line("Rows ")
        client.replies = {}
        ui.app.check_origin()
        await ui.settle()
        assert "cached" not in ui.line("Rows ")


@pytest.mark.parametrize(
    "error", [Unauthenticated("The token has been revoked."), NotFound("No such place.")]
)
@pytest.mark.parametrize("when", ["start", "later"])
async def test_who_may_see_nothing_any_more_sees_nothing_that_was_kept(
    folder: Path, error: ClientError, when: str
) -> None:
    class Expelling(Scripted):
        async def refresh(self) -> bool:
            raise error

    client = Scripted(me=error, summary=error) if when == "start" else Expelling()
    async with running(cached(client, folder)) as ui:
        if when == "later":
            assert "6,250.25" in ui.text
            ui.app.check_origin()
            await ui.settle()
        assert error.message in ui.text
        for number in ("6,250.25", "2,810.25", "Contract review"):
            assert number not in ui.text
    assert files(folder) == []


async def test_nothing_kept_of_one_organization_stays_beside_another(folder: Path) -> None:
    summary = acme().statement.summary
    other = replace(summary, org=replace(summary.org, id="other", name="Other"))
    async with running(cached(Scripted(summary=other, sources=DOWN), folder)) as ui:
        assert ui.lines[0].startswith(" Other ")
        assert ui.app.state.sources.value is None
        assert "…" not in {
            marks(ui)[title] for title in ("Credits remaining", "Daily usage", "Credit grants")
        }


async def test_without_a_cache_nothing_is_read_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    async with running(UsageApp(open_demo())):
        pass
    assert files(tmp_path) == []


class Picture(NamedTuple):
    """What the service does, at which size, after which keys."""

    size: tuple[int, int]
    down: bool
    keys: tuple[str, ...] = ()


PICTURES = {
    "loading": Picture(WIDE, down=False),
    "loading-normal": Picture(NORMAL, down=False),
    "offline": Picture(WIDE, down=True),
    "offline-narrow": Picture(NARROW, down=True),
    "offline-history": Picture(NORMAL, down=True, keys=("2", "n")),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, folder: Path, snap_compare: Callable[..., bool]) -> None:
    picture = PICTURES[name]

    async def use(pilot: Pilot[Any]) -> None:
        async def wait() -> None:
            await (settled(pilot) if picture.down else past_filled(app, pilot))

        await wait()
        for key in picture.keys:
            await pilot.press(key)
            await wait()

    app = cached(Answering(down=picture.down), folder)
    assert snap_compare(app, terminal_size=picture.size, run_before=use)


# Earlier billing periods


async def test_an_earlier_period_is_not_kept_and_without_an_answer_the_place_is(folder: Path) -> None:
    async with running(cached(Answering(down=True), folder), WIDE) as ui:
        before = ui.lines[:-1]
        await ui.press("left_square_bracket")
        assert ui.footer == f"Oct 1 – Oct 31, 2026: {DOWN.message}"
        assert ui.lines[:-1] == before


async def test_what_was_kept_before_a_balance_was_carried_forward_opens(tmp_path: Path) -> None:
    kept = Path(__file__).parents[1] / "clients" / "recording" / "version-1-clocks.jsonl"
    shutil.copy(kept, tmp_path / cache_name("key"))
    async with running(cached(Answering(down=True), tmp_path), WIDE) as ui:
        assert "as of Nov 1" in ui.lines[0]
        await ui.press("3")
        assert "The books agree: days, sources, and the period say" in ui.text
