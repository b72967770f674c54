"""What was told: once among many processes, kept, forgotten, and told anew when it is back in order."""

from __future__ import annotations

import json
import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.state.telling import BELOW, NOW, finding, news, tell
from usage_tui.insight.findings import Finding
from usage_tui.models import Credits
from usage_tui.state.reported_alerts import ReportedAlerts, is_back_above, is_back_under

PROCESSES = 20


def test_a_new_period_is_told_anew_and_another_reader_tells_for_itself(tmp_path: Path) -> None:
    path = tmp_path / "state" / "alerts.json"
    assert news(path, finding()) == [finding()]
    assert news(path, finding()) == []
    assert news(path, finding("2026-12"), back=False) == [finding("2026-12")]
    assert news(path, finding(), prefix="tui:") == [finding()]


def test_it_is_told_anew_only_when_it_was_surely_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    news(path, finding())
    news(path, back=False)
    assert news(path, finding()) == []
    news(path, back=True)
    assert news(path, finding()) == [finding()]


@pytest.mark.parametrize(("value", "back"), [("2099.999999", False), ("2100", True)])
def test_five_percent_are_surely_back(value: str, back: bool) -> None:
    assert is_back_above(Credits.parse(value), Credits.parse("2000")) == back
    assert is_back_under(Credits.parse("1900"), Credits.parse("2000"))
    assert not is_back_under(Credits.parse("1900.000001"), Credits.parse("2000"))


def test_what_other_rules_told_stays_unless_it_is_very_old(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    other = finding(about="a:b", threshold="7:d")
    ReportedAlerts(path).news([other], judged=set(), back={}, now=NOW)
    news(path)
    assert other.key in json.loads(path.read_text())["told"]
    news(path, now=NOW + timedelta(days=401))
    assert json.loads(path.read_text())["told"] == {}


def test_the_file_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    ReportedAlerts(path).news([finding(str(number)) for number in range(600)], judged=set(), back={}, now=NOW)
    assert len(json.loads(path.read_text())["told"]) == 500


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": "other"}', '{"schema": "usage-tui/alerts/1", "told": 1}']
)
def test_a_damaged_file_is_moved_aside(text: str, tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    path.write_text(text)
    told = ReportedAlerts(path)
    assert told.news([finding()], judged=set(), back={}, now=NOW) == [finding()]
    assert told.moved is not None
    assert told.moved.read_text() == text


def untold(
    path: Path | None, *findings: Finding, told: ReportedAlerts | None = None, back: bool = True
) -> list[Finding]:
    made = told or ReportedAlerts(path)
    return made.untold(findings, judged={BELOW}, back={BELOW: back}, now=NOW, prefix="tui:")


def test_what_is_only_looked_at_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    assert untold(path, finding()) == untold(path, finding()) == [finding()]
    assert not path.exists()


def test_what_was_told_is_told_no_more_until_it_was_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    ReportedAlerts(path).tell(finding(), NOW, "tui:")
    assert untold(path, finding(), finding("2026-12")) == [finding("2026-12")]
    assert news(path, finding()) == [finding()]
    assert untold(path, back=False) == []
    assert untold(path, finding()) == []
    assert untold(path, back=True) == []
    assert untold(path, finding()) == [finding()]


def test_without_a_file_it_is_remembered_until_the_end() -> None:
    told = ReportedAlerts(None)
    told.tell(finding(), NOW, "tui:")
    assert untold(None, finding(), told=told) == []
    assert untold(None, finding()) == [finding()]


def test_of_many_processes_at_once_one_tells(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    start, told = context.Barrier(PROCESSES), context.SimpleQueue()
    path = tmp_path / "alerts.json"
    processes = [context.Process(target=tell, args=(path, start, told)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert sum(told.get() for _ in processes) == 1
