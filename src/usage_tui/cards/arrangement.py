"""How many rows each card of the dashboard gets."""

from __future__ import annotations

from typing import NamedTuple

LEAST_WIDTH, LEAST_HEIGHT = 40, 12
"""The smallest terminal on which anything is shown."""
WIDE = 120
XWIDE = 170
LOW = 30
"""Rows below which there are no blank lines around the cards."""
BALANCE_WIDTH = 54
"""Cells of the balance where the ranking stands beside it."""
_RANKED_ROWS = 8
_HEADS = 2
_LEAST_ROWS = 2
_USUAL_ROWS = 3
_METERS_BESIDE = 3
"""Allowances that stand side by side in full width."""


class CardNeeds(NamedTuple):
    """What the cards have to show.

    Attributes:
        band: Rows of the balance and the included credits together, one blank between them.
        ranked: Sources; None while there is nothing to show but a message.
        recent: Events at hand; 0 where a single line stands in their place.
        grants: Grants; 0 where a single line stands in their place.
        meters: Allowances.
    """

    band: int
    ranked: int | None
    recent: int
    grants: int
    meters: int


class Heights(NamedTuple):
    """Rows of each card, head included."""

    ranking: int
    daily: int
    recent: int
    grants: int
    allowance: int


def arrange(width: int, height: int, needs: CardNeeds) -> Heights:
    """Share the rows out: every card its least, then the tables, the chart, all of the tables, the chart.

    Args:
        width: Columns of the screen.
        height: Rows between header and footer, banners taken off.
        needs: What there is to show.
    """
    ranked = _RANKED_ROWS if needs.ranked is None else min(needs.ranked, _RANKED_ROWS)
    more = needs.ranked is not None and needs.ranked > _RANKED_ROWS
    ranking = _HEADS + max(ranked, 3) + more
    if width >= XWIDE:
        return _side_by_side(height, max(ranking, needs.band), ranking, needs)
    if width >= WIDE:
        return _full_width(height, max(ranking, needs.band), ranking, needs)
    stacked = 1 + max(1, needs.meters)
    return Heights(ranking, 10, _table(needs.recent, 5), _table(needs.grants, 5), stacked)


def _table(rows: int, most: int) -> int:
    """A table of so many rows at the most; a single line below the head where it has none."""
    return _HEADS + min(rows, most) if rows else 2


class _Spare:
    """Rows that no card has yet."""

    def __init__(self, rows: int) -> None:
        self._rows = max(0, rows)

    def take(self, most: int | None = None) -> int:
        """Up to so many of them; all of them without a number."""
        taken = self._rows if most is None else max(0, min(self._rows, most))
        self._rows -= taken
        return taken


def _full_width(height: int, band: int, ranking: int, needs: CardNeeds) -> Heights:
    """All cards below the band one under the other, in exactly the height where that is possible."""
    allowance, gaps = (3 if needs.meters <= _METERS_BESIDE else 1 + needs.meters), 4
    daily, recent, grants = 7, _table(needs.recent, _LEAST_ROWS), _table(needs.grants, _LEAST_ROWS)
    spare = _Spare(height - (band + daily + recent + grants + allowance + gaps))
    grants += spare.take(_table(needs.grants, _USUAL_ROWS) - grants)
    recent += spare.take(_table(needs.recent, _USUAL_ROWS) - recent)
    daily += spare.take(5)
    grants += spare.take(_table(needs.grants, needs.grants) - grants)
    recent += spare.take(_table(needs.recent, needs.recent) - recent)
    return Heights(ranking, daily + spare.take(), recent, grants, allowance)


def _side_by_side(height: int, band: int, ranking: int, needs: CardNeeds) -> Heights:
    """History at the left, grants over allowance at the right, the chart above in full width."""
    allowance = 1 + max(1, needs.meters)
    below = max(_table(needs.grants, _RANKED_ROWS) + 1 + allowance, 8)
    daily = max(8, min(15, height - band - below - 2))
    recent = max(below, height - band - daily - 2)
    grants = min(_table(needs.grants, needs.grants), recent - 1 - allowance)
    return Heights(ranking, daily, recent, grants, allowance)
