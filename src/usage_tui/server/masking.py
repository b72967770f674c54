"""Secrets in places where they do not belong, such as a token that was pasted into an address."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"uat_[\w-]+", re.ASCII | re.IGNORECASE)


def masked(text: str) -> str:
    """The text, with ``uat_***`` in place of everything that looks like a token."""
    return _TOKEN.sub("uat_***", text)
