"""The description of the API, OpenAPI 3.1: the routes as FastAPI knows them, the shapes as `shapes` does."""

from __future__ import annotations

from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from usage_tui.models import (
    Allowances,
    DailyUsage,
    Event,
    EventPage,
    Grant,
    Grants,
    Me,
    Ranking,
    Subscription,
    Summary,
)
from usage_tui.server.api.shapes import component_schemas, reference
from usage_tui.server.ledger_writer import cloudevents
from usage_tui.server.ledger_writer.changes import NewAllowance, NewGrant, NewSubscription, Reversal
from usage_tui.server.ledger_writer.ingest import Receipt
from usage_tui.server.problems import CODES, MEDIA_TYPE
from usage_tui.server.replies.slices import BillingPeriods

_JSON = "application/json"
_EVENTS = "/v1/orgs/{org}/usage/events"
_ABOUT = """\
How many credits an organization has, what spends them and when they end: exact, and safe to poll.

* **Amounts** of credits are decimal strings with at most 6 places, never numbers. Counts are integers.
* **Instants** are RFC 3339 in UTC and named `..._at`; an end is exclusive. **Days** are civil dates in the
  organization's time zone and named `..._date`; an end is inclusive.
* Every reply says `as_of` when and at which `revision` it is true. Replies of one revision agree.
* Every GET has an `ETag`. Sent back as `If-None-Match`, it is answered with 304 while nothing changed.
* **Lists of events** are walked by `page.next` and `page.prev`, sent as `cursor` with the same conditions. A
  walk is frozen at its first page: what arrives later is counted by `newer` and shifts nothing.
* **Writes** but the ingest of events need an `Idempotency-Key`; a repeat with it gets the first answer.
* What is refused is a problem document (RFC 9457) with a `code`. 429 and 503 say `Retry-After`.
* Members are added in time: ignore those that you do not know, and take unknown words as they are.
"""
_TOKEN = {"type": "http", "scheme": "bearer", "description": "A token such as `uat_<id>_<secret>`."}
_LATER = 429, 503
_READING = (400, 401, 403, 404, 429, 500, 503)
_WRITING = (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503)


class _Shape(NamedTuple):
    """What a route answers, and what it takes."""

    reply: type[Any]
    body: type[Any] | None = None


_SHAPES: dict[tuple[str, str], _Shape] = {
    ("get", "/v1/me"): _Shape(Me),
    ("get", "/v1/orgs/{org}/usage/summary"): _Shape(Summary),
    ("get", "/v1/orgs/{org}/usage/sources"): _Shape(Ranking),
    ("get", "/v1/orgs/{org}/usage/daily"): _Shape(DailyUsage),
    ("get", _EVENTS): _Shape(EventPage),
    ("get", "/v1/orgs/{org}/grants"): _Shape(Grants),
    ("get", "/v1/orgs/{org}/allowances"): _Shape(Allowances),
    ("get", "/v1/orgs/{org}/billing-periods"): _Shape(BillingPeriods),
    ("post", _EVENTS): _Shape(Receipt),
    ("post", f"{_EVENTS}/{{event_id}}/reversal"): _Shape(Event, Reversal),
    ("post", "/v1/orgs/{org}/grants"): _Shape(Grant, NewGrant),
    ("post", "/v1/orgs/{org}/grants/{grant_id}/void"): _Shape(Grant),
    ("put", "/v1/orgs/{org}/allowances/{allowance_id}"): _Shape(Allowances, NewAllowance),
    ("put", "/v1/orgs/{org}/subscription"): _Shape(Subscription, NewSubscription),
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The whole description."""
    document: dict[str, Any] = get_openapi(
        title=app.title, version="1", openapi_version="3.1.0", description=_ABOUT, routes=app.routes
    )
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            shape = _SHAPES.get((method, path))
            if shape is not None:
                _complete(operation, method, shape)
            else:
                operation["responses"] |= _refusals(500, 503)
    _add_events(document["paths"][_EVENTS])
    models = {model for shape in _SHAPES.values() for model in shape if model is not None}
    models |= {cloudevents.Envelope, cloudevents.UseData, cloudevents.AllowanceData}
    document["components"] = {
        "schemas": component_schemas(models) | {"CloudEvent": _cloud_event()},
        "securitySchemes": {"token": _TOKEN},
    }
    return document


def _complete(operation: dict[str, Any], method: str, shape: _Shape) -> None:
    operation["security"] = [{"token": []}]
    replied = {"description": "The reply.", "content": {_JSON: {"schema": reference(shape.reply.__name__)}}}
    operation["responses"] = {"200": replied}
    if method == "get":
        replied["headers"] = {"ETag": {"description": "Names this very reply.", "schema": {"type": "string"}}}
        operation["responses"]["304"] = {"description": "Unchanged since the reply with that tag."}
    operation["responses"] |= _refusals(*(_READING if method == "get" else _WRITING))
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True
    if shape.body is not None:
        schema = reference(shape.body.__name__)
        needed = shape.body is not Reversal
        operation["requestBody"] = {"required": needed, "content": {_JSON: {"schema": schema}}}


def _refusals(*statuses: int) -> dict[str, Any]:
    """The problem documents with these statuses."""
    described: dict[str, Any] = {}
    for status in statuses:
        content = {MEDIA_TYPE: {"schema": reference("Problem")}}
        described[str(status)] = {"description": ", ".join(CODES[status]), "content": content}
        if status in _LATER:
            seconds = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
            described[str(status)]["headers"] = {"Retry-After": seconds}
    return described


def _add_events(operations: dict[str, Any]) -> None:
    """The bodies of one route that are no plain JSON: batches to ingest, and exports."""
    # An event that does not fit is no bad request: it has a result of its own.
    event = {"anyOf": [reference("CloudEvent"), {}]}
    described = f"At most {cloudevents.LARGEST_BATCH} events; a result for each is in the receipt, in order."
    batch = {"type": "array", "description": described, "items": event}
    content = {cloudevents.BATCH: {"schema": batch}, cloudevents.ONE: {"schema": event}}
    operations["post"]["requestBody"] = {"required": True, "content": content}
    operations["get"]["responses"] |= _refusals(410)
    text = {"schema": {"type": "string"}}
    operations["get"]["responses"]["200"]["content"] |= {"text/csv": text, "application/x-ndjson": text}


def _cloud_event() -> dict[str, Any]:
    data = {"anyOf": [reference("UseData"), reference("AllowanceData")]}
    members = {"type": "object", "properties": {"data": data}, "required": ["data"]}
    return {"allOf": [reference("Envelope"), members]}
