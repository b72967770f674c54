"""What an adjustment gives back to whom: the grants that the same source used last, the last one first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from usage_tui.importing.entries import Entry
from usage_tui.models import Allocation, Credits, Event

Source = tuple[str, str]
"""The kind and id of a source."""


class _Paid(NamedTuple):
    """A part of a use that can still be given back; no grant paid it where there is none."""

    grant_id: str | None
    bucket: str
    micro: int


def adjusted_sources(entries: Collection[Entry]) -> frozenset[Source]:
    """The sources to which some entry gives back."""
    return frozenset((entry.use.kind, entry.use.source_id) for entry in entries if gives_back(entry))


def gives_back(entry: Entry) -> bool:
    """Whether an entry is an adjustment: it gives something back, but names no event."""
    return entry.reverses is None and entry.use.credits < Credits.ZERO


class Adjustments:
    """Remembers who paid for the uses of some sources.

    Attributes:
        sources: Those.
    """

    def __init__(self, sources: frozenset[Source]) -> None:
        self.sources = sources
        self._paid: defaultdict[Source, list[_Paid]] = defaultdict(list)

    def note(self, event: Event) -> None:
        """Remember who paid an event, or took back what it gives back."""
        source = event.kind, event.source_id
        if source not in self.sources:
            return
        for part in event.allocations:
            self._paid[source].append(_Paid(part.grant_id, part.bucket, part.credits.micro))
        if event.uncovered:
            self._paid[source].append(_Paid(None, "", event.uncovered.micro))

    def event(self, entry: Entry) -> Event:
        """An adjustment as an event: each grant takes back what it paid last for the same source.

        What the source has not used before goes back to no grant.
        """
        use, owed = entry.use, -entry.use.credits.micro
        paid = self._paid[use.kind, use.source_id]
        returned: dict[tuple[str, str], int] = {}
        while owed and paid:
            last = paid.pop()
            part = min(owed, last.micro)
            if part < last.micro:
                paid.append(last._replace(micro=last.micro - part))
            if last.grant_id is not None:
                key = last.grant_id, last.bucket
                returned[key] = returned.get(key, 0) + part
            owed -= part
        given = sum(returned.values())
        return Event(
            id=use.id,
            occurred_at=use.occurred_at,
            kind=use.kind,
            source_id=use.source_id,
            label=use.label,
            activity=use.activity,
            quantity=use.quantity,
            credits=use.credits,
            actor=use.actor,
            allocations=tuple(
                Allocation(grant_id=grant_id, bucket=bucket, credits=Credits(-micro))
                for (grant_id, bucket), micro in returned.items()
            ),
            uncovered=Credits(use.credits.micro + given),
        )
