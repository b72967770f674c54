"""Exports of events as CSV or NDJSON, written page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from usage_tui import wire
from usage_tui.models import Event
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
)

Pages = Iterable[tuple[Event, ...]]


def write_csv(pages: Pages) -> Iterator[str]:
    """A table with a head. No text in it is a formula to a spreadsheet; amounts stay numbers."""
    yield csv_rows([COLUMNS])
    for events in pages:
        yield csv_rows(_row(event) for event in events)


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
