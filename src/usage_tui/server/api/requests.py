"""Requests as the service reads them: headers, bodies and IDs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from usage_tui import wire
from usage_tui.models import clean
from usage_tui.server.api.uploads import has_body
from usage_tui.server.ledger_writer.cloudevents import JSON, Form
from usage_tui.server.ledger_writer.http_binding import form_of
from usage_tui.server.ledger_writer.idempotency import checked_key
from usage_tui.server.problems import Problem, invalid_parameter, not_found
from usage_tui.server.service import Admitted, Ask, UsageService

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Body = TypeVar("Body", bound=DataclassInstance)

T = TypeVar("T")

_EXCESS_PLACES = re.compile(rb'"(credits|included|auto_recharge_threshold)"\s*:\s*"-?\d+\.\d{7,}"')


# FastAPI runs a dependency that is not asynchronous in a thread, which takes longer than this one.
async def _service_of(request: Request) -> UsageService:
    service: UsageService = request.app.state.service
    return service


Service = Annotated[UsageService, Depends(_service_of)]
"""The service, as a parameter of a route."""


def checked(name: str, text: str, read: Callable[[str], T]) -> T:
    """The value of a query parameter.

    Raises:
        Problem: It is invalid.
    """
    try:
        return read(text)
    except ValueError as error:
        raise invalid_parameter(name, str(error)) from None


def ask_of(request: Request) -> Ask:
    """What the service needs of a request besides its parameters."""

    def note(token_id: str) -> None:
        request.state.token_id = token_id

    query = f"?{request.url.query}" if request.url.query else ""
    return Ask(
        authorization=request.headers.get("Authorization"),
        target=f"{request.method} {request.url.path}{query}",
        known_etags=request.headers.get("If-None-Match"),
        note_token=note,
    )


class ReceivedEvents(NamedTuple):
    """Events as sent.

    Attributes:
        form: How they are written in the headers and the body.
    """

    admitted: Admitted
    form: Form
    body: bytes


class ReceivedChange(NamedTuple):
    """A change as requested.

    Attributes:
        key: The idempotency key.
    """

    admitted: Admitted
    key: str
    body: bytes


async def _receive_events(service: Service, request: Request, org: str) -> ReceivedEvents:
    """Read events, after all checks that need no body."""
    admitted = await run_in_threadpool(service.admit, ask_of(request), org, "ingest")
    form = form_of(request.headers.items(), _media_type(request.headers))
    return ReceivedEvents(admitted, form, await request.body())


async def _receive_change(service: Service, request: Request, org: str) -> ReceivedChange:
    """Read a change, after all checks that need no body."""
    admitted = await run_in_threadpool(service.admit, ask_of(request), org, "billing")
    key = checked_key(request.headers.get("Idempotency-Key"))
    if has_body(request.headers) and _media_type(request.headers) != JSON:
        raise Problem("unsupported_media_type", f"Send {JSON}.")
    return ReceivedChange(admitted, key, await request.body())


SentEvents = Annotated[ReceivedEvents, Depends(_receive_events)]
SentChange = Annotated[ReceivedChange, Depends(_receive_change)]
"""Bodies as parameters of a route. They are read only if the token may send them."""


def _media_type(headers: Headers) -> str:
    """The media type of a body, in lower case; empty if the headers have none.

    Raises:
        Problem: It is compressed, or not in UTF-8.
    """
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("unsupported_media_type", "Send the body without a Content-Encoding.")
    media_type, *parameters = headers.get("Content-Type", "").lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') != "utf-8":
            raise Problem("unsupported_media_type", "Send the body in UTF-8; no other charset is supported.")
    return media_type.strip()


def read_body(model: type[Body], body: bytes) -> Body:
    """The body as a model.

    Raises:
        Problem: It is not JSON, or does not fit the model.
    """
    try:
        return wire.validate(model, wire.parse_exactly(body))
    except wire.InvalidShape as error:
        if _EXCESS_PLACES.search(body):
            raise Problem(
                "amount_precision",
                "An amount can have at most 6 decimal places. Round it before you send it.",
            ) from None
        raise Problem("invalid_body", f"Invalid body: {error}.") from None


def checked_id(text: str) -> str:
    """An ID from the path.

    Raises:
        Problem: No ID can be like this.
    """
    if clean(text) != text:
        raise not_found()
    return text
