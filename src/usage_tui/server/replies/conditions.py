"""The conditions of a query: those that an index finds, and those that each event is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam

from usage_tui.models import Choice, Credits, EventQuery
from usage_tui.server.db.instants import to_micros

Fits = Callable[[Row[Any]], bool]
"""Whether an event is wanted, by its row."""


def indexed(query: EventQuery) -> Mapping[str, str | int]:
    """The conditions that the indexes in order of time find, by the names of their parameters."""
    values = {
        "kind": query.kind,
        "source_id": query.source_id,
        "starts_at": to_micros(query.starts_at),
        "ends_at": to_micros(query.ends_at),
    }
    return {name: value for name, value in values.items() if value is not None}


def amounts(query: EventQuery) -> Mapping[str, int]:
    """The conditions that the index in order of the amount finds, by the names of their parameters."""
    bounds = {"min_credits": query.least, "max_credits": query.most}
    return {name: amount.micro for name, amount in bounds.items() if amount is not None}


def rest_in_time(query: EventQuery) -> Fits | None:
    """The conditions beside those of `indexed`; None if there are none."""
    kinds = Choice[str]() if query.kind is not None else query.kinds
    source_ids = Choice[str]() if query.source_id is not None else query.source_ids
    return _fits(replace(query, kinds=kinds, source_ids=source_ids, starts_at=None, ends_at=None))


def rest_by_amount(query: EventQuery) -> Fits | None:
    """The conditions beside those of `amounts`; None if there are none."""
    return _fits(replace(query, least=None, most=None))


def _fits(query: EventQuery) -> Fits | None:
    if not query.has_conditions:
        return None
    starts_at, ends_at = to_micros(query.starts_at), to_micros(query.ends_at)

    def fits(row: Row[Any]) -> bool:
        return (
            (starts_at is None or starts_at <= row.occurred_at)
            and (ends_at is None or row.occurred_at < ends_at)
            and query.matches_facts(row.kind, row.source_id, row.activity, Credits(row.credits))
            # Compared here, because databases fold case differently.
            and query.matches_names(row.label, row.source_id, row.actor)
        )

    return fits


def where(names: tuple[str, ...], columns: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[bool]]:
    """The conditions of these names as SQL.

    Args:
        names: Of `indexed` and `amounts`.
        columns: What is compared for ``kind``, ``source_id``, ``occurred_at`` and ``credits``.
    """
    made: Mapping[str, Callable[[], ColumnElement[bool]]] = {
        "kind": lambda: columns["kind"] == bindparam("kind"),
        "source_id": lambda: columns["source_id"] == bindparam("source_id"),
        "starts_at": lambda: columns["occurred_at"] >= bindparam("starts_at"),
        "ends_at": lambda: columns["occurred_at"] < bindparam("ends_at"),
        "min_credits": lambda: columns["credits"] >= bindparam("min_credits"),
        "max_credits": lambda: columns["credits"] <= bindparam("max_credits"),
    }
    return [made[name]() for name in names]
