"""Loading: who the viewer is comes first, and what they may not see is never asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from tests.known import known
from tests.named import NAMED
from usage_tui.clients.base import ClientError, NotOffered, Slice, Unreachable, Withheld
from usage_tui.clients.demo.client import open_demo
from usage_tui.models import DateRange, EventQuery
from usage_tui.state.history import Turn
from usage_tui.state.loading import load, load_all, load_page, load_past
from usage_tui.state.reducers import filtered, from_cache, initial, turned_offline
from usage_tui.state.remote import Status
from usage_tui.state.replies import OF_DASHBOARD
from usage_tui.state.usage import UsageState

DASHBOARD = {reply.name for reply in OF_DASHBOARD}


class Store:
    """The state, and nothing else."""

    def __init__(self, absent: dict[Slice, str] | None = None) -> None:
        self.state: UsageState = initial("test", absent or {})

    def statuses(self) -> dict[str, Status]:
        return {name: getattr(self.state, name).status for name in DASHBOARD}


class Client:
    """Acme behind a door: it notes every request, and fails those that are to fail.

    Attributes:
        calls: The names of the requests, in order.
        failures: What the request of that name fails with.
    """

    def __init__(self, scenario: str = "acme", **failures: ClientError) -> None:
        self._demo = open_demo(scenario)
        self.calls: list[str] = []
        self.failures = failures

    def __getattr__(self, name: str) -> Any:
        async def request(*arguments: Any, **options: Any) -> Any:
            self.calls.append(name)
            await asyncio.sleep(0)
            if name in self.failures:
                raise self.failures[name]
            return await getattr(self._demo, name)(*arguments, **options)

        return request


async def test_who_the_viewer_is_comes_before_everything_else() -> None:
    store, client = Store(), Client()
    await load_all(store, client)
    assert set(client.calls[:2]) == {"me", "summary"}
    assert sorted(client.calls[2:]) == ["allowances", "daily", "events", "grants", "sources"]
    assert set(store.statuses().values()) == {Status.READY}


async def test_events_and_grants_are_never_asked_for_without_access() -> None:
    store, client = Store(), Client("member")
    await load_all(store, client)
    await load_all(store, client)
    assert not {"events", "grants"} & set(client.calls)
    assert store.state.recent.status is store.state.grants.status is Status.WITHHELD
    assert store.state.daily.status is Status.READY


async def test_access_alone_known_from_the_membership_is_enough() -> None:
    store, client = Store(), Client(summary=Unreachable("No answer."))
    await load_all(store, client)
    assert "events" in client.calls
    assert store.state.recent.status is Status.READY


@pytest.mark.parametrize("scenario", ["acme", "member"])
async def test_while_nobody_says_who_looks_nothing_of_theirs_is_asked_for(scenario: str) -> None:
    down = Unreachable("No answer.")
    store, client = Store(), Client(scenario, me=down, summary=down)
    await load_all(store, client)
    assert not {"events", "grants"} & set(client.calls)
    assert store.state.recent.status is store.state.grants.status is Status.FAILED
    assert store.state.grants.error is down


async def test_what_is_not_offered_is_never_asked_for() -> None:
    store = Store({Slice.GRANTS: "None here.", Slice.EVENTS: "None here."})
    client = Client()
    await load_all(store, client)
    assert not {"events", "grants"} & set(client.calls)
    assert store.state.grants.status is store.state.recent.status is Status.NOT_OFFERED


async def test_the_past_is_91_days_with_today_and_asked_for_once_the_day_is_known() -> None:
    store, client = Store(), Client()
    await load_past(store, client)
    assert client.calls == []
    await load_all(store, client)
    del client.calls[:]
    await load_past(store, client)
    assert sorted(client.calls) == ["days", "periods", "source_days"]
    span = DateRange(start_date=date(2026, 8, 24), end_date=date(2026, 11, 22))
    assert known(store.state.days.value).range == known(store.state.source_days.value).range == span


async def test_a_past_that_is_not_offered_is_not_asked_for() -> None:
    store, client = Store({Slice.SOURCE_DAYS: "No."}), Client(days=NotOffered("Nor days."))
    await load_all(store, client)
    await load_past(store, client)
    await load_past(store, client)
    assert client.calls.count("days") == 1
    assert "source_days" not in client.calls
    assert (store.state.days.reason, store.state.source_days.reason) == ("Nor days.", "No.")


async def test_one_failure_leaves_the_others_alone() -> None:
    store, client = Store(), Client(sources=Unreachable("No answer."))
    await load_all(store, client)
    statuses = store.statuses()
    assert statuses.pop("sources") is Status.FAILED
    assert set(statuses.values()) == {Status.READY}


async def test_access_that_the_service_denies_is_withheld() -> None:
    store, client = Store(), Client(grants=Withheld("Not for you."))
    await load_all(store, client)
    assert store.state.grants.status is Status.WITHHELD
    assert store.state.grants.reason == "Not for you."


async def test_a_bug_is_no_failure_of_the_client() -> None:
    async def broken() -> object:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await load(Store(), NAMED["me"], broken)


async def test_an_answer_to_another_filter_is_no_answer() -> None:
    store, client = Store(), Client()
    await load_all(store, client)

    async def slow() -> object:
        store.state = filtered(store.state, EventQuery(kind="workflow"))
        return await client.events(EventQuery(), limit=5)

    assert await load(store, NAMED["events"], slow) is None
    assert store.state.events.value is None


async def test_a_refresh_without_change_keeps_every_value() -> None:
    store, client = Store(), Client()
    await load_all(store, client)
    before = store.state
    await load_all(store, client)
    assert all(getattr(store.state, name).value is getattr(before, name).value for name in NAMED)


class Moving(Client):
    """Acme, whose data change with every so many requests.

    Attributes:
        revisions: Those of the next replies, in the order of the requests; then the last one for ever.
    """

    def __init__(self, *revisions: int) -> None:
        super().__init__()
        self.revisions = list(revisions)

    def __getattr__(self, name: str) -> Any:
        ask = super().__getattr__(name)

        async def request(*arguments: Any, **options: Any) -> Any:
            reply = await ask(*arguments, **options)
            if name == "me":
                return reply
            revision = self.revisions.pop(0) if len(self.revisions) > 1 else self.revisions[0]
            return replace(reply, revision=revision)

        return request


def revisions(store: Store) -> set[int]:
    return {getattr(store.state, name).value.revision for name in DASHBOARD - {"me"}}


async def test_replies_of_an_old_revision_are_asked_for_again_and_only_those() -> None:
    store, client = Store(), Moving(7, 7, 8)
    await load_all(store, client)
    assert sorted(client.calls[7:]) == ["sources", "summary"]
    assert revisions(store) == {8}
    assert not store.state.mixed


async def test_data_that_change_at_every_request_are_asked_for_twice_more_and_said_to_be_mixed() -> None:
    store, client = Store(), Moving(*range(100))
    await load_all(store, client)
    assert len(client.calls) == 7 + 5 + 5
    assert store.state.mixed
    client.revisions = [100]
    await load_all(store, client)
    assert not store.state.mixed
    assert len(client.calls) == 7 + 5 + 5 + 7


async def test_a_reply_that_failed_is_not_asked_for_again() -> None:
    store, client = Store(), Moving(7)
    await load_all(store, client)
    client.failures = {"grants": Unreachable("No answer.")}
    client.revisions = [8]
    await load_all(store, client)
    assert client.calls.count("grants") == 2
    assert known(store.state.grants.value).revision == 7
    assert not store.state.mixed


async def test_a_cursor_of_what_was_kept_is_never_sent() -> None:
    store, client = Store(), Client()
    await load_all(store, client)
    kept = replace(from_cache(store.state), turn=Turn.FIRST)
    store.state = turned_offline(kept, Turn.FIRST, 10)
    shown = store.state.events.value
    assert shown is not None
    assert shown.page.next is not None
    # The service answers again, and Next is pressed before the page is asked for anew.
    store.state = replace(store.state, recent=replace(kept.recent, cached=False))
    sent: list[str | None] = []

    class Pages:
        async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> Any:
            sent.append(cursor)
            return await client.events(query, cursor=cursor, limit=limit)

    await load_page(store, cast(Any, Pages()), Turn.NEXT, 10)
    assert sent == [None]
    assert not store.state.events.cached


async def test_what_a_key_turns_out_not_to_reach_is_said_and_not_asked_for_again() -> None:
    sentence = "This key reads no events."
    store, client = Store(), Client(events=NotOffered(sentence))
    await load_all(store, client)
    for remote in (store.state.recent, store.state.events):
        assert (remote.status, remote.reason) == (Status.NOT_OFFERED, sentence)
    assert store.statuses()["sources"] is Status.READY
    client.calls.clear()
    await load_all(store, client)
    assert "events" not in client.calls


@pytest.mark.parametrize("turn", [Turn.NEXT, Turn.PREVIOUS])
async def test_a_page_that_leads_to_itself_is_refused_and_the_old_one_stays(turn: Turn) -> None:
    store, demo = Store(), open_demo()
    await load_all(store, demo)
    await load_page(store, demo, Turn.FIRST, 10)
    await load_page(store, demo, Turn.NEXT, 10)
    shown = store.state.events.value

    class Circular:
        async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> Any:
            return shown

    assert "a second time" in await load_page(store, cast(Any, Circular()), turn, 10)
    assert store.state.events.value is shown
    assert store.state.events.status is Status.FAILED


@pytest.mark.parametrize("scenario", ["acme", "huge"])
async def test_previous_on_a_screen_that_became_taller_shows_the_first_page(scenario: str) -> None:
    store, client = Store(), open_demo(scenario)
    await load_all(store, client)
    for turn, limit in ((Turn.FIRST, 3), (Turn.NEXT, 3), (Turn.PREVIOUS, 5)):
        assert await load_page(store, client, turn, limit) == ""
    assert store.state.events.value == await client.events(EventQuery(), limit=5)
    assert store.state.first_row == 0
