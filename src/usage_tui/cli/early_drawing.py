"""Drawing the first screen early, where none is kept and the data are at hand."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import replace

from usage_tui.cli import loop
from usage_tui.cli.beginning import Beginning
from usage_tui.cli.early_frame import EarlyFrame
from usage_tui.cli.opening import OpenProfile
from usage_tui.config.settings import Settings
from usage_tui.state.access import has_overview
from usage_tui.state.loading import FIRST_WAIT, PlainStore, load_all
from usage_tui.tui.display.frame import as_data, text_of
from usage_tui.tui.display.writer import Size
from usage_tui.tui.first_frame import first_frame


def draw_early(early: EarlyFrame, opened: OpenProfile, settings: Settings, beginning: Beginning) -> None:
    """Show the numbers of a source before Textual is imported; nothing if they cannot be drawn without it.

    Args:
        early: The terminal, on which nothing is shown.
        opened: The source. One that is far away is not asked: what is cached of it is shown.
        settings: How the app looks.
        beginning: What it starts with.
    """
    # Not told by the words of the command line, in which options may be abbreviated.
    if settings.redacted or settings.restricted or settings.stock_display:
        return
    store = PlainStore.of(opened.client)
    store.state = replace(store.state, ascii_only=settings.ascii)
    loop.run(_load(store, opened, beginning))
    size = Size(*shutil.get_terminal_size())
    overview = has_overview(store.state, len(beginning.sources))
    frame = first_frame(store.state, settings, size, hint=beginning.hint, overview=overview)
    if frame is not None:
        early.show(text_of(frame), lambda: as_data(frame))


async def _load(store: PlainStore, opened: OpenProfile, beginning: Beginning) -> None:
    if beginning.cache is not None:
        await beginning.cache.fill(store)
    elif not opened.profile.provider.is_remote:
        with suppress(TimeoutError):
            await asyncio.wait_for(load_all(store, opened.client), FIRST_WAIT)
