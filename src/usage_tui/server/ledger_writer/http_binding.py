"""How CloudEvents are written in a request: structured, in a batch, or with their attributes in headers.

See the HTTP protocol binding of CloudEvents 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from usage_tui.server.ledger_writer.cloudevents import BATCH, JSON, ONE, Form
from usage_tui.server.problems import Problem

_ATTRIBUTE = "ce-"
_QUOTED_PAIR = re.compile(r"\\(.)")


def form_of(headers: Iterable[tuple[str, str]], media_type: str) -> Form:
    """How the events of a request are written.

    Args:
        headers: Name and value of each, as ASGI gives them.
        media_type: The type of the body; empty if the sender did not name it, which JSON does not require.

    Raises:
        Problem: Events cannot be sent like this.
    """
    if media_type in (ONE, BATCH):
        return Form(media_type)
    attributes: dict[str, str] = {}
    for header, value in headers:
        if not header.lower().startswith(_ATTRIBUTE):
            continue
        name = header.lower().removeprefix(_ATTRIBUTE)
        if name in attributes:
            raise Problem("invalid_body", f"The header {header} was sent twice.")
        attributes[name] = _decoded(header, value)
    if "specversion" in attributes and media_type in (JSON, ""):
        return Form(JSON, attributes)
    raise Problem(
        "unsupported_media_type",
        f"Send {BATCH}, {ONE} for one event, or {JSON} with the event's attributes as ce- headers.",
    )


def _decoded(header: str, value: str) -> str:
    """The value of an attribute, without its quotes and percent-decoded."""
    if len(value) > 1 and value.startswith('"') and value.endswith('"'):
        value = _QUOTED_PAIR.sub(r"\1", value[1:-1])
    try:
        # Headers are decoded as Latin-1; this restores the bytes that were sent.
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeDecodeError:
        raise Problem("invalid_body", f"The header {header} must be percent-encoded UTF-8.") from None
