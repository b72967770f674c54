"""The state of an account: normal, low, paused or locked."""

from __future__ import annotations

from usage_tui.models import AutoRecharge, Balance, Credits, IncludedProgress

DEFAULT_RECHARGE_THRESHOLD = Credits.parse("10000")
"""The balance at which auto-recharge buys credits if no threshold was chosen."""


def low_threshold(
    included: IncludedProgress | None, auto_recharge: AutoRecharge | None, chosen: Credits | None = None
) -> Credits | None:
    """The balance at or below which an account is low.

    It is the chosen amount, else the threshold of auto-recharge if that is on, else a tenth of the credits
    that the period includes.

    Returns:
        None if all of these are unknown.
    """
    if chosen is not None:
        return chosen
    if auto_recharge is not None and auto_recharge.enabled:
        return auto_recharge.threshold or DEFAULT_RECHARGE_THRESHOLD
    return None if included is None else Credits(included.granted.micro // 10)


def account_state(balance: Balance, threshold: Credits | None) -> str:
    """``locked``, ``paused``, ``low`` or ``normal``: what the balance means for new work."""
    if not balance.total:
        return "locked" if balance.locked else "paused"
    return "low" if threshold is not None and balance.total <= threshold else "normal"
