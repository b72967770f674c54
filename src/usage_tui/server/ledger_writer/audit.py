"""The audit log: who changed what and when, written in the transaction of the change."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, insert, select, text

from usage_tui import wire
from usage_tui.frozen import frozen
from usage_tui.models import Credits, Unit, clean
from usage_tui.server.db.instants import from_micros, to_micros
from usage_tui.server.db.schema import audit_log, memberships

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

NO_ORGANIZATION = ""
"""Stands for the ID of an organization in entries about the whole database."""

DELETED = "org.delete"
UNKNOWN = "unknown"
_LOCK = text("SELECT pg_advisory_xact_lock(7361002, hashtext(:org))")

Pairs = Mapping[str, tuple[object, object]]
"""The old and the new value of each field."""


@frozen
class AuditChange:
    """A field that was changed.

    Attributes:
        name: The name of the field.
        old: Its value before; None if it had none.
        new: Its value since then; None if it has none.
    """

    name: str
    old: str | None
    new: str | None


@frozen
class AuditEntry:
    """A change.

    Attributes:
        number: Its number in the organization, from 1.
        at: When it was made.
        actor: Who made it: ``token:ID`` over the API, ``operator:LOGIN`` on the machine of the service.
        action: What was done, such as ``grant.add``.
        target: The ID of what was changed.
        changes: The fields that were changed.
    """

    number: int
    at: datetime
    actor: str
    action: str
    target: str
    changes: tuple[AuditChange, ...] = ()


@frozen
class AuditLog:
    """Entries of the audit log, newest first.

    Attributes:
        as_of: The time at which the reply is true.
        revision: The revision of the organization's data. Not every entry changes it.
        items: The entries.
        next_before: What to send as `before` to get older entries; None if there are none.
    """

    as_of: datetime
    revision: int
    items: tuple[AuditEntry, ...]
    next_before: int | None


def token_actor(token_id: str) -> str:
    """The actor of a change over the API."""
    return f"token:{token_id}"


def operator() -> str:
    """The actor of a change by a command: the login, before ``sudo`` if that was used."""
    try:
        login = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        login = str(os.getuid())
    return clean(f"operator:{login}")


def record(
    connection: Connection,
    org_id: str,
    action: str,
    target: str,
    changes: Pairs | None = None,
    *,
    at: datetime,
    actor: str,
) -> None:
    """Append an entry.

    Args:
        connection: In the writing transaction of the change, which has locked the rows that it needs.
        org_id: The organization, or `NO_ORGANIZATION`.
        action: What was done, such as ``grant.add``.
        target: The ID of what was changed.
        changes: What was changed. Values that are equal are left out.
        at: The present.
        actor: Who did it.
    """
    if connection.dialect.name == "postgresql":
        # So that two transactions do not take the same number.
        connection.execute(_LOCK, {"org": org_id})
    last = connection.scalar(select(func.max(audit_log.c.number)).where(audit_log.c.org_id == org_id))
    told = [
        {"name": name, "old": _written(old), "new": _written(new)}
        for name, (old, new) in (changes or {}).items()
        if old != new
    ]
    connection.execute(
        insert(audit_log).values(
            org_id=org_id,
            number=(last or 0) + 1,
            at=to_micros(at),
            actor=actor,
            action=action,
            target=target,
            changes=json.dumps(told, ensure_ascii=False),
        )
    )


def organizations_of(connection: Connection, user_id: str) -> list[str]:
    """The organizations in which a change of a person is recorded, in the order of their locks."""
    query = select(memberships.c.org_id).where(memberships.c.user_id == user_id)
    return sorted(connection.scalars(query)) or [NO_ORGANIZATION]


def as_pairs(old: DataclassInstance | None, new: DataclassInstance) -> dict[str, tuple[object, object]]:
    """The fields of a model before and after a change."""
    return {one.name: (getattr(old, one.name, None), getattr(new, one.name)) for one in fields(new)}


def read_entries(
    connection: Connection, org_id: str, *, before: int | None = None, limit: int | None = None
) -> Iterator[AuditEntry]:
    """The entries of an organization, newest first."""
    columns = audit_log.c
    query = select(audit_log).where(columns.org_id == org_id).order_by(columns.number.desc())
    if before is not None:
        query = query.where(columns.number < before)
    for row in connection.execute(query.limit(limit)):
        yield AuditEntry(
            number=row.number,
            at=from_micros(row.at),
            actor=row.actor,
            action=row.action,
            target=row.target,
            changes=tuple(AuditChange(**one) for one in json.loads(row.changes)),
        )


def read_log(connection: Connection, org_id: str, before: int | None, limit: int) -> list[AuditEntry]:
    """The same, but only what came after an organization with the same ID was deleted.

    Owners of the new one must not see the old one's members.
    """
    entries = []
    for entry in read_entries(connection, org_id, before=before, limit=limit):
        if entry.action == DELETED:
            break
        entries.append(entry)
    return entries


def _written(value: object) -> str | None:
    """A value as it is on the wire."""
    match value:
        case None | "":
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            return wire.write_instant(value)
        case Decimal():
            return f"{value:f}"
        case Unit():
            return value.code
        case Credits() | str() | int():
            return str(value)
    raise TypeError(f"an audit entry cannot hold {type(value).__name__}")
