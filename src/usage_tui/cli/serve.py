"""`usage-tui serve`: the Usage API."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from usage_tui.cli.ending import DONE, Failure
from usage_tui.cli.extras import extra
from usage_tui.cli.parser import Parser

if TYPE_CHECKING:
    from usage_tui.server.ledger_writer.import_recording import RecordedOrganization


def run(words: Sequence[str]) -> int:
    """Serve the Usage API."""
    with extra("server", "the packages of the server"):
        from usage_tui.server import serving

    parser = Parser("usage-tui serve", description=run.__doc__)
    serving.add_arguments(parser)
    try:
        serving.run(parser.parse_args(words), _read_demo)
    except serving.ServeFailed as error:
        raise Failure(str(error)) from None
    return DONE


def _read_demo() -> RecordedOrganization:
    from usage_tui.cli.recorded_organization import read_recorded
    from usage_tui.clients.demo.client import open_demo

    return asyncio.run(read_recorded(open_demo()))
