"""Which column of a table holds which field of an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usage_tui.importing.faults import ImportFailed
from usage_tui.models import clean

ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "event_id"),
    "occurred_at": ("occurred_at", "time", "timestamp", "datetime", "date"),
    "kind": ("kind", "category", "type"),
    "source_id": ("source_id",),
    "label": ("label", "source", "name"),
    "activity": ("activity",),
    "quantity": ("quantity", "count"),
    "credits": ("credits", "cost", "amount"),
    "actor": ("actor", "user"),
    "parent_id": ("parent_id", "parent"),
    "reverses": ("reverses",),
}
"""The fields of an event in the order of a row, each with the names its column may have, best first."""

REQUIRED = ("occurred_at", "credits")

_NAMES_SHOWN = 20


def candidates(chosen: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The names under which each field may be found: the chosen column alone, or else its aliases."""
    taken = set(chosen.values())
    return [
        (chosen[field],) if field in chosen else tuple(name for name in aliases if name not in taken)
        for field, aliases in ALIASES.items()
    ]


def find_columns(header: Sequence[str], chosen: Mapping[str, str]) -> list[int | None]:
    """The index of the column of each field; None for a field that the table does not have.

    Capitals, spaces and dashes make no difference: ``Occurred at`` is ``occurred_at``.

    Raises:
        ImportFailed: A chosen or required column is not there.
    """
    places = {name: index for index, name in reversed(list(enumerate(map(_plain, header))))}
    found = [
        next((places[_plain(name)] for name in names if _plain(name) in places), None)
        for names in candidates(chosen)
    ]
    require_columns(
        {field for field, index in zip(ALIASES, found, strict=True) if index is not None}, header, chosen
    )
    return found


def require_columns(found: set[str], header: Sequence[str], chosen: Mapping[str, str]) -> None:
    """Refuse a table that lacks what it must have.

    Raises:
        ImportFailed: A chosen or required column is not there.
    """
    for field in (*chosen, *REQUIRED):
        if field not in found:
            names = ", ".join(clean(name) for name in header[:_NAMES_SHOWN])
            wanted = f"column {clean(chosen[field])!r}" if field in chosen else f"column for {field}"
            raise ImportFailed(f"no {wanted}; choose one of these with --map {field}=COLUMN: {names}")


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")
