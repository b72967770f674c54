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
    """What is left of the grant that expires next."""

    at: datetime
    amount: Credits
    grant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The credits the organization can spend now.

    Attributes:
        total: `included` + `purchased`, of usable grants only.
        locked: Purchased credits that cannot be spent because the paid term has ended; not part of `total`.
        overage: The usage that no grant covered.
        next_expiry: None if nothing expires, or if the viewer has no billing access.
    """

    total: Credits
    included: Credits
    purchased: Credits
    locked: Credits
    overage: Credits
    next_expiry: Expiry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludedProgress:
    """Progress through the included credits of the period; `granted` = `used` + `remaining`.

    Attributes:
        used_fraction: `used` divided by `granted`, 0 to 1; None without an included grant.
    """

    granted: Credits
    used: Credits
    remaining: Credits
    used_fraction: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodUsage:
    """What the events of the period cost; `total` = `from_included` + `from_purchased` + `uncovered`."""

    total: Credits
    from_included: Credits
    from_purchased: Credits
    uncovered: Credits
    event_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The plan.

    Attributes:
        cadence: The length of a billing period: ``monthly``, ``quarterly`` or ``annual``.
        ends_at: When the paid term ends; None if no end is set.
        entitlement_active: Whether the plan is paid. If not, purchased credits are locked.
    """

    status: str
    plan: str
    cadence: str
    ends_at: datetime | None = None
    entitlement_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoRecharge:
    """Whether credits are bought automatically when the balance falls below a threshold."""

    enabled: bool
    threshold: Credits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the viewer may see and do."""

    view_events: bool
    view_grants: bool
    buy_credits: bool
    auto_recharge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """URLs of the billing pages."""

    buy_credits: str | None = None
    auto_recharge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message from the service to every viewer."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The unit of all amounts.

    Attributes:
        code: Such as ``credit`` or ``USD``.
        scale: The number of decimal places that are stored.
    """

    code: str
    scale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Balance, billing period, progress and state.

    Attributes:
        state: ``normal``, ``low``, ``paused``, ``locked``, or another word.
        low_threshold: The balance at or below which the state is ``low``; None without billing access.
        allowances: Every allowance, without its lines.
        access_notice: Why this viewer cannot see everything; None if they can.
        notices: Messages to show as they are.
        last_event_at: When the newest event occurred; None if there are no events.
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
