"""The commands for tokens."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from usage_tui.cli.admin.audit import record_by_operator
from usage_tui.cli.admin.listing import add_json_option, print_rows
from usage_tui.cli.admin.options import Subcommands, always
from usage_tui.cli.ending import Failure
from usage_tui.cli.output import print_line
from usage_tui.frozen import frozen
from usage_tui.server.auth import SCOPES, create_token, revoke_token
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import from_micros, utc_now
from usage_tui.server.db.schema import memberships, organizations, tokens, users
from usage_tui.server.ledger_writer.audit import organizations_of

_MOST_DAYS = 36_500


def add_commands(commands: Subcommands) -> None:
    """Add the commands."""
    _add_token(commands.group("token", "tokens of people and machines"))


@frozen
class ListedToken:
    """A token in a list, without its secret.

    Attributes:
        user: The person's ID; None for a machine.
        org: The machine's organization; None for a person.
        state: ``valid``, ``expired``, ``revoked``, or ``removed`` if the person is no longer a member of any
            organization.
        last_used_date: The last day of use, in UTC; None if it was not used since use is noted.
        expires_at: None if it does not expire.
    """

    id: str
    name: str
    user: str | None
    org: str | None
    scopes: tuple[str, ...]
    state: str
    created_at: datetime
    last_used_date: date | None
    expires_at: datetime | None


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
    add_json_option(
        commands.add("list", _list_tokens, "list the tokens, without their secrets", reads=always)
    )
    parser = commands.add("revoke", _revoke_token, "revoke a token at once")
    parser.add_argument("id", help="the part of the token between uat_ and the next _")


def _create_token(database: Database, options: argparse.Namespace) -> None:
    if (options.machine is not None) != bool(options.scope):
        raise Failure("--scope goes with --machine, and a machine needs at least one")
    now = utc_now()
    with database.writing() as connection:
        known = select(users.c.id).where(users.c.id == options.user)
        if options.user is not None and connection.scalar(known) is None:
            raise Failure(f"there is no user {options.user!r}; add a member first")
        known = select(organizations.c.org_id).where(organizations.c.org_id == options.machine)
        if options.machine is not None and connection.scalar(known) is None:
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
        _record(connection, "token.create", token.split("_")[1])
    sys.stderr.write("Save this token now; it will not be shown again.\n")
    print_line(token)


def _list_tokens(database: Database, options: argparse.Namespace) -> None:
    now = utc_now()
    with database.reading() as connection:
        members = set(connection.scalars(select(memberships.c.user_id).distinct()))
        query = select(tokens).order_by(tokens.c.created_at, tokens.c.id)
        rows = [_listed(row, members, now) for row in connection.execute(query)]
    print_rows(options, rows, _columns)


def _listed(row: Any, members: set[str], now: datetime) -> ListedToken:
    expires_at = from_micros(row.expires_at)
    if row.user_id is not None and row.user_id not in members:
        state = "removed"
    elif row.revoked_at is not None:
        state = "revoked"
    else:
        state = "expired" if expires_at is not None and expires_at <= now else "valid"
    return ListedToken(
        id=row.id,
        name=row.name,
        user=row.user_id,
        org=row.org_id,
        scopes=tuple(row.scopes.split()),
        state=state,
        created_at=from_micros(row.created_at),
        last_used_date=date.fromisoformat(row.last_used_date) if row.last_used_date else None,
        expires_at=expires_at,
    )


def _columns(token: ListedToken) -> tuple[str, ...]:
    return (
        token.id,
        token.user or f"{token.org} ({' '.join(token.scopes)})",
        token.name,
        "no longer a member" if token.state == "removed" else token.state,
        f"created {token.created_at:%Y-%m-%d}",
        f"last used {token.last_used_date}" if token.last_used_date else "never used",
        f"expires {token.expires_at:%Y-%m-%d}" if token.expires_at else "does not expire",
    )


def _revoke_token(database: Database, options: argparse.Namespace) -> None:
    with database.writing() as connection:
        _require_token(connection, options.id)
        if revoke_token(connection, options.id, utc_now()):
            _record(connection, "token.revoke", options.id)
    print_line(f"The token {options.id} is revoked.")


def _record(connection: Connection, action: str, token_id: str) -> None:
    """Record a change of a token in its organization, or in every organization of its person."""
    token = connection.execute(select(tokens).where(tokens.c.id == token_id)).one()
    scopes = token.scopes or "read"
    told = {
        "name": token.name,
        "user": token.user_id,
        "scopes": scopes,
        "expires_at": from_micros(token.expires_at),
    }
    changes = {
        name: (None, value) if action == "token.create" else (value, None) for name, value in told.items()
    }
    for org_id in [token.org_id] if token.org_id else organizations_of(connection, token.user_id):
        record_by_operator(connection, org_id, action, token_id, changes)


def _require_token(connection: Connection, token_id: str) -> None:
    if connection.scalar(select(tokens.c.id).where(tokens.c.id == token_id)) is None:
        raise Failure(f"there is no token {token_id!r}")


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"must be a whole number of days from 1 to {_MOST_DAYS}")
    return int(text)
