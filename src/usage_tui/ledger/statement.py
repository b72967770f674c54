"""A statement: every reply about an organization, made from one ledger and one rollup."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from usage_tui.ledger.balance_state import balance_state, low_threshold
from usage_tui.ledger.ledger import Ledger
from usage_tui.ledger.progress import included_progress
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import (
    CREDITS,
    NO_BILLING_ACCESS,
    Allowances,
    AutoRecharge,
    Capabilities,
    Credits,
    DailyUsage,
    Grant,
    Grants,
    Links,
    Me,
    Membership,
    Meter,
    Notice,
    Organization,
    Page,
    Period,
    PeriodReference,
    PeriodUsage,
    Ranking,
    Subscription,
    Summary,
    Unit,
    User,
)
from usage_tui.named_tuple import NamedTuple


class BillingTerms(NamedTuple):
    """What is known of an organization beside its grants and events.

    Attributes:
        chosen_threshold: The low threshold that was set; None if it follows from the rest.
    """

    org: Organization
    period: Period
    subscription: Subscription
    auto_recharge: AutoRecharge | None = None
    chosen_threshold: Credits | None = None
    meters: tuple[Meter, ...] = ()
    links: Links | None = None
    notices: tuple[Notice, ...] = ()
    unit: Unit = CREDITS


class Viewer(NamedTuple):
    """Who looks: a person and the membership they look through."""

    user: User
    role: str
    billing_access: bool


class Statement(NamedTuple):
    """Every reply but the events, at one revision."""

    me: Me
    summary: Summary
    sources: Ranking
    daily: DailyUsage
    grants: Grants
    allowances: Allowances


def make_statement(
    ledger: Ledger, rollup: PeriodRollup, billing: BillingTerms, viewer: Viewer, *, revision: int
) -> Statement:
    """Everything the replies say of an organization at the ledger's moment.

    Without billing access the summary has no links, no next expiry, no auto-recharge and no low threshold.
    The grants are in the statement whoever looks: it is the client's part not to hand them out.
    """
    as_of = ledger.now
    ranking = rollup.ranking(as_of=as_of, revision=revision)
    return Statement(
        me=_me(billing, viewer),
        summary=make_summary(ledger, rollup.usage(), billing, viewer, revision=revision),
        sources=ranking,
        daily=rollup.daily(as_of=as_of, revision=revision),
        grants=one_page(ledger.grants(), as_of=as_of, revision=revision),
        allowances=Allowances(
            as_of=as_of,
            revision=revision,
            period=PeriodReference(id=billing.period.id),
            items=billing.meters,
        ),
    )


def one_page(grants: tuple[Grant, ...], *, as_of: datetime, revision: int) -> Grants:
    """Grants as a reply: all of them on one page."""
    return Grants(as_of=as_of, revision=revision, items=grants, page=Page(size=len(grants)))


def make_summary(
    ledger: Ledger, usage: PeriodUsage, billing: BillingTerms, viewer: Viewer, *, revision: int
) -> Summary:
    """How the organization stands at the ledger's moment.

    Without billing access it has no links, no next expiry, no auto-recharge and no low threshold, which may
    be that of auto-recharge.

    Args:
        ledger: Its grants.
        usage: What its period cost.
        billing: What else is known of it.
        viewer: Who looks.
        revision: Of which state of the organization this is.
    """
    balance = ledger.balance()
    included = included_progress(usage, balance)
    threshold = low_threshold(included, billing.auto_recharge, billing.chosen_threshold, billing.unit)
    access = viewer.billing_access
    may_buy = access and billing.subscription.entitlement_active
    return Summary(
        org=billing.org,
        as_of=ledger.now,
        revision=revision,
        unit=billing.unit,
        balance=balance if access else replace(balance, next_expiry=None),
        state=balance_state(balance, threshold),
        low_threshold=threshold if access else None,
        period=billing.period,
        included=included,
        usage=usage,
        subscription=billing.subscription,
        auto_recharge=billing.auto_recharge if access else None,
        allowances=tuple(replace(meter, lines=None) for meter in billing.meters),
        capabilities=Capabilities(
            view_events=access, view_grants=access, buy_credits=may_buy, auto_recharge=may_buy
        ),
        access_notice=None if access else NO_BILLING_ACCESS,
        links=billing.links if may_buy else None,
        notices=billing.notices,
        last_event_at=ledger.last_event_at,
    )


def _me(billing: BillingTerms, viewer: Viewer) -> Me:
    membership = Membership(
        id=billing.org.id,
        name=billing.org.name,
        role=viewer.role,
        billing_access=viewer.billing_access,
        time_zone=billing.org.time_zone,
    )
    return Me(user=viewer.user, organizations=(membership,))
