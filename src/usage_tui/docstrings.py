"""What the docstring of a model says, as the descriptions of a JSON Schema."""

from __future__ import annotations

import re
from typing import Any

_ATTRIBUTE = re.compile(r"^    (\w+): ", re.MULTILINE)


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a model, with the text on each attribute moved from its description to that attribute."""
    if "description" not in schema:
        return schema
    summary, _, attributes = schema["description"].partition("Attributes:")
    parts = _ATTRIBUTE.split(attributes)
    properties = schema.get("properties", {})
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    told = {
        name: properties[name] | {"description": _in_json(texts[name])} for name in texts.keys() & properties
    }
    return schema | {"description": _in_json(summary)} | ({"properties": properties | told} if told else {})


def _in_json(text: str) -> str:
    """A docstring on one line, with the words of JSON."""
    return re.sub(r"\bNone\b", "`null`", " ".join(text.replace("``", "`").split()))
