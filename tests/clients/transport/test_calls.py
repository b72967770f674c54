"""How much may still be asked, in the headers of several vendors."""

from __future__ import annotations

import httpx
import pytest

from usage_tui.clients.transport.calls import CallsLeft, read_calls_left


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"X-RateLimit-Remaining": "4990", "X-RateLimit-Limit": "5000"}, CallsLeft(4990, 5000)),
        ({"x-ratelimit-remaining-requests": "9"}, CallsLeft(9)),
        ({"anthropic-ratelimit-requests-remaining": "0"}, CallsLeft(0)),
        ({"RateLimit-Remaining": "5", "RateLimit-Limit": "60, 60;w=60"}, CallsLeft(5)),
        ({"X-RateLimit-Remaining": "-1"}, None),
        ({"X-RateLimit-Remaining": "soon"}, None),
        ({"X-RateLimit-Remaining": "9" * 50}, None),
        ({}, None),
    ],
)
def test_what_the_headers_tell(headers: dict[str, str], left: CallsLeft | None) -> None:
    assert read_calls_left(httpx.Headers(headers)) == left
