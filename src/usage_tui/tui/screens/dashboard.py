"""Usage: every card of the dashboard."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from usage_tui.cards.catalog import CARDS, NOT_OFFERED, shown
from usage_tui.cards.history import HistoryView, RecentCard
from usage_tui.cards.typeset.lines import Area, Line, Span, cut_line, line
from usage_tui.state.usage import UsageState
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.widgets.dashboard import Cards
from usage_tui.tui.widgets.footer import Footer
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.table import TableWidget

_CHOOSE = tuple(card.choose for card in CARDS if card.choose)
"""The commands that show another choice of a card, such as a range of days."""


class Dashboard(UsageScreen):
    """How much is left, where it went, and what lapses unused."""

    NAME = "usage"
    FOOTER = ("next_card", "open", *_CHOOSE, "copy", "refresh", "help", "quit")
    BINDINGS = bindings(
        "page_up",
        "page_down",
        "next_page",
        "previous_page",
        **{command: f"choose('{command}')" for command in _CHOOSE},
    )
    AUTO_FOCUS = "CardWidget"
    CARDS = CARDS

    def compose_body(self) -> ComposeResult:
        """The cards, below one quiet line if there is one."""
        if self.program.hint:
            yield Lines(id="hint")
        yield Cards((*self.CARDS, NOT_OFFERED))

    def on_mount(self) -> None:
        """Follow how far the cards are scrolled."""
        self.watch(self.cards, "scroll_y", self._scrolled)
        self.watch(self.cards, "virtual_size", self._scrolled)
        if self.program.hint:
            self.query_one("#hint", Lines).show(self._hint)

    @property
    def cards(self) -> Cards:
        """All cards."""
        return self.query_one(Cards)

    @property
    def focus_chain(self) -> list[Widget]:
        """The cards in reading order; Textual's own order is by rows, across two columns."""
        return [*self.cards.cards] if self.cards.display else []

    def _hint(self, area: Area) -> list[Line]:
        return [cut_line(line(Span(self.program.hint, "muted")), area.width, area.glyphs)]

    @on(Cards.Resized)
    def _scrolled(self) -> None:
        self.query_one(Footer).more(self.cards.scroll_y < self.cards.max_scroll_y)

    def show(self, state: UsageState) -> None:
        """Every card that has something to show."""
        self.cards.show(shown(state, self.CARDS))
        self.show_footer()
        self.call_after_refresh(self._scrolled)

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Focus a card, and bring it onto the screen.

        Textual would center it, before or after a new layout.
        """
        super().set_focus(widget, scroll_visible=False, from_app_focus=from_app_focus)
        if widget is not None and scroll_visible:
            self.call_after_refresh(widget.scroll_visible, animate=False)

    @property
    def footer_commands(self) -> list[str]:
        """All but the choices of cards that are not offered."""
        return [one for one in self.FOOTER if one not in _CHOOSE or self.cards.chosen_by(one)]

    @property
    def footer_words(self) -> Mapping[str, str]:
        """What the keys lead to now that change what a card shows."""
        cards = [card for card in self.cards.cards if card.panel.choose]
        words = {card.panel.choose: card.panel.choose_word(card.place) for card in cards}
        return {command: word for command, word in words.items() if word}

    def action_choose(self, command: str) -> None:
        """Show the next choice of the card that the command belongs to."""
        card = self.cards.chosen_by(command)
        if card is not None:
            card.show_next_choice()
            card.scroll_visible(animate=False)
            self.show_footer()

    @property
    def _recent(self) -> TableWidget[HistoryView] | None:
        """The card of the newest events, if it has any."""
        (card,) = self.query(f"#{RecentCard.id}").results(TableWidget)
        return card if card.display and card.content is not None else None

    def action_next_page(self) -> None:
        """Older events on their card; after the last that are known, in the history."""
        card = self._recent
        if card is not None:
            self.set_focus(card)
            if not card.turn(1):
                self.program.run_command("history")

    def action_previous_page(self) -> None:
        """Newer events on their card."""
        card = self._recent
        if card is not None:
            self.set_focus(card)
            card.turn(-1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A choice is there while its card is; Next and Previous are disabled at the ends."""
        if action in ("next_page", "previous_page"):
            card = self._recent
            if card is None or card.content is None:
                return False
            back, on = RecentCard.leads(card.content, card.place, card.size.height)
            return (on if action == "next_page" else back) or None
        return action != "choose" or self.cards.chosen_by(str(parameters[0])) is not None

    def _card_tops(self) -> list[float]:
        """The rows at which cards begin, from the top of all cards."""
        cards = self.cards
        return sorted({card.region.y - cards.region.y + cards.scroll_y for card in cards.cards})

    def action_page_up(self) -> None:
        """Up by as many whole cards as the screen has room for."""
        cards = self.cards
        above = [
            top for top in self._card_tops() if cards.scroll_y - cards.size.height <= top < cards.scroll_y
        ]
        cards.scroll_to(y=min(above, default=0), animate=False)

    def action_page_down(self) -> None:
        """Down to the first card that is not wholly on the screen."""
        cards = self.cards
        tops = self._card_tops()
        bottoms = [*tops[1:], cards.virtual_size.height + 1]
        end = cards.scroll_y + cards.size.height
        below = [top for top, bottom in zip(tops, bottoms, strict=True) if bottom - 1 > end]
        if below and below[0] > cards.scroll_y:
            cards.scroll_to(y=below[0], animate=False)
        else:
            cards.scroll_page_down(animate=False)
