"""What the user typed in because the vendor does not tell it: what the plan includes, and prepaid grants.

Grants and days go through the ledger, which gives the balance, the order of spending and what expires. It is
never mixed with what the vendor tells, and never guessed where days are missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from usage_tui.clients.base import ClientError, Slice
from usage_tui.clients.providers.base import Account
from usage_tui.clients.providers.cells import RoundedCell
from usage_tui.clients.providers.days import KnownDays, days_between
from usage_tui.ledger.days import ONE_DAY
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.progress import included_progress
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import Credits, InvalidCredits, Part, PeriodUsage
from usage_tui.text import dates
from usage_tui.text.clean import clean

ENTERED = "entered"
"""The origin of a grant that was typed in."""
_GRANT_KEYS = {"description", "amount", "granted", "expires"}
_PLAN_KEYS = {"included", "low"}
_INSTANT = timedelta.resolution


class TypedIn(NamedTuple):
    """What was typed in.

    Attributes:
        included: What the plan includes each month; None for nothing.
        low: At or below which balance the account is low; None for the default.
        grants: The grants.
    """

    included: Credits | None = None
    low: Credits | None = None
    grants: tuple[Terms, ...] = ()


def read_typed_in(options: Mapping[str, Any]) -> TypedIn:
    """What a profile has under ``plan`` and ``grants``.

    Raises:
        ClientError: A key or value means nothing. The message names it.
    """
    plan = options.get("plan") or {}
    _refuse_unknown("plan", plan, _PLAN_KEYS)
    grants = options.get("grants") or []
    return TypedIn(
        included=_amount("plan.included", plan["included"]) if "included" in plan else None,
        low=_amount("plan.low", plan["low"]) if "low" in plan else None,
        grants=tuple(_terms(f"grants[{number}]", grant, number) for number, grant in enumerate(grants, 1)),
    )


def with_typed_in(typed: TypedIn, account: Account, days: KnownDays, now: datetime) -> Account:
    """The account with what was typed in, as far as the vendor does not tell it.

    Args:
        typed: What was typed in.
        account: What the vendor tells.
        days: Every day that is known, in the calendar months of UTC.
        now: The time of the look.
    """
    if not typed.grants or account.balance is not None or account.grants is not None:
        if typed.included is None or account.included is not None:
            return account
        return replace(account, pool=typed.included, entered=(Part.INCLUDED,))
    since = min(terms.granted_at.date() for terms in typed.grants)
    if typed.included is not None:
        since = since.replace(day=1)
    last = days.newest or since
    period = now.astimezone(UTC).date().replace(day=1)
    own, earlier = days.rounded(period, (period + 31 * ONE_DAY).replace(day=1) - ONE_DAY)
    sums = _sums(own + earlier, since)
    reason = _why_unknown(days.unknown(since, last), sums, last)
    if reason:
        return replace(
            account,
            not_offered={**account.not_offered, Part.BALANCE: reason},
            slices_not_offered={**account.slices_not_offered, Slice.GRANTS: reason},
        )
    ledger = Ledger()
    for terms in (*typed.grants, *_included_terms(typed.included, since, period)):
        ledger.grant(terms)
    used = _booked(ledger, sums, now, period)
    ledger.advance(max(now, ledger.now))
    balance = ledger.balance()
    included = (
        None
        if typed.included is None
        else included_progress(PeriodUsage(total=used, from_included=used), balance)
    )
    parts = (Part.BALANCE, Part.INCLUDED) if included is not None else (Part.BALANCE,)
    return replace(
        account,
        balance=replace(balance, included=None) if typed.included is None else balance,
        included=account.included or included,
        grants=ledger.grants(),
        low=typed.low,
        entered=parts,
    )


def _sums(rows: Iterable[RoundedCell], since: date) -> dict[date, int]:
    """What each day cost, in millionths."""
    sums: defaultdict[date, int] = defaultdict(int)
    for row in rows:
        if row.day >= since:
            sums[row.day] += row.total.credits
    return dict(sorted(sums.items()))


def _why_unknown(unknown: list[date], sums: Mapping[date, int], last: date) -> str:
    """Why the balance cannot be worked out, one sentence; empty if it can."""
    if unknown:
        known = unknown[-1] + ONE_DAY
        on = dates.day(known, year=known.year != last.year)
        return f"Days before {on} are unknown, so the balance is too."
    below = next((day for day, amount in sums.items() if amount < 0), None)
    if below is None:
        return ""
    on = dates.day(below, year=below.year != last.year)
    return f"More was given back than used on {on}, so the balance is unknown."


def _booked(ledger: Ledger, sums: Mapping[date, int], now: datetime, period: date) -> Credits:
    """Book each day at its end.

    Returns:
        What the included amount paid since the period's first day.
    """
    included = 0
    for day, amount in sums.items():
        at = min(_midnight(day + ONE_DAY) - _INSTANT, max(now, _midnight(day)))
        event = ledger.use(Use(f"{day}", at, "day", f"{day}", f"{day}", "day", Credits(amount)))
        if day >= period:
            parts = event.allocations
            included += sum(part.credits.micro for part in parts if part.bucket == INCLUDED)
    return Credits(included)


def _included_terms(amount: Credits | None, since: date, period: date) -> Iterable[Terms]:
    """What the plan gives on the first of each month; it ends with the month."""
    if not amount:
        return
    for first in (day for day in days_between(since, period) if day.day == 1):
        start, end = _midnight(first), _midnight((first + 31 * ONE_DAY).replace(day=1))
        yield Terms(
            f"plan-{first:%Y-%m}", f"Included in {first:%B %Y}", INCLUDED, ENTERED, start, start, end, amount
        )


def _terms(place: str, grant: object, number: int) -> Terms:
    if not isinstance(grant, dict):
        raise ClientError(f"{place}: must be a table.")
    _refuse_unknown(place, grant, _GRANT_KEYS)
    for key in ("amount", "granted"):
        if key not in grant:
            raise ClientError(f"{place}.{key}: is missing.")
    amount = _amount(f"{place}.amount", grant["amount"])
    granted = _day(f"{place}.granted", grant["granted"])
    expires = _day(f"{place}.expires", grant["expires"]) if "expires" in grant else None
    description = grant.get("description", "Prepaid")
    if not isinstance(description, str):
        raise ClientError(f"{place}.description: must be text in quotes.")
    if not amount:
        raise ClientError(f"{place}.amount: must be more than 0.")
    if expires is not None and expires <= granted:
        raise ClientError(f"{place}.expires: must be later than granted.")
    ends_at = _midnight(expires) if expires is not None else None
    start = _midnight(granted)
    return Terms(f"entered-{number}", clean(description), PURCHASED, ENTERED, start, start, ends_at, amount)


def _amount(place: str, value: object) -> Credits:
    """An amount, in quotes or as a number; not negative."""
    text = f"{value:f}" if isinstance(value, Decimal) else f"{value}"
    try:
        amount = Credits.parse(text)
    except InvalidCredits:
        raise ClientError(f'{place}: must be an amount such as "500" or "41.2".') from None
    if amount < Credits.ZERO:
        raise ClientError(f"{place}: must not be negative.")
    return amount


def _day(place: str, value: object) -> date:
    if type(value) is not date:
        raise ClientError(f"{place}: must be a date such as 2026-10-02, without quotes.")
    return value


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _refuse_unknown(place: str, table: Mapping[str, Any], known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise ClientError(
                f"{place}: unknown key {clean(key[:40])}; the keys are {', '.join(sorted(known))}."
            )
