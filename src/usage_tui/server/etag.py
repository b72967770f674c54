"""Replies with an ETag: a client that still has the reply gets none, only the word that it is unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple


class Answer(NamedTuple):
    """A reply, ready to be sent.

    Attributes:
        body: None if the client has it already.
        etag: Its ETag; None for a reply that is not to be kept.
    """

    body: bytes | None
    etag: str | None = None


def etag(text: str) -> str:
    """The weak ETag of a reply that is the same as long as `text` is."""
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def answer(known: str | None, tag: str, body: Callable[[], bytes]) -> Answer:
    """The reply with this ETag, built only if the client lacks it.

    Args:
        known: The request's ``If-None-Match``.
        tag: The reply's ETag.
        body: Builds the reply.
    """
    etags = {text.strip() for text in (known or "").split(",")}
    return Answer(None, tag) if tag in etags else Answer(body(), tag)
