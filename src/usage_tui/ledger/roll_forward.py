"""The balance of a billing period carried forward: what grants held when it began, and what moved since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from usage_tui.ledger.account import GrantAccount
from usage_tui.ledger.journal import Entry
from usage_tui.models import Credits, RollForward

_RETURNED = "expired at once"
"""What a reversal gave back to a grant that had expired by then."""


_KINDS = "used", "reversed", "voided", "expired", "expiry_released", _RETURNED
_MOVES = "used", "reversed", "voided", "lapsed"


class RollForwardTally:
    """Adds up every journal entry by whether it took effect before a period or since it began."""

    def __init__(self, starts_at: datetime) -> None:
        """Begin before the first entry.

        Args:
            starts_at: When the period begins.
        """
        self._starts_at = starts_at
        self._sums: Counter[tuple[str, str, bool]] = Counter()

    def add(self, entry: Entry) -> None:
        """Count an entry in."""
        if entry.grant_id is not None:
            kind = _RETURNED if entry.kind == "expired" and entry.event_id is not None else entry.kind
            self._sums[entry.grant_id, kind, entry.at < self._starts_at] += entry.amount

    def carried(self, accounts: Iterable[GrantAccount], as_of: datetime) -> RollForward:
        """The balance carried from the beginning of the period to a moment.

        Args:
            accounts: Every grant of the journal, as it stands at that moment.
            as_of: The moment.
        """
        moves: Counter[str] = Counter()
        for account in accounts:
            # A locked grant is told as held from the first, whenever it would have begun.
            begins_at = account.terms.effective_at
            held_from = min(begins_at, as_of) if account.locked else begins_at
            if held_from <= as_of:
                moves.update(self._moves(account, is_old=held_from < self._starts_at))
        return RollForward(
            opening=Credits(moves["opening"]),
            granted=Credits(moves["granted"]),
            used=Credits(moves["used"]),
            lapsed=Credits(moves["lapsed"]),
            voided=Credits(moves["voided"]),
            restored=Credits(moves["reversed"]),
        )

    def _moves(self, account: GrantAccount, *, is_old: bool) -> Mapping[str, int]:
        """What a grant adds to each figure, in millionths.

        Args:
            account: The grant.
            is_old: Whether it was held before the period; what moved before is then in the opening balance.
        """
        grant, original = account.terms.id, account.terms.original.micro
        before, since = ({kind: self._sums[grant, kind, at] for kind in _KINDS} for at in (True, False))
        # What a late event draws from an expired grant did not expire with it.
        expired = sum(moved["expired"] - moved["expiry_released"] for moved in (before, since))
        expired_before = expired if account.expires_at <= self._starts_at else 0
        before["lapsed"] = before[_RETURNED] + expired_before
        since["lapsed"] = since[_RETURNED] + expired - expired_before
        if not is_old:
            moved = {kind: before[kind] + since[kind] for kind in _MOVES}
            return moved | {"granted": original}
        gone = before["used"] + before["lapsed"] + before["voided"] - before["reversed"]
        return {kind: since[kind] for kind in _MOVES} | {"opening": original - gone}
