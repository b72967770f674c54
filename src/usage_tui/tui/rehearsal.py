"""What the next start from the cache will show first: it is started once more, where nobody sees it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, cast

from usage_tui.clients.base import UsageClient
from usage_tui.config.settings import AlertSettings
from usage_tui.state.cache import Cache
from usage_tui.state.reported_alerts import ReportedAlerts
from usage_tui.tui.app import UsageApp
from usage_tui.tui.display.writer import Frame

_LONGEST = 5.0
"""Seconds after which a rehearsal is given up."""


async def rehearsed(
    app: UsageApp, client: UsageClient, cache: Cache, reported: ReportedAlerts
) -> Frame | None:
    """The frame with which the next start begins; None if there is none.

    Args:
        app: The running app, whose settings, size and theme the next start has.
        client: Its source. It is asked for nothing.
        cache: What the next start finds. It is closed.
        reported: Remembers which alerts were dismissed.
    """
    rehearsal = _Rehearsal(app, client, cache, reported)
    with suppress(TimeoutError):
        await asyncio.wait_for(rehearsal.run_async(headless=True, size=app.size, mouse=False), _LONGEST)
    return rehearsal.first_frame


class _Rehearsal(UsageApp):
    """The app without a terminal, whose source is silent."""

    def __init__(self, app: UsageApp, client: UsageClient, cache: Cache, reported: ReportedAlerts) -> None:
        settings = app.settings._replace(theme=app.theme, refresh_seconds=0, alerts=AlertSettings())
        silent = cast(UsageClient, _Silent(client))
        super().__init__(
            silent,
            settings,
            hint=app.hint,
            cache=cache,
            open_alerts=lambda: reported,
            sources=app.sources,
            started=app.started,
        )
        self.first_frame: Frame | None = None

    @property
    def _is_sent(self) -> bool:
        return True  # to nowhere

    def watch_state(self) -> None:
        """Nothing new is known, and nothing is written."""

    def _print_error_renderables(self) -> None:
        """The screen is the other app's."""

    def settled(self, frame: Frame) -> None:
        """This was what it was for."""
        self.first_frame = frame
        self.exit()


class _Silent:
    """A client whose answers never come."""

    def __init__(self, client: UsageClient) -> None:
        self.origin = client.origin
        self.not_offered = client.not_offered

    def __getattr__(self, name: str) -> Any:
        return self._wait

    async def aclose(self) -> None:
        """Nothing is open."""

    async def _wait(self, *_: object, **__: object) -> None:
        await asyncio.Event().wait()
