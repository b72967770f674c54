"""The commands for members."""

from __future__ import annotations

import argparse

from sqlalchemy import select, update

from usage_tui.cli.admin.audit import record_by_operator
from usage_tui.cli.admin.changed import FROM_NOW_ON, differences, print_changes
from usage_tui.cli.admin.listing import add_json_option, print_rows
from usage_tui.cli.admin.options import Subcommands, always
from usage_tui.cli.output import print_line
from usage_tui.frozen import frozen
from usage_tui.models import ROLES, User
from usage_tui.server.auth import is_member, memberships_of, revoke_tokens_of
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.db.reads import UnknownOrganization, read_organization
from usage_tui.server.db.schema import memberships, users
from usage_tui.server.ledger_writer.organizations import add_member, remove_member
from usage_tui.text.words import count_noun


def add_commands(commands: Subcommands) -> None:
    """Add the commands."""
    _add_member(commands.group("member", "who can read an organization's usage"))


@frozen
class ListedMember:
    """A member in a list.

    Attributes:
        billing_access: Whether they can see events and grants.
    """

    id: str
    name: str
    role: str
    billing_access: bool


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

    parser = commands.add("list", _list_members, "list the members of an organization", reads=always)
    parser.add_argument("org", help="the organization's id")
    add_json_option(parser)


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
        pairs: dict[str, tuple[object, object]] = {
            "name": (name, options.name or name or user.name),
            "role": (kept.role if kept else None, role),
            "billing_access": (kept.billing_access if kept else None, billing_access or role == "owner"),
        }
        changes = differences(pairs)
        if changes:
            record_by_operator(connection, options.org, "member.set", user.id, pairs)
    print_changes(f"{options.org}, member {user.id}", [f"{line}{FROM_NOW_ON}" for line in changes.values()])


def _remove_member(database: Database, options: argparse.Namespace) -> None:
    org_id, user_id = options.org, options.user
    with database.writing() as connection:
        removed = remove_member(connection, org_id, user_id)
        stays = is_member(connection, user_id)
        revoked = revoke_tokens_of(connection, user_id, utc_now()) if removed and not stays else ()
        if removed:
            record_by_operator(connection, org_id, "member.remove", user_id)
        for token_id in revoked:
            record_by_operator(connection, org_id, "token.revoke", token_id, {"user": (user_id, None)})
    change = "is no longer" if removed else "was not"
    print_line(f"{user_id} {change} a member of {org_id}.")
    if revoked:
        print_line(f"Revoked {count_noun(len(revoked), 'token')} of {user_id}: {', '.join(revoked)}.")
    elif removed and stays:
        print_line(f"{user_id} is a member of other organizations; the tokens are valid there only.")


def _list_members(database: Database, options: argparse.Namespace) -> None:
    with database.reading() as connection:
        if read_organization(connection, options.org) is None:
            raise UnknownOrganization(options.org)
        query = (
            select(memberships, users.c.name)
            .join(users, users.c.id == memberships.c.user_id)
            .where(memberships.c.org_id == options.org)
            .order_by(memberships.c.user_id)
        )
        rows = [
            ListedMember(id=row.user_id, name=row.name, role=row.role, billing_access=row.billing_access)
            for row in connection.execute(query)
        ]
    print_rows(options, rows, _columns)


def _columns(row: ListedMember) -> tuple[str, ...]:
    access = "billing access" if row.billing_access else "no billing access"
    return row.id, row.name, row.role, access
