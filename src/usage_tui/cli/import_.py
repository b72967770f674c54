"""`usage-tui import`: a recording from usage events."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cli.parser import Parser
from usage_tui.importing import command


def run(words: Sequence[str]) -> int:
    """Import as the words say."""
    parser = Parser("usage-tui import", description=command.__doc__)
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))
