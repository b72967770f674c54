"""Imports a recorded history as it is: grants, events and who paid for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from usage_tui.ledger.balance_state import low_threshold
from usage_tui.ledger.booked_grant import NEVER
from usage_tui.ledger.spending import Terms
from usage_tui.ledger.statement import BillingTerms
from usage_tui.models import Event, Grant, Meter, Period, Summary
from usage_tui.server.db.instants import BEGINNING
from usage_tui.server.db.reads import find_events, read_ledger, read_organization
from usage_tui.server.ledger_writer.create_organization import create_with_grants
from usage_tui.server.ledger_writer.organizations import AlreadyExists
from usage_tui.server.ledger_writer.writer import LedgerWriter

_PAGE = 1000


class CannotImport(ValueError):
    """The recording does not add up, or the service does not support it."""


class RecordedOrganization(NamedTuple):
    """An organization as it was recorded.

    Attributes:
        events: All of them, oldest first.
        former: The billing periods before the current one, oldest first.
    """

    summary: Summary
    grants: tuple[Grant, ...]
    meters: tuple[Meter, ...]
    events: Sequence[Event]
    former: tuple[Period, ...] = ()


def import_recording(
    connection: Connection, kept: RecordedOrganization, events: Iterable[Event] | None = None
) -> None:
    """Add the organization with its whole history, so that every reply is the same as before.

    Args:
        connection: In a writing transaction.
        kept: The recorded organization.
        events: The same events, passed through a progress display.

    Raises:
        AlreadyExists: There is an organization with its id.
        CannotImport: The numbers do not add up.
    """
    try:
        terms = [Terms.of(grant) for grant in kept.grants]
        writer = create_with_grants(connection, _billing(kept), terms, kept.former)
        _book(writer, kept, kept.events if events is None else events)
    except AlreadyExists:
        raise
    except ValueError as error:
        raise CannotImport(str(error)) from None
    writer.save(BEGINNING, writer.revision + 1)


def is_imported(connection: Connection, kept: RecordedOrganization) -> bool:
    """Whether the organization already exists with all of these grants and events."""
    org_id = kept.summary.org.id
    organization = read_organization(connection, org_id)
    if organization is None or organization.unit.code != kept.summary.unit.code:
        return False
    held = {grant.terms.id: grant.terms for grant in read_ledger(connection, organization).booked_grants}
    if any(held.get(grant.id) != Terms.of(grant) for grant in kept.grants):
        return False
    return all(
        _hold(connection, org_id, kept.events[start : start + _PAGE])
        for start in range(0, len(kept.events), _PAGE)
    )


def _hold(connection: Connection, org_id: str, kept: Sequence[Event]) -> bool:
    found = find_events(connection, org_id, [event.id for event in kept])
    return {event.id: event for event in found} == {event.id: event for event in kept}


def _billing(kept: RecordedOrganization) -> BillingTerms:
    summary = kept.summary
    period, subscription = summary.period, summary.subscription
    if period is None or subscription is None:
        raise CannotImport("it has no billing period or no plan, but the service needs both")
    derived = low_threshold(summary.included, summary.auto_recharge, unit=summary.unit)
    return BillingTerms(
        org=summary.org,
        period=period,
        subscription=subscription,
        auto_recharge=summary.auto_recharge,
        chosen_threshold=None if derived == summary.low_threshold else summary.low_threshold,
        meters=kept.meters,
        links=summary.links,
        unit=summary.unit,
    )


def _book(writer: LedgerWriter, kept: RecordedOrganization, events: Iterable[Event]) -> None:
    ledger, as_of = writer.ledger, kept.summary.as_of
    open_until = _open_until(kept.summary)
    for number, event in enumerate(events, start=1):
        _check_event(event, open_until)
        ledger.add_booked(event)
        writer.add(event)
        if number % _PAGE == 0:
            writer.write()
    stated = {grant.id: grant for grant in kept.grants}
    for grant in ledger.booked_grants:
        if stated[grant.terms.id].voided_amount:
            grant.void(min(as_of, grant.expires_at))
    ledger.advance(as_of)
    for grant in ledger.booked_grants:
        if stated[grant.terms.id].status == "locked":
            grant.set_lock(as_of, locked=True)
    for found in ledger.grants():
        if found != stated[found.id]:
            raise CannotImport(f"grant {found.id}: its amounts do not follow from the events")


def _check_event(event: Event, open_until: datetime) -> None:
    if event.occurred_at >= open_until:
        raise CannotImport(f"event {event.id}: is after the end of the current billing period")
    if event.ends_at is not None:
        raise CannotImport(f"event {event.id}: is the total of a span of time, not a single event")


def _open_until(summary: Summary) -> datetime:
    """The end of the last period that exists. The next one would lack later events."""
    period, subscription = summary.period, summary.subscription
    return period.ends_at if period and subscription and subscription.entitlement_active else NEVER
