"""Idempotency keys: a change is made once for each, however often it is requested."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, insert, select

from usage_tui.server.db.schema import idempotency_keys
from usage_tui.server.problems import RETRY_SECONDS, Problem

_LONGEST_KEY = 200


class KeysInUse:
    """The keys of the changes that this process is making.

    Each process has its own. Across processes, the database makes a repeat wait for the first answer.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[str, str]] = set()

    @contextmanager
    def using(self, org_id: str, key: str) -> Iterator[None]:
        """Hold a key while a change is made.

        Raises:
            Problem: Another request with this key is in progress.
        """
        with self._lock:
            if (org_id, key) in self._keys:
                raise Problem(
                    "request_in_progress",
                    "A request with this Idempotency-Key is in progress. Try again later.",
                    headers={"Retry-After": str(RETRY_SECONDS)},
                )
            self._keys.add((org_id, key))
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard((org_id, key))


def checked_key(key: str | None) -> str:
    """The key that a request names.

    Raises:
        Problem: It has no key, or one that is too long.
    """
    if key is None or not 1 <= len(key) <= _LONGEST_KEY:
        raise Problem(
            "idempotency_key_missing",
            f"Send the header Idempotency-Key, 1 to {_LONGEST_KEY} characters, the same for a repeat.",
        )
    return key


def digest_of(target: str, body: bytes) -> bytes:
    """The digest that tells a repeat from a different request with the same key.

    Args:
        target: Method, path and query.
        body: What was sent.
    """
    return hashlib.sha256(f"{target}\n".encode() + body).digest()


def known_answer(connection: Connection, org_id: str, key: str, digest: bytes) -> bytes | None:
    """The answer to the first request with this key; None if this is the first.

    Raises:
        Problem: That was a different request.
    """
    query = select(idempotency_keys.c.digest, idempotency_keys.c.body).where(
        idempotency_keys.c.org_id == org_id, idempotency_keys.c.key == key
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.digest != digest:
        raise Problem(
            "idempotency_key_reused", "This Idempotency-Key was already used for a different request."
        )
    body: bytes = row.body
    return body


def keep_answer(connection: Connection, org_id: str, key: str, digest: bytes, answer: bytes) -> None:
    """Store the answer to a change, in the transaction that makes it."""
    row = {"org_id": org_id, "key": key, "digest": digest, "status": 200, "body": answer}
    connection.execute(insert(idempotency_keys).values(row))
