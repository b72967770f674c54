"""The rules that are chosen on the command line, and what they find."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from usage_tui.cli.answer.options import duration
from usage_tui.insight import alerts
from usage_tui.insight.findings import Finding, Level, Percent, Reason, Rule
from usage_tui.insight.runway import Runway
from usage_tui.models import Credits, Grants, InvalidCredits, Summary
from usage_tui.state.replies import DAILY, DAYS, GRANTS, PERIODS, AnyReply
from usage_tui.state.reported_alerts import beginning, is_back_above, is_back_under

_RUNWAY = (GRANTS, DAILY, PERIODS, DAYS)
_MOST_DAYS = 3660
_STATES = ("low", "paused", "locked")


class ChosenRule(NamedTuple):
    """A rule with its limit and the level of what it finds."""

    rule: Rule
    limit: Any
    level: Level

    @property
    def beginning(self) -> str:
        """What the keys of its findings begin with."""
        return beginning(self.rule, _threshold(self), self.level)


class Known(NamedTuple):
    """What the rules judge.

    Attributes:
        grants: None if they are not known.
        runway: None if neither the grants nor the balance is known.
        age: How old the data are.
    """

    summary: Summary
    grants: Grants | None
    runway: Runway | None
    age: timedelta


def _amount(text: str) -> Credits:
    try:
        return Credits.parse(text)
    except InvalidCredits as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _amount_or_percent(text: str) -> Credits | Percent:
    if not text.endswith("%"):
        return _amount(text)
    percent = _amount(text[:-1])
    if percent < Credits.ZERO:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a percentage such as 20%")
    return Percent(Decimal(str(percent)))


def _days(text: str) -> int:
    number = text.removesuffix("d")
    if not (number.isdecimal() and number.isascii()) or len(number) > 5 or int(number) > _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number of days such as 7d")
    return int(number)


def _state(text: str) -> str:
    if text not in _STATES:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not one of {', '.join(_STATES)}")
    return text


def _age(text: str) -> timedelta:
    return timedelta(seconds=duration(text))


OPTIONS: Mapping[Rule, tuple[Callable[[str], Any], str, str]] = {
    Rule.BELOW: (_amount_or_percent, "N|N%", "less is left than this, or than this part of what is included"),
    Rule.RUNS_OUT_WITHIN: (_days, "Nd", "credits run out within so many days at the usual pace"),
    Rule.EXPIRES_WITHIN: (_days, "Nd", "something that was bought expires within so many days"),
    Rule.LAPSES: (_amount, "N", "so much of what was bought lapses unused at the usual pace"),
    Rule.STATE: (_state, "|".join(_STATES), "the account is in this state, or in a worse one"),
    Rule.STALE: (_age, "TIME", "the data are older than this, such as 2h"),
}
"""Each rule: how its limit is read, what it looks like, and when it warns."""


def read_critical(text: str) -> ChosenRule:
    """A rule such as ``below=5%`` that is critical.

    Raises:
        ArgumentTypeError: It is not one.
    """
    name, _, limit = text.partition("=")
    known = {str(rule): rule for rule in OPTIONS}
    if name not in known:
        raise argparse.ArgumentTypeError(f"{name[:40]!r} is not one of {', '.join(known)}")
    if not limit:
        raise argparse.ArgumentTypeError(f"{name} needs a limit, such as below=5% or runs-out-within=2d")
    rule = known[name]
    return ChosenRule(rule, OPTIONS[rule][0](limit), Level.CRITICAL)


def needed(rules: Collection[ChosenRule], *, runway: bool) -> set[AnyReply[object]]:
    """The replies beside the summary that the rules judge.

    Args:
        rules: Which ones; without any, those of `default_findings`.
        runway: Whether the runway is told in any case.
    """
    kinds = {one.rule for one in rules}
    if runway or not kinds or kinds & {Rule.RUNS_OUT_WITHIN, Rule.LAPSES}:
        return {*_RUNWAY}
    return {GRANTS} if Rule.EXPIRES_WITHIN in kinds else set()


def judge(rules: Sequence[ChosenRule], known: Known, *, cautious: bool) -> list[Finding]:
    """What the rules find, the worst first; without rules, what a dashboard would show."""
    found = list(alerts.default_findings(known.summary, known.runway))
    if rules:
        found = [finding for one in rules for finding in _found(one, known, cautious)]
    return sorted(found, key=lambda finding: -finding.level.severity)


def _found(one: ChosenRule, known: Known, cautious: bool) -> list[Finding]:
    summary, level, limit = known.summary, one.level, one.limit
    match one.rule:
        case Rule.BELOW:
            return alerts.below(summary, limit, level)
        case Rule.RUNS_OUT_WITHIN:
            return alerts.runs_out_within(summary, known.runway, limit, level, cautious=cautious)
        case Rule.EXPIRES_WITHIN if known.grants is not None:
            return alerts.expires_within(summary, known.grants, limit, level)
        case Rule.LAPSES:
            return alerts.lapses(summary, known.runway, limit, level)
        case Rule.STATE:
            return alerts.state(summary, limit, level)
        case Rule.STALE:
            return alerts.stale(summary.period.id if summary.period else "", known.age, limit, level)
    return [unknown(one.rule, _threshold(one))]


def unknown(rule: Rule, threshold: str = "") -> Finding:
    """That a rule cannot tell, because its data are not there."""
    return Finding(rule=rule, threshold=threshold, level=Level.UNKNOWN, about="", reason=Reason.NO_DATA)


def beginnings(rules: Sequence[ChosenRule]) -> set[str]:
    """What the keys of everything begin with that the rules could find."""
    chosen = [(one.rule, _threshold(one), one.level) for one in rules] or alerts.DEFAULT_RULES
    both = (beginning(*one) for one in chosen), (beginning(*one[:2], Level.UNKNOWN) for one in chosen)
    return {text for texts in both for text in texts}


def back_in_order(
    rules: Sequence[ChosenRule], known: Known, findings: Collection[Finding]
) -> Mapping[str, bool]:
    """Whether what a rule found before is surely in order again, by the beginning of its keys."""
    untold = {finding.rule for finding in findings if finding.reason is not None}
    return dict(_back(rules, known)) | {one.beginning: False for one in rules if one.rule in untold}


def _back(rules: Sequence[ChosenRule], known: Known) -> Iterator[tuple[str, bool]]:
    balance = known.summary.balance
    for one in rules:
        if one.rule is Rule.BELOW:
            limit = _limit(one.limit, known.summary)
            is_back = balance is not None and limit is not None and is_back_above(balance.total, limit)
            yield one.beginning, is_back
        elif one.rule is Rule.LAPSES:
            lapses = known.runway.lapses if known.runway is not None else ()
            lost = Credits.total(lapse.usual for lapse in lapses if lapse.bucket == "purchased")
            yield one.beginning, known.runway is not None and is_back_under(lost, one.limit)


def _limit(limit: Credits | Percent, summary: Summary) -> Credits | None:
    if isinstance(limit, Credits):
        return limit
    included = summary.included
    return Credits(int(included.granted.micro * limit.value / 100)) if included is not None else None


def _threshold(one: ChosenRule) -> str:
    """The limit as the keys of its findings have it."""
    match one.rule:
        case Rule.RUNS_OUT_WITHIN | Rule.EXPIRES_WITHIN:
            return f"{one.limit}d"
        case Rule.STALE:
            return f"{one.limit // timedelta(seconds=1)}s"
    return str(one.limit)
