"""What each source has used of each grant, which says where an adjustment is given back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from usage_tui.models import Allocation, Credits

Source = tuple[str, str]
"""What spends: its category and its id."""

OVERAGE = ""
"""Stands among the payers for what no grant paid."""

EarlierUse = Callable[[Source], Iterable[tuple[str, int]]]
"""What a source has used of each payer before, in millionths; the one that paid last comes last."""


class SourceUse:
    """By source, what it has used of each payer less what was given back, in the order of the last use."""

    def __init__(self, earlier: EarlierUse = lambda _source: ()) -> None:
        """Start with what was used before.

        Args:
            earlier: Says it; asked once a source, when something is given back for the first time.
        """
        self._earlier = earlier
        self._used: dict[Source, dict[str, int]] = {}
        self._complete: set[Source] = set()

    def count(self, source: Source, allocations: Iterable[Allocation], uncovered: Credits) -> None:
        """Count an event of a source, by who paid for it or, below zero, to whom it was given back."""
        used = self._used.setdefault(source, {})
        for part in allocations:
            _count(used, part.grant_id, part.credits.micro)
        if uncovered:
            _count(used, OVERAGE, uncovered.micro)

    def give_back(
        self, source: Source, micro: int, most: Callable[[str], int], first: Iterable[tuple[str, int]] = ()
    ) -> dict[str, int]:
        """Divide an amount among those who paid for a source: who paid last gets it first.

        Nothing is counted yet.

        Args:
            source: What is adjusted.
            micro: How many millionths are given back.
            most: How much a grant can get at most.
            first: Who comes before all others, and how much is meant for each.

        Returns:
            Who gets how much. What nobody has paid is set against the overage.
        """
        used, shares = self._complete_use(source), dict[str, int]()
        others = [(payer, micro) for payer in reversed(used)]
        for payer, meant in chain(first, others):
            had, left = shares.get(payer, 0), used.get(payer, 0)
            share = min(micro, meant, (left if payer == OVERAGE else min(left, most(payer))) - had)
            if share > 0:
                shares[payer] = had + share
                micro -= share
        if micro:
            shares[OVERAGE] = shares.get(OVERAGE, 0) + micro
        return shares

    def _complete_use(self, source: Source) -> dict[str, int]:
        """What the source has used, with what it used before."""
        if source not in self._complete:
            used = dict(self._earlier(source))
            for payer, micro in self._used.get(source, {}).items():
                _count(used, payer, micro)
            self._used[source] = used
            self._complete.add(source)
        return self._used[source]


def _count(used: dict[str, int], payer: str, micro: int) -> None:
    if micro > 0:
        used[payer] = used.pop(payer, 0) + micro
    elif micro:
        used[payer] = used.get(payer, 0) + micro
