"""The dashboard over a real socket: what is on the screen, what is kept, and what recovers by itself."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import network
from tests.clients.transport.service import AT_ONCE
from tests.named import NAMED
from tests.network import ADA, Line, LiveService, revoke
from tests.tui.session import WIDE, Session, running
from usage_tui.clients.read_ahead import ReadAhead
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.config.settings import Settings
from usage_tui.models import Allowances, DailyUsage, EventPage, Grants, Ranking, Summary, User
from usage_tui.server.ledger_writer.organizations import add_member, remove_member
from usage_tui.tui.app import UsageApp

BALANCE, USED, EVENT, GRANT = "6,250.25", "6,240.50", "50.125", "Team plan, November 2026"
"""Numbers and words of four cards; the last two are for those with billing access."""
OFTEN = 3600
"""A refresh interval that no test lasts: looks are made by hand."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LiveService]:
    with LiveService(tmp_path) as service:
        yield service


@asynccontextmanager
async def dashboard(line: Line, token: str, size: tuple[int, int] = WIDE) -> AsyncIterator[Session]:
    """The dashboard as it is opened with a URL, but for its patience."""
    client = UsageApiClient(line.url, BearerToken(token), retries=AT_ONCE)
    app = UsageApp(client, Settings(refresh_seconds=OFTEN), pages=ReadAhead(client))
    async with running(app, size) as ui:
        yield ui


async def look(ui: Session) -> None:
    """What the refresh interval does."""
    ui.app.check_origin()
    await ui.settle()


def flowed(ui: Session) -> str:
    """What is on the screen, as if it were one line."""
    return " ".join(ui.text.replace("▌", " ").replace("r try again", " ").split())


# Who looks


@pytest.mark.parametrize("role", ["owner", "billing_admin"])
async def test_with_billing_access_everything_is_there(role: str, service: LiveService) -> None:
    async with Line(service.port) as line, dashboard(line, getattr(service, role)) as ui:
        for number in (BALANCE, USED, EVENT, GRANT):
            assert number in ui.text
        await ui.press("2")
        assert "Rows 1–" in ui.text
        await ui.press("3")
        assert GRANT in ui.text


async def test_without_billing_access_events_and_grants_are_neither_shown_nor_asked_for(
    service: LiveService,
) -> None:
    async with Line(service.port) as line, dashboard(line, service.member) as ui:
        assert BALANCE in ui.text
        assert USED in ui.text
        for key in "23r":
            await ui.press(key)
            assert EVENT not in ui.text
            assert GRANT not in ui.text
            assert "An owner or a billing admin" in flowed(ui)
        assert not [target for target in line.asked if "events" in target or "grants" in target]


async def test_a_revoked_token_shows_nothing_but_why(service: LiveService) -> None:
    revoke(service, service.owner)
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        assert f"127.0.0.1:{line.port} does not accept the token." in flowed(ui)
        assert BALANCE not in ui.text
        assert not [target for target in line.asked if "events" in target or "grants" in target]


# What changes meanwhile


def gone(ui: Session) -> bool:
    return not any(number in ui.text for number in (BALANCE, USED, EVENT, GRANT))


async def test_a_token_that_is_revoked_meanwhile_takes_everything_away(service: LiveService) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        revoke(service, service.owner)
        await look(ui)
        assert "does not accept the token." in flowed(ui)
        assert gone(ui)
        for key in "23":
            await ui.press(key)
            assert gone(ui)


async def test_whoever_is_no_member_any_more_sees_nothing_any_more(service: LiveService) -> None:
    async with Line(service.port) as line, dashboard(line, service.billing_admin) as ui:
        with service.database.writing() as connection:
            remove_member(connection, "acme", ADA.id)
        await look(ui)
        assert gone(ui)
        assert "No data" in ui.text


def set_billing_access(service: LiveService, user: User, *, granted: bool) -> None:
    with service.database.writing() as connection:
        add_member(connection, "acme", user, "admin", billing_access=granted)


async def test_billing_access_that_is_lost_takes_events_and_grants_away_until_it_is_back(
    service: LiveService,
) -> None:
    async with Line(service.port) as line, dashboard(line, service.billing_admin) as ui:
        await ui.press("2", "n")
        assert "Rows" in ui.text
        set_billing_access(service, ADA, granted=False)
        await look(ui)
        assert "Rows" not in ui.text
        assert "An owner or a billing admin" in flowed(ui)
        state = ui.app.state
        assert (state.recent.value, state.events.value, state.grants.value) == (None, None, None)
        asked = len(line.asked)
        await ui.press("n", "p", "1")
        assert EVENT not in ui.text
        assert GRANT not in ui.text
        assert BALANCE in ui.text
        assert not [target for target in line.asked[asked:] if "events" in target or "grants" in target]
        set_billing_access(service, ADA, granted=True)
        await look(ui)
        assert EVENT in ui.text
        assert GRANT in ui.text


async def test_access_that_a_page_reveals_as_lost_ends_the_walk(service: LiveService) -> None:
    async with Line(service.port) as line, dashboard(line, service.billing_admin) as ui:
        await ui.press("2", "n")
        set_billing_access(service, ADA, granted=False)
        await ui.resize(120, 35)  # no look since: only the request for more rows is told
        assert "Rows" not in ui.text
        assert ui.app.state.recent.value is None


async def test_a_service_that_is_killed_and_comes_back_is_found_again(service: LiveService) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        service.stop()
        await look(ui)
        assert "! Not refreshed Showing data from Nov 22, 15:30." in flowed(ui)
        for number in (BALANCE, USED, EVENT, GRANT):
            assert number in ui.text
        service.start()
        await look(ui)
        assert "Not refreshed" not in ui.text


async def test_a_service_that_refuses_connections_is_told(service: LiveService) -> None:
    service.stop()
    client = UsageApiClient(service.url, BearerToken(service.owner), retries=AT_ONCE)
    async with running(UsageApp(client, Settings(refresh_seconds=OFTEN))) as ui:
        assert f"127.0.0.1:{service.port} refused the connection." in flowed(ui)
        service.start()
        await look(ui)
        assert BALANCE in ui.text
        assert "No data" not in ui.text


# What becomes of answers on the way

PROBLEM = '{"code": "internal_error", "detail": "Its log says more.", "request_id": "req_7"}'
FAULTS = {
    "cut": (network.cut, "The reply from {} broke off, or is not HTTP."),
    "truncated": (network.truncated, "The reply from {} broke off, or is not HTTP."),
    "garbage": (network.garbage, "The reply from {} broke off, or is not HTTP."),
    "429": (
        network.answering("429 Too Many Requests", Retry_After="42"),
        "{} is limiting requests. Try again in 42 seconds.",
    ),
    "500": (
        network.answering("500 Internal Server Error", PROBLEM),
        "{} failed (500 internal_error): Its log says more. Request req_7. Try again later.",
    ),
    "page": (
        network.answering("200 OK", "<html>Sign in</html>", Content_Type="text/html"),
        "{} answered with something other than JSON (text/html).",
    ),
    "shape": (
        network.answering("200 OK", '{"as_of": 1}', Content_Type="application/json"),
        "The reply from {} is invalid: org: is missing (and",
    ),
    "redirect": (
        network.answering("302 Found", Location="https://sso.example/login?state=x"),
        "{} redirects to https://sso.example; redirects are not followed.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_when_nothing_comes_through_the_old_numbers_stay_and_what_went_wrong_is_told(
    fault: str, service: LiveService
) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        before = ui.lines[4:-1]
        line.spoil, words = FAULTS[fault]
        await look(ui)
        told = words.format(f"127.0.0.1:{line.port}")
        assert f"! Not refreshed Showing data from Nov 22, 15:30. {told}" in flowed(ui)
        for number in (BALANCE, USED, EVENT, GRANT):
            assert number in ui.text
        line.spoil = None
        await look(ui)
        assert "Not refreshed" not in ui.text
        assert ui.lines[4:-1] == before


@pytest.mark.parametrize("fault", ["cut", "429", "page"])
async def test_when_nothing_comes_through_from_the_start_it_is_told_and_the_next_look_brings_all(
    fault: str, service: LiveService
) -> None:
    async with Line(service.port) as line:
        line.spoil, words = FAULTS[fault]
        async with dashboard(line, service.owner) as ui:
            told = words.format(f"127.0.0.1:{line.port}")
            assert f"! No data {told}" in flowed(ui)
            assert gone(ui)
            line.spoil = None
            await look(ui)
            for number in (BALANCE, USED, EVENT, GRANT):
                assert number in ui.text
            assert "No data" not in ui.text


@pytest.mark.parametrize("fault", ["truncated", "500", "garbage"])
async def test_a_page_that_does_not_come_through_leaves_the_one_before_and_those_in_memory(
    fault: str, service: LiveService
) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        await ui.press("2", "n")
        rows = ui.line("Rows ")
        await ahead(ui, line)
        line.spoil, _ = FAULTS[fault]
        await ui.press("n")  # it was fetched ahead
        there = ui.line("Rows ")
        assert there != rows
        await ui.press("n")
        assert ui.line("Rows ") == there
        assert f"127.0.0.1:{line.port}" in ui.footer
        await ui.press("p")
        assert ui.line("Rows ") == rows
        line.spoil = None
        await ui.press("n", "n")
        assert ui.line("Rows ") not in (rows, there)


async def ahead(ui: Session, line: Line) -> None:
    """Wait until the page that Next leads to is there."""
    page = ui.app.state.events.value
    assert page is not None
    assert page.page.next is not None
    while not ui.app._pages._kept.get(ui.app._pages._fetching.place):  # type: ignore[attr-defined]
        await ui.pilot.pause()
    assert page.page.next in line.asked[-1]


async def test_next_and_previous_need_no_network_once_the_page_was_fetched_ahead(
    service: LiveService,
) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        await ui.press("2")
        first = ui.line("Rows ")
        await ahead(ui, line)
        line.gate.clear()  # answers are on their way and do not come
        await ui.press("n")
        second = ui.line("Rows ")
        assert second != first
        await ui.press("p")
        assert ui.line("Rows ") == first
        line.gate.set()


async def test_a_late_line_shows_everything_in_the_end(service: LiveService) -> None:
    async with Line(service.port) as line:
        line.delay = 0.3
        async with dashboard(line, service.owner) as ui:
            for number in (BALANCE, USED, EVENT, GRANT):
                assert number in ui.text
            await ui.press("2", "n")
            assert "Rows 1–" not in ui.text


# A day at the desk


async def test_looks_without_news_are_one_request_each_over_one_connection_and_change_nothing(
    service: LiveService,
) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        state = ui.app.state
        opened, received = line.opened, line.received
        line.asked.clear()
        for _ in range(3):
            await look(ui)
        assert line.asked == ["/v1/orgs/acme/usage/summary"] * 3
        assert line.opened == opened
        assert line.received - received < 3 * 400
        assert ui.app.state is state


async def test_what_was_asked_for_and_has_not_changed_is_not_sent_again(service: LiveService) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        state = ui.app.state
        received = line.received
        line.asked.clear()
        await ui.press("r")
        assert len(line.asked) >= 7
        assert line.received - received < len(line.asked) * 400
        for name in NAMED:
            assert getattr(ui.app.state, name).value is getattr(state, name).value


class Held(NamedTuple):
    """What the process holds.

    Attributes:
        tasks: All but those that carry the line.
        connections: Sockets that are open to the service.
        requests: Requests, answers and connections, with what they are made of; nothing of the service.
        replies: How many there are of each kind.
    """

    tasks: int
    connections: int
    requests: int
    replies: Counter[str]


_OF_REQUESTS = ("usage_tui.clients", "httpcore", "httpx")
_REPLIES = (Summary, Ranking, DailyUsage, EventPage, Grants, Allowances)


def held(line: Line) -> Held:
    gc.collect()
    objects = gc.get_objects()
    return Held(
        tasks=len(asyncio.all_tasks()) - line.connections,
        connections=line.connections,
        requests=sum(str(type(one).__module__).startswith(_OF_REQUESTS) for one in objects),
        replies=Counter(type(one).__name__ for one in objects if isinstance(one, _REPLIES)),
    )


async def an_hour(ui: Session, service: LiveService, hour: int) -> None:
    """A look a minute, of which every tenth finds an event more, and a walk through some pages."""
    for minute in range(60):
        service.forward(minutes=1)
        if minute % 10 == 0:
            service.book(f"run-{hour}-{minute}")
        await look(ui)
    await ui.press("2", "n", "n", "p", "1")


async def test_two_hours_leave_neither_sockets_nor_tasks_nor_replies_behind(service: LiveService) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        await an_hour(ui, service, 0)
        before = held(line)
        await an_hour(ui, service, 1)
        after = held(line)
        assert "6,242.00" in ui.text  # 12 runs of 0.125 more
        assert after.connections <= 3
        assert after.tasks - before.tasks < 9
        # One more idle connection is fewer than this, and each of the 60 looks would leave more behind.
        assert after.requests - before.requests < 60
        # Six looks found something new. One more page may be kept, and the last answer still be in hand.
        assert {name for name, count in after.replies.items() if count - before.replies[name] > 3} == set()


async def test_whoever_moves_on_leaves_no_request_and_no_socket_behind(service: LiveService) -> None:
    async with Line(service.port) as line, dashboard(line, service.owner) as ui:
        await ui.press("2")
        await ahead(ui, line)
        before = held(line)
        line.gate.clear()
        for key in ("n", "n", "p", "g", "1", "2", "r"):
            await ui.pilot.press(key)
        line.gate.set()
        await ui.settle()
        for _ in range(1000):
            await ui.pilot.pause()
            after = held(line)
            if after.connections <= 2 and after.tasks <= before.tasks:
                return
        raise AssertionError(f"held before {before}, and after {after}")
