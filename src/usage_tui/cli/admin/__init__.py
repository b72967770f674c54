"""`usage-tui admin`: organizations, members, tokens and everything that the API cannot set up."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cli.server_extra import server_extra


def run(words: Sequence[str]) -> int:
    """Administer a database of the Usage API."""
    with server_extra():
        from usage_tui.cli.admin import command

    return command.run(words)
