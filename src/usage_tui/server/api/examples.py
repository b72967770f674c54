"""The examples of the description: one short story, told by the service itself."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def examples() -> dict[str, Any]:
    """What is sent and answered, by operation id, and a problem document for each status.

    It is read once and shared: take copies of what is to be changed.
    """
    text = files(__package__).joinpath("examples.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
