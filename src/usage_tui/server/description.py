"""The description of the API, OpenAPI 3.1: the routes as FastAPI knows them, the shapes as `wire` does."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from usage_tui import wire
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
from usage_tui.server import cloudevents
from usage_tui.server.changes import NewAllowance, NewGrant, NewSubscription, Reversal
from usage_tui.server.ingest import Receipt
from usage_tui.server.problems import CODES, MEDIA_TYPE
from usage_tui.server.replies import BillingPeriods

_JSON = "application/json"
_EVENTS = "/v1/orgs/{org}/usage/events"
_READING = (304, 400, 401, 403, 404, 410, 429, 500, 503)
_WRITING = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503)


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
        title=app.title, version="1", openapi_version="3.1.0", routes=app.routes
    )
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            shape = _SHAPES.get((method, path))
            if shape is not None:
                _complete(operation, method, shape)
    _add_events(document["paths"][_EVENTS])
    models = {model for shape in _SHAPES.values() for model in shape if model is not None}
    models |= {cloudevents.Envelope, cloudevents.UseData, cloudevents.AllowanceData}
    schemas = wire.json_schema(*sorted(models, key=lambda model: model.__name__))
    document["components"] = {
        "schemas": json.loads(json.dumps(schemas).replace("#/$defs/", "#/components/schemas/"))
        | {"CloudEvent": _cloud_event(), "Problem": _problem()},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    return document


def _complete(operation: dict[str, Any], method: str, shape: _Shape) -> None:
    operation["security"] = [{"token": []}]
    replied = {"description": "The reply.", "content": {_JSON: {"schema": _reference(shape.reply.__name__)}}}
    problem = {MEDIA_TYPE: {"schema": _reference("Problem")}}
    operation["responses"] = {"200": replied}
    for status in _READING if method == "get" else _WRITING:
        codes = CODES.get(status)
        described = {"description": ", ".join(codes), "content": problem} if codes else None
        operation["responses"][str(status)] = described or {"description": "Unchanged."}
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True
    if shape.body is not None:
        schema = _reference(shape.body.__name__)
        needed = shape.body is not Reversal
        operation["requestBody"] = {"required": needed, "content": {_JSON: {"schema": schema}}}


def _add_events(operations: dict[str, Any]) -> None:
    """The bodies of one route that are no plain JSON: batches to ingest, and exports."""
    event = _reference("CloudEvent")
    batch = {"type": "array", "maxItems": cloudevents.LARGEST_BATCH, "items": event}
    content = {cloudevents.BATCH: {"schema": batch}, cloudevents.ONE: {"schema": event}}
    operations["post"]["requestBody"] = {"required": True, "content": content}
    text = {"schema": {"type": "string"}}
    operations["get"]["responses"]["200"]["content"] |= {"text/csv": text, "application/x-ndjson": text}


def _cloud_event() -> dict[str, Any]:
    data = {"anyOf": [_reference("UseData"), _reference("AllowanceData")]}
    members = {"type": "object", "properties": {"data": data}, "required": ["data"]}
    return {"allOf": [_reference("Envelope"), members]}


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    codes = {"type": "string", "enum": [code for codes in CODES.values() for code in codes]}
    return {
        "type": "object",
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": codes,
            "detail": text,
            "request_id": text,
            "your_role": text,
            "required_scope": text,
            "invalid_parameters": {
                "type": "array",
                "items": {"type": "object", "properties": {"name": text, "reason": text}},
            },
        },
        "required": ["type", "title", "status", "code", "detail", "request_id"],
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
