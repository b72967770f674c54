"""Organizations and their members, as an administrator sets them up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select, update

from usage_tui.ledger.cadence import next_start
from usage_tui.ledger.days import Calendar
from usage_tui.models import ROLES, Credits, Organization, User, clean
from usage_tui.server.db.instants import BEGINNING, to_micros
from usage_tui.server.db.reads import OUTSIDE, UnknownOrganization
from usage_tui.server.db.schema import memberships, organizations, subscriptions, users
from usage_tui.server.ledger_writer.writer import add_period

_ID = re.compile(r"\w[\w.~:@-]{0,199}")
"""An organization's id is a part of addresses, and of commands."""


class AlreadyExists(ValueError):
    """There is one with this id."""


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
    former: Sequence[tuple[str, datetime, datetime]] = (),
    low_threshold: Credits | None = None,
) -> None:
    """Add an organization without grants, members and plan.

    Its ledger stands at the beginning of time, so that a history can be booked as it happened, until it
    is first looked at.

    Args:
        connection: In a writing transaction.
        org: Its id, name and zone.
        period: The id, start and end of its current billing period.
        former: The same of those before it, oldest first.
        low_threshold: At or below which balance it is low; None where that follows from the rest.

    Raises:
        AlreadyExists: The id is taken.
        ValueError: The zone is unknown, or the id cannot be part of an address.
    """
    Calendar(org.time_zone)
    if not _ID.fullmatch(org.id) or clean(org.id) != org.id:
        raise ValueError(f"{clean(org.id)!r} is no id: take letters, digits, and within it . _ ~ : @ -")
    # People would take them for one, on a screen and in an address.
    alike = [other for other in connection.scalars(select(organizations.c.org_id)) if is_alike(other, org.id)]
    if alike:
        raise AlreadyExists(_taken(org.id, alike[0]))
    connection.execute(
        insert(organizations).values(
            org_id=org.id,
            name=org.name,
            time_zone=org.time_zone,
            low_threshold=None if low_threshold is None else low_threshold.micro,
            revision=1,
            next_change_at=to_micros(BEGINNING),
            stands_at=to_micros(BEGINNING),
            overage=0,
            last_seq=0,
            last_entry=0,
            period_number=len(former) + 1,
            credits_booked=0,
            quantity_booked=0,
        )
    )
    connection.execute(
        insert(subscriptions).values(
            org_id=org.id,
            plan="",
            status="active",
            cadence="monthly",
            included=0,
            entitlement_active=True,
            anchored_at=to_micros(period[1]),
        )
    )
    add_period(connection, org.id, OUTSIDE, "", BEGINNING, BEGINNING)
    for number, known in enumerate([*former, period], start=1):
        add_period(connection, org.id, number, *known)


def is_alike(one: str, other: str) -> bool:
    """Whether two ids differ at most in large and small letters."""
    return one.casefold() == other.casefold()


def _taken(org_id: str, other: str) -> str:
    if other == org_id:
        return f"there is an organization {org_id!r} already"
    return (
        f"there is an organization {other!r}, which differs from {org_id!r} in case only; "
        "use that id, or choose another"
    )


def add_member(connection: Connection, org_id: str, user: User, role: str, *, billing_access: bool) -> None:
    """Make a person a member, or change the membership; an owner always has billing access.

    Raises:
        UnknownOrganization: There is no such organization.
        ValueError: There is no such role.
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
    """Whether anybody may see the organization."""
    query = select(memberships.c.user_id).where(memberships.c.org_id == org_id).limit(1)
    return connection.scalar(query) is not None


def remove_member(connection: Connection, org_id: str, user_id: str) -> bool:
    """End a membership; False where there was none."""
    this_one = (memberships.c.org_id == org_id) & (memberships.c.user_id == user_id)
    return bool(connection.execute(delete(memberships).where(this_one)).rowcount)
