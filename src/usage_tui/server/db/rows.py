"""The rows of the tables that grow with every event."""

from __future__ import annotations

from typing import NamedTuple


class EventRow(NamedTuple):
    """A row of `events`."""

    org_id: str
    seq: int
    id: str
    occurred_at: int
    local_date: str
    period_number: int
    kind: str
    source_id: str
    label: str
    activity: str
    quantity: int
    credits: int
    uncovered: int
    actor: str | None
    parent_id: str | None
    reverses: str | None
    late: bool


class AllocationRow(NamedTuple):
    """A row of `allocations`."""

    org_id: str
    event_seq: int
    position: int
    grant_id: str
    credits: int


class EntryRow(NamedTuple):
    """A row of `journal`."""

    org_id: str
    number: int
    kind: str
    at: int
    grant_id: str | None
    amount: int
    event_id: str | None


class KeyRow(NamedTuple):
    """A row of `event_keys`."""

    org_id: str
    source: str
    id: str
    digest: bytes
    event_id: str


class SourceUseRow(NamedTuple):
    """A row of `source_uses`."""

    org_id: str
    kind: str
    source_id: str
    grant_id: str
    credits: int
    last_seq: int


class PersonSumRow(NamedTuple):
    """A row of `person_sums`."""

    org_id: str
    local_date: str
    actor: str
    period_number: int
    credits: int
    event_count: int


class GrantMovesRow(NamedTuple):
    """A row of `grant_moves`."""

    org_id: str
    grant_id: str
    period_number: int
    used: int
    restored: int
    voided: int
    lapsed: int


class RollupRow(NamedTuple):
    """A row of `rollups`."""

    org_id: str
    local_date: str
    kind: str
    source_id: str
    period_number: int
    credits: int
    quantity: int
    label: str
    labeled_at: int
    event_count: int
