"""The balance of past days, worked out backward from what is left now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from usage_tui.frozen import frozen
from usage_tui.insight.pace import daily_amounts
from usage_tui.ledger.booked_grant import NEVER
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.models import Credits, Day, Grant, Grants, Summary

_LOCKED = "locked"


@frozen
class PastBalance:
    """What was left as a day began, after what that midnight brought."""

    date: date
    left: Credits


def past_balances(summary: Summary, grants: Grants | None, days: Sequence[Day]) -> tuple[PastBalance, ...]:
    """What was left on each day of the current period until today, as far back as known.

    From what is left now, each day gives back what it used and what expired on it, and takes what was granted
    on it. The result is unknown if a grant was voided, because the time of that is not reported; before the
    current period, because the time at which purchased credits were locked is not reported; and if it does
    not lie between what the grants of that day still held later and what they were given.

    Args:
        summary: How the organization stands.
        grants: Its grants; None if they are not known, or for a viewer who may not see them.
        days: What its days used, today's among them.

    Returns:
        The days in order, the last being today; empty if not even its start is known.
    """
    balance, period, used = summary.balance, summary.period, daily_amounts(days)
    if grants is None or balance is None or period is None or balance.overage or not used:
        return ()
    if summary.state == _LOCKED or balance.total != _remaining(grants.items):
        return ()
    calendar = Calendar(summary.org.time_zone)
    day, until, left = calendar.date_of(summary.as_of), summary.as_of, balance.total.micro
    first = max(period.start_date, min(used))
    found: list[PastBalance] = []
    while day >= first:
        starts_at = calendar.bounds(day)[0]
        left += used.get(day, 0) - _gained(grants.items, starts_at, until)
        if not _is_possible(left, grants.items, starts_at):
            break
        found.append(PastBalance(date=day, left=Credits(left)))
        day, until = day - ONE_DAY, starts_at
    return tuple(reversed(found))


def _remaining(grants: Iterable[Grant]) -> Credits:
    return Credits.total(grant.remaining for grant in grants if grant.status == "active")


def _begins(grant: Grant) -> datetime:
    """When it could first be spent."""
    return max(grant.granted_at, grant.effective_at)


def _gained(grants: Iterable[Grant], after: datetime, until: datetime) -> int:
    """What began less what expired, after one instant and until another, in millionths."""
    gained = 0
    for grant in grants:
        if after < _begins(grant) <= until:
            gained += grant.original.micro
        if grant.expires_at is not None and after < grant.expires_at <= until:
            gained -= grant.expired_amount.micro
    return gained


def _is_possible(left: int, grants: Iterable[Grant], at: datetime) -> bool:
    live = [grant for grant in grants if _begins(grant) <= at < (grant.expires_at or NEVER)]
    usable = [grant for grant in live if grant.status != _LOCKED]
    if any(grant.voided_amount for grant in live):
        return False
    least = sum(grant.remaining.micro + grant.expired_amount.micro for grant in usable)
    return least <= left <= sum(grant.original.micro for grant in usable)
