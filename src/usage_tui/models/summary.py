"""The summary: balance, period, progress and state, enough for a first screen; each part may be missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from decimal import Decimal

from usage_tui.frozen import frozen
from usage_tui.models.allowances import Meter
from usage_tui.models.credits import Credits
from usage_tui.models.organization import Organization
from usage_tui.models.parts import LEFT_OUT_BY_DEFAULT
from usage_tui.models.period import Period

_is_code = re.compile("[A-Z]{3}|[a-z][a-z_]{0,19}", re.ASCII).fullmatch
_CURRENCIES_MEANT = ("usd", "eur", "gbp")

INCLUDED, BUDGET = "included", "budget"
"""The kinds of `IncludedProgress`."""


@frozen
class Expiry:
    """What is left on the grant that expires first."""

    at: datetime
    amount: Credits
    grant_id: str


@frozen
class Balance:
    """What the organization can spend now.

    Attributes:
        total: What can be spent: included + purchased, usable grants only.
        included: The part that ends with the period; None if the client does not split the balance.
        purchased: The part that was bought; None if the client does not split the balance.
        locked: On purchased grants that are locked because the paid term has ended; not part of the total.
            None if not reported.
        overage: Usage that no grant covered; negative if more was given back than was used. None if not
            reported.
        next_expiry: None if nothing expires, or if the viewer cannot see it.
    """

    total: Credits
    included: Credits | None = None
    purchased: Credits | None = None
    locked: Credits | None = None
    overage: Credits | None = None
    next_expiry: Expiry | None = None


@frozen
class IncludedProgress:
    """How much of the period's included amount is used; granted = used + remaining.

    Attributes:
        kind: ``included`` for what the plan includes; ``budget`` for a limit that a service sets, which is
            not money and has its own reset; or a word this version does not know.
        used_fraction: Used over granted, 0 to 1; None without an included grant, or if not reported.
        resets_at: When usage starts again from 0; None if that is the end of the period, or if it never does.
    """

    kind: str = field(default=INCLUDED, metadata=LEFT_OUT_BY_DEFAULT)
    granted: Credits
    used: Credits
    remaining: Credits
    used_fraction: Decimal | None = None
    resets_at: datetime | None = field(default=None, metadata=LEFT_OUT_BY_DEFAULT)


@frozen
class PeriodUsage:
    """What the period's events cost, and who paid: total = included + purchased + uncovered.

    Attributes:
        from_included: What included grants paid; None if the client does not report who paid.
        from_purchased: What purchased grants paid; None if the client does not report who paid.
        uncovered: What no grant covered; None if the client does not report who paid.
        event_count: How many events; None if the client does not report counts.
    """

    total: Credits
    from_included: Credits | None = None
    from_purchased: Credits | None = None
    uncovered: Credits | None = None
    event_count: int | None = None


@frozen
class Subscription:
    """The plan. `ends_at` is set if it is going to end.

    Attributes:
        cadence: How long a period is: ``monthly``, ``annual``, …; empty if not reported.
    """

    status: str
    plan: str
    cadence: str = ""
    ends_at: datetime | None = None
    entitlement_active: bool


@frozen
class AutoRecharge:
    """Whether credits are bought automatically when the balance is below a threshold."""

    enabled: bool
    threshold: Credits | None = None


@frozen
class Capabilities:
    """What this viewer can see and do."""

    view_events: bool
    view_grants: bool
    buy_credits: bool
    auto_recharge: bool


@frozen
class Links:
    """Addresses of the vendor's billing pages."""

    buy_credits: str | None = None
    auto_recharge: str | None = None


@frozen
class Notice:
    """A sentence from the service for every viewer."""

    code: str
    text: str


@frozen
class Unit:
    """What amounts count: a code such as ``credit`` or ``USD``, and the decimal places kept."""

    code: str
    scale: int = 6


CREDITS = Unit(code="credit")


def unit_of(code: str) -> Unit:
    """The unit that a person or a program names.

    Raises:
        ValueError: It is not ``credit``, a currency code, or another short word in lower case.
    """
    if code in _CURRENCIES_MEANT:
        raise ValueError(f"must be in capitals: {code.upper()}")
    if not _is_code(code):
        raise ValueError("must be credit, a currency code such as USD, or another word in lower case")
    return Unit(code=code)


@frozen
class Summary:
    """The first reply a dashboard needs. A part is None if the client does not offer it.

    Attributes:
        unit: What every amount of the organization counts.
        state: ``normal``, ``low``, ``paused``, ``locked``, or a word this version does not know.
        low_threshold: The state is low at or below this balance; None without billing access, because it
            can be the threshold of auto-recharge.
        capabilities: What this viewer can see and do; None if only the membership says so.
        allowances: The meters without their lines.
        access_notice: Why some cards are withheld from this viewer; None if none are.
        notices: Sentences to show as they are. The service has none yet.
        last_event_at: The newest event; None for an organization without events, or if not reported.
        not_offered: Why a part is missing, a sentence by the name of the `Part`.
        entered: The names of the parts that the user typed in because the client does not tell them.
    """

    org: Organization
    as_of: datetime
    revision: int
    unit: Unit
    balance: Balance | None = None
    state: str | None = None
    low_threshold: Credits | None = None
    period: Period | None = None
    included: IncludedProgress | None = None
    usage: PeriodUsage | None = None
    subscription: Subscription | None = None
    auto_recharge: AutoRecharge | None = None
    allowances: tuple[Meter, ...] = ()
    capabilities: Capabilities | None = None
    access_notice: str | None = None
    links: Links | None = None
    notices: tuple[Notice, ...] = ()
    last_event_at: datetime | None = None
    not_offered: Mapping[str, str] = field(default_factory=dict, metadata=LEFT_OUT_BY_DEFAULT)
    entered: tuple[str, ...] = field(default=(), metadata=LEFT_OUT_BY_DEFAULT)
