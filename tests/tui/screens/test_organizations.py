"""Switching the organization: what is offered, and that nothing of the former one is ever shown again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.service import Service
from tests.tui.clients import demo
from tests.tui.session import NORMAL, WIDE, make_app, running
from usage_tui.clients.base import Slice
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.access import organizations
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.models import Event
from usage_tui.state.cache import Cache
from usage_tui.tui.app import UsageApp
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.organizations import OrganizationsDialog

OF_ACME = ("Acme", "3,759.50", "Contract review", "Top-up")


class Slow(DemoClient):
    """Two organizations, whose replies wait until they are let through, whoever has given up on them.

    Only who the viewer is comes at once.

    Attributes:
        held: The ids of the organizations whose replies wait.
        changed: Set when there are others.
    """

    def __init__(self, *held: str) -> None:
        super().__init__(organizations())
        self.held = set(held)
        self.changed = asyncio.Event()

    def let_through(self, organization: str) -> None:
        self.held.discard(organization)
        self.changed.set()
        self.changed = asyncio.Event()

    async def _answer(self, name: Slice, reply: Any) -> Any:
        organization = self._scenario.statement.summary.org.id
        while name is not Slice.ME and organization in self.held:
            with suppress(asyncio.CancelledError):
                await self.changed.wait()
        return await super()._answer(name, reply)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def nothing_of_acme(text: str) -> bool:
    return not any(word in text for word in OF_ACME)


@pytest.mark.parametrize("scenario", ["acme", "member"])
async def test_with_one_organization_there_is_nothing_to_switch(scenario: str) -> None:
    async with running(make_app(scenario)) as ui:
        before = ui.text
        await ui.press("o")
        assert ui.text == before
        await ui.press("ctrl+p", *"organization")
        assert "Switch organization" not in ui.text


async def test_the_organizations_are_listed_with_role_and_access() -> None:
    async with running(make_app("organizations"), NORMAL) as ui:
        await ui.press("o")
        assert isinstance(ui.app.screen, OrganizationsDialog)
        assert ui.line("current").split("│")[1].split() == ["Acme", "Owner", "yes", "current"]
        assert ui.line("Beta Labs").split("│")[1].split() == ["Beta", "Labs", "Viewer", "no"]
        assert "Enter switch   Esc close" in ui.text
        await ui.press("escape")
        assert isinstance(ui.app.screen, Dashboard)


async def test_organizations_with_one_name_are_told_apart_by_their_ids() -> None:
    twins = organizations()
    me = twins.statement.me
    acme, beta = me.organizations
    both = replace(me, organizations=(acme, replace(beta, name=acme.name)))
    scenario = twins._replace(statement=twins.statement._replace(me=both))
    async with running(make_app(DemoClient(scenario)), NORMAL) as ui:
        assert ui.lines[0].split("o switch")[0].strip() == f"Acme ({acme.id})"
        await ui.press("o")
        assert f"Acme ({acme.id})" in ui.line("current")
        assert f"Acme ({beta.id})" in ui.text


async def test_the_palette_offers_it() -> None:
    async with running(make_app("organizations")) as ui:
        await ui.press("ctrl+p", *"organization", "enter")
        assert isinstance(ui.app.screen, OrganizationsDialog)


async def test_enter_switches_and_no_screen_shows_the_former_one() -> None:
    async with running(make_app("organizations"), WIDE) as ui:
        await ui.press("2", "n", "3", "1")
        await ui.press("o", "down", "enter")
        assert "Beta Labs" in ui.lines[0]
        assert "Berlin" in ui.lines[0]
        assert "889.50" in ui.text
        for key in ("1", "2", "3"):
            await ui.press(key)
            assert nothing_of_acme(ui.text)
        await ui.press("1", "o", "up", "enter")
        assert "Acme" in ui.lines[0]
        assert "3,759.50" in ui.text


async def test_a_history_without_access_says_so_and_one_with_access_comes_back() -> None:
    async with running(make_app("organizations"), WIDE) as ui:
        await ui.press("2")
        first = ui.text
        await ui.press("n", "o", "down", "enter")
        assert "billing admin" in ui.text
        assert nothing_of_acme(ui.text)
        await ui.press("o", "up", "enter")
        assert ui.text == first


async def test_before_the_first_reply_nothing_is_left_of_the_former_one() -> None:
    client = Slow("beta")
    async with running(make_app(client), WIDE) as ui:
        assert not nothing_of_acme(ui.text)
        await ui.press_only("o", "down", "enter")
        assert nothing_of_acme(ui.text)
        assert "Loading…" in ui.text
        client.let_through("beta")
        await ui.settle()
        assert "Beta Labs" in ui.lines[0]


@pytest.mark.parametrize("keys", [("r",), ("r", "2", "n"), ("2",)])
async def test_replies_of_the_former_one_that_come_late_change_nothing(keys: tuple[str, ...]) -> None:
    client = Slow()
    async with running(make_app(client), WIDE) as ui:
        client.held.add("acme")
        await ui.press_only(*keys, "o", "down", "enter")
        await ui.wait_for("Beta Labs")
        client.let_through("acme")
        await ui.settle()
        for key in ("1", "2", "3"):
            await ui.press(key)
            assert "Beta Labs" in ui.lines[0]
            assert nothing_of_acme(ui.text)


async def test_an_event_that_is_found_too_late_is_not_shown() -> None:
    client = Slow()
    found: list[Event] = []
    async with running(make_app(client), WIDE) as ui:
        client.held.add("acme")
        newest = client._scenario.events[0]
        ui.app.find_event(newest.id, newest.occurred_at, found.append)
        await ui.pilot.pause()
        await ui.press_only("o", "down", "enter")
        await ui.wait_for("Beta Labs")
        client.let_through("acme")
        await ui.settle()
        assert found == []
        assert "billing admin" not in ui.footer
        ui.app.find_event(newest.id, newest.occurred_at, found.append)
        await ui.settle()
        assert found == []
        assert "billing admin" in ui.footer


async def test_late_replies_to_the_very_first_requests_change_nothing() -> None:
    client = Slow("acme")
    async with running(make_app(client), WIDE, answered=False) as ui:
        await ui.wait_for("Loading…")
        await ui.press_only("o", "down", "enter")
        await ui.wait_for("Beta Labs")
        client.let_through("acme")
        await ui.settle()
        assert "Beta Labs" in ui.lines[0]
        assert nothing_of_acme(ui.text)


async def test_the_next_start_begins_with_the_organization_that_this_one_began_with(tmp_path: Path) -> None:
    app = UsageApp(DemoClient(organizations()), cache=Cache(tmp_path, "key", None))
    async with running(app, WIDE) as ui:
        await ui.press("o", "down", "enter", "r")
        assert "Beta Labs" in ui.lines[0]
    (kept,) = (file for file in files(tmp_path) if file.suffix == ".jsonl")
    recording = await RecordingClient.open(kept)
    assert (await recording.summary()).org.name == "Acme"
    await recording.aclose()


async def test_the_one_on_the_screen_is_not_loaded_again() -> None:
    client = demo("organizations")
    async with running(make_app(client)) as ui:
        await ui.press("o")
        client.asked.clear()
        await ui.press("enter")
        assert isinstance(ui.app.screen, Dashboard)
        assert not client.asked


async def test_many_organizations_scroll_with_the_cursor() -> None:
    scenario = organizations()
    me = scenario.statement.me
    many = [replace(me.organizations[1], id=f"org{number}", name=f"Org {number}") for number in range(30)]
    statement = scenario.statement._replace(me=replace(me, organizations=(me.organizations[0], *many)))
    async with running(make_app(DemoClient(scenario._replace(statement=statement))), (40, 12)) as ui:
        await ui.press("o", *["down"] * 30)
        assert "Org 29" in ui.text
        await ui.press(*["up"] * 30)
        assert "Acme" in ui.text


async def test_a_service_is_asked_for_the_other_organization(service: Service) -> None:
    client = UsageApiClient(service.url, BearerToken(service.maria))
    async with running(make_app(client), WIDE) as ui:
        assert "Acme" in ui.lines[0]
        await ui.press("o", "down", "enter")
        assert "Beta Labs" in ui.lines[0]
        assert "Viewer" in ui.lines[0]
        await ui.press("r", "2")
        assert "Beta Labs" in ui.lines[0]
        assert "billing admin" in ui.text


async def test_a_token_of_one_organization_has_nothing_to_switch(service: Service) -> None:
    async with running(make_app(UsageApiClient(service.url, BearerToken(service.sam))), WIDE) as ui:
        await ui.press("o")
        assert isinstance(ui.app.screen, Dashboard)
