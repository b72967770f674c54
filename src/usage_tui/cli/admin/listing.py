"""How lists are printed: a line each for people, or JSON for programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from usage_tui import wire
from usage_tui.cli.output import print_line
from usage_tui.models import User, clean
from usage_tui.server.auth import Access
from usage_tui.server.db.reads import UnknownOrganization, read_organization
from usage_tui.server.replies.ahead import Ahead
from usage_tui.server.replies.slices import View

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Row = TypeVar("Row", bound=DataclassInstance)

_OPERATOR = Access(User(id="", name=""), "owner", billing_access=True)


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def print_rows(
    options: argparse.Namespace, rows: Sequence[Row], columns: Callable[[Row], Sequence[str]]
) -> None:
    """Print a list: a line of columns for each row, or with ``--json`` a list of objects."""
    if options.json:
        print_json([wire.plain(row) for row in rows])
        return
    for row in rows:
        print_line("\t".join(clean(text) for text in columns(row)))


def print_json(value: object) -> None:
    """Print a value as JSON."""
    print_line(json.dumps(value, indent=2))


def owners_view(connection: Connection, org_id: str, now: datetime) -> View:
    """An organization as an owner sees it, with the effects of time up to now.

    Raises:
        UnknownOrganization: There is none.
    """
    organization = read_organization(connection, org_id)
    if organization is None:
        raise UnknownOrganization(org_id)
    return Ahead().view(View(connection, organization, _OPERATOR, max(now, organization.position.now)))
