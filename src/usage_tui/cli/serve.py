"""`usage-tui serve`: the Usage API."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cli.parser import DONE, Failure, Parser
from usage_tui.cli.server_extra import server_extra


def run(words: Sequence[str]) -> int:
    """Serve the Usage API."""
    with server_extra():
        from usage_tui.server import serving

    parser = Parser("usage-tui serve", description=run.__doc__)
    serving.add_arguments(parser)
    try:
        serving.run(parser.parse_args(words))
    except serving.ServeFailed as error:
        raise Failure(str(error)) from None
    return DONE
