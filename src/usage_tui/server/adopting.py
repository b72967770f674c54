"""A history that was kept elsewhere, taken over as it stands: grants, events and who paid for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, update

from usage_tui.clients.base import UsageClient
from usage_tui.ledger.cadence import MONTHS
from usage_tui.ledger.progress import low_threshold
from usage_tui.ledger.spending import INCLUDED, Terms
from usage_tui.models import Credits, Event, EventQuery, Grant, Meter, Summary
from usage_tui.server.allowance_journal import opening_entries, record
from usage_tui.server.bookkeeping import Bookkeeping
from usage_tui.server.instants import BEGINNING, to_micros
from usage_tui.server.organizations import create_organization
from usage_tui.server.schema import allowance_lines, allowances, subscriptions
from usage_tui.server.store import read_account

_PAGE = 1000


class CannotAdopt(ValueError):
    """What was kept does not add up, or is of a kind that is not served."""


class Kept(NamedTuple):
    """An organization as another place kept it.

    Attributes:
        events: All of them, oldest first.
    """

    summary: Summary
    grants: tuple[Grant, ...]
    meters: tuple[Meter, ...]
    events: Sequence[Event]


async def read_kept(client: UsageClient) -> Kept:
    """Read all that a client has of its organization.

    Args:
        client: Of a viewer with billing access.

    Raises:
        ClientError: The client could not answer.
    """
    summary = await client.summary()
    events: list[Event] = []
    async for items in _pages(client):
        events += items
    grants, meters = await client.grants(), await client.allowances()
    return Kept(summary, grants.items, meters.items, events[::-1])


async def _pages(client: UsageClient) -> AsyncIterator[tuple[Event, ...]]:
    cursor: str | None = None
    while True:
        page = await client.events(EventQuery(), cursor=cursor, limit=_PAGE)
        yield page.items
        cursor = page.page.next
        if cursor is None:
            return


def adopt(connection: Connection, kept: Kept, events: Iterable[Event] | None = None) -> None:
    """Add the organization with its whole history, so that every reply says what it said there.

    Args:
        connection: In a writing transaction.
        kept: What was kept.
        events: The same events, as something watches them pass.

    Raises:
        AlreadyExists: There is an organization with its id.
        CannotAdopt: The numbers do not add up.
    """
    summary = kept.summary
    if summary.subscription.cadence not in MONTHS:
        raise CannotAdopt(f"the cadence {summary.subscription.cadence!r} is none of {', '.join(MONTHS)}")
    derived = low_threshold(summary.included, summary.auto_recharge)
    period = summary.period
    create_organization(
        connection,
        summary.org,
        (period.id, period.starts_at, period.ends_at),
        low_threshold=None if derived == summary.low_threshold else summary.low_threshold,
    )
    _set_subscription(connection, kept)
    _add_meters(connection, summary.org.id, kept.meters, summary.as_of)
    account = read_account(connection, summary.org.id, to_write=True)
    assert account is not None  # noqa: S101 - it was just added
    books = Bookkeeping(connection, account)
    try:
        _book(books, kept, kept.events if events is None else events)
    except ValueError as error:
        raise CannotAdopt(str(error)) from None
    books.save(BEGINNING)


def _book(books: Bookkeeping, kept: Kept, events: Iterable[Event]) -> None:
    book, as_of = books.book, kept.summary.as_of
    for grant in sorted(kept.grants, key=lambda grant: (grant.granted_at, grant.id)):
        books.grant(_terms(grant))
    for event in events:
        book.adopt(event)
        books.add(event)
    stated = {grant.id: grant for grant in kept.grants}
    for account in book.accounts:
        if stated[account.terms.id].voided_amount:
            account.void(min(as_of, account.expires_at))
    book.advance(as_of)
    for account in book.accounts:
        if stated[account.terms.id].status == "locked":
            account.set_lock(as_of, locked=True)
    for found in book.grants():
        if found != stated[found.id]:
            raise CannotAdopt(f"grant {found.id}: its amounts do not follow from the events")


def _terms(grant: Grant) -> Terms:
    return Terms(
        id=grant.id,
        description=grant.description,
        bucket=grant.bucket,
        origin=grant.origin,
        granted_at=grant.granted_at,
        effective_at=grant.effective_at,
        expires_at=grant.expires_at,
        original=grant.original,
    )


def _set_subscription(connection: Connection, kept: Kept) -> None:
    summary = kept.summary
    subscription, recharge, links = summary.subscription, summary.auto_recharge, summary.links
    included = Credits.total(
        grant.original
        for grant in kept.grants
        if (grant.bucket, grant.effective_at) == (INCLUDED, summary.period.starts_at)
    )
    threshold = recharge.threshold if recharge else None
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.org_id == summary.org.id)
        .values(
            plan=subscription.plan,
            status=subscription.status,
            cadence=subscription.cadence,
            included=included.micro,
            ends_at=to_micros(subscription.ends_at),
            entitlement_active=subscription.entitlement_active,
            recharge_enabled=recharge.enabled if recharge else None,
            recharge_threshold=threshold.micro if threshold else None,
            buy_credits_link=links.buy_credits if links else None,
            auto_recharge_link=links.auto_recharge if links else None,
        )
    )


def _add_meters(connection: Connection, org_id: str, meters: tuple[Meter, ...], at: datetime) -> None:
    for position, meter in enumerate(meters):
        row = {
            "org_id": org_id,
            "id": meter.id,
            "position": position,
            "label": meter.label,
            "unit": meter.unit,
            "included": None if meter.included is None else f"{meter.included:f}",
            "used": f"{meter.used:f}",
            "resets_at": to_micros(meter.resets_at),
        }
        connection.execute(insert(allowances).values(row))
        for line_position, line in enumerate(meter.lines or ()):
            line_row: dict[str, Any] = {"org_id": org_id, "allowance_id": meter.id, "label": line.label}
            line_row |= {"position": line_position, "used": f"{line.used:f}"}
            connection.execute(insert(allowance_lines).values(line_row))
        record(connection, org_id, meter.id, opening_entries(meter, at))
