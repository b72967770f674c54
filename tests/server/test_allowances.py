"""What is used of the allowances follows from their journal, and what does not is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.world import NOW, World, at
from usage_tui.server.ledger_writer.verify import differences


def report(sender_id: str, amount: str, time: datetime = NOW, **data: Any) -> dict[str, Any]:
    envelope = {"specversion": "1.0", "type": "usage.allowance.hours", "source": "//tools", "id": sender_id}
    return {**envelope, "time": time.isoformat(), "data": {"amount": amount, **data}}


@pytest.fixture
def metered(either_world: World) -> World:
    """Hours that start anew each month, 3.75 used of them, 0.25 of these by `Nightly`."""
    either_world.change("allowances/hours", {"label": "Hours", "unit": "hour", "resets": True}, method="PUT")
    either_world.post(report("a1", "1.5"), report("a2", "2"), report("a2", "2"))
    either_world.post(report("a3", "0.25", line="Nightly"))
    return either_world


def found(world: World) -> list[str]:
    with world.database.reading() as connection:
        return list(differences(connection, "acme"))


def test_uses_of_this_period_and_of_the_next_follow_from_the_journal(metered: World) -> None:
    assert metered.read("allowances")["items"][0]["used"] == "3.75"
    assert found(metered) == []
    metered.clock.now = at("12-02T00:00")
    assert metered.read("allowances")["items"][0]["used"] == "0"
    assert found(metered) == []
    metered.post(report("a4", "0.125", metered.clock.now))
    assert metered.read("allowances")["items"][0]["used"] == "0.125"
    assert found(metered) == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("UPDATE allowances SET used = '3'", "allowance hours, used: stored 3, but should be 3.75"),
        (
            "UPDATE allowance_lines SET used = '9'",
            "allowance hours, line Nightly: stored 9, but should be 0.25",
        ),
        (
            "INSERT INTO allowance_lines VALUES ('acme', 'hours', 'Odd', 1, '1')",
            "allowance hours, line Odd: stored 1, but should be 0",
        ),
    ],
)
def test_what_does_not_follow_is_named(metered: World, change: str, line: str) -> None:
    with metered.database.writing() as connection:
        connection.execute(text(change))
    assert found(metered) == [line]
