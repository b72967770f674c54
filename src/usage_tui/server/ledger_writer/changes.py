"""Changes that billing systems and administrators make: grants, voids, reversals, allowances, the plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, insert, select, update

from usage_tui.frozen import frozen
from usage_tui.ledger.booked_grant import NothingLeft
from usage_tui.ledger.cadence import MONTHS
from usage_tui.ledger.event_id import event_id_of
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import Credits, Event, Grant
from usage_tui.server.db.instants import to_micros
from usage_tui.server.db.reads import find_event, is_reversed, read_plan
from usage_tui.server.db.schema import allowances, subscriptions
from usage_tui.server.ledger_writer.allowances import check_amount
from usage_tui.server.ledger_writer.audit import as_pairs
from usage_tui.server.ledger_writer.cloudevents import LONGEST_TEXT
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.problems import Problem


@frozen
class NewGrant:
    """Credits to grant.

    Attributes:
        id: The ID of the grant, which you choose. It must be new.
        description: What people see in lists.
        bucket: ``included`` or ``purchased``.
        credits: More than 0.
        origin: Where the credits come from, such as ``purchase``.
        effective_at: When the credits can first be spent; None for now.
        expires_at: When the credits expire (exclusive); None if they never do.
        unit: What `credits` counts, such as ``USD``. It must be the unit of the organization.
    """

    id: str
    description: str
    bucket: str
    credits: Credits
    origin: str = "purchase"
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    unit: str | None = None


@frozen
class Reversal:
    """The reversal of an event.

    Attributes:
        actor: Who reverses it.
    """

    actor: str | None = None


@frozen
class NewAllowance:
    """An allowance.

    Attributes:
        label: Its name.
        unit: What it counts, such as ``hour``.
        included: How much is included; None for no limit.
        resets: Whether usage starts again from 0 in each billing period.
    """

    label: str
    unit: str
    included: Decimal | None = None
    resets: bool = True


@frozen
class NewSubscription:
    """The plan that applies from now on.

    Attributes:
        plan: Its name.
        cadence: The length of a billing period: ``monthly``, ``quarterly`` or ``annual``.
        included: The credits granted at the start of each billing period.
        ends_at: When the paid term ends; None if no end is set.
        entitlement_active: Whether the plan is paid. If not, purchased credits are locked.
        auto_recharge: Whether credits are bought automatically; None if that is not offered.
        auto_recharge_threshold: The balance below which credits are bought.
        buy_credits_link: The URL of the page to buy credits.
        auto_recharge_link: The URL of the page to set up auto-recharge.
    """

    plan: str
    cadence: str = "monthly"
    included: Credits = Credits.ZERO
    status: str = "active"
    ends_at: datetime | None = None
    entitlement_active: bool = True
    auto_recharge: bool | None = None
    auto_recharge_threshold: Credits | None = None
    buy_credits_link: str | None = None
    auto_recharge_link: str | None = None


def add_grant(opened: OpenLedger, new: NewGrant) -> Grant:
    """Grant credits. If the paid term has ended, purchased credits are locked at once.

    Raises:
        Problem: The grant is invalid, or its ID is taken.
    """
    if new.bucket not in (INCLUDED, PURCHASED):
        raise _invalid("bucket", f"must be {INCLUDED} or {PURCHASED}")
    for name, text in (("id", new.id), ("description", new.description), ("origin", new.origin)):
        _check_text(name, text)
    unit = opened.organization.unit
    if new.unit not in (None, unit.code):
        raise _invalid("unit", f"must be {unit.code}, the unit of the organization")
    ledger = opened.writer.ledger
    if any(grant.terms.id == new.id for grant in ledger.booked_grants):
        raise Problem("already_exists", "Another grant already has this ID.")
    terms = Terms(
        id=new.id,
        description=new.description,
        bucket=new.bucket,
        origin=new.origin,
        granted_at=opened.now,
        effective_at=new.effective_at or opened.now,
        expires_at=new.expires_at,
        original=new.credits,
    )
    try:
        opened.writer.grant(terms)
    except ValueError as error:
        raise Problem("invalid_body", f"{error}.") from None
    ledger.advance(opened.now)
    if new.bucket == PURCHASED and not opened.plan.subscription.entitlement_active:
        ledger.lock(new.id, at=opened.now)
    opened.record("grant.add", new.id, as_pairs(None, new))
    return _grant(opened, new.id)


def void_grant(opened: OpenLedger, grant_id: str) -> Grant:
    """Void what is left of a grant. A repeat changes nothing.

    Raises:
        Problem: The grant does not exist, or nothing is left of it.
    """
    if all(grant.terms.id != grant_id for grant in opened.writer.ledger.booked_grants):
        raise Problem("not_found", "There is no grant with this ID.")
    voided_before = _grant(opened, grant_id).voided_amount
    try:
        opened.writer.ledger.void(grant_id, at=opened.now)
    except NothingLeft:
        raise Problem("grant_not_active", "This grant has nothing left to void.") from None
    voided = _grant(opened, grant_id)
    if voided.voided_amount != voided_before:
        opened.record("grant.void", grant_id, {"voided_amount": (voided_before, voided.voided_amount)})
    return voided


def reverse_event(opened: OpenLedger, event_id: str, actor: str | None) -> Event:
    """Reverse an event, once.

    Raises:
        Problem: The event does not exist, or it cannot be reversed.
    """
    if actor is not None:
        _check_text("actor", actor)
    event = find_event(opened.connection, opened.writer.org_id, event_id)
    if event is None:
        raise Problem("not_found", "There is no event with this ID.")
    if event.reverses is not None:
        raise Problem("not_reversible", "A reversal cannot be reversed.")
    if event.credits < Credits.ZERO:
        raise Problem("not_reversible", "An adjustment cannot be reversed; report another adjustment.")
    if is_reversed(opened.connection, opened.writer.org_id, event_id):
        raise Problem("not_reversible", "This event has already been reversed.")
    # No sender has an empty name, so no event can take this ID.
    reversal_id = event_id_of("", event_id)
    reversal = opened.writer.reverse(event, reversal_id=reversal_id, at=opened.now, actor=actor)
    opened.record("event.reverse", event_id, {"reversal": (None, reversal.id), "actor": (None, actor)})
    return reversal


def set_allowance(opened: OpenLedger, allowance_id: str, new: NewAllowance) -> None:
    """Add an allowance, or change it. What was used stays.

    Raises:
        Problem: The allowance is invalid.
    """
    for name, text in (("id", allowance_id), ("label", new.label), ("unit", new.unit)):
        _check_text(name, text)
    try:
        check_amount(new.included or Decimal(0))
    except ValueError as error:
        raise _invalid("included", str(error)) from None
    connection, org_id, columns = opened.connection, opened.writer.org_id, allowances.c
    ends_at = opened.period.ends_at
    values = {
        "label": new.label,
        "unit": new.unit,
        "included": None if new.included is None else f"{new.included:f}",
        "resets_at": to_micros(ends_at) if new.resets and ends_at > opened.now else None,
    }
    this_one = (columns.org_id == org_id) & (columns.id == allowance_id)
    old = current_allowance(opened, allowance_id)
    opened.changed = True
    if old != new:
        opened.record("allowance.set", allowance_id, as_pairs(old, new))
    if connection.execute(update(allowances).where(this_one).values(values)).rowcount:
        return
    last = connection.scalar(select(func.max(columns.position)).where(columns.org_id == org_id))
    position = 0 if last is None else last + 1
    row = {"org_id": org_id, "id": allowance_id, "position": position, "used": "0", **values}
    connection.execute(insert(allowances).values(row))


def current_allowance(opened: OpenLedger, allowance_id: str) -> NewAllowance | None:
    """The current allowance; None if there is none."""
    columns = allowances.c
    query = select(allowances).where(columns.org_id == opened.writer.org_id, columns.id == allowance_id)
    row = opened.connection.execute(query).one_or_none()
    if row is None:
        return None
    included = None if row.included is None else Decimal(row.included)
    return NewAllowance(label=row.label, unit=row.unit, included=included, resets=row.resets_at is not None)


def current_subscription(opened: OpenLedger) -> NewSubscription:
    """The current plan. It has no name until it is set."""
    plan = opened.plan
    recharge = plan.auto_recharge
    return NewSubscription(
        plan=plan.subscription.plan,
        cadence=plan.subscription.cadence,
        included=plan.included,
        status=plan.subscription.status,
        ends_at=plan.subscription.ends_at,
        entitlement_active=plan.subscription.entitlement_active,
        auto_recharge=recharge.enabled if recharge else None,
        auto_recharge_threshold=recharge.threshold if recharge else None,
        buy_credits_link=plan.links.buy_credits,
        auto_recharge_link=plan.links.auto_recharge,
    )


def set_subscription(opened: OpenLedger, new: NewSubscription) -> None:
    """Set the plan. The current period stays as it is, and included credits are granted once per period.

    If the term has ended and the plan is paid again, a new period begins at once.

    Raises:
        Problem: The subscription is invalid.
    """
    _check_subscription(new, opened.now)
    ledger = opened.writer.ledger
    last_booked_at = max(ledger.now, ledger.last_event_at or opened.now)
    if opened.period.ends_at <= opened.now <= last_booked_at:
        # What was booked by then was outside all periods, so it must not be in the one that begins now.
        opened.advance(last_booked_at + timedelta.resolution)
    old = current_subscription(opened)
    if old != new:
        opened.record("subscription.set", opened.writer.org_id, as_pairs(old, new))
    was_active = opened.plan.subscription.entitlement_active
    _write_subscription(opened, new)
    opened.plan = read_plan(opened.connection, opened.writer.org_id)
    opened.changed = True
    if not new.entitlement_active:
        opened.set_locks(opened.now, locked=True)
        return
    if not was_active:
        opened.set_locks(opened.now, locked=False)
    if opened.period.ends_at <= opened.now:
        opened.start_period(opened.now, opened.now)
    else:
        opened.grant_included()


def _check_subscription(new: NewSubscription, now: datetime) -> None:
    if new.cadence not in MONTHS:
        raise _invalid("cadence", f"must be one of {', '.join(MONTHS)}")
    for name, amount in (
        ("included", new.included),
        ("auto_recharge_threshold", new.auto_recharge_threshold),
    ):
        if amount is not None and amount < Credits.ZERO:
            raise _invalid(name, "must not be negative")
    if new.entitlement_active and new.ends_at is not None and new.ends_at <= now:
        raise _invalid("ends_at", "must be in the future while the entitlement is active")
    for name, text in (
        ("plan", new.plan),
        ("status", new.status),
        ("buy_credits_link", new.buy_credits_link),
        ("auto_recharge_link", new.auto_recharge_link),
    ):
        if text is not None:
            _check_text(name, text)
            if name.endswith("_link") and not text.startswith("https://"):
                raise _invalid(name, "must be an https:// URL")


def _write_subscription(opened: OpenLedger, new: NewSubscription) -> None:
    restarts = new.entitlement_active and opened.period.ends_at <= opened.now
    anchored_at = opened.now if restarts else opened.plan.anchored_at
    threshold = new.auto_recharge_threshold
    opened.connection.execute(
        update(subscriptions)
        .where(subscriptions.c.org_id == opened.writer.org_id)
        .values(
            plan=new.plan,
            status=new.status,
            cadence=new.cadence,
            included=new.included.micro,
            ends_at=to_micros(new.ends_at),
            entitlement_active=new.entitlement_active,
            anchored_at=to_micros(anchored_at),
            recharge_enabled=new.auto_recharge,
            recharge_threshold=None if threshold is None else threshold.micro,
            buy_credits_link=new.buy_credits_link,
            auto_recharge_link=new.auto_recharge_link,
        )
    )


def _grant(opened: OpenLedger, grant_id: str) -> Grant:
    return next(grant for grant in opened.writer.ledger.grants() if grant.id == grant_id)


def _check_text(name: str, text: str) -> None:
    if not text or len(text) > LONGEST_TEXT:
        raise _invalid(name, f"must have 1 to {LONGEST_TEXT} characters")


def _invalid(name: str, reason: str) -> Problem:
    return Problem(
        "invalid_body",
        f"The field {name} {reason}.",
        invalid_parameters=[{"name": name, "reason": reason}],
    )
