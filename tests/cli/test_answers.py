"""forecast, plan and why: the worked examples of a real history, and what is assumed or misunderstood."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.program import refused
from tests.trace import import_trace
from usage_tui.cli import main


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The public trace, imported as the README does."""
    return str(import_trace(tmp_path_factory.mktemp("trace")))


def answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*words, "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def days(found: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(found[name] for name in ("runs_out", "earliest", "latest"))


def test_the_forecast_of_a_real_history(trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "forecast", trace)
    assert days(found) == ("2026-12-20", "2026-11-27", None)
    assert found["included_out"] == "2026-11-22"
    assert found["renewal"] == {"on": "2026-12-01", "credits": "5000", "assumed": True}
    (lapse,) = found["lapses"]
    assert (lapse["likelihood"], lapse["most"]) == ("possible", "1195.216714")
    assert main(["forecast", trace]) == 0
    out = capsys.readouterr().out
    assert "about Dec 20, earliest Nov 27" in out
    assert "268.82 a day, mean of the last 21 days" in out
    assert "up to 1,195.22 credits of Top-up on Oct 14, 2027, only at the quietest pace" in " ".join(
        out.split()
    )


@pytest.mark.parametrize(
    ("assumed", "expected"),
    [
        (["--top-up", "5000"], ("2027-01-26", "2026-12-20")),
        (["--cut", "50%"], (None, "2026-12-26")),
    ],
)
def test_what_is_assumed_stands_beside_the_usual(
    assumed: list[str], expected: tuple[str | None, str], trace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "forecast", trace, *assumed)
    assert days(found)[:2] == expected
    assert found["without"] == {"runs_out": "2026-12-20", "earliest": "2026-11-27", "latest": None}
    assert main(["forecast", trace, *assumed, "--explain"]) == 0
    assert "Without   about Dec 20" in capsys.readouterr().out


@pytest.mark.parametrize("by", ["source", "kind", "actor"])
def test_the_table_of_sources_has_no_column_that_stays_empty(
    by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", "--demo", "--by", by]) == 0
    out = capsys.readouterr().out
    assert "Share " in out
    assert " days " not in out


def test_with_too_little_history_a_plan_says_so_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--demo", "new-organization", "--credits", "5"]) == 0
    out = capsys.readouterr().out
    assert "Runs out    too little history: 5 of 7 complete days" in out
    assert out.count("too little history") == 1


def test_runs_of_a_source_are_planned_by_its_pseudonym(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "--demo", "--redact", "--json"]) == 0
    assert '"Source 1"' in capsys.readouterr().out
    named = answer(capsys, "plan", "--demo", "--runs", "5", "--of", "Contract review")
    hidden = answer(capsys, "plan", "--demo", "--redact", "--runs", "5", "--of", "Source 1")
    assert hidden["basis"]["runs"] == named["basis"]["runs"]
    assert hidden["usual"]["credits"] == named["usual"]["credits"]


def test_a_batch_of_runs_is_planned(trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "plan", trace, "--runs", "5000", "--of", "code compl")
    assert found["verdict"] == "fits"
    usual, cautious = found["usual"], found["cautious"]
    assert (usual["credits"], usual["left"]) == ("1139.4255", "1334.8157")
    assert [one["credits"] for one in usual["paid_by"]] == ["474.2412", "665.1843"]
    assert days(usual)[:2] == ("2026-11-27", "2026-11-25")
    assert (cautious["credits"], cautious["left"]) == ("1346.085", "1128.1562")


def test_a_batch_that_does_not_fit_has_its_exit_code(trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "plan", trace, "--credits", "3000", code=3)
    assert found["verdict"] == "does not fit"
    assert found["usual"]["shortfall"] == "525.7588"
    assert main(["plan", trace, "--credits", "3000"]) == 3
    assert "526 credits short" in capsys.readouterr().out
    assert answer(capsys, "plan", trace, "--credits", "3000", "--top-up", "600")["verdict"] == "fits"


@pytest.mark.parametrize(
    "words",
    [
        "plan --demo",
        "plan --demo --credits 0",
        "plan --demo --credits 5 --runs 5",
        "plan --demo --runs 5",
        "plan --demo --credits 5 --of x",
        "plan --demo --runs 5 --of nothing-like-it",
        "forecast --demo --cut 200%",
        "forecast --demo --top-up-expires 2027-01-01",
        "forecast --demo --top-up 5 --top-up-expires 2020-01-01",
        'forecast --demo --cut "=5%',
        "why --demo --day 2026-13-01",
        "history --demo --limit 0",
        "daily --demo --json --csv",
        "sources --demo --timeout soon",
        "sources --demo --period 1999-01",
    ],
)
def test_what_means_nothing_is_refused_in_one_line(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, *words.split())


def test_a_source_with_few_runs_is_no_basis(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--demo", "fractions", "--runs", "5", "--of", "a"]) in (1, 2)


@pytest.mark.parametrize("day", ["peak", "yesterday", "today", "2026-11-12"])
def test_why_adds_up(day: str, trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "why", trace, "--day", day)
    assert found["complete"] == (day != "today")
    assert sum(float(one["credits"]) for one in found["sources"]) == pytest.approx(float(found["credits"]))
    assert main(["why", trace, "--day", day]) == 0
    assert "Why " in capsys.readouterr().out


def test_a_day_of_which_nothing_is_known_is_said(trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", trace, "--day", "2099-01-01"]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_tables_of_the_period_before(capsys: pytest.CaptureFixture[str]) -> None:
    periods = answer(capsys, "periods", "--demo")["items"]
    for command in ("sources", "daily"):
        for word, row in (("current", periods[0]), ("last", periods[1]), (periods[1]["id"], periods[1])):
            found = answer(capsys, command, "--demo", "--period", word)
            assert found["total"] == row["credits"]
        assert main([command, "--demo", "--period", "last"]) == 0
        assert "762.25 credits" in capsys.readouterr().out
