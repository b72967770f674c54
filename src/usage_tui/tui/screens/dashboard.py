"""Usage: every card of the dashboard, in the order in which one reads it."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from usage_tui.cards import balance
from usage_tui.cards.allowance import AllowanceView, allowance_view
from usage_tui.cards.arrangement import BALANCE_WIDTH, LOW, XWIDE, CardNeeds, arrange
from usage_tui.cards.card import LOADING
from usage_tui.cards.daily import daily_view
from usage_tui.cards.grants import grants_view
from usage_tui.cards.history import history_view
from usage_tui.cards.included import included_view
from usage_tui.cards.ranking import ranking_view
from usage_tui.cards.typeset.lines import Area, Line, Span, cut_line, line
from usage_tui.state.loading import RECENT_EVENTS
from usage_tui.state.usage import UsageState
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.widgets.allowance import AllowanceCard
from usage_tui.tui.widgets.balance import BalanceCard
from usage_tui.tui.widgets.banner import Banners
from usage_tui.tui.widgets.card import Card
from usage_tui.tui.widgets.daily import DailyCard
from usage_tui.tui.widgets.footer import Footer
from usage_tui.tui.widgets.grants import GrantsCard
from usage_tui.tui.widgets.history import RecentCard
from usage_tui.tui.widgets.included import IncludedCard
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.ranking import RankingCard

_USUAL_GRANTS = 8
"""Grants to keep room for while none are known, so that nothing jumps when they come."""


class Cards(Container):
    """All cards. An announcement that comes or goes leaves them another room."""

    class Resized(Message):
        """There is another number of rows for cards."""

    def on_resize(self) -> None:
        """Tell the screen."""
        self.post_message(self.Resized())


class Dashboard(UsageScreen):
    """How much is left, where it went, will it last, what lapses unused."""

    NAME = "usage"
    FOOTER = ("next_card", "open", "roll_up", "next_range", "copy", "refresh", "help", "quit")
    BINDINGS = bindings("roll_up", "next_range", "page_up", "page_down")
    AUTO_FOCUS = "BalanceCard"

    def compose_body(self) -> ComposeResult:
        """The cards; containers carry the columns of wide screens."""
        if self.program.hint:
            yield Lines(id="hint")
        with Cards(id="cards"):
            with Container(id="band"):
                with Container(id="progress"):
                    yield BalanceCard()
                    yield IncludedCard()
                yield RankingCard()
            yield DailyCard()
            with Container(id="tables"):
                yield RecentCard()
                with Container(id="lower"):
                    yield GrantsCard()
                    yield AllowanceCard()

    def on_mount(self) -> None:
        """Follow how far the cards are scrolled."""
        cards = self.query_one("#cards")
        self.watch(cards, "scroll_y", self._scrolled)
        self.watch(cards, "virtual_size", self._scrolled)
        if self.program.hint:
            self.query_one("#hint", Lines).show(self._hint)

    def _hint(self, area: Area) -> list[Line]:
        return [cut_line(line(Span(self.program.hint, "muted")), area.width, area.glyphs)]

    def _scrolled(self) -> None:
        cards = self.query_one("#cards")
        self.query_one(Footer).more(cards.scroll_y < cards.max_scroll_y)

    def show(self, state: UsageState) -> None:
        """Every card, and as much room for each as it needs."""
        self.query_one(BalanceCard).show(balance.balance_view(state))
        self.query_one(IncludedCard).show(included_view(state))
        self.query_one(RankingCard).show(ranking_view(state))
        self.query_one(DailyCard).show(daily_view(state))
        self.query_one(RecentCard).show(history_view(state, "recent"))
        self.query_one(GrantsCard).show(grants_view(state))
        self.query_one(AllowanceCard).show(allowance_view(state))
        self.arrange_cards()

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """The card that the keyboard acts on is on the screen.

        Textual's own way is to center it, before or after a new layout as it happens.
        """
        super().set_focus(widget, scroll_visible=False, from_app_focus=from_app_focus)
        if widget is not None and scroll_visible:
            self.call_after_refresh(widget.scroll_visible, animate=False)

    @on(Cards.Resized)
    def _rows_changed(self) -> None:
        """Other sizes, other heights."""
        self.arrange_cards()

    def arrange_cards(self) -> None:
        """Give every card its rows."""
        width, height = self.size
        ranking, recent = self.query_one(RankingCard), self.query_one(RecentCard)
        grants, allowance = self.query_one(GrantsCard), self.query_one(AllowanceCard)
        needs = CardNeeds(
            band=self._band_rows(width),
            ranked=len(ranking.content.sources) if ranking.content else None,
            recent=_rows(recent, len(recent.content.events) if recent.content else 0, RECENT_EVENTS),
            grants=_rows(grants, grants.row_count, _USUAL_GRANTS),
            meters=len(allowance.content.meters) if isinstance(allowance.content, AllowanceView) else 3,
        )
        room = self.query_one("#cards").size.height or self._room(height)
        heights = arrange(width, room, needs)
        ranking.styles.height = heights.ranking
        self.query_one(DailyCard).styles.height = heights.daily
        recent.styles.height = heights.recent
        grants.styles.height = heights.grants
        allowance.styles.height = heights.allowance
        self.call_after_refresh(self._scrolled)

    def _room(self, height: int) -> int:
        """The rows for cards, before the first layout has measured them."""
        banner_rows = len(self.query_one(Banners).lines)
        around = 2 if height < LOW else 3 + bool(self.program.hint)
        return height - around - banner_rows

    def _band_rows(self, width: int) -> int:
        """The balance above the included credits, a blank row between them."""
        view = self.query_one(BalanceCard).view
        cells = BALANCE_WIDTH if width < XWIDE else (width - 6) // 2
        return (len(balance.draw(view, Area(cells))) if view else 5) + 1 + 3

    @property
    def footer_words(self) -> Mapping[str, str]:
        """What the key of the categories leads to now."""
        return {"roll_up": "sources"} if self.query_one(RankingCard).rolled_up else {}

    def action_roll_up(self) -> None:
        """Change between sources and categories."""
        ranking = self.query_one(RankingCard)
        ranking.roll_up()
        ranking.scroll_visible(animate=False)
        self.query_one(Footer).show(self.FOOTER, self.footer_words)

    def action_next_range(self) -> None:
        """Show the next range of days."""
        daily = self.query_one(DailyCard)
        daily.next_range()
        daily.scroll_visible(animate=False)

    def _card_tops(self) -> list[float]:
        """The rows at which cards begin, from the top of all cards."""
        cards = self.query_one("#cards")
        tops = {card.region.y - cards.region.y + cards.scroll_y for card in self.query(Card)}
        return sorted(tops)

    def action_page_up(self) -> None:
        """Up by as many whole cards as the screen has room for."""
        cards = self.query_one("#cards")
        above = [
            top for top in self._card_tops() if cards.scroll_y - cards.size.height <= top < cards.scroll_y
        ]
        cards.scroll_to(y=min(above, default=0), animate=False)

    def action_page_down(self) -> None:
        """Down to the first card that is not wholly on the screen."""
        cards = self.query_one("#cards")
        tops = self._card_tops()
        bottoms = [*tops[1:], cards.virtual_size.height + 1]
        end = cards.scroll_y + cards.size.height
        below = [top for top, bottom in zip(tops, bottoms, strict=True) if bottom - 1 > end]
        if below and below[0] > cards.scroll_y:
            cards.scroll_to(y=below[0], animate=False)
        else:
            cards.scroll_page_down(animate=False)


def _rows(card: RecentCard | GrantsCard, rows: int, usual: int) -> int:
    """The rows to plan for: as usual while loading or failed, none where a sentence stands instead."""
    if card.view in (None, LOADING):
        return usual
    return rows if card.content else usual if card.failed else 0
