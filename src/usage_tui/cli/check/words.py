"""What was found, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from usage_tui.insight.findings import Finding, Level, Reason, Rule, worst
from usage_tui.models import Credits, Summary
from usage_tui.text import dates
from usage_tui.text.amounts import CREDIT, spoken_amount
from usage_tui.text.words import count_noun

_REASONS = {
    Reason.NO_DATA: "its data are not known",
    Reason.NO_BALANCE: "the source reports no balance",
    Reason.NOTHING_INCLUDED: "the plan includes nothing, so there is no part of it",
    Reason.TOO_LITTLE_HISTORY: "there are less than 7 complete days of history",
    Reason.UNKNOWN_STATE: "the source reports no state that is known here",
}
_HOUR, _MINUTE = 3600, 60


def finding_text(finding: Finding, summary: Summary) -> str:
    """One finding: ``1,900 credits left, below 2,000 credits``."""
    unit = summary.unit.code
    if finding.reason is not None:
        return f"{finding.rule} cannot be told: {_REASONS[finding.reason]}"
    value, threshold = finding.value, finding.threshold
    match finding.rule:
        case Rule.BELOW:
            assert isinstance(value, Credits)  # noqa: S101 - as the rule has it
            limit = spoken_amount(finding.limit or Credits.ZERO, unit)
            part = f"{threshold} of what is included, {limit}" if threshold.endswith("%") else limit
            return f"{spoken_amount(value, unit)} left, below {part}"
        case Rule.RUNS_OUT_WITHIN:
            after = (
                f", after the refresh on {_day(finding.refresh_on, summary)}" if finding.refresh_on else ""
            )
            days = count_noun(int(threshold.removesuffix("d")), "day")
            return f"credits run out about {_day(value, summary)}, within {days}{after}"
        case Rule.RUNS_OUT_BEFORE_REFRESH:
            refresh = _day(finding.refresh_on, summary)
            return f"credits run out about {_day(value, summary)}, before the refresh on {refresh}"
        case Rule.EXPIRES_WITHIN:
            grant = finding.grant
            assert grant is not None  # noqa: S101 - as the rule has it
            what = spoken_amount(grant.remaining, unit)
            return f"{what} of {grant.description or grant.id} expire on {_day(value, summary)}"
        case Rule.LAPSES:
            assert isinstance(value, Credits)  # noqa: S101 - as the rule has it
            return f"{spoken_amount(value, unit)} of what was bought lapse unused at the usual pace"
        case Rule.STATE:
            return f"the account is {value}"
        case Rule.STALE:
            assert isinstance(value, timedelta)  # noqa: S101 - as the rule has it
            limit_age = timedelta(seconds=int(threshold.removesuffix("s")))
            return f"the data are {age_text(value)} old, older than {age_text(limit_age)}"
    return f"{finding.rule} {threshold}".rstrip()


def verdict(findings: Sequence[Finding], summary: Summary, data_from: str) -> str:
    """Everything in one line, the worst first.

    Args:
        findings: The worst first.
        summary: How the organization stands.
        data_from: When the data were true, if they are old; else empty.
    """
    level = worst(findings)
    texts = [finding_text(finding, summary) for finding in findings] or [_all_is_well(summary)]
    old = f" (data from {data_from})" if data_from else ""
    return f"{level_word(level)}: {'; '.join(texts)}{old}"


def level_word(level: Level) -> str:
    """``ok``, ``warning``, ``critical``, ``unknown``."""
    return level.name.lower()


def _all_is_well(summary: Summary) -> str:
    if summary.balance is not None:
        return f"{spoken_amount(summary.balance.total, summary.unit.code)} left"
    if summary.usage is not None:
        return f"{spoken_amount(summary.usage.total, summary.unit.code)} used this period"
    return "no credits are known" if summary.unit.code == CREDIT else "no amounts are known"


def _day(value: object, summary: Summary) -> str:
    assert isinstance(value, date)  # noqa: S101 - as the rule has it
    today = dates.local(summary.as_of, summary.org.time_zone).date()
    return dates.day(value, year=value.year != today.year)


def age_text(age: timedelta) -> str:
    """``45 seconds``, ``12 minutes``, ``3 hours``, ``2 days``, rounded down."""
    seconds = int(age.total_seconds())
    if age.days:
        return count_noun(age.days, "day")
    if seconds >= _HOUR:
        return count_noun(seconds // _HOUR, "hour")
    if seconds >= _MINUTE:
        return count_noun(seconds // _MINUTE, "minute")
    return count_noun(seconds, "second")
