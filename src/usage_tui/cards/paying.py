"""The ways to the vendor's Billing pages, where a viewer has them."""

from __future__ import annotations

from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.typeset.lines import EMPTY, Area, Line
from usage_tui.cards.words import buy_words
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.access import may_pay
from usage_tui.state.usage import UsageState


class Paying(NamedTuple):
    """What the viewer may do in Billing.

    Attributes:
        words: What the key to buy is called in full and in short.
        buy_credits: Whether the viewer may buy credits.
        auto_recharge: Whether the viewer may adjust auto-recharge.
    """

    words: tuple[str, str]
    buy_credits: bool
    auto_recharge: bool


def paying(state: UsageState) -> Paying:
    """What this viewer may do."""
    return Paying(buy_words(state.unit), may_pay(state, "buy_credits"), may_pay(state, "auto_recharge"))


def links(view: Paying, area: Area, *, short: bool = False) -> Line:
    """Buy credits and Auto-recharge, if allowed, each with its key."""
    buy, recharge = view.words[short], "Auto" if short else "Auto-recharge"
    return joined(
        [
            key_hint("buy_credits", buy, area) if view.buy_credits else EMPTY,
            key_hint("auto_recharge", recharge, area) if view.auto_recharge else EMPTY,
        ]
    )
