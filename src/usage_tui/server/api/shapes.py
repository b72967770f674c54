"""The shapes of requests and replies as JSON Schema, described by their docstrings and checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from itertools import chain
from typing import Any, get_args, get_type_hints

from usage_tui import wire
from usage_tui.ledger.cadence import MONTHS
from usage_tui.ledger.spending import INCLUDED, PURCHASED
from usage_tui.server.ledger_writer.cloudevents import (
    LONGEST_TEXT,
    AdjustmentData,
    AllowanceData,
    Envelope,
    UseData,
)
from usage_tui.server.problems import CODES

Schema = dict[str, Any]

_NAME = {"minLength": 1, "maxLength": LONGEST_TEXT}
_TEXT = {"maxLength": LONGEST_TEXT}
_LINK = {"pattern": "^https://", "maxLength": LONGEST_TEXT}
_AMOUNT = {"pattern": r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,6})?$"}
_METERED = {"pattern": r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?$"}
_IF_NOT_REPORTED = re.compile(r"[;.] (`null`|empty) if [^.]*\.$")

_CHECKED: Mapping[str, Mapping[str, Schema]] = {
    "NewGrant": {
        "id": _NAME,
        "description": _NAME,
        "origin": _NAME,
        "bucket": {"enum": [INCLUDED, PURCHASED]},
        "unit": _TEXT,
        "credits": {"pattern": r"^(?=.*[1-9])(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?$"},
    },
    "NewAllowance": {"label": _NAME, "unit": _NAME, "included": _METERED},
    "Reversal": {"actor": _NAME},
    "NewSubscription": {
        "plan": _NAME,
        "status": _NAME,
        "cadence": {"enum": [*MONTHS]},
        "included": _AMOUNT,
        "auto_recharge_threshold": _AMOUNT,
        "buy_credits_link": _LINK,
        "auto_recharge_link": _LINK,
    },
    "Envelope": {
        "specversion": {"const": "1.0"},
        "type": {"pattern": r"^usage\.(?!allowance\.$).", **_TEXT},
        "source": _NAME,
        "id": _NAME,
        "subject": _TEXT,
    },
    "UseData": {
        "credits": _AMOUNT,
        "quantity": {"minimum": 0},
        "label": _TEXT,
        "activity": _TEXT,
        "actor": _TEXT,
        "parent": _TEXT,
        "unit": _TEXT,
    },
    "AdjustmentData": {
        "kind": _TEXT,
        "label": _TEXT,
        "activity": _TEXT,
        "actor": _TEXT,
        "unit": _TEXT,
    },
    "AllowanceData": {"amount": _METERED, "line": _TEXT},
}
"""The checks of a request besides its types."""

_ALWAYS_SENT: Mapping[str, tuple[str, ...]] = {
    "Summary": (
        "balance",
        "state",
        "low_threshold",
        "period",
        "included",
        "usage",
        "subscription",
        "capabilities",
    ),
    "Balance": ("included", "purchased", "locked", "overage"),
    "Period": ("days_total",),
    "IncludedProgress": ("used_fraction",),
    "PeriodUsage": ("from_included", "from_purchased", "uncovered", "event_count"),
    "Subscription": ("cadence",),
    "Unit": ("scale",),
    "SourceUsage": ("rank", "share", "count", "count_unit"),
    "OtherSources": ("share", "count"),
    "Day": ("count", "complete"),
    "Event": ("quantity",),
    "Meter": ("used_fraction",),
}
"""What other sources of data can lack, but this service always sends."""

_LEFT_OUT_AT_TIMES: Mapping[str, tuple[str, ...]] = {"PastPeriod": ("roll_forward",)}
"""What this service sends, but not to every viewer."""

_MAY_BE_NULL = ("low_threshold", "used_fraction", "share")
"""Those of them that are null if there is no such number."""

_EVERYWHERE = {
    "as_of": "The time at which the reply is true.",
    "revision": "The revision of the organization's data. It grows with every change.",
    "time_zone": "The IANA time zone in which the organization counts days.",
}
"""The attributes that many replies have."""


def component_schemas(replies: Iterable[type[Any]], bodies: Iterable[type[Any]]) -> dict[str, Schema]:
    """The schemas of the models and of everything in them, by name.

    Args:
        replies: The models of replies, which have every attribute.
        bodies: The models of bodies, in which attributes with a default are optional.
    """
    sent = {*bodies, Envelope, UseData, AdjustmentData, AllowanceData}
    models = sorted({*replies, *sent}, key=lambda model: model.__name__)
    text = json.dumps(wire.json_schema(*models)).replace("#/$defs/", "#/components/schemas/")
    schemas: dict[str, Schema] = json.loads(text)
    held = {model.__name__: model for model in chain.from_iterable(_held(model) for model in models)}
    schemas = {name: schema for name, schema in schemas.items() if name in held}
    for name, schema in schemas.items():
        _as_sent(schema, held[name])
        _describe(schema, held[name])
        if held[name] in sent:
            _set_defaults(schema)
        else:
            _require_all(schema, at_times=_LEFT_OUT_AT_TIMES.get(name, ()))
    for name, members in _CHECKED.items():
        for member, checked in members.items():
            schemas[name]["properties"][member] |= checked
    schemas["CloudEvent"] = _cloud_event(schemas.pop("Envelope"))
    return schemas | {"Problem": _problem()}


def reference(name: str) -> dict[str, str]:
    """Where the schema of this name is."""
    return {"$ref": f"#/components/schemas/{name}"}


def _held(hint: Any) -> Iterator[type[Any]]:
    """The models in a type, including itself."""
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
        hints = get_type_hints(hint)
        parts: Iterable[Any] = [hints[part.name] for part in fields(hint) if _is_sent(hint, part)]
    else:
        parts = get_args(hint)
    for part in parts:
        yield from _held(part)


def _is_sent(model: type[Any], part: Field[Any]) -> bool:
    """Whether the service ever sends an attribute."""
    at_times = _LEFT_OUT_AT_TIMES.get(model.__name__, ())
    return part.name in at_times or not part.metadata.get("left_out_by_default")


def _as_sent(schema: Schema, model: type[Any]) -> None:
    """Narrow a shape that any source can have to the one that this service sends."""
    properties, required = schema["properties"], set(schema.get("required", ()))
    for part in fields(model):
        if not _is_sent(model, part):
            del properties[part.name]
    for name in _ALWAYS_SENT.get(model.__name__, ()):
        told = properties[name]
        told.pop("default", None)
        if name not in _MAY_BE_NULL and "anyOf" in told:
            first, _null = told.pop("anyOf")
            properties[name] = first | told
        required.add(name)
    if required:
        schema["required"] = [name for name in properties if name in required]


def _describe(schema: Schema, model: type[Any]) -> None:
    """Describe what many replies have, and say nothing of a null that is never sent."""
    sent = (*_ALWAYS_SENT.get(model.__name__, ()), *_LEFT_OUT_AT_TIMES.get(model.__name__, ()))
    told = set(sent).difference(_MAY_BE_NULL)
    for name, member in schema["properties"].items():
        text = member.get("description") or _EVERYWHERE.get(name)
        if text:
            member["description"] = _IF_NOT_REPORTED.sub(".", text) if name in told else text


def _set_defaults(schema: Schema) -> None:
    """In a request, null is the same as leaving an attribute out."""
    for member in schema["properties"].values():
        if member.get("default", ...) is None:
            member.pop("default", None)


def _require_all(schema: Schema, at_times: tuple[str, ...]) -> None:
    """A reply has every attribute, but for those that only some viewers get."""
    for name, member in schema["properties"].items():
        member.pop("default", None)
        if name in at_times:
            schema["properties"][name] = member["anyOf"][0] | {"description": member["description"]}
    schema["required"] = [name for name in schema["properties"] if name not in at_times]


def _cloud_event(envelope: Schema) -> Schema:
    """An event as it is sent: the attributes, and the data that go with its type."""
    data = {
        "description": (
            "For `usage.adjustment` an adjustment, for `usage.allowance.ID` the use of an allowance, "
            "otherwise a usage event."
        ),
        "anyOf": [reference("UseData"), reference("AdjustmentData"), reference("AllowanceData")],
    }
    return {
        **envelope,
        "title": "CloudEvent",
        "description": "A CloudEvent 1.0 that reports usage.",
        "properties": {**envelope["properties"], "data": data},
        "required": [*envelope["required"], "data"],
    }


def _problem() -> Schema:
    text = {"type": "string"}
    codes = [code for codes in CODES.values() for code in codes]
    fault = {"type": "object", "properties": {"name": text, "reason": text}, "required": ["name", "reason"]}
    return {
        "type": "object",
        "description": "Why a request was refused (RFC 9457). `code` is for programs, `detail` for people.",
        "properties": {
            "type": {**text, "description": "Always `about:blank`."},
            "title": {**text, "description": "The HTTP status in words."},
            "status": {"type": "integer", "description": "The HTTP status."},
            "code": {**text, "description": "The reason.", "enum": codes},
            "detail": {**text, "description": "What is wrong, in a sentence."},
            "request_id": {
                **text,
                "description": "The ID of the request, as in `X-Request-Id` and in the log.",
            },
            "your_role": {
                **text,
                "description": "With `billing_access_required` and `owner_required`: the role of the user.",
            },
            "required_scope": {**text, "description": "With `scope_missing`: the scope the token needs."},
            "results": {
                "type": "array",
                "description": "With `events_refused`: the result of each event.",
                "items": reference("Result"),
            },
            "invalid_parameters": {
                "type": "array",
                "description": "The parameters or attributes that are invalid, with the reason for each.",
                "items": fault,
            },
        },
        "required": ["type", "title", "status", "code", "detail", "request_id"],
    }
