"""`usage-tui admin`: what is served."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cli.parser import Parser
from usage_tui.cli.server_extra import server_extra


def run(words: Sequence[str]) -> int:
    """Administer a database of the Usage API."""
    with server_extra():
        from usage_tui.cli.admin import command_ as commands

    parser = Parser("usage-tui admin", description=run.__doc__)
    commands.add_arguments(parser)
    return commands.run(parser.parse_args(words))
