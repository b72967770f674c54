"""Cursors: positions in a walk through the events, opaque and signed.

A cursor has a position and its walk, but grants no access: that is checked for every request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from usage_tui.event_parameters import write_parameters
from usage_tui.models import EventQuery
from usage_tui.server.db.instants import from_micros
from usage_tui.server.db.schema import signing_keys
from usage_tui.server.problems import Problem, starting

LIFETIME = timedelta(days=7)
"""How long a walk can last."""

_VERSION = "c1"
_SIGNATURE_BYTES = 16
_LONGEST = 600
_KEPT = "usage_tui.signing_key"
"""Under what a connection keeps the key."""

_KEY = select(signing_keys.c.secret).where(signing_keys.c.id == bindparam("id"))


class Cursor(NamedTuple):
    """A position between two events.

    Attributes:
        walk: The organization and the filters, as `walk_of` names them.
        direction: ``from``, this event and older; ``after``, older; ``before``, newer.
        occurred_at: The time of the event at the position, in microseconds.
        seq: Its number.
        last_seq: The number of the newest event of the walk. Later events are not part of it.
        revision: The revision at the start of the walk.
        as_of: When that was, in microseconds.
        credits: The amount of the event at the position, in a walk by amount.
    """

    walk: str
    direction: str
    occurred_at: int
    seq: int
    last_seq: int
    revision: int
    as_of: int
    credits: int = 0


def walk_of(org_id: str, query: EventQuery) -> str:
    """A short name for an organization and a query. A cursor of another walk is refused."""
    parts = [org_id, write_parameters(query)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def read_key(connection: Connection) -> bytes:
    """The key that cursors are signed with. It never changes, so it is read once for each connection.

    Raises:
        Problem: The database was never prepared.
    """
    secret: bytes | None = connection.info.get(_KEPT)
    if secret is None:
        secret = connection.scalar(_KEY, {"id": _VERSION})
        if secret is None:
            raise starting()
        connection.info[_KEPT] = secret
    return secret


def ensure_key(connection: Connection) -> None:
    """Create the key if there is none."""
    known = connection.scalar(select(signing_keys.c.id).where(signing_keys.c.id == _VERSION))
    if known is None:
        connection.execute(insert(signing_keys).values(id=_VERSION, secret=secrets.token_bytes(32)))


def write_cursor(cursor: Cursor, key: bytes) -> str:
    """The cursor as text for a URL."""
    payload = _encode(json.dumps(cursor, separators=(",", ":")).encode())
    return f"{_VERSION}.{payload}.{_sign(payload, key)}"


def read_cursor(text: str, key: bytes, walk: str, now: datetime) -> Cursor:
    """Read a cursor from its text.

    Raises:
        Problem: It was not issued here or not for this walk, or it has expired.
    """
    version, _, rest = text[:_LONGEST].partition(".")
    payload, _, signature = rest.partition(".")
    signed = hmac.compare_digest(_sign(payload, key).encode(), signature.encode("utf-8", "replace"))
    if version != _VERSION or not signed:
        raise Problem("invalid_cursor", "This cursor was not issued by this service.")
    cursor = Cursor(*json.loads(_decode(payload)))
    if cursor.walk != walk:
        raise Problem("invalid_cursor", "This cursor belongs to another organization or other filters.")
    if now - from_micros(cursor.as_of) > LIFETIME:
        raise Problem("cursor_expired", "This cursor has expired. Start again from the first page.")
    return cursor


def _sign(payload: str, key: bytes) -> str:
    digest = hmac.digest(key, payload.encode("utf-8", "replace"), "sha256")
    return _encode(digest[:_SIGNATURE_BYTES])


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
