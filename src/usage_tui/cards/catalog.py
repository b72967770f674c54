"""Every card of the dashboard, in reading order: that of the screen, of Tab and of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from usage_tui.cards.allowance import AllowanceCard
from usage_tui.cards.balance import BalanceCard
from usage_tui.cards.card import Placeholder
from usage_tui.cards.daily import DailyCard
from usage_tui.cards.grants import GrantsCard
from usage_tui.cards.history import RecentCard
from usage_tui.cards.included import IncludedCard
from usage_tui.cards.not_offered import NotOfferedPanel, is_not_offered, not_offered
from usage_tui.cards.panel import Card, Panel
from usage_tui.cards.ranking import RankingCard
from usage_tui.cards.runway import RunwayCard
from usage_tui.state.usage import UsageState

# Each card has a view of its own type, and only the card itself reads it.
CARDS: tuple[Card[Any], ...] = (
    BalanceCard(),
    IncludedCard(),
    RunwayCard(),
    RankingCard(),
    DailyCard(),
    RecentCard(),
    GrantsCard(),
    AllowanceCard(),
)
"""The cards. A card is a file and a row here."""

NOT_OFFERED = NotOfferedPanel()
"""The line in place of the cards that the client does not offer."""


def shown(state: UsageState, cards: Sequence[Card[Any]]) -> list[tuple[Panel[Any], object]]:
    """What the dashboard shows, each with its view; at the end a line for what is not offered, if any."""
    views = [(card, card.view(state)) for card in cards]
    offered: list[tuple[Panel[Any], object]] = [pair for pair in views if not is_not_offered(pair[1])]
    missing = [(card, view) for card, view in views if isinstance(view, Placeholder) and is_not_offered(view)]
    origin = "" if state.redacted else state.origin  # which is then no name, but a provider
    return [*offered, (NOT_OFFERED, not_offered(origin, missing))] if missing else offered
