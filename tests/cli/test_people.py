"""Who used what: people, and what nobody is known for, from all events of a period or of a day."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest

from tests.cli.program import refused
from usage_tui.cli import main
from usage_tui.clients.demo.client import DemoClient
from usage_tui.models import Ranking


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def used_by_actor(capsys: pytest.CaptureFixture[str], since: str, until: str) -> dict[str, Decimal]:
    """What each person used between two instants, by the history."""
    assert main(["history", "--demo", "--limit", "all", "--csv"]) == 0
    found: dict[str, Decimal] = {}
    for row in csv.DictReader(io.StringIO(capsys.readouterr().out)):
        if row["actor"] and since <= row["occurred_at"] < until:
            found[row["actor"]] = found.get(row["actor"], Decimal(0)) + Decimal(row["credits"])
    return found


def test_a_period_by_people_is_its_events_added_up(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "sources", "--demo", "--by", "actor")
    *people, rest = found["items"]
    assert found["by"] == "actor"
    assert {one["label"]: Decimal(one["credits"]) for one in people} == used_by_actor(
        capsys, "2026-11-01T04", "2026-12-01T05"
    )
    assert (rest["label"], rest["source_id"]) == ("Not attributed", "")
    assert sum(Decimal(one["credits"]) for one in found["items"]) == Decimal(found["total"])
    assert sum(Decimal(one["share"]) for one in found["items"]) == 1


def test_a_day_by_people_is_its_events_added_up(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "why", "--demo", "--by", "actor", "--day", "2026-11-12")
    people = {one["label"]: Decimal(one["credits"]) for one in found["sources"]}
    assert people.pop("Not attributed") == 0
    assert people == used_by_actor(capsys, "2026-11-12T05", "2026-11-13T05")
    changes = sum(Decimal(one["change"]) for one in found["sources"]) + Decimal(found["other"])
    assert changes == Decimal(found["credits"]) - Decimal(found["usual"])


@pytest.mark.parametrize("by", ["source", "kind", "actor"])
def test_a_past_period_is_named_as_such(by: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "--demo", "--by", by, "--period", "last"]) == 0
    text = capsys.readouterr().out
    assert "Usage Oct 1 – Oct 31" in text
    assert "Current-period" not in text


@pytest.mark.parametrize("words", ["sources", "why --day 2026-11-12"])
def test_what_nobody_is_known_for_has_a_row_always(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    for scenario in ("acme", "spike", "dollars"):
        assert main([*words.split(), "--demo", scenario, "--by", "actor"]) == 0
        assert capsys.readouterr().out.count("Not attributed") == 1


@pytest.mark.parametrize("words", ["sources", "why", "sources --json", "why --csv"])
def test_without_billing_access_it_is_withheld(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words.split(), "--demo", "member", "--by", "actor"]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert "billing access" in err


def test_people_are_pseudonyms_where_that_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("sources", "why"):
        assert main([words, "--demo", "--by", "actor", "--redact"]) == 0
        out = capsys.readouterr().out
        assert "@" not in out
        assert "Person" in out


def test_what_takes_too_long_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stuck(self: DemoClient, period_id: str | None = None) -> Ranking:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(DemoClient, "people", stuck)
    assert main(["sources", "--demo", "--by", "actor", "--timeout", "0.5"]) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "usage-tui: demo took too long; try a larger --timeout\n"


def test_a_period_of_before_has_people_too(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "sources", "--demo", "--by", "actor", "--period", "last")
    assert sum(Decimal(one["credits"]) for one in found["items"]) == Decimal(found["total"])
    assert len(found["items"]) > 1


def test_a_table_of_people_has_their_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "--demo", "--by", "actor"]) == 0
    head = capsys.readouterr().out.splitlines()[3]
    assert head.split() == ["Person", "Credits", "Share", "Count"]
    assert main(["why", "--demo", "--by", "actor"]) == 0
    assert "Person" in capsys.readouterr().out


def test_other_words_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "why", "--demo", "--by", "kind")
