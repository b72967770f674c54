"""Exports of events as CSV or NDJSON, written page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping

from usage_tui import wire
from usage_tui.models import Event

COLUMNS = (
    "id",
    "occurred_at",
    "kind",
    "source_id",
    "label",
    "activity",
    "quantity",
    "credits",
    "uncovered",
    "actor",
    "parent_id",
    "reverses",
)
_FORMULA = ("=", "+", "-", "@")

Pages = Iterable[tuple[Event, ...]]


def write_csv(pages: Pages) -> Iterator[str]:
    """A table with a head. No text in it is a formula to a spreadsheet; amounts stay numbers."""
    yield ",".join(COLUMNS) + "\r\n"
    for events in pages:
        chunk = io.StringIO()
        csv.writer(chunk).writerows(_row(event) for event in events)
        yield chunk.getvalue()


def write_ndjson(pages: Pages) -> Iterator[bytes]:
    """One event a line, as the API gives it."""
    for events in pages:
        yield b"".join(wire.dump(event) + b"\n" for event in events)


WRITERS: Mapping[str, Callable[[Pages], Iterator[str] | Iterator[bytes]]] = {
    "text/csv": write_csv,
    "application/x-ndjson": write_ndjson,
}
"""How an export is written, by media type."""


def _row(event: Event) -> list[str]:
    return [
        _harmless(event.id),
        wire.write_instant(event.occurred_at),
        _harmless(event.kind),
        _harmless(event.source_id),
        _harmless(event.label),
        _harmless(event.activity),
        str(event.quantity),
        str(event.credits),
        str(event.uncovered),
        _harmless(event.actor),
        _harmless(event.parent_id),
        _harmless(event.reverses),
    ]


def _harmless(text: str | None) -> str:
    """A text that a spreadsheet shows and does not compute."""
    text = text or ""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
