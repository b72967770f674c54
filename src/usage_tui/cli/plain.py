"""The dashboard as plain text."""

from __future__ import annotations

import asyncio
import shutil
import sys
from dataclasses import replace

from usage_tui.cards.page import page
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME
from usage_tui.cli import loop
from usage_tui.cli.ending import DONE, FAILED
from usage_tui.cli.output import print_line
from usage_tui.clients.base import Unreachable, UsageClient
from usage_tui.config.settings import Settings
from usage_tui.state.freshness import incomplete
from usage_tui.state.loading import PlainStore, check_all, load_all, load_past
from usage_tui.state.reducers import timed_out

_WIDTHS = (40, 120)
TIMEOUT = 30
"""Seconds to wait for everything together; a card without a reply then says that it took too long."""


def print_cards(client: UsageClient, settings: Settings) -> int:
    """Print every card. It fails if a card does, or if the data contradict themselves."""
    store = PlainStore.of(client)
    store.state = replace(store.state, ascii_only=settings.ascii, exact=True)

    async def ask() -> None:
        await load_all(store, client)
        await load_past(store, client)

    async def load() -> None:
        try:
            await asyncio.wait_for(ask(), TIMEOUT)
        except TimeoutError:
            late = Unreachable(f"{client.origin} took too long to answer.", advice="Try again later.")
            store.state = timed_out(store.state, late)
        await check_all(store, client)
        await client.aclose()

    loop.run(load())
    least, most = _WIDTHS
    width = max(least, min(shutil.get_terminal_size().columns, most))
    text = page(store.state, width, ASCII if settings.ascii else MONOCHROME)
    encoding = sys.stdout.encoding or "ascii"
    print_line(text.encode(encoding, "replace").decode(encoding))
    return FAILED if incomplete(store.state) else DONE
