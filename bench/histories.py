"""Histories to serve: an organization's year of events, booked through the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from usage_tui.ledger.event_id import event_id_of
from usage_tui.ledger.ledger import Use
from usage_tui.ledger.spending import PURCHASED, Terms
from usage_tui.models import Credits, Organization, User
from usage_tui.server.auth import create_token
from usage_tui.server.db.bulk import insert_rows
from usage_tui.server.db.database import Database
from usage_tui.server.db.rows import KeyRow
from usage_tui.server.db.schema import event_keys
from usage_tui.server.ledger_writer.organizations import add_member, create_organization, month_of
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.prepare import prepare

ORG = Organization(id="acme", name="Acme", time_zone="America/New_York")
SENDER = "//tools/prod"
KINDS = "agent_chat", "ai_tool", "workflow", "browser_session"
SOURCES = 50
"""How many of them spend, all alike."""

_YEAR = timedelta(days=365)
_AT_ONCE = 50_000
_CACHE_KIB = 400_000
_QUARTER = 250_000
_CREDITS = Credits.parse("1000000000")


class Tokens(NamedTuple):
    """What asks: a person who sees everything, and a machine that posts events."""

    owner: str
    machine: str


def amount(number: int) -> Credits:
    """What an event cost: a quarter of a credit to nine and a quarter."""
    return Credits((1 + number % 37) * _QUARTER)


def book_history(database: Database, count: int, now: datetime) -> Tokens:
    """Fill an empty database with so many events, evenly spread over the year until now.

    Each is booked by the ledger, with its key, as ingest does it; only the reading of CloudEvents and the
    small transactions are spared. What it leaves is what `usage-tui admin verify` asks for.
    """
    began_at = now - _YEAR
    prepare(database)
    with database.writing() as connection:
        create_organization(connection, ORG, month_of(began_at, ORG.time_zone))
        add_member(connection, ORG.id, User(id="maria", name="Maria"), "owner", billing_access=True)
        owner = create_token(connection, name="maria", now=now, user_id="maria")
        machine = create_token(connection, name="tools", now=now, org_id=ORG.id, scopes=("ingest",))
        opened = OpenLedger(connection, ORG.id, began_at)
        opened.writer.grant(
            Terms("gr_01", "Top-up", PURCHASED, "purchase", began_at, began_at, None, _CREDITS)
        )
        opened.save()
    for start in range(0, count, _AT_ONCE):
        with database.writing() as connection:
            if database.dialect == "sqlite":
                connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")
            uses = _uses(range(start, min(start + _AT_ONCE, count)), began_at, _YEAR / count)
            _book(connection, uses, began_at)
    return Tokens(owner, machine)


def _uses(numbers: range, began_at: datetime, step: timedelta) -> Iterator[tuple[str, Use]]:
    """The events with these numbers, each after the name that its sender gave it."""
    for number in numbers:
        source = number % SOURCES
        use = Use(
            id=event_id_of(SENDER, f"old-{number}"),
            occurred_at=began_at + step * number,
            kind=KINDS[source % len(KINDS)],
            source_id=f"source_{source}",
            label=f"Source {source}",
            activity="run",
            credits=amount(number),
            actor="maria@acme.example",
        )
        yield f"old-{number}", use


def _book(connection: Connection, uses: Iterator[tuple[str, Use]], began_at: datetime) -> None:
    opened = OpenLedger(connection, ORG.id, began_at)
    keys = []
    for sender_id, use in uses:
        opened.advance(use.occurred_at)
        opened.writer.use(use)
        keys.append(KeyRow(ORG.id, SENDER, sender_id, bytes(32), use.id))
    insert_rows(connection, event_keys, keys)
    opened.save()
