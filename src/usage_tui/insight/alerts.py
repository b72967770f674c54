"""Alerts: rules that judge the balance, the runway, expiries, the state and the age of the data.

Each rule gives findings without words; a rule that is not met gives none.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from usage_tui.insight.findings import Finding, Level, Percent, Reason, Rule
from usage_tui.insight.runway import Runway
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.spending import PURCHASED
from usage_tui.models import SOON_DAYS, Credits, Grants, Summary
from usage_tui.models.summary import INCLUDED

_CRITICAL_DAYS = 3
STEPS_OF_INCLUDED = 90, 75, 50
"""Percent of what the period includes."""
_STATES = ("normal", "low", "paused", "locked")
"""From good to bad."""

DEFAULT_RULES = (
    (Rule.STATE, "paused", Level.CRITICAL),
    (Rule.STATE, "low", Level.WARNING),
    (Rule.RUNS_OUT_WITHIN, f"{_CRITICAL_DAYS}d", Level.CRITICAL),
    (Rule.RUNS_OUT_BEFORE_REFRESH, "", Level.WARNING),
    (Rule.LAPSES, f"0:{SOON_DAYS}d", Level.WARNING),
)
"""Rule, threshold and level of everything that `default_findings` may find."""


def below(summary: Summary, threshold: Credits | Percent, level: Level) -> list[Finding]:
    """Less is usable than an amount, or than a part of what the period includes."""
    about = _period(summary)
    if summary.balance is None:
        return [_unknown(Rule.BELOW, str(threshold), about, Reason.NO_BALANCE)]
    value, limit = summary.balance.total, _limit(summary, threshold)
    if limit is None:
        return [_unknown(Rule.BELOW, str(threshold), about, Reason.NOTHING_INCLUDED)]
    # The product of a percentage need not be whole, so that the limit is not rounded before it is compared.
    if value.micro >= limit:
        return []
    return [
        Finding(
            rule=Rule.BELOW,
            threshold=str(threshold),
            level=level,
            about=about,
            value=value,
            limit=Credits(int(limit)),
        )
    ]


def included_used(summary: Summary, threshold: Percent, level: Level) -> list[Finding]:
    """A part of what the period includes is used, or more; the value is what is used."""
    included, about = summary.included, _period(summary)
    if included is None or included.kind != INCLUDED or included.granted <= Credits.ZERO:
        return [_unknown(Rule.INCLUDED_USED, str(threshold), about, Reason.NOTHING_INCLUDED)]
    limit = included.granted.micro * Fraction(threshold.value) / 100
    if included.used.micro < limit:
        return []
    return [
        Finding(
            rule=Rule.INCLUDED_USED,
            threshold=str(threshold),
            level=level,
            about=about,
            value=included.used,
            limit=Credits(int(limit)),
        )
    ]


def runs_out_within(
    summary: Summary, runway: Runway | None, days: int, level: Level, *, cautious: bool = False
) -> list[Finding]:
    """The pool runs out at most so many civil days ahead; cautiously, at the busiest pace."""
    threshold, about = f"{days}d", _period(summary)
    if runway is None or runway.pace is None:
        return [_unknown(Rule.RUNS_OUT_WITHIN, threshold, about, _no_dates(runway))]
    runs_out = runway.earliest if cautious else runway.runs_out
    if runs_out is None or (runs_out - runway.today).days > days:
        return []
    refresh_on = _refresh_on(summary, runway)
    return [
        Finding(
            rule=Rule.RUNS_OUT_WITHIN,
            threshold=threshold,
            level=level,
            about=about,
            value=runs_out,
            refresh_on=refresh_on if refresh_on is not None and refresh_on <= runs_out else None,
        )
    ]


def runs_out_before_refresh(summary: Summary, runway: Runway | None, level: Level) -> list[Finding]:
    """The pool runs out before the plan renews."""
    about = _period(summary)
    if runway is None or runway.pace is None:
        return [_unknown(Rule.RUNS_OUT_BEFORE_REFRESH, "", about, _no_dates(runway))]
    runs_out, refresh_on = runway.runs_out, _refresh_on(summary, runway)
    if runs_out is None or refresh_on is None or runs_out >= refresh_on:
        return []
    return [
        Finding(
            rule=Rule.RUNS_OUT_BEFORE_REFRESH,
            threshold="",
            level=level,
            about=about,
            value=runs_out,
            refresh_on=refresh_on,
        )
    ]


def expires_within(summary: Summary, grants: Grants, days: int, level: Level) -> list[Finding]:
    """Purchased grants that hold something and expire at most so many civil days ahead, the soonest first.

    Locked ones are told too, for reactivation unlocks only what has not expired.
    """
    calendar, as_of = Calendar(summary.org.time_zone), summary.as_of
    today = calendar.date_of(as_of)
    found = []
    for grant in grants.items:
        if grant.bucket != PURCHASED or grant.remaining <= Credits.ZERO or grant.expires_at is None:
            continue
        if grant.expires_at <= as_of or (calendar.date_of(grant.expires_at) - today).days > days:
            continue
        found.append((grant.expires_at, grant))
    return [
        Finding(
            rule=Rule.EXPIRES_WITHIN,
            threshold=f"{days}d",
            level=level,
            about=grant.id,
            value=calendar.date_of(expires_at),
            grant=grant,
        )
        for expires_at, grant in sorted(found, key=lambda pair: (pair[0], pair[1].id))
    ]


def lapses(
    summary: Summary,
    runway: Runway | None,
    threshold: Credits,
    level: Level,
    *,
    within_days: int | None = None,
) -> list[Finding]:
    """At the usual pace the present purchased grants lose so much or more, all in all.

    It is about the grant that loses something soonest.

    Args:
        summary: How the organization stands.
        runway: Its runway.
        threshold: The least that is told; a loss of nothing never is.
        level: The level of what is told.
        within_days: At most so many civil days ahead; None for all that is known.
    """
    name = str(threshold) if within_days is None else f"{threshold}:{within_days}d"
    if runway is None or runway.pace is None:
        return [_unknown(Rule.LAPSES, name, _period(summary), _no_dates(runway))]
    losing = [
        lapse
        for lapse in runway.lapses
        if lapse.bucket == PURCHASED
        and lapse.usual > Credits.ZERO
        and (within_days is None or (lapse.on - runway.today).days <= within_days)
    ]
    total = Credits.total(lapse.usual for lapse in losing)
    if not losing or total < threshold:
        return []
    return [Finding(rule=Rule.LAPSES, threshold=name, level=level, about=losing[0].grant_id, value=total)]


def state(summary: Summary, threshold: str, level: Level) -> list[Finding]:
    """The account is in a state, or in a worse one: normal, low, paused, locked."""
    found, about = summary.state, _period(summary)
    if found is None or (found != threshold and not {found, threshold} <= {*_STATES}):
        return [_unknown(Rule.STATE, threshold, about, Reason.UNKNOWN_STATE)]
    if found != threshold and _STATES.index(found) < _STATES.index(threshold):
        return []
    return [Finding(rule=Rule.STATE, threshold=threshold, level=level, about=about, value=found)]


def stale(about: str, age: timedelta | None, limit: timedelta, level: Level) -> list[Finding]:
    """The data are older than a limit.

    Args:
        about: The id of the period; empty if there are no data.
        age: How old they are; None if there are none.
        limit: How old they may be.
        level: The level of what is told.
    """
    threshold = f"{limit // timedelta(seconds=1)}s"
    if age is None:
        return [_unknown(Rule.STALE, threshold, about, Reason.NO_DATA)]
    if age <= limit:
        return []
    return [Finding(rule=Rule.STALE, threshold=threshold, level=level, about=about, value=age)]


def default_findings(summary: Summary, runway: Runway | None) -> list[Finding]:
    """What is told where no rule was chosen: what a dashboard would show of what there is."""
    found: list[Finding] = []
    if summary.state is not None:
        found += state(summary, "paused", Level.CRITICAL) or state(summary, "low", Level.WARNING)
    if runway is not None:
        found += runs_out_within(summary, runway, _CRITICAL_DAYS, Level.CRITICAL) or runs_out_before_refresh(
            summary, runway, Level.WARNING
        )
        found += lapses(summary, runway, Credits.ZERO, Level.WARNING, within_days=SOON_DAYS)
    return found


def screen_findings(summary: Summary, runway: Runway | None) -> list[Finding]:
    """What a screen tells: `default_findings`, and how much of what the period includes is used.

    Of the steps only the highest that is reached is told, and nothing that is unknown. The worst comes first.
    """
    found = [one for one in default_findings(summary, runway) if one.level is not Level.UNKNOWN]
    for percent in STEPS_OF_INCLUDED:
        step = included_used(summary, Percent(Decimal(percent)), Level.WARNING)
        if step and step[0].level is not Level.UNKNOWN:
            found += step
            break
    return sorted(found, key=lambda one: -one.level.severity)


def _limit(summary: Summary, threshold: Credits | Percent) -> Fraction | None:
    if isinstance(threshold, Credits):
        return Fraction(threshold.micro)
    included = summary.included
    if included is None or included.granted <= Credits.ZERO:
        return None
    return included.granted.micro * Fraction(threshold.value) / 100


def _period(summary: Summary) -> str:
    return summary.period.id if summary.period else ""


def _no_dates(runway: Runway | None) -> Reason:
    return Reason.NO_BALANCE if runway is None else Reason.TOO_LITTLE_HISTORY


def _refresh_on(summary: Summary, runway: Runway) -> date | None:
    return None if runway.renewal is None else Calendar(summary.org.time_zone).date_of(runway.renewal.at)


def _unknown(rule: Rule, threshold: str, about: str, reason: Reason) -> Finding:
    return Finding(rule=rule, threshold=threshold, level=Level.UNKNOWN, about=about, reason=reason)
