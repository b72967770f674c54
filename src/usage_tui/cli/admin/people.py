"""The commands for organizations, members and tokens."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from sqlalchemy import select, update

from usage_tui.cli.admin.changed import FROM_NOW_ON, differences, print_changes
from usage_tui.cli.admin.options import Subcommands, always, amount_option, or_none, unit_option
from usage_tui.cli.ending import Failure
from usage_tui.cli.output import print_line
from usage_tui.models import CREDITS, ROLES, Organization, User
from usage_tui.server.auth import SCOPES, create_token, memberships_of
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import from_micros, to_micros, utc_now
from usage_tui.server.db.reads import UnknownOrganization, read_account
from usage_tui.server.db.schema import organizations, tokens, users
from usage_tui.server.ledger_writer.organizations import (
    OrganizationSettings,
    add_member,
    change_organization,
    create_organization,
    month_of,
    remove_member,
)
from usage_tui.text.words import count_noun

_MOST_DAYS = 36_500


def add_commands(commands: Subcommands) -> None:
    """Add the commands."""
    _add_org(commands.group("org", "organizations"))
    _add_member(commands.group("member", "who can read an organization's usage"))
    _add_token(commands.group("token", "tokens of people and machines"))


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
    commands.add("list", _list_orgs, "list the organizations", reads=always)


def _add_member(commands: Subcommands) -> None:
    for name, text in (("add", "add a member"), ("set", "change a member's role or billing access")):
        parser = commands.add(name, _set_member, text)
        parser.add_argument("org", help="the organization's id")
        parser.add_argument("user", help="the person's id")
        parser.add_argument("--name", help="the person's name (default: the id)")
        parser.add_argument("--role", choices=ROLES, help="(default: unchanged; member for a new one)")
        parser.add_argument(
            "--billing-access",
            action=argparse.BooleanOptionalAction,
            help="can see events and grants (default: unchanged; no for a new one); an owner always can",
        )
    parser = commands.add("remove", _remove_member, "remove a member")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("user", help="the person's id")


def _add_token(commands: Subcommands) -> None:
    parser = commands.add("create", _create_token, "create a token and show it once")
    owner = parser.add_mutually_exclusive_group(required=True)
    owner.add_argument("--user", help="a person, who can read")
    owner.add_argument("--machine", metavar="ORG", help="a machine of an organization, which can write")
    parser.add_argument(
        "--scope",
        choices=SCOPES,
        action="append",
        default=[],
        help="what the machine can do; may be repeated",
    )
    parser.add_argument("--name", default="", help="a name to recognize it by")
    parser.add_argument("--days", type=_days, help="valid for this many days (default: until revoked)")
    commands.add("list", _list_tokens, "list the tokens, without their secrets", reads=always)
    parser = commands.add("revoke", _revoke_token, "revoke a token at once")
    parser.add_argument("id", help="the part of the token between uat_ and the next _")


def _create_org(database: Database, options: argparse.Namespace) -> None:
    org = Organization(id=options.id, name=options.name or options.id, time_zone=options.time_zone)
    with database.writing() as connection:
        kept = read_account(connection, org.id)
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
    print_line(f"Created the organization {org.id}.")


def _set_org(database: Database, options: argparse.Namespace) -> None:
    with database.writing() as connection:
        old = read_account(connection, options.org, to_write=True)
        if old is None:
            raise UnknownOrganization(options.org)
        given = {name: value for name, value in vars(options).items() if name in OrganizationSettings._fields}
        kept = OrganizationSettings(old.org.name, old.unit, old.low_threshold)
        new = kept._replace(**given)
        pairs = zip(OrganizationSettings._fields, zip(kept, new, strict=True), strict=True)
        changes = differences(dict(pairs), new.unit)
        if changes:
            change_organization(connection, old, new)
    print_changes(options.org, [f"{line}{FROM_NOW_ON}" for line in changes.values()])


def _list_orgs(database: Database, _options: argparse.Namespace) -> None:
    with database.reading() as connection:
        for row in connection.execute(select(organizations).order_by(organizations.c.org_id)):
            columns = row.org_id, row.name, row.time_zone, row.unit, count_noun(row.last_seq, "event")
            print_line("\t".join(columns))


def _set_member(database: Database, options: argparse.Namespace) -> None:
    user = User(id=options.user, name=options.name or options.user)
    with database.writing() as connection:
        kept = next((one for one in memberships_of(connection, user) if one.id == options.org), None)
        name = connection.scalar(select(users.c.name).where(users.c.id == user.id))
        role = options.role or (kept.role if kept else "member")
        billing_access = options.billing_access
        if billing_access is None:
            # An owner's access comes and goes with the role.
            billing_access = kept is not None and kept.billing_access and kept.role != "owner"
        add_member(connection, options.org, user, role, billing_access=billing_access)
        if options.name:
            connection.execute(update(users).where(users.c.id == user.id).values(name=user.name))
    access = billing_access or role == "owner"
    changes = differences(
        {
            "name": (name, options.name or name or user.name),
            "role": (kept.role if kept else None, role),
            "billing_access": (kept.billing_access if kept else None, access),
        }
    )
    print_changes(f"{options.org}, member {user.id}", [f"{line}{FROM_NOW_ON}" for line in changes.values()])


def _remove_member(database: Database, options: argparse.Namespace) -> None:
    with database.writing() as connection:
        removed = remove_member(connection, options.org, options.user)
    change = "is no longer" if removed else "was not"
    print_line(f"{options.user} {change} a member of {options.org}.")


def _create_token(database: Database, options: argparse.Namespace) -> None:
    if bool(options.machine) != bool(options.scope):
        raise Failure("--scope goes with --machine, and a machine needs at least one")
    now = utc_now()
    with database.writing() as connection:
        known = select(users.c.id).where(users.c.id == options.user)
        if options.user and connection.scalar(known) is None:
            raise Failure(f"there is no user {options.user!r}; add a member first")
        known = select(organizations.c.org_id).where(organizations.c.org_id == options.machine)
        if options.machine and connection.scalar(known) is None:
            raise Failure(f"there is no organization {options.machine!r}")
        token = create_token(
            connection,
            name=options.name,
            now=now,
            user_id=options.user,
            org_id=options.machine,
            scopes=tuple(options.scope),
            expires_at=None if options.days is None else now + timedelta(days=options.days),
        )
    sys.stderr.write("Save this token now; it will not be shown again.\n")
    print_line(token)


def _list_tokens(database: Database, _options: argparse.Namespace) -> None:
    with database.reading() as connection:
        for row in connection.execute(select(tokens).order_by(tokens.c.created_at, tokens.c.id)):
            whose = row.user_id or f"{row.org_id} ({row.scopes})"
            expires_at = from_micros(row.expires_at)
            state = "revoked" if row.revoked_at else f"until {expires_at}" if expires_at else "valid"
            print_line(f"{row.id}\t{whose}\t{row.name}\t{state}")


def _revoke_token(database: Database, options: argparse.Namespace) -> None:
    with database.writing() as connection:
        this_one = (tokens.c.id == options.id) & tokens.c.revoked_at.is_(None)
        connection.execute(update(tokens).where(this_one).values(revoked_at=to_micros(utc_now())))
        if connection.scalar(select(tokens.c.id).where(tokens.c.id == options.id)) is None:
            raise Failure(f"there is no token {options.id!r}")
    print_line(f"The token {options.id} is revoked.")


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"must be a whole number of days from 1 to {_MOST_DAYS}")
    return int(text)
