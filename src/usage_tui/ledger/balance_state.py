"""The state of a balance: normal, low, paused or locked."""

from __future__ import annotations

from usage_tui.models import CREDITS, AutoRecharge, Balance, Credits, IncludedProgress, Unit

_DEFAULT_THRESHOLD = Credits.parse("10000")
"""The balance of credits at which auto-recharge buys credits if no threshold was chosen."""


def recharge_threshold(auto_recharge: AutoRecharge | None, unit: Unit) -> Credits | None:
    """The balance at which auto-recharge buys; None if it is off, or if that is unknown.

    The default is a number of credits, which says nothing about another unit.
    """
    if auto_recharge is None or not auto_recharge.enabled:
        return None
    return auto_recharge.threshold or (_DEFAULT_THRESHOLD if unit.code == CREDITS.code else None)


def low_threshold(
    included: IncludedProgress | None,
    auto_recharge: AutoRecharge | None,
    chosen: Credits | None = None,
    unit: Unit = CREDITS,
) -> Credits | None:
    """The balance at or below which it is low.

    It is the chosen amount, else the threshold of auto-recharge if that is on, else a tenth of the credits
    that the period includes.

    Returns:
        None if all of these are unknown.
    """
    if chosen is not None:
        return chosen
    recharged_at = recharge_threshold(auto_recharge, unit)
    if recharged_at is not None:
        return recharged_at
    return None if included is None else Credits(included.granted.micro // 10)


def balance_state(balance: Balance, threshold: Credits | None) -> str:
    """``locked``, ``paused``, ``low`` or ``normal``: what the balance means for new work."""
    if not balance.total:
        return "locked" if balance.locked else "paused"
    return "low" if threshold is not None and balance.total <= threshold else "normal"
