"""The commands of `usage-tui admin`, and how they fail."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from usage_tui.cli.admin import (
    audit,
    billing,
    clock,
    corrections,
    imports,
    organizations,
    people,
    storage,
    tokens,
)
from usage_tui.cli.admin.options import Action, Subcommands
from usage_tui.cli.ending import DONE, Failure, Misuse
from usage_tui.cli.parser import Parser
from usage_tui.clients.base import ClientError
from usage_tui.importing.faults import ImportFailed
from usage_tui.server.db.database import DatabaseUnavailable, InvalidDatabase
from usage_tui.server.db.reads import UnknownOrganization
from usage_tui.server.prepare import open_prepared
from usage_tui.server.problems import Problem


def run(words: Sequence[str]) -> int:
    """Administer a database of the Usage API."""
    if words and words[0].startswith("--") and words[0] != "--help":
        raise Misuse("write the command first, such as usage-tui admin org list, then its options")
    parser = Parser("usage-tui admin", description=run.__doc__)
    _add_commands(Subcommands(parser))
    _run(parser.parse_args(words))
    return DONE


def _add_commands(commands: Subcommands) -> None:
    organizations.add_commands(commands)
    people.add_commands(commands)
    tokens.add_commands(commands)
    billing.add_commands(commands)
    corrections.add_commands(commands)
    imports.add_command(commands)
    storage.add_commands(commands)
    clock.add_commands(commands)
    audit.add_command(commands)


def _run(options: argparse.Namespace) -> None:
    """Run the command.

    Raises:
        Failure: It cannot be done.
    """
    try:
        database = open_prepared(
            options.database,
            create=options.creates(options),
            reads=options.reads(options),
            older=options.older,
        )
        try:
            action: Action = options.action
            action(database, options)
            return
        finally:
            database.close()
    except UnknownOrganization as error:
        message = f"there is no organization {str(error)!r}; see usage-tui admin org list"
    except Problem as error:
        message = error.detail
    except DatabaseUnavailable as error:
        message = f"the database cannot be used: {error}"
    except OSError as error:
        if error.filename is None:
            raise  # the output cannot be written
        message = f"{error.filename}: {error.strerror}"
    except (InvalidDatabase, ImportFailed, ClientError, ValueError) as error:
        message = str(error)
    raise Failure(message)
