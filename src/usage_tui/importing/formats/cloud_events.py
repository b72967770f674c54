"""What the attributes of a CloudEvent say of a use."""

from __future__ import annotations

from collections.abc import Mapping

from usage_tui.ledger.event_id import event_id_of

_USAGE = "usage."


def event(row: Mapping[str, str]) -> dict[str, str]:
    """The id that the service gives the event, and its kind.

    Raises:
        ValueError: It is an event of another type, or lacks its key.
    """
    kind = row["type"].removeprefix(_USAGE)
    if not row["type"].startswith(_USAGE) or not kind or kind.startswith("allowance."):
        raise ValueError(f"type: must be usage.KIND, not {row['type'][:40]!r}")
    if not row["source"] or not row["id"]:
        raise ValueError("source and id: must not be empty")
    found = {"id": event_id_of(row["source"], row["id"]), "kind": kind}
    if row["data.parent"]:
        found["parent_id"] = event_id_of(row["source"], row["data.parent"])
    return found
