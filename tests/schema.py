"""As much of JSON Schema as the program's own schema uses."""

from __future__ import annotations

import re
from typing import Any

Schema = dict[str, Any]

TYPES: dict[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
SAMPLES: dict[str, object] = {
    "string": "UTC",  # a text, and a time zone
    "integer": 1,
    "boolean": True,
    "date": "2026-11-22",
    "date-time": "2026-11-22T20:30:00Z",
    "decimal": "0.62405",
}


def faults(data: Any, schema: Schema, definitions: dict[str, Schema]) -> list[str]:  # noqa: C901
    """The keywords that the data fail."""
    found = []
    for keyword, wanted in schema.items():
        match keyword:
            case "$ref":
                found += faults(data, definitions[wanted.removeprefix("#/$defs/")], definitions)
            case "type" if not isinstance(data, TYPES[wanted]) or (wanted == "integer" and data is True):
                found.append(f"type {wanted}")
            case "const" if data != wanted:
                found.append("const")
            case "pattern" if isinstance(data, str) and not re.search(wanted, data):
                found.append(f"pattern {wanted}")
            case "minimum" if isinstance(data, int) and data < wanted:
                found.append(f"minimum {wanted}")
            case "exclusiveMaximum" if isinstance(data, int) and data >= wanted:
                found.append(f"exclusiveMaximum {wanted}")
            case "anyOf" | "oneOf":
                passed = [not faults(data, one, definitions) for one in wanted]
                if sum(passed) != 1 if keyword == "oneOf" else not any(passed):
                    found.append(keyword)
            case "required" if isinstance(data, dict):
                found += [f"required {name}" for name in wanted if name not in data]
            case "properties" if isinstance(data, dict):
                for name, value in data.items():
                    found += faults(value, wanted.get(name, {}), definitions)
            case "additionalProperties" if isinstance(data, dict):
                for value in data.values():
                    found += faults(value, wanted, definitions)
            case "items" if isinstance(data, list):
                for value in data:
                    found += faults(value, wanted, definitions)
    return found


def sample(schema: Schema, definitions: dict[str, Schema]) -> Any:
    """Data with every property, that the schema accepts."""
    match schema:
        case {"$ref": ref}:
            return sample(definitions[ref.removeprefix("#/$defs/")], definitions)
        case {"anyOf": [first, *_]}:
            return sample(first, definitions)
        case {"type": "array", "items": items}:
            return [sample(items, definitions)]
        case {"type": "object", "additionalProperties": values}:
            return {"key": sample(values, definitions)}
        case {"type": "object", "properties": properties}:
            return {name: sample(value, definitions) for name, value in properties.items()}
        case {"pattern": _}:
            return SAMPLES["decimal"]
        case {"format": name} | {"type": name}:
            return SAMPLES[name]
        case _:
            raise AssertionError(schema)
