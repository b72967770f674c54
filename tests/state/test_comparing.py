"""Comparing the current period with the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.known import known
from tests.tui.clients import Noted, Scripted
from usage_tui.clients.base import Unreachable, UsageClient
from usage_tui.clients.demo.client import open_demo
from usage_tui.state.comparing import is_up_to_date, load_comparison, why_not_comparable
from usage_tui.state.loading import PlainStore, load_all, load_past
from usage_tui.state.reducers import switched
from usage_tui.state.remote import Remote, Status, not_offered
from usage_tui.state.usage import UsageState


async def loaded(client: UsageClient) -> PlainStore:
    store = PlainStore.of(client)
    await load_all(store, client)
    await load_past(store, client)
    return store


async def state_of(scenario: str) -> UsageState:
    return (await loaded(open_demo(scenario))).state


@pytest.mark.parametrize(("scenario", "found"), [("acme", True), ("annual", False), ("lapsing", True)])
async def test_there_must_be_a_period_before(scenario: str, found: bool) -> None:
    assert (not why_not_comparable(await state_of(scenario))) is found


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (Remote(), False),
        (Remote(status=Status.LOADING), False),
        (Remote(status=Status.FAILED, error=Unreachable("No answer.")), True),
        (not_offered("Not told."), True),
    ],
)
async def test_what_is_loading_is_waited_for(days: Remote[Any], found: bool) -> None:
    assert (not why_not_comparable(replace(await state_of("acme"), source_days=days))) is found


async def test_it_is_asked_for_once_and_kept() -> None:
    client = Noted(open_demo())
    store = await loaded(client)
    del client.asked[:]
    assert not is_up_to_date(store.state)
    await load_comparison(store, client)
    assert client.asked == ["daily"]
    assert is_up_to_date(store.state)
    assert known(store.state.compared.value).total.days == 21


async def test_it_is_of_a_revision() -> None:
    client = open_demo()
    store = await loaded(client)
    await load_comparison(store, client)
    daily = known(store.state.daily.value)
    newer = replace(store.state.daily, value=replace(daily, revision=daily.revision + 1))
    assert not is_up_to_date(replace(store.state, daily=newer))


async def test_another_organization_has_another() -> None:
    client = open_demo()
    store = await loaded(client)
    await load_comparison(store, client)
    assert switched(store.state).compared.value is None


async def test_a_failure_is_told_and_tried_again() -> None:
    client = Scripted()
    store = await loaded(client)
    client.replies["periods"] = Unreachable("No answer.")
    await load_comparison(store, client)
    assert store.state.compared.status is Status.FAILED
    del client.replies["periods"]
    await load_comparison(store, client)
    assert store.state.compared.value is not None
