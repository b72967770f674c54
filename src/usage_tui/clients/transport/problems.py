"""What an answer other than success means: problem documents (RFC 9457) in words for a person.

The text of a problem document is untrusted: it is cut to a length here, and `ClientError` cleans it.
A body that is no problem document is survived; the status alone then has to say what happened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from usage_tui.clients.base import (
    ClientError,
    CursorExpired,
    InvalidReply,
    NotFound,
    RateLimited,
    ServiceFailed,
    Unauthenticated,
    Withheld,
)
from usage_tui.text.words import count_noun

_SENTENCE = 300
_NAME = 80
_PARAMETERS = 5


class Problem(NamedTuple):
    """The members of a problem document that are shown; empty where it has none.

    Attributes:
        code: The contract's name for what is wrong, such as ``cursor_expired``.
        detail: The service's own sentence.
        request_id: The service's name for the request.
        your_role: The viewer's role, where that is why the request was refused.
        invalid_parameters: ``name: reason``, one for each parameter at fault.
    """

    code: str = ""
    detail: str = ""
    request_id: str = ""
    your_role: str = ""
    invalid_parameters: tuple[str, ...] = ()

    @classmethod
    def parse(cls, body: bytes) -> Problem:
        """Read a problem document; an empty one where the body is none."""
        try:
            members = json.loads(body)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(members, dict):
            return cls()
        return cls(
            code=_text(members, "code", _NAME),
            detail=_text(members, "detail", _SENTENCE) or _text(members, "title", _SENTENCE),
            request_id=_text(members, "request_id", _NAME),
            your_role=_text(members, "your_role", _NAME),
            invalid_parameters=_invalid_parameters(members.get("invalid_parameters")),
        )


def failure(origin: str, status: int, headers: Mapping[str, str], body: bytes) -> ClientError:
    """The error that an answer with another status than 200 stands for.

    Args:
        origin: The service as the screen names it.
        status: The status code.
        headers: The answer's headers; names are looked up as HTTP does, in any case.
        body: The answer's body; cut short or empty where it was too large.
    """
    problem = Problem.parse(body)
    error, message, advice = _meaning(origin, status, headers, problem)
    return error(
        message,
        advice=advice,
        request_id=problem.request_id or _shortened(headers.get("X-Request-Id", ""), _NAME) or None,
        retry_after=retry_after(headers),
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` asks to wait; None where it says nothing that can be read.

    A date counts from the answer's own ``Date``, so that a clock that is wrong here does no harm.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    try:
        until = parsedate_to_datetime(value).timestamp()
        return max(0.0, until - parsedate_to_datetime(headers.get("Date", "")).timestamp())
    except (ValueError, OverflowError):
        return None


class _Meaning(NamedTuple):
    error: type[ClientError]
    message: str
    advice: str


def _meaning(origin: str, status: int, headers: Mapping[str, str], problem: Problem) -> _Meaning:
    match status, problem.code:
        case 401, _:
            return _unauthenticated(origin, problem)
        case 403, "billing_access_required" | "scope_missing":
            return _withheld(problem)
        case (410, _) | (400, "invalid_cursor"):
            return _Meaning(CursorExpired, "These pages are no longer kept.", "Start over at the first page.")
        case 404, "not_found":
            return _Meaning(
                NotFound,
                _sentence(f"{origin} knows no such organization, or not for this token", problem),
                "Check the organization's id and the token.",
            )
        case 404, _:
            return _Meaning(
                NotFound,
                f"{origin} has no Usage API at this address.",
                "Check the address, its path too.",
            )
        case 429, _:
            return _Meaning(
                RateLimited, _sentence(f"{origin} asks for fewer requests", problem), _wait(headers)
            )
    return _by_class(origin, status, headers, problem)


def _by_class(origin: str, status: int, headers: Mapping[str, str], problem: Problem) -> _Meaning:
    """What a status means of which only the hundreds are known."""
    answer = " ".join(filter(None, (str(status), problem.code or _reason(status))))
    match status // 100:
        case 5:
            return _Meaning(ServiceFailed, _sentence(f"{origin} failed ({answer})", problem), _wait(headers))
        case 4:
            return _Meaning(ClientError, _sentence(f"{origin} refused the request ({answer})", problem), "")
        case 3 if target := _redirect_target(headers):
            return _Meaning(
                InvalidReply,
                f"{origin} redirects to {target}; redirects are not followed.",
                "If you trust that address, give it as the service's.",
            )
    return _Meaning(
        InvalidReply, f"{origin} gave an answer that has no meaning here ({answer}).", "Check the address."
    )


def _unauthenticated(origin: str, problem: Problem) -> _Meaning:
    if problem.code == "token_expired":
        return _Meaning(
            Unauthenticated, f"The token for {origin} has expired.", "Start again with a new one."
        )
    return _Meaning(
        Unauthenticated, f"{origin} does not accept the token.", "Check the token, or ask for a new one."
    )


def _withheld(problem: Problem) -> _Meaning:
    if problem.code == "scope_missing":
        return _Meaning(Withheld, "This token may not read usage.", "Use one that belongs to a person.")
    role = f"Your role, {problem.your_role}, comes without billing access." if problem.your_role else ""
    return _Meaning(Withheld, "An owner or a billing admin can see this.", role)


def _sentence(start: str, problem: Problem) -> str:
    """Our words, then the service's own and the parameters it names."""
    details = "; ".join(filter(None, (problem.detail.rstrip("."), *problem.invalid_parameters)))
    return f"{start}: {details}." if details else f"{start}."


def _wait(headers: Mapping[str, str]) -> str:
    seconds = retry_after(headers)
    if seconds is None:
        return "Try again later."
    return f"Try again in {count_noun(round(seconds), 'second')}."


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _redirect_target(headers: Mapping[str, str]) -> str:
    """Scheme and host of a redirect; the rest may hold what is not for the screen."""
    try:
        target = urlsplit(headers.get("Location", ""))
        port = f":{target.port}" if target.port else ""
    except ValueError:
        return ""
    if not target.hostname:
        return "another path" if target.path else ""
    return _shortened(f"{target.scheme or 'https'}://{target.hostname}{port}", _NAME)


def _invalid_parameters(value: object) -> tuple[str, ...]:
    entries = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    pairs = ((_text(entry, "name", _NAME), _text(entry, "reason", _NAME)) for entry in entries[:_PARAMETERS])
    return tuple(": ".join(filter(None, pair)) for pair in pairs if any(pair))


def _text(members: Mapping[str, Any], name: str, limit: int) -> str:
    value = members.get(name)
    return _shortened(value, limit) if isinstance(value, str) else ""


def _shortened(text: str, limit: int) -> str:
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
