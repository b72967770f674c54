"""The shapes of requests and replies as JSON Schema, with what their docstrings and checks say of them."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import chain
from typing import Any, get_args, get_type_hints

from usage_tui import wire
from usage_tui.ledger.cadence import MONTHS
from usage_tui.ledger.spending import INCLUDED, PURCHASED
from usage_tui.server.problems import CODES

Schema = dict[str, Any]

_NAME = {"minLength": 1, "maxLength": 200}
_LINK = {"pattern": "^https://", "maxLength": 200}
_WHERE_UNTOLD = re.compile(r"[;.] (None|empty) where [^.]*\.$")
_ATTRIBUTE = re.compile(r"^    (\w+): ", re.MULTILINE)

_CHECKED: Mapping[str, Mapping[str, Schema]] = {
    "NewGrant": {
        "id": _NAME,
        "description": _NAME,
        "origin": _NAME,
        "bucket": {"enum": [INCLUDED, PURCHASED]},
        "credits": {"pattern": r"^(?=.*[1-9])(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?$"},
    },
    "NewAllowance": {"label": _NAME, "unit": _NAME},
    "Reversal": {"actor": _NAME},
    "NewSubscription": {
        "plan": _NAME,
        "status": _NAME,
        "cadence": {"enum": [*MONTHS]},
        "buy_credits_link": _LINK,
        "auto_recharge_link": _LINK,
    },
}
"""What is checked of a request beside its types."""

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
"""What other sources of data may lack, and this service never does."""

_MAY_BE_NULL = ("low_threshold", "used_fraction", "share")
"""Those of them that are null where there is no such number."""


def component_schemas(models: Iterable[type[Any]]) -> dict[str, Schema]:
    """The schemas of the models and of all that they hold, by name, described for who has only these.

    Args:
        models: Those that requests and replies are made of.
    """
    named = sorted(models, key=lambda model: model.__name__)
    text = json.dumps(wire.json_schema(*named)).replace("#/$defs/", "#/components/schemas/")
    schemas: dict[str, Schema] = json.loads(text)
    for model in set(chain.from_iterable(_held(model) for model in named)):
        if model.__name__ in schemas:
            _as_sent(schemas[model.__name__], model)
            _describe(schemas[model.__name__], model)
    for name, members in _CHECKED.items():
        for member, checked in members.items():
            schemas[name]["properties"][member] |= checked
    return schemas | {"Problem": _problem()}


def reference(name: str) -> dict[str, str]:
    """Where the schema of this name is."""
    return {"$ref": f"#/components/schemas/{name}"}


def _held(hint: Any) -> Iterator[type[Any]]:
    """The models that a type is made of, itself among them."""
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
        hints = get_type_hints(hint)
        parts: Iterable[Any] = [hints[part.name] for part in fields(hint)]
    else:
        parts = get_args(hint)
    for part in parts:
        yield from _held(part)


def _as_sent(schema: Schema, model: type[Any]) -> None:
    """Make of a shape that any source may have the one that this service sends."""
    properties, required = schema["properties"], set(schema.get("required", ()))
    for part in fields(model):
        if part.metadata.get("left_out_by_default"):
            del properties[part.name]
    for name in _ALWAYS_SENT.get(model.__name__, ()):
        told = properties[name]
        told.pop("default", None)
        if name not in _MAY_BE_NULL and "anyOf" in told:
            properties[name] = told["anyOf"][0]
        required.add(name)
    if required:
        schema["required"] = [name for name in properties if name in required]


def _describe(schema: Schema, model: type[Any]) -> None:
    """Say in a schema what the model's docstring says: as a whole, and of each attribute."""
    summary, _, attributes = (inspect.getdoc(model) or "").partition("Attributes:")
    told = set(_ALWAYS_SENT.get(model.__name__, ())).difference(_MAY_BE_NULL)
    schema["description"] = _unwrapped(summary)
    parts = _ATTRIBUTE.split(attributes)
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        if name in schema["properties"]:
            said = _unwrapped(text)
            schema["properties"][name]["description"] = _WHERE_UNTOLD.sub(".", said) if name in told else said


def _unwrapped(text: str) -> str:
    return " ".join(text.split())


def _problem() -> Schema:
    text = {"type": "string"}
    codes = {"type": "string", "enum": [code for codes in CODES.values() for code in codes]}
    fault = {"type": "object", "properties": {"name": text, "reason": text}, "required": ["name", "reason"]}
    return {
        "type": "object",
        "description": "Why a request was not granted (RFC 9457). `code` tells programs, `detail` people.",
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": codes,
            "detail": text,
            "request_id": {"type": "string", "description": "The header X-Request-Id; the log has it too."},
            "your_role": {"type": "string", "description": "With billing_access_required."},
            "required_scope": {"type": "string", "description": "With scope_missing."},
            "invalid_parameters": {"type": "array", "items": fault},
        },
        "required": ["type", "title", "status", "code", "detail", "request_id"],
    }
