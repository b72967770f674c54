"""How many events match a query and what they cost, in bounded time."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.models import Credits, EventQuery, Totals
from usage_tui.server.db.reads import OrganizationRow, calendar_of
from usage_tui.server.db.schema import events
from usage_tui.server.db.sums import exact_sum, read_event_total, read_event_totals
from usage_tui.server.replies.conditions import amounts, indexed, rest_by_amount, rest_in_time, where

COUNTED = 10_000
"""The most events that are looked at to count those that match."""


def read_totals(connection: Connection, organization: OrganizationRow, query: EventQuery) -> Totals | None:
    """The totals of all events that match; None for a query without conditions.

    They are exact for whole days, kinds and sources. Otherwise they are of the newest `COUNTED` events that
    an index finds, or of the largest or smallest ones; they say so if there may be more.
    """
    if not query.has_conditions:
        return None
    days = _whole_days(query, calendar_of(organization))
    if days is None:
        return _counted(connection, organization.org.id, query)
    if not (query.kinds or query.source_ids):
        count, total = read_event_total(connection, organization.org.id, *days)
        return Totals(events=count, credits=Credits(total))
    rows = [
        (count, amount)
        for kind, source_id, count, amount in read_event_totals(connection, organization.org.id, *days)
        if query.kinds.allows(kind.__eq__) and query.source_ids.allows(source_id.__eq__)
    ]
    return Totals(events=sum(count for count, _ in rows), credits=Credits(sum(amount for _, amount in rows)))


def _whole_days(query: EventQuery, calendar: Calendar) -> tuple[date, date] | None:
    """The first and the last day of a query that only asks for days, kinds and sources; else None."""
    beside = EventQuery(
        kinds=query.kinds, source_ids=query.source_ids, starts_at=query.starts_at, ends_at=query.ends_at
    )
    if query.conditions != beside:
        return None
    first = date.min if query.starts_at is None else _midnight(query.starts_at, calendar)
    after = date.max if query.ends_at is None else _midnight(query.ends_at, calendar)
    return None if first is None or after is None else (first, after - ONE_DAY)


def _midnight(at: datetime, calendar: Calendar) -> date | None:
    """The day that begins at an instant; None if none does."""
    try:
        day = calendar.date_of(at)
        return day if calendar.bounds(day)[0] == at else None
    except OverflowError:
        return None


def _counted(connection: Connection, org_id: str, query: EventQuery) -> Totals:
    in_time, bounds = indexed(query), amounts(query)
    if bounds and not in_time:
        names, fits = tuple(bounds), rest_by_amount(query)
    else:
        names, fits = tuple(in_time), rest_in_time(query)
    parameters = {"org": org_id, "most": COUNTED, **in_time, **bounds}
    if fits is None:
        count, amount = connection.execute(_sum_some(names, query.least is None), parameters).one()
        looked_at = count
    else:
        rows = connection.execute(_some(names, query.least is None), parameters).all()
        amounts_found = [row.credits for row in rows if fits(row)]
        looked_at, count, amount = len(rows), len(amounts_found), sum(amounts_found)
    # To look for one more, where there are just so many, would be to look at all of them again.
    is_whole = looked_at < COUNTED
    return Totals(events=count, credits=Credits(amount), events_complete=is_whole, credits_complete=is_whole)


@cache
def _sum_some(names: tuple[str, ...], smallest: bool) -> Select[int, int]:
    """The number and the amount of the events of `_some`."""
    some = _some(names, smallest).with_only_columns(events.c.credits).subquery("some")
    return select(func.count(), func.coalesce(exact_sum(some.c.credits), 0)).select_from(some)


@cache
def _some(names: tuple[str, ...], smallest: bool) -> Select[Any]:
    """Events with these conditions: the newest, or those with the smallest or the largest amounts."""
    columns = dict[str, Any](events.c)
    if "source_id" in names:
        columns["kind"] = func.coalesce(events.c.kind, "")  # so that the index on the source is used
    wanted = events.c.kind, events.c.source_id, events.c.label, events.c.activity, events.c.credits
    rows = select(*wanted, events.c.actor, events.c.occurred_at)
    rows = rows.where(events.c.org_id == bindparam("org"), *where(names, columns)).limit(bindparam("most"))
    if {"min_credits", "max_credits"} & {*names}:
        return rows.order_by(events.c.credits if smallest else events.c.credits.desc())
    return rows.order_by(events.c.occurred_at.desc(), events.c.seq.desc())
