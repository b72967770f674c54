"""What a screen warns of: once dismissed it stays away, also for the next run, until it was back in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cards.states import demo
from tests.known import known
from usage_tui.insight.findings import Finding, Rule
from usage_tui.models import Credits, Summary
from usage_tui.state.facts import facts_of
from usage_tui.state.known_answers import KnownAnswers
from usage_tui.state.reported_alerts import ReportedAlerts
from usage_tui.state.screen_alerts import ScreenAlerts

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


def answers(used: str = "7000", scenario: str = "acme", **changes: Any) -> KnownAnswers:
    """Acme, when so many of its 10,000 included credits are used."""

    def changed(summary: Summary) -> Summary:
        amount = Credits.parse(used)
        included = replace(known(summary.included), used=amount)
        return replace(summary, included=included, **changes)

    facts = known(facts_of(demo(scenario)))
    return KnownAnswers(replace(facts, summary=changed(facts.summary)))


def found(path: Path | None, one: KnownAnswers) -> list[Finding]:
    """What another run finds."""
    return ScreenAlerts(ReportedAlerts(path)).pending(one, NOW)


def rules(findings: list[Finding]) -> list[tuple[Rule, str]]:
    return [(finding.rule, finding.threshold) for finding in findings]


@pytest.mark.parametrize(
    ("used", "step"), [("4999", []), ("5000", ["50%"]), ("7500", ["75%"]), ("9000", ["90%"])]
)
def test_a_step_of_what_is_included_is_told(used: str, step: list[str]) -> None:
    assert [threshold for _, threshold in rules(found(None, answers(used)))] == step


def test_what_was_dismissed_stays_away_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "state" / "alerts.json"
    (shown,) = found(path, answers())
    ScreenAlerts(ReportedAlerts(path)).dismiss(shown, answers(), NOW)
    assert found(path, answers()) == []
    assert [*json.loads(path.read_text())["told"]] == ["tui:acme:included-used:50%:warning:2026-11"]


def test_the_next_step_and_the_next_period_are_told_anew(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    ScreenAlerts(ReportedAlerts(path)).dismiss(found(path, answers())[0], answers(), NOW)
    assert rules(found(path, answers("7600"))) == [(Rule.INCLUDED_USED, "75%")]
    period = replace(known(answers().facts.summary.period), id="2026-12")
    assert rules(found(path, answers(period=period))) == [(Rule.INCLUDED_USED, "50%")]


@pytest.mark.parametrize(("used", "again"), [("4900", False), ("4750", True)])
def test_it_is_told_again_only_when_it_was_surely_back_in_order(
    used: str, again: bool, tmp_path: Path
) -> None:
    path = tmp_path / "alerts.json"
    ScreenAlerts(ReportedAlerts(path)).dismiss(found(path, answers())[0], answers(), NOW)
    assert found(path, answers(used)) == []
    assert bool(found(path, answers())) == again


def test_what_cannot_be_told_now_is_not_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    soon = answers(scenario="switch", used="1")
    (shown,) = found(path, soon)
    assert shown.rule is Rule.RUNS_OUT_BEFORE_REFRESH
    ScreenAlerts(ReportedAlerts(path)).dismiss(shown, soon, NOW)
    unknown = KnownAnswers(replace(soon.facts, days=None, daily=None))
    assert unknown.runway is not None
    assert unknown.runway.pace is None
    assert found(path, unknown) == []
    assert found(path, soon) == []


def test_another_organization_of_the_same_source_has_alerts_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    ScreenAlerts(ReportedAlerts(path)).dismiss(found(path, answers())[0], answers(), NOW)
    other = answers(org=replace(answers().facts.summary.org, id="org_2"))
    assert len(found(path, other)) == 1


def test_a_command_and_a_screen_do_not_silence_each_other(tmp_path: Path) -> None:
    path, one = tmp_path / "alerts.json", answers()
    findings = one.screen_findings
    assert ReportedAlerts(path).news(findings, judged=(), back={}, now=NOW) == findings
    assert found(path, one) == findings
    assert ScreenAlerts(ReportedAlerts(path)).news(one, NOW) == findings
    assert ScreenAlerts(ReportedAlerts(path)).news(one, NOW) == []
    assert found(path, one) == findings


@pytest.mark.parametrize("act", [ScreenAlerts.pending, ScreenAlerts.news])
def test_where_nothing_can_be_written_it_is_remembered_until_the_end(
    act: Callable[[ScreenAlerts, KnownAnswers, datetime], list[Finding]], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    path, one = tmp_path / "file" / "alerts.json", answers()
    alerts = ScreenAlerts(ReportedAlerts(path))
    (shown,) = act(alerts, one, NOW)
    alerts.dismiss(shown, one, NOW)
    assert alerts.pending(one, NOW) == []
    assert found(path, one) == [shown]
