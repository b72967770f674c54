"""The API as OpenAPI 3.1: FastAPI's description of the routes, completed from our own tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from usage_tui.server.api.examples import examples
from usage_tui.server.api.operations import (
    ABOUT,
    OPERATIONS,
    PARAMETERS,
    REFUSALS,
    SAMPLES,
    TAGS,
    TITLE,
    Operation,
)
from usage_tui.server.api.shapes import Schema, component_schemas, reference
from usage_tui.server.ledger_writer import cloudevents
from usage_tui.server.problems import CODES, MEDIA_TYPE

_JSON = "application/json"
_TEXT = "text/plain"
_TOKEN = {"type": "http", "scheme": "bearer", "description": "A token such as `uat_<id>_<secret>`."}
_RETRIED = 429, 503
_OPEN_TAG = "Operations"
_IGNORED_HEADER = "content-type"
"""OpenAPI has the media type in the request body."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The whole description."""
    document: dict[str, Any] = get_openapi(
        title=TITLE,
        version="1",
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        servers=[{"url": "/", "description": "The service that this description comes from."}],
        contact={"name": "The usage-tui developers"},
        license_info={"name": "MIT", "identifier": "MIT"},
    )
    schemas = component_schemas(
        replies={one.reply for one in OPERATIONS.values() if one.reply},
        bodies={one.body for one in OPERATIONS.values() if one.body},
    )
    for path in document["paths"].values():
        for operation in path.values():
            _complete(operation)
    _add_ingest(document["paths"]["/v1/orgs/{org}/usage/events"]["post"], schemas["CloudEvent"])
    document["components"] = {
        "schemas": schemas,
        "responses": {REFUSALS[status].name: _refusal(status) for status in REFUSALS},
        "securitySchemes": {"token": _TOKEN},
    }
    return document


def _complete(operation: dict[str, Any]) -> None:
    """Complete what FastAPI made of a route with `OPERATIONS`."""
    name = operation["operationId"]
    said, shown = OPERATIONS[name], examples()["operations"].get(name, {})
    operation |= {"tags": [said.tag], "summary": said.summary, "security": [{"token": []}]}
    if said.tag == _OPEN_TAG:
        operation["security"] = []
    parameters = [
        _parameter(parameter)
        for parameter in operation.pop("parameters", [])
        if parameter["name"].lower() != _IGNORED_HEADER
    ]
    if parameters:
        operation["parameters"] = parameters
    operation["responses"] = _responses(said, shown, cached=any(_is_tag(one) for one in parameters))
    if said.body is not None:
        content = {_JSON: _shown(reference(said.body.__name__), shown["body"])}
        operation["requestBody"] = {"required": said.needs_body, "content": content}


def _is_tag(parameter: Mapping[str, Any]) -> bool:
    return bool(parameter["name"] == "If-None-Match")


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter as FastAPI describes it, but never null, and without a default if it is required."""
    name, schema = parameter["name"], dict(parameter["schema"])
    for alternative in schema.pop("anyOf", ()):
        if alternative.get("type") != "null":
            schema |= alternative
    schema.pop("title", None)
    completed = {**parameter, "schema": schema, "description": PARAMETERS[name]}
    if name in SAMPLES:
        schema.pop("default", None)
        completed |= {"required": True, "example": SAMPLES[name]}
    return completed


def _responses(said: Operation, shown: Mapping[str, Any], *, cached: bool) -> dict[str, Any]:
    if said.reply is None:
        content = {_TEXT: _shown({"type": "string"}, shown["reply"])}
    else:
        content = {_JSON: _shown(reference(said.reply.__name__), shown["reply"])}
        for media_type, text in shown.get("exports", {}).items():
            content[media_type] = _shown({"type": "string"}, text)
    replied: dict[str, Any] = {"description": "Success.", "content": content}
    responses: dict[str, Any] = {"200": replied}
    if cached:
        text = {"type": "string"}
        replied["headers"] = {"ETag": {"description": "Identifies this reply.", "schema": text}}
        responses["304"] = {"description": "Nothing has changed since the reply with this `ETag`."}
    for status in said.refusals:
        responses[str(status)] = {"$ref": f"#/components/responses/{REFUSALS[status].name}"}
    if said.tag == _OPEN_TAG:
        responses["4XX"] = {"$ref": f"#/components/responses/{REFUSALS[400].name}"}
    return responses


def _refusal(status: int) -> dict[str, Any]:
    """The problem documents with this status."""
    codes = ", ".join(f"`{code}`" for code in CODES[status])
    content = {MEDIA_TYPE: _shown(reference("Problem"), examples()["problems"][str(status)])}
    described: dict[str, Any] = {
        "description": f"{REFUSALS[status].description} Codes: {codes}.",
        "content": content,
    }
    if status in _RETRIED:
        seconds = {"description": "Wait this many seconds.", "schema": {"type": "integer", "minimum": 1}}
        described["headers"] = {"Retry-After": seconds}
    if status == 401:
        text = {"type": "string"}
        described["headers"] = {"WWW-Authenticate": {"description": "Asks for a token.", "schema": text}}
    return described


def _add_ingest(operation: dict[str, Any], event: Schema) -> None:
    """The three ways to send events that the HTTP binding of CloudEvents has."""
    batch = {"type": "array", "maxItems": cloudevents.LARGEST_BATCH, "items": reference("CloudEvent")}
    shown = examples()["operations"]["ingest"]["batch"]
    operation["requestBody"] = {
        "required": True,
        "content": {
            cloudevents.BATCH: _shown(batch, shown),
            cloudevents.ONE: _shown(reference("CloudEvent"), shown[0]),
            _JSON: _shown(event["properties"]["data"], shown[0]["data"]),
        },
    }
    operation["parameters"] += [_attribute(name) for name in event["properties"] if name != "data"]


def _attribute(name: str) -> dict[str, Any]:
    """An attribute of a CloudEvent as a header, for binary mode."""
    described = f"In binary mode, the attribute `{name}` of the event."
    return {
        "name": f"ce-{name}",
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": described,
    }


def _shown(schema: Schema, example: Any) -> dict[str, Any]:
    return {"schema": schema, "example": example}
