"""Who used what of an account whose vendor tells single events with their actors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.clients.providers.fake import NOW, Fake, FakeWithEvents, client_of
from usage_tui.clients.base import NotOffered
from usage_tui.clients.providers import event_log
from usage_tui.clients.providers.base import Act, Cell
from usage_tui.clients.registry import Vendor
from usage_tui.models import EventQuery, Ranking

FIRST, SECOND = date(2026, 11, 2), date(2026, 11, 3)


def act(number: int, day: date, amount: str, actor: str | None) -> Act:
    at = datetime(day.year, day.month, day.day, 12, number, tzinfo=UTC)
    return Act(f"r{number}", at, "m", "Model", "completion", Decimal(amount), actor=actor)


ACTS = (
    act(4, SECOND, "1.25", "bo"),
    act(3, SECOND, "0.5", None),
    act(2, FIRST, "2", "al"),
    act(1, FIRST, "3", "bo"),
)
CELLS = (Cell(FIRST, "m", "Model", Decimal("5.5"), 3), Cell(SECOND, "m", "Model", Decimal("1.75"), 2))
"""The first day cost 0.5 more than its events tell."""


def with_events(*, acts: Sequence[Act] = ACTS) -> FakeWithEvents:
    fake = FakeWithEvents(*acts)
    fake.provider, fake.cells = fake.provider._replace(vendor=Vendor()), CELLS
    return fake


def told(ranking: Ranking) -> dict[str, str]:
    return {item.label: f"{item.credits}" for item in ranking.items}


async def test_people_and_what_no_event_attributes_add_up_to_the_period() -> None:
    assert FIRST.replace(day=1) <= NOW.date()
    client = client_of(with_events())
    ranking = await client.people()
    assert told(ranking) == {"bo": "4.25", "al": "2", "Not attributed": "1"}
    assert ranking.total == (await client.sources()).total


async def test_the_days_of_people_add_up_to_those_of_the_account() -> None:
    client = client_of(with_events())
    days = await client.people_days(FIRST, SECOND)
    by_person = {item.label: [f"{one}" for one in item.credits] for item in days.items}
    assert by_person == {"bo": ["3", "1.25"], "al": ["2", "0"], "Not attributed": ["0.5", "0.5"]}


async def test_the_history_keeps_its_page_while_people_are_added_up() -> None:
    client = client_of(with_events())
    first = await client.events(EventQuery(), limit=2)
    await client.people()
    second = await client.events(EventQuery(), cursor=first.page.next, limit=2)
    assert [event.id for event in (*first.items, *second.items)] == ["r4", "r3", "r2", "r1"]


async def test_more_events_than_are_read_are_not_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "_MOST_PAGES", 1)
    with pytest.raises(NotOffered, match="more single events in this time than this program adds up"):
        await client_of(with_events()).people()


async def test_a_vendor_without_single_events_says_so() -> None:
    with pytest.raises(NotOffered, match="reports usage by day and source, not by person"):
        await client_of(Fake(*CELLS)).people()
