"""`daily --from --to`: any days that are known, in whatever period."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.cli.program import refused
from usage_tui.cli import main
from usage_tui.cli.ending import DONE


def days(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["daily", *words, "--json"]) == DONE
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_days_of_the_period_are_those_of_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    known = {day["date"]: day for day in days(capsys, "--demo")["items"]}
    found = days(capsys, "--demo", "--from", "2026-11-10", "--to", "2026-11-12")
    assert found["items"] == [known[f"2026-11-{day}"] for day in (10, 11, 12)]
    assert Decimal(found["total"]) == sum(Decimal(day["credits"]) for day in found["items"])
    assert found["range"] == {"start_date": "2026-11-10", "end_date": "2026-11-12"}


def test_days_of_two_periods_are_those_of_both_tables(capsys: pytest.CaptureFixture[str]) -> None:
    tables = [days(capsys, "--demo", "--period", word)["items"] for word in ("last", "current")]
    known = {day["date"]: day for table in tables for day in table}
    found = days(capsys, "--demo", "--from", "2026-10-30")["items"]
    assert [day["date"] for day in found[:3]] == ["2026-10-30", "2026-10-31", "2026-11-01"]
    assert found == [known[day["date"]] for day in found]
    assert found[-1]["complete"] is False


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("--to 2026-11-01", "--to goes with --from"),
        ("--from 2026-11-01 --period last", "--from and --to cannot be combined with --period"),
        ("--from 2026-11-09 --to 2026-11-01", "--to: 2026-11-01 is before --from, 2026-11-09"),
        ("--from 9999-01-01", "--from: 9999-01-01 is after today, 2026-11-22"),
        ("--from Monday", "argument --from: 'Monday' is not a date such as 2026-11-22"),
    ],
)
def test_days_that_are_none_are_refused(words: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "daily", "--demo", *words.split()).startswith(reason)
