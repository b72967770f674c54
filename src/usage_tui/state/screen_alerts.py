"""The alerts of a screen: which of them were dismissed, and which are new, on disk or until the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from usage_tui.insight.alerts import DEFAULT_RULES, STEPS_OF_INCLUDED
from usage_tui.insight.findings import Finding, Level, Rule
from usage_tui.models import Credits
from usage_tui.models.summary import INCLUDED
from usage_tui.state.known_answers import KnownAnswers
from usage_tui.state.reported_alerts import ReportedAlerts, beginning, is_back_under

_DISMISSED, _ANNOUNCED = "tui:", "announced:"
"""What the keys in the file begin with, so that no command and no screen silences the other."""

_WORSE = {Rule.STATE: Rule.STATE, Rule.RUNS_OUT_BEFORE_REFRESH: Rule.RUNS_OUT_WITHIN}
"""The rule whose finding hides that of another, which is not in order then."""


class ScreenAlerts:
    """What a screen warns of. All methods may wait for the disk."""

    def __init__(self, reported: ReportedAlerts) -> None:
        """Remember nothing yet.

        Args:
            reported: Where it is remembered. Once that fails, it is remembered until the end of the process.
        """
        self._reported = reported

    def pending(self, answers: KnownAnswers, now: datetime) -> list[Finding]:
        """What was found and not dismissed, the worst first."""
        findings, back = answers.screen_findings, _back(answers)
        prefix = _prefix(_DISMISSED, answers)
        try:
            return self._reported.untold(findings, judged=[*back], back=back, now=now, prefix=prefix)
        except OSError:
            self._reported = ReportedAlerts(None)
            return findings

    def dismiss(self, finding: Finding, answers: KnownAnswers, now: datetime) -> None:
        """Show a finding no more, until it was back in order."""
        prefix = _prefix(_DISMISSED, answers)
        try:
            self._reported.tell(finding, now, prefix)
        except OSError:
            self._reported = ReportedAlerts(None)
            self._reported.tell(finding, now, prefix)

    def news(self, answers: KnownAnswers, now: datetime) -> list[Finding]:
        """What was found for the first time, the worst first; it is not new again."""
        findings, back = answers.screen_findings, _back(answers)
        prefix = _prefix(_ANNOUNCED, answers)
        try:
            return self._reported.news(findings, judged=[*back], back=back, now=now, prefix=prefix)
        except OSError:
            self._reported = ReportedAlerts(None)
            return self._reported.news(findings, judged=[*back], back=back, now=now, prefix=prefix)


def _prefix(start: str, answers: KnownAnswers) -> str:
    """Periods of two organizations may have the same id."""
    return f"{start}{answers.facts.summary.org.id}:"


def _back(answers: KnownAnswers) -> Mapping[str, bool]:
    """Whether what was found before is surely in order again, by the beginning of its keys.

    What cannot be told is left out.
    """
    return dict(_told_back(answers))


def _told_back(answers: KnownAnswers) -> Iterator[tuple[str, bool]]:
    summary, runway = answers.facts.summary, answers.runway
    found = {finding.rule for finding in answers.screen_findings}
    for rule, threshold, level in DEFAULT_RULES:
        known = summary.state if rule is Rule.STATE else runway and runway.pace
        if known is not None:
            yield beginning(rule, threshold, level), _WORSE.get(rule) not in found
    included = summary.included
    if included is not None and included.kind == INCLUDED:
        for percent in STEPS_OF_INCLUDED:
            limit = Credits(included.granted.micro * percent // 100)
            start = beginning(Rule.INCLUDED_USED, f"{percent}%", Level.WARNING)
            yield start, is_back_under(included.used, limit)
