"""Organizations to look ahead for: summaries, grants and days by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from usage_tui.insight import plan as planning
from usage_tui.insight import runway as runways
from usage_tui.insight.milestones import MilestoneKind
from usage_tui.models import (
    AutoRecharge,
    Balance,
    Capabilities,
    Credits,
    Day,
    Grant,
    Grants,
    IncludedProgress,
    Organization,
    Period,
    PeriodUsage,
    Subscription,
    Summary,
    Unit,
)

T = TypeVar("T")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOVEMBER, DECEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


def known(value: T | None) -> T:
    """What must be there."""
    assert value is not None
    return value


def runway(summary: Summary, grants: Grants | None, days: Sequence[Day], **more: Any) -> runways.Runway:
    """The runway of an organization of which it is known what is left."""
    return known(runways.runway(summary, grants, days, **more))


def plan(
    summary: Summary, grants: Grants | None, days: Sequence[Day], batch: planning.Batch, **more: Any
) -> planning.Plan:
    """A plan of an organization of which it is known what is left."""
    return known(planning.plan(summary, grants, days, batch, **more))


def credits_of(amount: str | int | Decimal) -> Credits:
    return Credits.parse(format(Decimal(amount), "f"))


def day(civil: date, amount: Credits, *, count: int | None = None, complete: bool = True) -> Day:
    """A day; its bounds are not looked at by any insight."""
    start = datetime(civil.year, civil.month, civil.day, tzinfo=UTC)
    return Day(
        date=civil,
        starts_at=start,
        ends_at=start + timedelta(days=1),
        credits=amount,
        count=int(bool(amount)) if count is None else count,
        complete=complete,
    )


def days_before(today: date, amounts: Iterable[str | int]) -> list[Day]:
    """The days up to yesterday, which used what is given in this order."""
    listed = list(amounts)
    first = today - timedelta(days=len(listed))
    return [day(first + timedelta(days=number), credits_of(amount)) for number, amount in enumerate(listed)]


def grant(
    grant_id: str,
    bucket: str,
    remaining: str | int,
    *,
    original: str | int | None = None,
    starts_at: datetime = NOVEMBER,
    expires_at: datetime | None = DECEMBER,
    status: str = "active",
    origin: str | None = None,
    description: str | None = None,
) -> Grant:
    whole, left = credits_of(remaining if original is None else original), credits_of(remaining)
    return Grant(
        id=grant_id,
        description=description or grant_id.capitalize(),
        bucket=bucket,
        origin=origin or ("subscription" if bucket == "included" else "purchase"),
        granted_at=starts_at,
        effective_at=starts_at,
        expires_at=expires_at,
        status=status,
        original=whole,
        used=whole - left,
        expired_amount=Credits.ZERO,
        voided_amount=Credits.ZERO,
        remaining=left,
    )


def grants(*items: Grant, as_of: datetime = NOW) -> Grants:
    return Grants(as_of=as_of, revision=1, items=items)


def summary(
    *items: Grant,
    as_of: datetime = NOW,
    zone: str = "UTC",
    starts_at: datetime = NOVEMBER,
    ends_at: datetime = DECEMBER,
    cadence: str = "monthly",
    status: str = "active",
    term_ends_at: datetime | None = None,
    threshold: str | int | None = None,
    state: str = "normal",
    **changes: Any,
) -> Summary:
    """A summary that agrees with the grants."""
    usable = [item for item in items if item.status == "active"]
    included = [item for item in items if item.bucket == "included" and item.status in {"active", "used"}]
    remaining = Credits.total(item.remaining for item in included)
    purchased = Credits.total(item.remaining for item in usable if item.bucket == "purchased")
    used = Credits.total(item.used for item in included)
    values: Mapping[str, Any] = {
        "org": Organization(id="acme", name="Acme", time_zone=zone),
        "as_of": as_of,
        "revision": 1,
        "unit": Unit(code="credit", scale=6),
        "balance": Balance(
            total=remaining + purchased,
            included=remaining,
            purchased=purchased,
            locked=Credits.total(item.remaining for item in items if item.status == "locked"),
            overage=Credits.ZERO,
        ),
        "state": state,
        "low_threshold": None,
        "period": Period(
            id="2026-11",
            starts_at=starts_at,
            ends_at=ends_at,
            start_date=starts_at.date(),
            end_date=ends_at.date() - timedelta(days=1),
            days_total=(ends_at - starts_at).days,
            days_left=(ends_at - as_of).days,
        ),
        "included": IncludedProgress(
            granted=used + remaining, used=used, remaining=remaining, used_fraction=None
        ),
        "usage": PeriodUsage(
            total=used,
            from_included=used,
            from_purchased=Credits.ZERO,
            uncovered=Credits.ZERO,
            event_count=1,
        ),
        "subscription": Subscription(
            status=status, plan="Team", cadence=cadence, ends_at=term_ends_at, entitlement_active=True
        ),
        "auto_recharge": None
        if threshold is None
        else AutoRecharge(enabled=True, threshold=credits_of(threshold)),
        "capabilities": Capabilities(
            view_events=True, view_grants=True, buy_credits=True, auto_recharge=True
        ),
    }
    return Summary(**{**values, **changes})


TODAY = date(2026, 11, 22)
JUNE = datetime(2027, 6, 1, tzinfo=UTC)
INCLUDED = grant("plan", "included", 900, original=3000)
TOP_UP = grant("topup", "purchased", 1000, expires_at=JUNE, description="Top-up")
EVEN = days_before(TODAY, [100] * 56)


def ahead(*items: Grant, days: list[Day] = EVEN, **changes: Any) -> runways.Runway:
    """The runway of an organization with these grants, after even days."""
    return runway(summary(*items, **changes), grants(*items), days)


def kinds(found: runways.Runway) -> list[tuple[date, MilestoneKind]]:
    """What happens, and on which dates."""
    return [(milestone.on, milestone.kind) for milestone in found.milestones]
