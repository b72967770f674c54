"""The balance carried through billing periods: what grants held when each began, and what moved in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from usage_tui.ledger.booked_grant import BookedGrant
from usage_tui.ledger.journal import Entry
from usage_tui.models import Credits, RollForward
from usage_tui.named_tuple import NamedTuple


class Moves(NamedTuple):
    """What moved of a grant within a period, in millionths, each zero or more.

    What expired at the expiry itself is not among it: that follows from the grant.

    Attributes:
        used: What it paid.
        restored: What reversals and adjustments gave back to it.
        voided: What was voided, also as it came back.
        lapsed: What came back after the expiry, and so expired at once.
    """

    used: int = 0
    restored: int = 0
    voided: int = 0
    lapsed: int = 0

    def __add__(self, other: tuple[int, ...]) -> Moves:  # type: ignore[override]
        """The sum of each."""
        return Moves(*map(sum, zip(self, other, strict=True)))


MovesByPeriod = Mapping[tuple[str, int], Moves]
"""By the ID of the grant and the number of the period: 1 is the first, 0 the time before it."""

_FIELDS = {"used": 0, "reversed": 1, "voided": 2, "expired": 3}


class MovesTally:
    """Adds up what moved, by grant and by the period in which it took effect."""

    def __init__(self, number_of: Callable[[datetime], int]) -> None:
        """Begin before the first entry.

        Args:
            number_of: The number of the last period that has begun at a moment; 0 before the first.
        """
        self._number_of = number_of
        self._sums: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    @classmethod
    def of_periods(cls, starts: Sequence[datetime]) -> MovesTally:
        """A tally over periods that begin at these moments, oldest first."""
        return cls(lambda at: bisect_right(starts, at))

    def add(self, entry: Entry) -> None:
        """Count a journal entry in."""
        place = _FIELDS.get(entry.kind)
        if place is None or entry.grant_id is None:
            return
        if entry.kind == "expired" and entry.event_id is None:
            return
        self._sums[entry.grant_id, self._number_of(entry.at)][place] += entry.amount

    @property
    def moves(self) -> MovesByPeriod:
        """The sums so far."""
        return {key: Moves(*sums) for key, sums in self._sums.items()}


def roll_forwards(
    starts: Sequence[datetime], grants: Iterable[BookedGrant], moves: MovesByPeriod, as_of: datetime
) -> tuple[RollForward, ...]:
    """The balance carried through every period: each ends where the next one begins, the last one now.

    What a late event used counts in the period in which it occurred, and so changes what later ones began
    with.

    Args:
        starts: When each period begins, oldest first.
        grants: Every grant, as it stands now.
        moves: What moved of them.
        as_of: The present.

    Returns:
        One for each period, newest first; none where nothing was ever granted.
    """
    grants = tuple(grants)
    if not grants:
        return ()
    granted, sums = _by_period(starts, grants, moves, as_of)
    found, held = [], granted[0] - _gone(sums[0])
    for amount, moved in zip(granted[1:], sums[1:], strict=True):
        carried = RollForward(
            opening=Credits(held),
            granted=Credits(amount),
            used=Credits(moved.used),
            lapsed=Credits(moved.lapsed),
            voided=Credits(moved.voided),
            restored=Credits(moved.restored),
        )
        held = carried.closing.micro
        found.append(carried)
    return tuple(reversed(found))


def _by_period(
    starts: Sequence[datetime], grants: Iterable[BookedGrant], moves: MovesByPeriod, as_of: datetime
) -> tuple[list[int], list[Moves]]:
    """What was granted and what moved in each period, after what came before the first one."""
    by_grant: defaultdict[str, list[tuple[int, Moves]]] = defaultdict(list)
    for (grant_id, number), moved in moves.items():
        by_grant[grant_id].append((number, moved))
    granted, sums = [0] * (len(starts) + 1), [Moves()] * (len(starts) + 1)
    for grant in grants:
        # A locked grant is told as held from the first, whenever it would have begun.
        begins_at = grant.terms.effective_at
        held_from = min(begins_at, as_of) if grant.locked else begins_at
        if held_from > as_of:
            continue
        first = bisect_right(starts, held_from)
        granted[first] += grant.terms.original.micro
        for number, moved in _with_expiry(grant, by_grant[grant.terms.id], starts):
            sums[max(number, first)] += moved
    return granted, sums


def _with_expiry(
    grant: BookedGrant, moves: Sequence[tuple[int, Moves]], starts: Sequence[datetime]
) -> Sequence[tuple[int, Moves]]:
    """What moved of a grant by period, with what expired at its expiry."""
    # What a late event drew from an expired grant did not expire with it.
    lapsed = grant.expired - sum(moved.lapsed for _, moved in moves)
    if not lapsed:
        return moves
    # What expires as a period begins is not in its opening balance.
    return [*moves, (bisect_left(starts, grant.expires_at), Moves(lapsed=lapsed))]


def _gone(moved: Moves) -> int:
    return moved.used + moved.lapsed + moved.voided - moved.restored
