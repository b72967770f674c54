"""Requests as the service sees them: headers, bounded bodies, harmless names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, TypeVar

from fastapi import Depends, Request

from usage_tui import wire
from usage_tui.models import clean
from usage_tui.server.problems import Problem, not_found
from usage_tui.server.service import Ask, UsageService

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Body = TypeVar("Body", bound=DataclassInstance)

LARGEST_BODY = 2**20
_EXCESS_PLACES = re.compile(rb'"(credits|included|auto_recharge_threshold)"\s*:\s*"-?\d+\.\d{7,}"')


def _service_of(request: Request) -> UsageService:
    service: UsageService = request.app.state.service
    return service


Service = Annotated[UsageService, Depends(_service_of)]
"""The service that answers, as a parameter of a route."""


def ask_of(request: Request) -> Ask:
    """What the service needs of a request beside its parameters."""
    query = f"?{request.url.query}" if request.url.query else ""
    return Ask(
        authorization=request.headers.get("Authorization"),
        target=f"{request.method} {request.url.path}{query}",
        known_tags=request.headers.get("If-None-Match"),
        idempotency_key=request.headers.get("Idempotency-Key"),
    )


async def body_of(request: Request) -> bytes:
    """The whole body.

    Raises:
        Problem: It is larger than `LARGEST_BODY`; no more of it is read.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Problem("too_large", f"A body may hold {LARGEST_BODY} bytes.")
    return bytes(body)


def read_body(model: type[Body], body: bytes, content_type: str) -> Body:
    """The body as a model.

    Raises:
        Problem: It is no JSON, or not of the model's shape.
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Problem("unsupported_media_type", "Send application/json.")
    try:
        return wire.parse(model, body)
    except wire.InvalidShape as error:
        if _EXCESS_PLACES.search(body):
            raise Problem("amount_precision", "An amount has at most 6 places; it is not rounded.") from None
        raise Problem("invalid_body", f"The body does not fit: {error}.") from None


def checked_id(text: str) -> str:
    """An id of the path.

    Raises:
        Problem: Nothing has such an id.
    """
    if clean(text) != text:
        raise not_found()
    return text
