"""The examples in the description, which are real answers of the service."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def examples() -> dict[str, Any]:
    """Requests and replies by operation ID, and a problem document for each status.

    They are read once and shared, so copy what you change.
    """
    text = files(__package__).joinpath("examples.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
