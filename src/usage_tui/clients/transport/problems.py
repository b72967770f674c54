"""What an answer other than success means, in words for a person.

The body may be a problem document (RFC 9457) or what vendors send in its place. Its text is untrusted: it
is cut to a length and stripped of parts of the token here, and `ClientError` cleans it. Where a body says
nothing useful, the status alone has to say what happened.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from usage_tui.clients.base import (
    ClientError,
    InvalidReply,
    NotFound,
    RateLimited,
    ServiceFailed,
    Unauthenticated,
)
from usage_tui.text.words import count_noun

_SENTENCE = 300
_NAME = 80
_PARAMETERS = 5


class Problem(NamedTuple):
    """What a body says is wrong; members are empty if it does not say.

    Attributes:
        code: The service's name for what is wrong, such as ``cursor_expired``.
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
    def parse(cls, body: bytes, hide: Callable[[str], str] = str) -> Problem:
        """Read a problem document, or ``{"error": {"message": ..., "type": ...}}`` as vendors send it.

        Args:
            body: What came; an empty problem is made of anything else.
            hide: Takes out of a text what looks like a part of the token.
        """
        try:
            members = json.loads(body)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(members, dict):
            return cls()
        nested = members.get("error")
        error = nested if isinstance(nested, dict) else {}

        def first(*found: str) -> str:
            return hide(next(filter(None, found), ""))

        return cls(
            code=first(
                _text(members, "code", _NAME), _text(error, "code", _NAME), _text(error, "type", _NAME)
            ),
            detail=first(
                _text(members, "detail", _SENTENCE),
                _text(members, "title", _SENTENCE),
                _text(error, "message", _SENTENCE),
                _text(members, "message", _SENTENCE),
                _text(members, "error", _SENTENCE),
            ),
            request_id=first(_text(members, "request_id", _NAME)),
            your_role=first(_text(members, "your_role", _NAME)),
            invalid_parameters=tuple(map(hide, _invalid_parameters(members.get("invalid_parameters")))),
        )


class Meaning(NamedTuple):
    """What an answer stands for.

    Attributes:
        error: The class of the error.
        message: What happened, one sentence.
        advice: What to do about it; may be empty.
    """

    error: type[ClientError]
    message: str
    advice: str = ""


Dialect = Callable[[str, int, Problem], Meaning | None]
"""The meaning of an answer at one service, by origin, status and problem; None for the general one."""


def failure(
    origin: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    dialect: Dialect | None = None,
    hide: Callable[[str], str] = str,
) -> ClientError:
    """The error that an answer with another status than 200 stands for.

    Args:
        origin: The service as the screen names it.
        status: The status code.
        headers: The answer's headers; names are looked up as HTTP does, in any case.
        body: The answer's body; cut short or empty if it was too large.
        dialect: What answers mean at this service in particular.
        hide: Takes out of a text what looks like a part of the token.
    """
    problem = Problem.parse(body, hide)
    special = None
    if dialect is not None and not (status == 403 and retry_after(headers) is not None):
        special = dialect(origin, status, problem)
    meaning = special or _meaning(origin, status, headers, problem)
    return meaning.error(
        meaning.message,
        advice=meaning.advice,
        request_id=problem.request_id or hide(shortened(headers.get("X-Request-Id", ""), _NAME)) or None,
        retry_after=retry_after(headers),
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` asks to wait, or until a limit that is used up resets.

    A date counts from the answer's own ``Date``, so that a clock that is wrong here does no harm.

    Returns:
        None if the headers say nothing that can be read.
    """
    value, reset = headers.get("Retry-After", "").strip(), ""
    if not value and headers.get("X-RateLimit-Remaining", "").strip() == "0":
        reset = headers.get("X-RateLimit-Reset", "").strip()
    if _is_number(value):
        return float(value)
    try:
        until = float(reset) if _is_number(reset) else parsedate_to_datetime(value).timestamp()
        return max(0.0, until - parsedate_to_datetime(headers.get("Date", "")).timestamp())
    except (ValueError, OverflowError):
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def sentence(start: str, problem: Problem) -> str:
    """Our words, then the service's own and the parameters it names."""
    details = "; ".join(filter(None, (problem.detail.rstrip("."), *problem.invalid_parameters)))
    return f"{start}: {details}." if details else f"{start}."


def shortened(text: str, limit: int) -> str:
    """The text in one line of so many characters at most."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _meaning(origin: str, status: int, headers: Mapping[str, str], problem: Problem) -> Meaning:
    """The meaning of a status at any service."""
    answer = " ".join(filter(None, (str(status), problem.code or _reason(status))))
    match status:
        case 401:
            message = sentence(f"{origin} does not accept the token", problem)
            return Meaning(Unauthenticated, message, "Check the token, or ask for a new one.")
        case 404:
            message = sentence(f"{origin} found nothing at this address ({answer})", problem)
            return Meaning(NotFound, message, "Check the address, its path too.")
        case 403 | 429 if status == 429 or retry_after(headers) is not None:
            return Meaning(RateLimited, sentence(f"{origin} is limiting requests", problem), _wait(headers))
    match status // 100:
        case 5:
            return Meaning(ServiceFailed, sentence(f"{origin} failed ({answer})", problem), _wait(headers))
        case 4:
            return Meaning(ClientError, sentence(f"{origin} refused the request ({answer})", problem))
        case 3 if target := _redirect_target(headers):
            return Meaning(
                InvalidReply,
                f"{origin} redirects to {target}; redirects are not followed.",
                "If you trust that address, use it as the address of the service.",
            )
    return Meaning(InvalidReply, f"{origin} sent an unexpected answer ({answer}).", "Check the address.")


def _wait(headers: Mapping[str, str]) -> str:
    seconds = retry_after(headers)
    return "Try again later." if seconds is None else f"Try again in {count_noun(round(seconds), 'second')}."


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
    return shortened(f"{target.scheme or 'https'}://{target.hostname}{port}", _NAME)


def _invalid_parameters(value: object) -> tuple[str, ...]:
    entries = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    pairs = ((_text(entry, "name", _NAME), _text(entry, "reason", _NAME)) for entry in entries[:_PARAMETERS])
    return tuple(": ".join(filter(None, pair)) for pair in pairs if any(pair))


def _text(members: Mapping[str, Any], name: str, limit: int) -> str:
    value = members.get(name)
    return shortened(value, limit) if isinstance(value, str) else ""
