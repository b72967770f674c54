"""Exports of events as CSV or NDJSON, written page by page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping

from usage_tui import wire
from usage_tui.models import Event
from usage_tui.server.service import Exported

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
    "unit",
)
_FORMULA = ("=", "+", "-", "@")


def write_csv(exported: Exported) -> Iterator[str]:
    """A table with a header. Spreadsheets read no text in it as a formula; amounts stay numbers."""
    yield ",".join(COLUMNS) + "\r\n"
    for events in exported.pages:
        chunk = io.StringIO()
        csv.writer(chunk).writerows([*_row(event), exported.unit.code] for event in events)
        yield chunk.getvalue()


def write_ndjson(exported: Exported) -> Iterator[bytes]:
    """One event per line, as on a page, with its unit."""
    end = f',"unit":{json.dumps(exported.unit.code)}}}\n'.encode()
    for events in exported.pages:
        yield b"".join(wire.dump(event).removesuffix(b"}") + end for event in events)


WRITERS: Mapping[str, Callable[[Exported], Iterator[str] | Iterator[bytes]]] = {
    "text/csv": write_csv,
    "application/x-ndjson": write_ndjson,
}
"""The writers of exports by media type."""


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
    """A text that a spreadsheet does not read as a formula."""
    text = text or ""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
