"""An app whose viewer chooses what Usage shows: another billing period, a comparison, people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from usage_tui.cards.past import period_name
from usage_tui.state.comparing import is_up_to_date, load_comparison
from usage_tui.state.looking_back import LookingBack
from usage_tui.state.people import is_unasked, load_people
from usage_tui.state.remote import Status
from usage_tui.tui.loaders import LoadingApp
from usage_tui.tui.start import Start

if TYPE_CHECKING:
    from usage_tui.state.overview_profiles import Opened

_GROUPS = "compare", "people", "period"
"""The groups of workers that load what was chosen."""


class ChoosingApp(LoadingApp):
    """An app that loads what its viewer has chosen to see.

    Attributes:
        looking_back: The earlier billing period that was asked for.
    """

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self.looking_back = LookingBack()

    def compare(self, *, on: bool) -> None:
        """Compare the billing period with the one before, or no longer."""
        is_new = on != self.known.state.comparing
        if is_new:
            self.known.state = replace(self.known.state, comparing=on)
        state = self.known.state
        if on and (is_new or state.compared.status is Status.IDLE) and not is_up_to_date(state):
            self._load_comparison()

    @work(exclusive=True, group="compare")
    async def _load_comparison(self) -> None:
        await load_comparison(self.known, self._client)

    def rank_people(self, *, on: bool) -> None:
        """Rank people in place of sources, or no longer."""
        if on != self.known.state.by_person:
            self.known.state = replace(self.known.state, by_person=on)
        if on and is_unasked(self.known.state):
            self._load_people()

    @work(exclusive=True, group="people")
    async def _load_people(self) -> None:
        await load_people(self.known, self._client)

    def look_back(self, *, back: bool) -> None:
        """Show the billing period before, or the one after; what is shown stays until that one is known."""
        if self.looking_back.step(self.known, back=back):
            self._go_to(self.looking_back.goal)

    def look_at(self, period_id: str) -> None:
        """Show a billing period; what is shown stays until that one is known."""
        self.looking_back.go_to(self.known, period_id)
        self._go_to(self.looking_back.goal)

    def look_at_now(self) -> None:
        """Show the current billing period."""
        self.workers.cancel_group(self, "period")
        self.looking_back.stop(self.known)

    def _go_to(self, goal: str | None) -> None:
        if goal is not None:
            self.note(f"Loading {self._period_name(goal)}{self.glyphs.cut}")
        self._look_back(goal)

    @work(exclusive=True, group="period")
    async def _look_back(self, goal: str | None) -> None:
        error = await self.looking_back.load(self.known, self._client)
        if goal is not None:
            why = self.known.sentence(error) if error is not None else ""
            self.note(f"{self._period_name(goal)}: {why}" if why else "")

    def _period_name(self, period_id: str) -> str:
        periods = self.known.state.periods.value
        found = periods.find(period_id) if periods is not None else None
        return period_name(found.period, self.glyphs.dash) if found is not None else period_id

    def switch_organization(self, organization: str) -> None:
        """Show another organization, as it is now."""
        self._forget_choices()
        super().switch_organization(organization)

    async def switch_client(self, opened: Opened) -> None:
        """Show another source, as it is now."""
        self._forget_choices()
        await super().switch_client(opened)

    def _forget_choices(self) -> None:
        for group in _GROUPS:
            self.workers.cancel_group(self, group)
        self.looking_back.stop(self.known)
