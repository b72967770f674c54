"""What a rule found, in words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from usage_tui.insight.findings import Finding, Reason, Rule
from usage_tui.models import Credits, Grant, Summary
from usage_tui.text import dates
from usage_tui.text.amounts import CREDIT, spoken_amount
from usage_tui.text.numbers import percent
from usage_tui.text.words import count_noun

_REASONS = {
    Reason.NO_DATA: "its data are not known",
    Reason.NO_BALANCE: "the source reports no balance",
    Reason.NOTHING_INCLUDED: "the plan includes nothing, so there is no part of it",
    Reason.TOO_LITTLE_HISTORY: "there are fewer than 7 complete days of history",
    Reason.UNKNOWN_STATE: "the source reports no state that is known here",
}
_HOUR, _MINUTE = 3600, 60

T = TypeVar("T")


def finding_text(finding: Finding, summary: Summary) -> str:
    """One finding: ``1,900 credits left, below 2,000 credits``."""
    unit = summary.unit.code
    if finding.reason is not None:
        return f"{finding.rule} cannot be told: {_REASONS[finding.reason]}"
    threshold = finding.threshold
    match finding.rule:
        case Rule.BELOW:
            limit = spoken_amount(finding.limit or Credits.ZERO, unit)
            part = f"{threshold} of what is included, {limit}" if threshold.endswith("%") else limit
            return f"{spoken_amount(_told(finding, Credits, finding.value), unit)} left, below {part}"
        case Rule.INCLUDED_USED:
            included = "the included credits are" if unit == CREDIT else "what is included is"
            return f"{used_part(summary)} of {included} used"
        case Rule.RUNS_OUT_WITHIN:
            after = (
                f", after the refresh on {_day(finding.refresh_on, summary)}" if finding.refresh_on else ""
            )
            days = count_noun(int(threshold.removesuffix("d")), "day")
            return f"{out_text(finding, summary)}, within {days}{after}"
        case Rule.RUNS_OUT_BEFORE_REFRESH:
            refresh = _day(_told(finding, date, finding.refresh_on), summary)
            return f"{out_text(finding, summary)}, before the refresh on {refresh}"
        case Rule.EXPIRES_WITHIN:
            grant = _told(finding, Grant, finding.grant)
            what = f"{spoken_amount(grant.remaining, unit)} of {grant.description or grant.id}"
            return f"{what} expire on {_day(_told(finding, date, finding.value), summary)}"
        case Rule.LAPSES:
            within = threshold.partition(":")[2].removesuffix("d")
            soon = f" within {count_noun(int(within), 'day')}," if within else ""
            what = spoken_amount(_told(finding, Credits, finding.value), unit)
            return f"{what} of what was bought lapse unused{soon} at the usual pace"
        case Rule.STATE:
            return f"the account is {finding.value}"
        case Rule.STALE:
            limit_age = timedelta(seconds=int(threshold.removesuffix("s")))
            age = age_text(_told(finding, timedelta, finding.value))
            return f"the data are {age} old, older than {age_text(limit_age)}"


def out_text(finding: Finding, summary: Summary) -> str:
    """When nothing is left: ``credits run out about Nov 24``, ``credits run out today``."""
    things = "credits" if summary.unit.code == CREDIT else "funds"
    return f"{things} run out {dates.about(_told(finding, date, finding.value), _today(summary))}"


def used_part(summary: Summary) -> str:
    """How much of what the period includes is used, such as ``62%``."""
    included = summary.included
    if included is None:
        return percent(Decimal(0), Decimal(0))
    return percent(Decimal(included.used.micro), Decimal(included.granted.micro))


def _told(finding: Finding, kind: type[T], part: object) -> T:
    """A part of a finding. Its type follows from the rule.

    Raises:
        TypeError: It is of another type.
    """
    if not isinstance(part, kind):
        raise TypeError(f"{finding.rule} found a {type(part).__name__}, not a {kind.__name__}")
    return part


def _day(value: date, summary: Summary) -> str:
    return dates.day(value, year=value.year != _today(summary).year)


def _today(summary: Summary) -> date:
    return dates.local(summary.as_of, summary.org.time_zone).date()


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
