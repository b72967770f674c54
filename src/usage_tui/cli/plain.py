"""The dashboard as plain text."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace

from usage_tui.cards.page import page
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME
from usage_tui.cli import loop
from usage_tui.cli.ending import DONE, FAILED, Failure
from usage_tui.cli.output import print_line
from usage_tui.cli.period_option import CURRENT, find_period
from usage_tui.clients.base import Unreachable, UsageClient
from usage_tui.config.settings import Settings
from usage_tui.state.freshness import incomplete
from usage_tui.state.loading import PlainStore, Store, check_all, load_all, load_past, load_period
from usage_tui.state.periods import failure, is_known, look_at
from usage_tui.state.reducers import timed_out
from usage_tui.state.usage import UsageState

_WIDTHS = (40, 120)
TIMEOUT = 30
"""Seconds to wait for everything together; a card without a reply then says that it took too long."""


def print_cards(client: UsageClient, settings: Settings, period: str = CURRENT, provider: str = "") -> int:
    """Print every card. It fails if a card does, or if the data contradict themselves.

    Args:
        client: Where the data come from. It is closed at the end.
        settings: How they look.
        period: The billing period whose usage is shown: an id, ``current`` or ``last``.
        provider: What people call the provider, in place of its name where names are replaced.

    Raises:
        Misuse: The period does not exist.
        Failure: It is not known which periods there are, or nothing of this one.
    """
    store = PlainStore.of(client)
    store.state = replace(store.state, ascii_only=settings.ascii, exact=True)
    shown = _without_names(provider) if settings.redacted else _as_it_is

    async def ask() -> None:
        await load_all(store, client)
        await load_past(store, client)
        if period != CURRENT:
            await _look_back(store, client, period, shown)

    async def load() -> None:
        try:
            await asyncio.wait_for(ask(), TIMEOUT)
        except TimeoutError:
            origin = shown(store.state).origin
            late = Unreachable(f"{origin} took too long to answer.", advice="Try again later.")
            if period != CURRENT:
                raise Failure(late.full_text) from None
            store.state = timed_out(store.state, late)
        await check_all(store, client)

    async def load_and_close() -> None:
        try:
            await load()
        finally:
            await client.aclose()

    loop.run(load_and_close())
    least, most = _WIDTHS
    width = max(least, min(shutil.get_terminal_size().columns, most))
    print_line(page(shown(store.state), width, ASCII if settings.ascii else MONOCHROME))
    return FAILED if incomplete(store.state) else DONE


def _as_it_is(state: UsageState) -> UsageState:
    return state


def _without_names(provider: str) -> Callable[[UsageState], UsageState]:
    """What makes of a state one without names."""
    from usage_tui.state.redacted import Redacted

    hiding = Redacted()
    return lambda state: hiding.state(state, provider)


async def _look_back(
    store: Store, client: UsageClient, word: str, shown: Callable[[UsageState], UsageState]
) -> None:
    """Show an earlier billing period.

    Raises:
        Misuse: The period does not exist.
        Failure: It is not known which periods there are, or nothing of this one.
    """
    periods, summary = shown(store.state).periods, store.state.summary.value
    if periods.value is None:
        reason = periods.error.full_text if periods.error is not None else periods.reason
        raise Failure(f"--period: {reason or 'the billing periods are not known'}")
    found = find_period(periods.value, summary.period if summary is not None else None, word)
    if found is None:
        return
    await load_period(store, client, found.period.id)
    if not is_known(store.state, found.period.id):
        error = failure(shown(store.state), found.period.id)
        raise Failure(f"--period: {error.full_text if error is not None else 'nothing is known of it'}")
    store.state = look_at(store.state, found.period.id)
