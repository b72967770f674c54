"""The routes that write: events from services, grants and plans from billing systems."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Response

from usage_tui.models import Allowances, Event, Grant, PeriodReference, Subscription
from usage_tui.server.api.read_routes import sent
from usage_tui.server.api.requests import (
    ReceivedChange,
    SentChange,
    SentEvents,
    Service,
    checked_id,
    read_body,
)
from usage_tui.server.db.reads import read_meters
from usage_tui.server.ledger_writer.changes import (
    NewAllowance,
    NewGrant,
    NewSubscription,
    Reversal,
    add_grant,
    reverse_event,
    set_allowance,
    set_subscription,
    void_grant,
)
from usage_tui.server.ledger_writer.cloudevents import read_reports
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.service import Change

IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


router = APIRouter()
"""The routes under ``/v1`` that write."""


@router.post("/v1/orgs/{org}/usage/events")
def ingest(service: Service, request: SentEvents) -> Response:
    """Report usage as CloudEvents: one, or a batch of at most 1000. Each event is booked once.

    An event is identified by its `source` and `id`, so it is safe to send it again. Each event has its own
    result, in the order sent: an invalid event does not affect the others. If every event is refused, the
    answer is 422.

    A `usage.adjustment`, such as a refund, corrects what a source has used. If its credits are negative, they
    are returned to the grants that paid for the source: first to the one that paid last, up to what it paid,
    then to the one before it. The rest is subtracted from `balance.overage`, which can become negative.
    Within a batch, adjustments are booked last.

    A single event is sent in structured mode (`application/cloudevents+json`) or in binary mode
    (`application/json` with the attributes in `ce-` headers and the data as the body).
    """
    return sent(service.ingest(request.admitted, read_reports(request.body, request.form)))


@router.post("/v1/orgs/{org}/usage/events/{event_id:path}/reversal")
def reverse(
    service: Service, request: SentChange, event_id: str, idempotency_key: IdempotencyKey = ""
) -> Response:
    """Return the credits of an event to the grants that paid for it. An event can be reversed once."""

    def change(opened: OpenLedger) -> Event:
        reversal = read_body(Reversal, request.body) if request.body else Reversal()
        return reverse_event(opened, checked_id(event_id), reversal.actor)

    return _changed(service, request, change)


@router.post("/v1/orgs/{org}/grants")
def grant(service: Service, request: SentChange, idempotency_key: IdempotencyKey = "") -> Response:
    """Add a grant of credits."""

    def change(opened: OpenLedger) -> Grant:
        return add_grant(opened, read_body(NewGrant, request.body))

    return _changed(service, request, change)


@router.post("/v1/orgs/{org}/grants/{grant_id:path}/void")
def void(
    service: Service, request: SentChange, grant_id: str, idempotency_key: IdempotencyKey = ""
) -> Response:
    """Remove the credits that are left of a grant. What was spent stays."""

    def change(opened: OpenLedger) -> Grant:
        return void_grant(opened, checked_id(grant_id))

    return _changed(service, request, change)


@router.put("/v1/orgs/{org}/allowances/{allowance_id}")
def allowance(
    service: Service, request: SentChange, allowance_id: str, idempotency_key: IdempotencyKey = ""
) -> Response:
    """Add an allowance, or change it. What was used stays."""

    def change(opened: OpenLedger) -> Allowances:
        set_allowance(opened, checked_id(allowance_id), read_body(NewAllowance, request.body))
        return Allowances(
            as_of=opened.now,
            revision=opened.next_revision,
            period=PeriodReference(id=opened.period.id),
            items=read_meters(opened.connection, request.admitted.org_id),
        )

    return _changed(service, request, change)


@router.put("/v1/orgs/{org}/subscription")
def subscription(service: Service, request: SentChange, idempotency_key: IdempotencyKey = "") -> Response:
    """Set the plan from now on. The billing period keeps its dates; if it has ended, a new one begins."""

    def change(opened: OpenLedger) -> Subscription:
        set_subscription(opened, read_body(NewSubscription, request.body))
        return opened.plan.subscription

    return _changed(service, request, change)


def _changed(service: Service, request: ReceivedChange, change: Change) -> Response:
    return sent(service.change(request.admitted, request.key, request.body, change))
