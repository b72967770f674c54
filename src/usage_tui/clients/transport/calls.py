"""How much may still be asked of a service, as its answers tell in headers of several dialects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_DIALECTS = (
    ("x-ratelimit-remaining", "x-ratelimit-limit"),
    ("x-ratelimit-remaining-requests", "x-ratelimit-limit-requests"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-limit"),
    ("ratelimit-remaining", "ratelimit-limit"),
)
_LONGEST = 12


class CallsLeft(NamedTuple):
    """Requests within the service's limit.

    Attributes:
        left: How many may still be sent.
        most: How many there are in all; None if that is not reported.
    """

    left: int
    most: int | None = None


def read_calls_left(headers: Mapping[str, str]) -> CallsLeft | None:
    """What an answer tells; None if it tells nothing that is a number."""
    for left, most in _DIALECTS:
        number = _number(headers.get(left))
        if number is not None:
            return CallsLeft(number, _number(headers.get(most)))
    return None


def _number(text: str | None) -> int | None:
    is_number = text is not None and text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    return int(text) if is_number and text is not None else None
