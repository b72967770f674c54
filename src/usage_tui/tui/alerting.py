"""An app that warns: of what was found and not dismissed, once all numbers are on the screen."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual import work
from textual.reactive import Reactive, reactive

from usage_tui.models import clean
from usage_tui.state.known_answers import KnownAnswers, known_answers
from usage_tui.tui.choosing import ChoosingApp
from usage_tui.tui.loaders import ALERTS
from usage_tui.tui.start import Start

if TYPE_CHECKING:  # what only an alert needs comes after the first frame
    from usage_tui.cards.alert import Alert
    from usage_tui.insight.findings import Finding
    from usage_tui.state.overview_profiles import Opened
    from usage_tui.state.screen_alerts import ScreenAlerts

_ESC = "\x1b"
_NOTIFICATIONS = {"osc9": "\x1b]9;{text}\a", "osc777": "\x1b]777;notify;usage-tui;{text}\a"}


class AlertingApp(ChoosingApp):
    """An app that follows what its state warns of.

    Attributes:
        alert: What the dashboard warns of now.
    """

    alert: Reactive[Alert | None] = reactive(None, init=False, repaint=False)

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self._open_alerts = start.open_alerts
        self._alerts: ScreenAlerts | None = None
        self._warned: KnownAnswers | None = None
        self._pending: list[Finding] = []

    def watch_state(self) -> None:
        """Look for alerts, after the first frame."""
        super().watch_state()
        if self.has_painted:
            self._look_for_alerts()

    async def _first_painted(self) -> None:
        await super()._first_painted()
        if self._open_alerts is not None:
            from usage_tui.state.screen_alerts import ScreenAlerts

            self._alerts = ScreenAlerts(self._open_alerts())
        self._look_for_alerts()

    async def switch_client(self, opened: Opened) -> None:
        """Show another source, and warn of what it has."""
        self.alert = self._warned = None
        if self._alerts is not None:
            from usage_tui.state.reported_alerts import ReportedAlerts
            from usage_tui.state.screen_alerts import ScreenAlerts

            self._alerts = ScreenAlerts(opened.reported or ReportedAlerts(None))
        await super().switch_client(opened)

    def _look_for_alerts(self) -> None:
        answers = known_answers(self.known.state) if self._alerts is not None else None
        if answers is None:
            self.alert = self._warned = None
        elif self._alerts is not None and answers is not self._warned:
            self._warned = answers
            self._follow(self._alerts, answers)

    def show_alert(self) -> None:
        """Show the worst of what was found and not dismissed."""
        from usage_tui.cards.alert import alert

        answers = known_answers(self.state) if self._warned is not None else None
        found = tuple(self._pending)
        self.alert = alert(self.state, answers, self.known.seen(found)) if answers is not None else None

    def dismiss_alert(self) -> None:
        """Show what the dashboard warns of no more; what is next is shown then."""
        shown, answers = self.alert, self._warned
        if shown is not None and answers is not None and self._alerts is not None:
            self.alert = None
            self._follow(self._alerts, answers, shown.finding)

    @work(group=ALERTS)
    async def _follow(
        self, alerts: ScreenAlerts, answers: KnownAnswers, dismissed: Finding | None = None
    ) -> None:
        """Ask the disk what was dismissed; a slow one holds nothing up."""
        now = datetime.now(UTC)
        if dismissed is not None:
            await asyncio.to_thread(alerts.dismiss, dismissed, answers, now)
        pending = await asyncio.to_thread(alerts.pending, answers, now)
        if answers is self._warned:
            self._pending = pending
            self.show_alert()
        if self.settings.alerts.bell or self.settings.alerts.notify in _NOTIFICATIONS:
            self._announce(answers, await asyncio.to_thread(alerts.news, answers, now))

    def _announce(self, answers: KnownAnswers, news: list[Finding]) -> None:
        """Tell the worst that is new, outside of the screen."""
        if not news:
            return
        if self.settings.alerts.bell:
            self.bell()
        form = _NOTIFICATIONS.get(self.settings.alerts.notify)
        if form is not None and self._driver is not None:
            from usage_tui.cards.findings import finding_text

            summary = self.known.seen(answers.facts.summary)
            text, name = finding_text(self.known.seen(news[0]), summary), summary.org.name
            self._driver.write(_passed_on(form.format(text=clean(f"{name}: {text}"))))


def _passed_on(sequence: str) -> str:
    """The sequence for the terminal around tmux, which passes on only what is meant for that."""
    if not os.environ.get("TMUX"):
        return sequence
    return f"\x1bPtmux;{sequence.replace(_ESC, _ESC * 2)}{_ESC}\\"
