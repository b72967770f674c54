"""Who pays on a walk, and the first days on which that is no longer enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from usage_tui.insight.demand import Demand
from usage_tui.ledger.spending import PURCHASED, Terms


@dataclass(slots=True, eq=False)
class Payer:
    """A grant as it is spent.

    Attributes:
        held: What it still holds, in parts of the demand.
        of_now: Whether it is an included grant that is live at present.
    """

    terms: Terms
    held: int
    of_now: bool


class FirstDays:
    """The first days on which use goes beyond what some payers hold; see `Walk`."""

    __slots__ = ("_demand", "included_out", "purchased_from", "runs_out")

    def __init__(self, demand: Demand) -> None:
        self._demand = demand
        self.included_out: date | None = None
        self.purchased_from: date | None = None
        self.runs_out: date | None = None

    def note(self, before: int, need: int, live: Iterable[Payer]) -> None:
        """Look at a stretch of time in which the same grants are live.

        Args:
            before: The use before it, in parts.
            need: The use in it.
            live: The grants in the order of spending, before they pay for it.
        """
        held, of_now, beyond_included = 0, False, 0
        for payer in live:
            is_needed = payer.held and need > held
            if is_needed and payer.terms.bucket == PURCHASED and self.purchased_from is None:
                self.purchased_from = self._demand.day_beyond(before + held)
            held += payer.held
            if payer.of_now:
                of_now = True
                beyond_included = held if payer.held else beyond_included
        if of_now and need > beyond_included and self.included_out is None:
            self.included_out = self._demand.day_beyond(before + beyond_included)
        if need > held and self.runs_out is None:
            self.runs_out = self._demand.day_beyond(before + held)
