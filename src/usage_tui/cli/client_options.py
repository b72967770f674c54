"""How the command line names a source. A help needs no more than this of it."""

from __future__ import annotations

import argparse

from usage_tui.cli.ending import Misuse

TOKEN_VARIABLE = "USAGE_TUI_TOKEN"  # noqa: S105 - a name; that of the registry, which is long in coming
"""The environment variable with the token for an address on the command line."""

ANY_FILE = "a recording, an export of a vendor or another table"
"""What a file may be where a table is made into a recording."""


def add_arguments(parser: argparse.ArgumentParser, file: str = "a recording, also .gz") -> None:
    """Declare how a source is named.

    Args:
        parser: The parser of the command.
        file: What a file may be, for the help.
    """
    data = parser.add_mutually_exclusive_group()
    data.add_argument("file", nargs="?", metavar="FILE", help=file)
    data.add_argument(
        "--demo", nargs="?", const=True, metavar="SCENARIO", help="demo data (? lists the scenarios)"
    )
    add_service_arguments(parser, data)


def add_service_arguments(parser: argparse.ArgumentParser, data: argparse._MutuallyExclusiveGroup) -> None:
    """Declare how a service is named, among other sources, and how it is reached."""
    data.add_argument(
        "-p", "--profile", metavar="NAME", help="a profile of the settings, or a provider without one"
    )
    data.add_argument("--url", help=f"a Usage API by its address; its token is read from {TOKEN_VARIABLE}")
    add_connection_arguments(parser)


def add_connection_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how a service is reached, and for which organization."""
    parser.add_argument("--organization", metavar="ID", help="which one, if the token sees several")
    parser.add_argument("--ca-file", metavar="FILE.pem", help="trust the service by these certificates")
    parser.add_argument(
        "--allow-plain-http",
        action="store_const",
        const=True,
        help="send the token unencrypted to another machine",
    )


def refuse_empty_names(options: argparse.Namespace) -> None:
    """Refuse a source whose name is empty.

    Raises:
        Misuse: It is.
    """
    if "" in (options.file, options.demo, options.url, options.profile):
        raise Misuse("the name of what to open is empty; is a shell variable not set?")
