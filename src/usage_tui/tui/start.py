"""What a dashboard starts with."""

from __future__ import annotations

from usage_tui.clients.base import EventPages, UsageClient
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.named_tuple import NamedTuple

TYPE_CHECKING = False  # the start waits for nothing that is only named
if TYPE_CHECKING:
    from collections.abc import Callable

    from usage_tui.state.cache import Cache
    from usage_tui.state.reported_alerts import ReportedAlerts
    from usage_tui.tui.display.shown import Shown


class Start(NamedTuple):
    """What a dashboard starts with.

    Attributes:
        client: Where the data come from.
        pages: Where the pages of the history come from; closed at the end, and closes the client.
        settings: How the app looks and behaves, and how often it checks the origin.
        started: How the program was started.
        cache: What an earlier run cached, shown until the client answers. It is updated with the state,
            and closed at the end. None for no cache.
        open_alerts: Opens what remembers dismissed alerts, after the first frame; None for no alerts.
        shown: What is on the terminal already.
    """

    client: UsageClient
    pages: EventPages
    settings: Settings
    started: Started
    cache: Cache | None = None
    open_alerts: Callable[[], ReportedAlerts] | None = None
    shown: Shown | None = None
