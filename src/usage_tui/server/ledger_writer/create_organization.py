"""Creates an organization as a file describes it: plan, grants and allowances, without events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, update

from usage_tui.ledger.cadence import MONTHS
from usage_tui.ledger.spending import INCLUDED, Terms
from usage_tui.ledger.statement import BillingTerms
from usage_tui.models import Credits, Meter, Period, Unit, unit_of
from usage_tui.server.db.instants import to_micros
from usage_tui.server.db.reads import read_organization
from usage_tui.server.db.schema import allowance_lines, allowances, subscriptions
from usage_tui.server.ledger_writer.allowances import opening_entries, record
from usage_tui.server.ledger_writer.organizations import create_organization
from usage_tui.server.ledger_writer.writer import LedgerWriter


class UnknownCadence(ValueError):
    """The service does not support periods of this length."""


def create_with_grants(
    connection: Connection,
    billing: BillingTerms,
    grants: Sequence[Terms],
    former: Sequence[Period] = (),
) -> LedgerWriter:
    """Add an organization, and open its ledger at the beginning of time.

    Args:
        connection: In a writing transaction.
        billing: The organization, with its current billing period.
        grants: All grants, of any time.
        former: The billing periods before that one, oldest first.

    Returns:
        The ledger with all grants booked, still to be saved.

    Raises:
        AlreadyExists: An organization has this ID.
        UnknownCadence: Its periods are not supported.
        ValueError: The unit is unknown, or the grants do not fit 64 bits.
    """
    cadence, period = billing.subscription.cadence, billing.period
    if cadence not in MONTHS:
        raise UnknownCadence(f"invalid cadence {cadence!r}: use one of {', '.join(MONTHS)}")
    org_id = billing.org.id
    create_organization(
        connection,
        billing.org,
        (period.id, period.starts_at, period.ends_at),
        unit=_checked(billing.unit),
        former=[(one.id, one.starts_at, one.ends_at) for one in former],
        low_threshold=billing.chosen_threshold,
    )
    _set_subscription(connection, billing, grants)
    for position, meter in enumerate(billing.meters):
        _add_meter(connection, org_id, position, meter)
        record(connection, org_id, meter.id, opening_entries(meter, period.starts_at))
    organization = read_organization(connection, org_id, to_write=True)
    assert organization is not None  # noqa: S101 - it was just added
    writer = LedgerWriter(connection, organization)
    for terms in sorted(grants, key=lambda terms: (terms.granted_at, terms.id)):
        writer.grant(terms)
    return writer


def _checked(unit: Unit) -> Unit:
    try:
        return unit_of(unit.code)
    except ValueError as error:
        raise ValueError(f"its unit {unit.code[:20]!r} {error}") from None


def _set_subscription(connection: Connection, billing: BillingTerms, grants: Sequence[Terms]) -> None:
    subscription, recharge, links = billing.subscription, billing.auto_recharge, billing.links
    included = Credits.total(
        terms.original
        for terms in grants
        if (terms.bucket, terms.effective_at) == (INCLUDED, billing.period.starts_at)
    )
    threshold = recharge.threshold if recharge else None
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.org_id == billing.org.id)
        .values(
            plan=subscription.plan,
            status=subscription.status,
            cadence=subscription.cadence,
            included=included.micro,
            ends_at=to_micros(subscription.ends_at),
            entitlement_active=subscription.entitlement_active,
            recharge_enabled=recharge.enabled if recharge else None,
            recharge_threshold=threshold.micro if threshold else None,
            buy_credits_link=links.buy_credits if links else None,
            auto_recharge_link=links.auto_recharge if links else None,
        )
    )


def _add_meter(connection: Connection, org_id: str, position: int, meter: Meter) -> None:
    row = {
        "org_id": org_id,
        "id": meter.id,
        "position": position,
        "label": meter.label,
        "unit": meter.unit,
        "included": None if meter.included is None else f"{meter.included:f}",
        "used": f"{meter.used:f}",
        "resets_at": to_micros(meter.resets_at),
    }
    connection.execute(insert(allowances).values(row))
    for line_position, line in enumerate(meter.lines or ()):
        line_row: dict[str, Any] = {"org_id": org_id, "allowance_id": meter.id, "label": line.label}
        line_row |= {"position": line_position, "used": f"{line.used:f}"}
        connection.execute(insert(allowance_lines).values(line_row))
