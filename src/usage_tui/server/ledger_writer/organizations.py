"""Organizations and their members, as an administrator sets them up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select, update

from usage_tui.ledger.cadence import next_start
from usage_tui.ledger.days import Calendar
from usage_tui.models import CREDITS, ROLES, Credits, Organization, Unit, User, clean
from usage_tui.server.db.instants import BEGINNING, to_micros
from usage_tui.server.db.reads import OUTSIDE, OrganizationRow, UnknownOrganization
from usage_tui.server.db.schema import memberships, organizations, subscriptions, users
from usage_tui.server.ledger_writer.writer import add_period

_ID = re.compile(r"\w[\w.~:@-]{0,199}")
"""IDs of organizations are part of URLs and of commands."""


class AlreadyExists(ValueError):
    """An organization already has this ID."""


def month_of(at: datetime, time_zone: str) -> tuple[str, datetime, datetime]:
    """The calendar month of an instant: its id such as ``2026-11``, its start, its end, exclusive.

    Raises:
        ValueError: The zone is unknown.
    """
    Calendar(time_zone)
    local = at.astimezone(ZoneInfo(time_zone))
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    return f"{local:%Y-%m}", first, next_start(first, first, "monthly", time_zone)


def create_organization(
    connection: Connection,
    org: Organization,
    period: tuple[str, datetime, datetime],
    *,
    unit: Unit = CREDITS,
    former: Sequence[tuple[str, datetime, datetime]] = (),
    low_threshold: Credits | None = None,
) -> None:
    """Add an organization without grants, members and plan.

    Its ledger starts at the beginning of time, so that a history can be imported before it is first used.

    Args:
        connection: In a writing transaction.
        org: Its id, name and zone.
        period: The id, start and end of its current billing period.
        former: The same of those before it, oldest first.
        unit: What its amounts count.
        low_threshold: The balance is low at or below this; None to derive it.

    Raises:
        AlreadyExists: The id is taken.
        ValueError: The zone is unknown, or the ID is not valid.
    """
    Calendar(org.time_zone)
    _check_new_id(connection, org.id)
    _insert_organization(connection, org, unit, low_threshold, period_number=len(former) + 1)
    _insert_no_plan(connection, org.id, anchored_at=period[1])
    add_period(connection, org.id, OUTSIDE, "", BEGINNING, BEGINNING)
    for number, known in enumerate([*former, period], start=1):
        add_period(connection, org.id, number, *known)


def _check_new_id(connection: Connection, org_id: str) -> None:
    """Go on only with an ID that is valid, and like no other.

    Raises:
        AlreadyExists: It is taken.
        ValueError: It is not valid.
    """
    if not _ID.fullmatch(org_id) or clean(org_id) != org_id:
        raise ValueError(
            f"{clean(org_id)!r} is not a valid ID: use letters, digits, and after the first . _ ~ : @ -"
        )
    # On a screen and in a URL, people would confuse them.
    alike = [other for other in connection.scalars(select(organizations.c.org_id)) if is_alike(other, org_id)]
    if alike:
        raise AlreadyExists(_taken(org_id, alike[0]))


def _insert_organization(
    connection: Connection,
    org: Organization,
    unit: Unit,
    low_threshold: Credits | None,
    *,
    period_number: int,
) -> None:
    connection.execute(
        insert(organizations).values(
            org_id=org.id,
            name=org.name,
            time_zone=org.time_zone,
            unit=unit.code,
            low_threshold=None if low_threshold is None else low_threshold.micro,
            revision=1,
            next_change_at=to_micros(BEGINNING),
            stands_at=to_micros(BEGINNING),
            overage=0,
            last_seq=0,
            last_entry=0,
            period_number=period_number,
            credits_booked=0,
            quantity_booked=0,
        )
    )


def _insert_no_plan(connection: Connection, org_id: str, *, anchored_at: datetime) -> None:
    connection.execute(
        insert(subscriptions).values(
            org_id=org_id,
            plan="",
            status="active",
            cadence="monthly",
            included=0,
            entitlement_active=True,
            anchored_at=to_micros(anchored_at),
        )
    )


class OrganizationSettings(NamedTuple):
    """The settings of an organization that can change; its time zone cannot."""

    name: str
    unit: Unit
    low_threshold: Credits | None


def change_organization(connection: Connection, old: OrganizationRow, new: OrganizationSettings) -> None:
    """Change an organization. Grants and the plan keep their numbers when the unit changes.

    Args:
        connection: In a transaction that holds the organization's row.
        old: That row.
        new: What it is from now on.

    Raises:
        ValueError: The unit would change, and there are events.
    """
    if new.unit != old.unit and old.last_seq:
        raise ValueError(
            f"{old.org.id} has events in {old.unit.code}, so its unit cannot change: amounts are never "
            "converted; create another organization"
        )
    threshold = new.low_threshold
    connection.execute(
        update(organizations)
        .where(organizations.c.org_id == old.org.id)
        .values(
            name=new.name,
            unit=new.unit.code,
            low_threshold=None if threshold is None else threshold.micro,
            revision=old.revision + 1,
        )
    )


def is_alike(one: str, other: str) -> bool:
    """Whether two IDs are the same or differ only in case."""
    return one.casefold() == other.casefold()


def _taken(org_id: str, other: str) -> str:
    if other == org_id:
        return f"the organization {org_id!r} already exists"
    return (
        f"the organization {other!r} exists, and {org_id!r} differs from it only in case; "
        "use that id, or choose another"
    )


def add_member(connection: Connection, org_id: str, user: User, role: str, *, billing_access: bool) -> None:
    """Add a member, or change the membership. An owner always has billing access.

    Raises:
        UnknownOrganization: The organization does not exist.
        ValueError: The role does not exist.
    """
    if connection.scalar(select(organizations.c.org_id).where(organizations.c.org_id == org_id)) is None:
        raise UnknownOrganization(org_id)
    if role not in ROLES:
        raise ValueError(f"the role must be one of {', '.join(ROLES)}")
    known = connection.scalar(select(users.c.id).where(users.c.id == user.id))
    if known is None:
        connection.execute(insert(users).values(id=user.id, name=user.name))
    values = {"role": role, "billing_access": billing_access or role == "owner"}
    this_one = (memberships.c.org_id == org_id) & (memberships.c.user_id == user.id)
    if not connection.execute(update(memberships).where(this_one).values(values)).rowcount:
        row = {"org_id": org_id, "user_id": user.id, **values}
        connection.execute(insert(memberships).values(row))


def has_members(connection: Connection, org_id: str) -> bool:
    """Whether anyone can see the organization."""
    query = select(memberships.c.user_id).where(memberships.c.org_id == org_id).limit(1)
    return connection.scalar(query) is not None


def remove_member(connection: Connection, org_id: str, user_id: str) -> bool:
    """Remove a member; False if there was none."""
    this_one = (memberships.c.org_id == org_id) & (memberships.c.user_id == user_id)
    return bool(connection.execute(delete(memberships).where(this_one)).rowcount)
