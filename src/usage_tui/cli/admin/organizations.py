"""The commands for organizations."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from sqlalchemy import select

from usage_tui import wire
from usage_tui.cli.admin.audit import record_by_operator
from usage_tui.cli.admin.changed import FROM_NOW_ON, differences, print_changes
from usage_tui.cli.admin.listing import add_json_option, owners_view, print_json, print_rows
from usage_tui.cli.admin.options import (
    Subcommands,
    always,
    amount_option,
    or_none,
    trusted_now,
    unit_option,
)
from usage_tui.cli.ending import Failure
from usage_tui.cli.output import print_line
from usage_tui.frozen import frozen
from usage_tui.models import CREDITS, Organization, Summary
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.db.reads import UnknownOrganization, read_organization
from usage_tui.server.db.schema import organizations
from usage_tui.server.ledger_writer.audit import operator
from usage_tui.server.ledger_writer.delete_organization import delete_organization
from usage_tui.server.ledger_writer.organizations import (
    OrganizationSettings,
    change_organization,
    create_organization,
    month_of,
)
from usage_tui.server.replies import slices
from usage_tui.text.amounts import spoken_amount
from usage_tui.text.words import count_noun


def add_commands(commands: Subcommands) -> None:
    """Add the commands."""
    _add_org(commands.group("org", "organizations"))


@frozen
class ListedOrganization:
    """An organization in a list.

    Attributes:
        unit: The code of what its amounts count.
        events: How many events it has.
    """

    id: str
    name: str
    time_zone: str
    unit: str
    events: int


def _add_org(commands: Subcommands) -> None:
    parser = commands.add("create", _create_org, "create an organization", creates=always)
    parser.add_argument("id", help="short and permanent, such as acme")
    parser.add_argument("--name", help="its name (default: the id)")
    parser.add_argument(
        "--time-zone", default="UTC", metavar="ZONE", help="the time zone of its days (default: UTC)"
    )
    parser.add_argument(
        "--low-threshold",
        type=amount_option,
        metavar="AMOUNT",
        help="the balance is low at or below this (default: from auto-recharge or the plan)",
    )
    parser.add_argument(
        "--unit",
        type=unit_option,
        default=CREDITS,
        help="what its amounts count: credit (default), a currency code such as USD, or another word",
    )
    parser = commands.add(
        "set", _set_org, "change an organization; options that are not given stay unchanged"
    )
    parser.argument_default = argparse.SUPPRESS
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("--name", help="its name")
    parser.add_argument(
        "--low-threshold",
        type=or_none(amount_option, "none"),
        metavar="AMOUNT|none",
        help="the balance is low at or below this; none to derive it from auto-recharge or the plan",
    )
    parser.add_argument(
        "--unit",
        type=unit_option,
        help="what its amounts count; amounts are not converted, so it cannot change after the first event",
    )
    add_json_option(commands.add("list", _list_orgs, "list the organizations", reads=always))
    text = "show the balance, plan and period of an organization, as an owner sees them"
    parser = commands.add("show", _show_org, text, reads=always)
    parser.add_argument("org", help="the organization's id")
    add_json_option(parser)
    text = "delete an organization with its events, grants, members and machine tokens, for good"
    parser = commands.add("delete", _delete_org, text)
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("--yes", metavar="ID", help="the id once more, instead of typing it when asked")


def _create_org(database: Database, options: argparse.Namespace) -> None:
    org = Organization(id=options.id, name=options.name or options.id, time_zone=options.time_zone)
    with database.writing() as connection:
        kept = read_organization(connection, org.id)
        wanted = org, options.unit, options.low_threshold
        if kept is not None and (kept.org, kept.unit, kept.low_threshold) == wanted:
            print_line(f"The organization {org.id} already exists; nothing was changed.")
            return
        create_organization(
            connection,
            org,
            month_of(utc_now(), org.time_zone),
            unit=options.unit,
            low_threshold=options.low_threshold,
        )
        new = OrganizationSettings(org.name, options.unit, options.low_threshold)
        made = {name: (None, value) for name, value in new._asdict().items()}
        record_by_operator(connection, org.id, "org.create", org.id, made)
    print_line(f"Created the organization {org.id}.")


def _set_org(database: Database, options: argparse.Namespace) -> None:
    with database.writing() as connection:
        old = read_organization(connection, options.org, to_write=True)
        if old is None:
            raise UnknownOrganization(options.org)
        given = {name: value for name, value in vars(options).items() if name in OrganizationSettings._fields}
        kept = OrganizationSettings(old.org.name, old.unit, old.low_threshold)
        new = kept._replace(**given)
        pairs = dict(zip(OrganizationSettings._fields, zip(kept, new, strict=True), strict=True))
        changes = differences(pairs, new.unit)
        if changes:
            change_organization(connection, old, new)
            record_by_operator(connection, options.org, "org.set", options.org, pairs)
    print_changes(options.org, [f"{line}{FROM_NOW_ON}" for line in changes.values()])


def _list_orgs(database: Database, options: argparse.Namespace) -> None:
    with database.reading() as connection:
        rows = [
            ListedOrganization(
                id=row.org_id, name=row.name, time_zone=row.time_zone, unit=row.unit, events=row.last_seq
            )
            for row in connection.execute(select(organizations).order_by(organizations.c.org_id))
        ]
    print_rows(options, rows, lambda row: (*_columns(row), count_noun(row.events, "event")))


def _columns(row: ListedOrganization) -> tuple[str, ...]:
    return row.id, row.name, row.time_zone, row.unit


def _show_org(database: Database, options: argparse.Namespace) -> None:
    now = trusted_now(database)
    with database.reading() as connection:
        shown = slices.summary(owners_view(connection, options.org, now))
    if options.json:
        print_json(wire.plain(shown))
        return
    for name, value in _lines(shown):
        print_line(f"{name}:".ljust(16) + value)


def _lines(shown: Summary) -> Iterator[tuple[str, str]]:
    unit, threshold = shown.unit.code, shown.low_threshold
    yield "id", shown.org.id
    yield "name", shown.org.name
    yield "time zone", shown.org.time_zone
    yield "unit", unit
    if shown.balance:
        yield "balance", spoken_amount(shown.balance.total, unit)
    yield "state", shown.state or "unknown"
    yield "low threshold", "none" if threshold is None else spoken_amount(threshold, unit)
    if shown.subscription:
        yield "plan", f"{shown.subscription.plan or 'none'}, {shown.subscription.status}"
    if shown.period:
        yield "period", f"{shown.period.start_date} to {shown.period.end_date}"
    if shown.usage:
        yield "used", f"{spoken_amount(shown.usage.total, unit)} in this period"
    yield "last event", wire.write_instant(shown.last_event_at) if shown.last_event_at else "none"


def _delete_org(database: Database, options: argparse.Namespace) -> None:
    org_id = options.org
    with database.reading() as connection:
        organization = read_organization(connection, org_id)
    if organization is None:
        raise UnknownOrganization(org_id)
    if (options.yes or _typed(org_id, organization.last_seq)) != org_id:
        raise Failure(f"{org_id} was not deleted: that is not its id")
    with database.writing() as connection:
        count = delete_organization(connection, org_id, utc_now(), operator())
    print_line(f"Deleted {org_id} with {count_noun(count, 'event')}.")


def _typed(org_id: str, count: int) -> str:
    """What is typed to confirm."""
    sys.stderr.write(f"This deletes {org_id} with {count_noun(count, 'event')}, for good. Type its id: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()
