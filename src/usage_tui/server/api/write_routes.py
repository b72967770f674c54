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
    """Book events, each once for ever, with a result for each.

    A CloudEvent alone, a batch, or the data of one event with its attributes as `ce-` headers. Where every
    event is refused, so is the request.
    """
    return sent(service.ingest(request.admitted, read_reports(request.body, request.form)))


@router.post("/v1/orgs/{org}/usage/events/{event_id:path}/reversal")
def reverse(
    service: Service, request: SentChange, event_id: str, idempotency_key: IdempotencyKey = ""
) -> Response:
    """Give an event back, once."""

    def change(settled: OpenLedger) -> Event:
        reversal = read_body(Reversal, request.body) if request.body else Reversal()
        return reverse_event(settled, checked_id(event_id), reversal.actor)

    return _changed(service, request, change)


@router.post("/v1/orgs/{org}/grants")
def grant(service: Service, request: SentChange, idempotency_key: IdempotencyKey = "") -> Response:
    """Grant credits."""

    def change(settled: OpenLedger) -> Grant:
        return add_grant(settled, read_body(NewGrant, request.body))

    return _changed(service, request, change)


@router.post("/v1/orgs/{org}/grants/{grant_id:path}/void")
def void(
    service: Service, request: SentChange, grant_id: str, idempotency_key: IdempotencyKey = ""
) -> Response:
    """Take back what a grant still holds."""

    def change(settled: OpenLedger) -> Grant:
        return void_grant(settled, checked_id(grant_id))

    return _changed(service, request, change)


@router.put("/v1/orgs/{org}/allowances/{allowance_id}")
def allowance(
    service: Service, request: SentChange, allowance_id: str, idempotency_key: IdempotencyKey = ""
) -> Response:
    """Set what an allowance promises."""

    def change(settled: OpenLedger) -> Allowances:
        set_allowance(settled, checked_id(allowance_id), read_body(NewAllowance, request.body))
        return Allowances(
            as_of=settled.now,
            revision=settled.next_revision,
            period=PeriodReference(id=settled.period.id),
            items=read_meters(settled.connection, request.admitted.org_id),
        )

    return _changed(service, request, change)


@router.put("/v1/orgs/{org}/subscription")
def subscription(service: Service, request: SentChange, idempotency_key: IdempotencyKey = "") -> Response:
    """Set the plan from now on."""

    def change(settled: OpenLedger) -> Subscription:
        set_subscription(settled, read_body(NewSubscription, request.body))
        return settled.plan.subscription

    return _changed(service, request, change)


def _changed(service: Service, request: ReceivedChange, change: Change) -> Response:
    return sent(service.change(request.admitted, request.key, request.body, change))
