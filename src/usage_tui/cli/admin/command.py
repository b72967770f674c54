"""``usage-tui admin``: organizations, members, tokens and all else that the API does not set up."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from usage_tui.cli.admin import billing, clock, imports, people, storage
from usage_tui.cli.admin.options import FAILED, Action, AdminFailed, Subcommands
from usage_tui.cli.parser import Parser
from usage_tui.clients.base import ClientError
from usage_tui.importing.faults import ImportFailed
from usage_tui.server.db.database import DatabaseUnavailable, InvalidDatabase
from usage_tui.server.db.reads import UnknownOrganization
from usage_tui.server.prepare import open_prepared
from usage_tui.server.problems import Problem


def run(words: Sequence[str]) -> int:
    """Administer a database of the Usage API."""
    parser = Parser("usage-tui admin", description=run.__doc__)
    _add_commands(Subcommands(parser))
    return _run(parser.parse_args(words))


def _add_commands(commands: Subcommands) -> None:
    people.add_commands(commands)
    billing.add_commands(commands)
    imports.add_command(commands)
    storage.add_commands(commands)
    clock.add_commands(commands)


def _run(options: argparse.Namespace) -> int:
    """Do what was asked for, and say in one line what is wrong where it cannot be done.

    Returns:
        `DONE` or `FAILED`.
    """
    try:
        database = open_prepared(
            options.database,
            create=options.creates(options),
            set_up=not options.reads,
            upgrade=options.upgrades,
        )
        try:
            action: Action = options.action
            return action(database, options)
        finally:
            database.close()
    except UnknownOrganization as error:
        message = f"there is no organization {str(error)!r}; usage-tui admin org list names them"
    except Problem as error:
        message = error.detail
    except DatabaseUnavailable as error:
        message = f"the database cannot be used now: {error}"
    except OSError as error:
        message = f"{error.filename}: {error.strerror}"
    except (AdminFailed, InvalidDatabase, ImportFailed, ClientError, ValueError) as error:
        message = str(error)
    sys.stderr.write(f"usage-tui admin: {message}\n")
    return FAILED
