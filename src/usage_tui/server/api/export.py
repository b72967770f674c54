"""Exports of events as CSV or NDJSON, written page by page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from usage_tui import wire
from usage_tui.models import Event
from usage_tui.server.service import Exported
from usage_tui.text.csv_rows import csv_rows, disarmed

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


def write_csv(exported: Exported) -> Iterator[str]:
    """A table with a header. Spreadsheets read no text in it as a formula; amounts stay numbers."""
    yield csv_rows([COLUMNS])
    for events in exported.pages:
        yield csv_rows([*_row(event), exported.unit.code] for event in events)


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
        disarmed(event.id),
        wire.write_instant(event.occurred_at),
        disarmed(event.kind),
        disarmed(event.source_id),
        disarmed(event.label),
        disarmed(event.activity),
        str(event.quantity),
        str(event.credits),
        str(event.uncovered),
        disarmed(event.actor),
        disarmed(event.parent_id),
        disarmed(event.reverses),
    ]
