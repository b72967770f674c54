"""Problem documents (RFC 9457): the answers to requests that fail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from usage_tui.text.secrets import masked

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 1
CLOCK_SECONDS = 60
"""Seconds until a retry while the clock is not trusted."""

CODES: Mapping[int, tuple[str, ...]] = {
    400: ("invalid_parameter", "invalid_cursor", "invalid_body", "idempotency_key_missing"),
    401: ("unauthenticated", "token_expired"),
    403: ("billing_access_required", "owner_required", "scope_missing"),
    404: ("not_found",),
    405: ("method_not_allowed",),
    408: ("request_timeout",),
    409: ("request_in_progress", "grant_not_active", "not_reversible", "already_exists"),
    410: ("cursor_expired",),
    413: ("too_large",),
    415: ("unsupported_media_type",),
    422: ("idempotency_key_reused", "amount_precision", "events_refused"),
    429: ("quota_exceeded",),
    500: ("internal_error",),
    503: ("database_busy", "starting", "clock_not_trusted"),
}
"""Every code by its status."""

_STATUS = {code: status for status, codes in CODES.items() for code in codes}


class Problem(Exception):
    """Why a request fails, in words for its sender.

    Attributes:
        code: One of `CODES`.
        detail: One sentence. Tokens in it are masked.
        headers: Headers of the response.
        members: More members of the document.
    """

    def __init__(
        self, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    @property
    def status(self) -> int:
        """The HTTP status."""
        return _STATUS[self.code]

    def document(self, request_id: str) -> bytes:
        """The problem document."""
        members = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": request_id,
            **self.members,
        }
        return masked(json.dumps(members, separators=(",", ":"))).encode()


def invalid_parameter(name: str, reason: str) -> Problem:
    """A query parameter is invalid."""
    return Problem(
        "invalid_parameter",
        f"The parameter {name} is invalid: {reason}.",
        invalid_parameters=[{"name": name, "reason": reason}],
    )


def not_found() -> Problem:
    """The resource does not exist, or this token cannot see it: both look the same."""
    return Problem("not_found", "Not found, or not visible to this token.")


def starting() -> Problem:
    """The database does not have the tables of this version yet."""
    return Problem("starting", "The database is being prepared.", headers={"Retry-After": str(RETRY_SECONDS)})


def clock_not_trusted(reason: str) -> Problem:
    """The clock may be wrong, so nothing is booked."""
    return Problem(
        "clock_not_trusted",
        f"Writes are refused for now. {reason}",
        headers={"Retry-After": str(CLOCK_SECONDS)},
    )


def database_busy() -> Problem:
    """The database is unavailable."""
    return Problem(
        "database_busy",
        "The database is unavailable. Try again: nothing is booked twice.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )
