"""`usage-tui admin`: organizations, members, tokens and everything that the API cannot set up."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cli.extras import extra


def run(words: Sequence[str]) -> int:
    """Administer a database of the Usage API."""
    with extra("server", "the packages of the server"):
        from usage_tui.cli.admin import command

    return command.run(words)
