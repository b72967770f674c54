"""Usage: every card of the dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from usage_tui.cards.banner import banners
from usage_tui.cards.catalog import CARDS, NOT_OFFERED, shown
from usage_tui.cards.daily import DailyCard, DailyView
from usage_tui.cards.history import HistoryView, RecentCard
from usage_tui.cards.panel import Cursor
from usage_tui.cards.ranking import RankingCard, compares, ranks_people
from usage_tui.cards.ranking_table import PEOPLE, RankingView
from usage_tui.cards.typeset.lines import Area, Line, Span, cut_line, line
from usage_tui.state.people import why_no_people
from usage_tui.state.periods import neighbor, why_no_earlier
from usage_tui.state.usage import UsageState
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.widgets.banner import Banners
from usage_tui.tui.widgets.card import CardWidget
from usage_tui.tui.widgets.chart import ChartWidget
from usage_tui.tui.widgets.dashboard import Cards
from usage_tui.tui.widgets.footer import Footer
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.table import TableWidget

if TYPE_CHECKING:
    from usage_tui.cards.alert import Alert

_CHOOSE = tuple(card.choose for card in CARDS if card.choose)
"""The commands that show another choice of a card, such as a range of days."""
_ALWAYS = ("copy", "export", "refresh", "help", "quit")
_PERIODS = {"previous_period": True, "next_period": False}
"""The commands that walk over the billing periods; whether they lead back."""
_MOVES = {Cursor.NONE: "", Cursor.ROWS: "cursor_up", Cursor.BARS: "day_before"}
"""The command that stands for moving over what a card consists of."""


class Dashboard(UsageScreen):
    """How much is left, where it went, and what lapses unused."""

    NAME = "usage"
    FOOTER = ("next_card", "open", *_CHOOSE, *_ALWAYS)
    BINDINGS = bindings(
        "page_up",
        "page_down",
        "next_page",
        "previous_page",
        "why",
        "people",
        "back",
        **{command: f"choose('{command}')" for command in _CHOOSE},
        **{command: f"look_back({back})" for command, back in _PERIODS.items()},
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
        self.watch(self.app, "alert", self._alert_changed, init=False)
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

    def _scrolled(self) -> None:
        """Say whether there is more below."""
        self.query_one(Footer).more(self.cards.scroll_y < self.cards.max_scroll_y)

    @on(Cards.Wheeled)
    def _focus_in_sight(self) -> None:
        """No card out of sight keeps the focus: Enter would open it unseen."""
        if self.card is not None and not self._in_sight(self.card):
            seen = next((card for card in self.cards.cards if self._in_sight(card)), None)
            self.set_focus(seen, scroll_visible=False)

    @on(Cards.Resized)
    def _resized(self) -> None:
        """Keep the focused card in sight."""
        if self.card is not None:
            self.card.scroll_visible(animate=False)
        self._scrolled()

    def show(self, state: UsageState) -> None:
        """Every card that has something to show."""
        self.cards.show(shown(state, self.CARDS))
        self._compare()
        self.show_footer()
        self.call_after_refresh(self._scrolled)

    @on(CardWidget.Moved)
    def _compare(self) -> None:
        """Periods are compared on every card while the ranking compares them; people are asked for there."""
        card = self._ranking
        self.program.compare(on=card is not None and compares(card.content, card.place))
        self.program.rank_people(on=card is not None and ranks_people(card.content, card.place))

    @property
    def _ranking(self) -> CardWidget[RankingView] | None:
        """The ranking, if it is on the dashboard and has a choice."""
        return self.cards.chosen_by(RankingCard.choose)

    def action_people(self) -> None:
        """Rank people in place of sources, or sources again."""
        card = self._ranking
        if card is not None:
            card.choose("" if ranks_people(card.content, card.place) else PEOPLE)
            self._show_choice(card)

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
        """What acts on the focused card, then the choices of the others that are offered."""
        card = self.card
        moves = [_MOVES[card.panel.cursor]] if card and card.content is not None else []
        opens = ["open"] if self.open_word else []
        choices = sorted(
            filter(self.cards.chosen_by, _CHOOSE), key=lambda one: self.cards.chosen_by(one) != card
        )
        people = ["people"] if card is self._ranking and not why_no_people(self.program.state) else []
        why = ["why"] if isinstance(card, ChartWidget) and card.content is not None else []
        periods = ["previous_period"] if not why_no_earlier(self.program.state) else []
        now = ["back"] if self.program.state.looked_at is not None else []
        walk, later = ([*now, *periods], []) if now else ([], periods)
        return [*walk, "next_card", *opens, *filter(None, moves), *why, *people, *choices, *later, *_ALWAYS]

    @property
    def footer_words(self) -> Mapping[str, str]:
        """What the keys lead to now that change what a card shows."""
        cards = [card for card in self.cards.cards if card.panel.choose]
        words = {
            card.panel.choose: card.panel.choose_word(card.content, card.place)
            for card in cards
            if card.content is not None
        }
        if self.card is not None and self.card.content is not None:
            step = self.card.panel.step(self.card.content, self.card.place)
            words |= {"day_before": step, "cursor_up": step}
        ranking = self._ranking
        if ranking is not None and ranks_people(ranking.content, ranking.place):
            words["people"] = "sources"
        words |= {"back": "now", "previous_period": "period"}
        return {**super().footer_words} | {command: word for command, word in words.items() if word}

    def action_choose(self, command: str) -> None:
        """Show the next choice of the card that the command belongs to."""
        card = self.cards.chosen_by(command)
        if card is not None:
            card.show_next_choice()
            self._show_choice(card)

    def _show_choice(self, card: CardWidget[Any]) -> None:
        self.show_footer()
        card.scroll_visible(animate=False)
        self.call_after_refresh(self._focus_in_sight)

    @property
    def printed_by(self) -> tuple[str, ...]:
        """The command that prints the card; all cards as text are those of the period that is shown."""
        words, period_id = super().printed_by, self.program.state.looked_at
        return (*words, "--period", period_id) if words == ("--print",) and period_id else words

    def action_look_back(self, back: bool) -> None:
        """Show an earlier billing period, or a later one."""
        self.program.look_back(back=back)

    @property
    def alert(self) -> Alert | None:
        """What the program warns of."""
        return self.program.alert

    def _alert_changed(self) -> None:
        self.query_one(Banners).show(banners(self.program.state), self.alert)

    def action_back(self) -> None:
        """Show the current billing period; on it, dismiss what the screen warns of."""
        if self.program.state.looked_at is not None or self.program.looking_back.goal is not None:
            self.program.look_at_now()
        else:
            self.program.dismiss_alert()

    @property
    def _chart(self) -> ChartWidget[DailyView] | None:
        """The card of days, if it has any."""
        (card,) = self.query(f"#{DailyCard.id}").results(ChartWidget)
        return card if card.display and card.content is not None else None

    def action_why(self) -> None:
        """Explain the day under the cursor of the chart."""
        card = self._chart
        day = DailyCard().day(card.content, card.place) if card and card.content else None
        if day is None:
            self.note("Nothing was used on that day yet.")
            return
        from usage_tui.tui.screens.why import WhyDialog

        self.app.push_screen(WhyDialog(day))

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
        if action == "look_back":
            return self._leads(back=bool(parameters[0]))
        if action == "people":
            return not why_no_people(self.program.state)
        if action == "why":
            return self._chart is not None
        return action != "choose" or self.cards.chosen_by(str(parameters[0])) is not None

    def _leads(self, *, back: bool) -> bool | None:
        """Whether there is a period before or after the one that is shown; False if there is no other."""
        state = self.program.state
        if why_no_earlier(state):
            return False
        return neighbor(state, state.looked_at, back=back) is not None or None

    def _rows(self, card: CardWidget[Any]) -> tuple[float, float]:
        """The first row of a card and the one after its last, from the top of all cards."""
        top = card.virtual_region.y
        return top, top + card.size.height

    def _in_sight(self, card: CardWidget[Any]) -> bool:
        """Whether any row of the card is on the screen."""
        top, bottom = self._rows(card)
        return top < self.cards.scroll_y + self.cards.size.height and bottom > self.cards.scroll_y

    def _go_to(self, card: CardWidget[Any]) -> None:
        """Focus a card, and begin the screen with it as far as there are cards below."""
        self.set_focus(card, scroll_visible=False)
        self.cards.scroll_to(y=self._rows(card)[0], animate=False)

    def action_page_up(self) -> None:
        """Up by as many whole cards as the screen has room for; the focus goes along."""
        cards = self.cards
        if self.card is not None and self._rows(self.card)[0] < cards.scroll_y < self._rows(self.card)[1]:
            cards.scroll_page_up(animate=False)  # within a card higher than the screen
            return
        end = cards.scroll_y - cards.size.height
        above = [card for card in cards.cards if end <= self._rows(card)[0] < cards.scroll_y]
        self._go_to(above[0] if above else cards.cards[0])

    def action_page_down(self) -> None:
        """Down to the first card that is not wholly on the screen; the focus goes along."""
        cards = self.cards
        end = cards.scroll_y + cards.size.height
        below = [card for card in cards.cards if self._rows(card)[1] > end]
        if not below:
            self.set_focus(cards.cards[-1])
        elif self._rows(below[0])[0] > cards.scroll_y:
            self._go_to(below[0])
        else:
            cards.scroll_page_down(animate=False)  # within a card higher than the screen
