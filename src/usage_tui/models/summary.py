"""The summary: balance, period, progress and state, enough for a first screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from usage_tui.models.allowances import Meter
from usage_tui.models.credits import Credits
from usage_tui.models.organization import Organization
from usage_tui.models.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """What the grant that ends soonest still holds."""

    at: datetime
    amount: Credits
    grant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the organization can spend now.

    Attributes:
        total: included + purchased, usable grants only.
        locked: On purchased grants whose paid term has ended; not part of the total.
        overage: The sum of use that no grant covered.
        next_expiry: None where nothing expires, or where the viewer may not know.
    """

    total: Credits
    included: Credits
    purchased: Credits
    locked: Credits
    overage: Credits
    next_expiry: Expiry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludedProgress:
    """How far the period's included credits are used; granted = used + remaining.

    Attributes:
        used_fraction: Used over granted, 0 to 1; None without an included grant.
    """

    granted: Credits
    used: Credits
    remaining: Credits
    used_fraction: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodUsage:
    """What the period's events cost, and who paid: total = included + purchased + uncovered."""

    total: Credits
    from_included: Credits
    from_purchased: Credits
    uncovered: Credits
    event_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The plan. `ends_at` is set once it is going to end."""

    status: str
    plan: str
    cadence: str
    ends_at: datetime | None = None
    entitlement_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoRecharge:
    """Whether purchased credits are added by themselves below a threshold."""

    enabled: bool
    threshold: Credits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What this viewer may see and do."""

    view_events: bool
    view_grants: bool
    buy_credits: bool
    auto_recharge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses of the vendor's billing pages."""

    buy_credits: str | None = None
    auto_recharge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A sentence from the service for every viewer."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What amounts count: a code such as ``credit`` or ``USD``, and the decimal places kept."""

    code: str
    scale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The first reply a dashboard needs.

    Attributes:
        state: ``normal``, ``low``, ``paused``, ``locked``, or a word this version does not know.
        low_threshold: At or below which balance the state is low; None without billing access, for it may be
            the threshold of auto-recharge.
        allowances: The meters without their lines.
        access_notice: Why some cards are withheld from this viewer; None where none are.
        notices: Sentences to show as they are. The service has none yet.
        last_event_at: The newest event; None for an organization without events.
    """

    org: Organization
    as_of: datetime
    revision: int
    unit: Unit
    balance: Balance
    state: str
    low_threshold: Credits | None
    period: Period
    included: IncludedProgress
    usage: PeriodUsage
    subscription: Subscription
    auto_recharge: AutoRecharge | None = None
    allowances: tuple[Meter, ...] = ()
    capabilities: Capabilities
    access_notice: str | None = None
    links: Links | None = None
    notices: tuple[Notice, ...] = ()
    last_event_at: datetime | None = None
