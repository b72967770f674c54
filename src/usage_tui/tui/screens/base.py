"""What all screens share: header, banners, footer, and following the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from usage_tui.cards.arrangement import LEAST_HEIGHT, LEAST_WIDTH
from usage_tui.cards.banner import banners
from usage_tui.cards.header import header_view
from usage_tui.cards.panel import Explanation, GrantToShow, Opening, opening_word
from usage_tui.cards.typeset.lines import Area, Line, Span, line, wrap
from usage_tui.config.commands import key_of
from usage_tui.models import EventQuery
from usage_tui.state.access import allowed
from usage_tui.state.replies import EVENTS
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import Program, program_of
from usage_tui.tui.widgets.banner import Banners
from usage_tui.tui.widgets.card import CardWidget
from usage_tui.tui.widgets.footer import Footer
from usage_tui.tui.widgets.header import Header
from usage_tui.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from usage_tui.cards.alert import Alert

NOT_PRINTED = "No command prints this."


class UsageScreen(Screen[None]):
    """A screen of the dashboard. It shows the state that it was given last."""

    BINDINGS = bindings("open", "next_card", "previous_card", "filter")
    NAME: ClassVar[str]
    """The command that leads here."""
    FOOTER: ClassVar[Sequence[str]]
    """The commands of the last line, the most useful first."""

    _state: UsageState | None = None
    _had_focus: Widget | None = None

    @property
    def program(self) -> Program:
        """The program that the screen belongs to."""
        return program_of(self)

    def compose(self) -> ComposeResult:
        """Header, banners, the screen's own body, footer."""
        # Textual sets them after the first layout, which would then be made and painted twice.
        self.add_class(*self._size_classes())
        yield Header(self.NAME)
        yield Banners()
        yield from self.compose_body()
        yield Footer()
        yield Lines(id="too-small")

    def _size_classes(self) -> list[str]:
        """The breakpoint of the width and that of the height."""
        width, height = self.app.size
        columns = self.HORIZONTAL_BREAKPOINTS or self.app.HORIZONTAL_BREAKPOINTS or []
        rows = self.VERTICAL_BREAKPOINTS or self.app.VERTICAL_BREAKPOINTS or []
        return [
            max(point for point in points if point[0] <= size)[1]
            for points, size in ((columns, width), (rows, height))
        ]

    def compose_body(self) -> ComposeResult:
        """What is between the banners and the footer."""
        raise NotImplementedError

    def show(self, state: UsageState) -> None:
        """Give every widget its view."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Follow the state."""
        self.show_footer()
        self.query_one("#too-small", Lines).show(self._too_small)
        self.watch(self.app, "state", self._changed)

    def on_resize(self) -> None:
        """While the terminal is too small, nothing is focused; afterwards the last focus returns."""
        if self.focused is not None:
            self._had_focus = self.focused
        else:
            self.call_after_refresh(self._focus_again)

    def _focus_again(self) -> None:
        self.set_focus(self._had_focus or self.query_one(str(self.AUTO_FOCUS)), scroll_visible=False)

    def _changed(self, state: UsageState) -> None:
        """Replies that come together are shown together; a hidden screen shows none."""
        pending = self._state is not None
        self._state = state
        if not pending and self in self.app.screen_stack:
            self.call_next(self.show_latest)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show what came in the meantime, before the first frame."""
        if not self.stack_updates:
            event.refresh_styles = False  # a new screen has just got them
        self.catch_up()

    def catch_up(self) -> None:
        """Show the newest state now, for a dialog that is about what the screen shows."""
        if self._state is not None:
            self.show_latest()

    def show_latest(self) -> None:
        """Show the newest state."""
        state, self._state = self.program.state, None
        with self.app.batch_update():
            self.query_one(Header).show(header_view(state, overview=self.program.has_overview))
            self.query_one(Banners).show(banners(state), self.alert)
            self.show(state)
        self.refresh_bindings()

    @property
    def alert(self) -> Alert | None:
        """What the screen warns of below the banners."""
        return None

    @on(events.DescendantFocus)
    @on(CardWidget.Moved)
    def show_footer(self) -> None:
        """Show the commands of the last line, those of the place where the viewer is."""
        self.query_one(Footer).show(self.footer_commands, self.footer_words)

    @property
    def footer_commands(self) -> Sequence[str]:
        """The commands of the last line that work now."""
        return self.FOOTER

    @property
    def footer_words(self) -> Mapping[str, str]:
        """Words in the footer that differ from those in the table of commands."""
        return {"open": self.open_word}

    @property
    def open_word(self) -> str:
        """What Enter opens now, in a word; empty if there is none that the viewer may see."""
        opening = self.card.opens if self.card else None
        if isinstance(opening, EventQuery) and not allowed(self.program.state, EVENTS):
            return ""
        return opening_word(opening)

    def note(self, text: str) -> None:
        """Say what has just happened, until the next key."""
        self.query_one(Footer).note(text)

    async def _on_key(self, event: events.Key) -> None:
        self.note("")

    @property
    def card(self) -> CardWidget[Any] | None:
        """The card that has the focus."""
        return self.focused if isinstance(self.focused, CardWidget) else None

    @property
    def copy_text(self) -> str:
        """What `copy` sends."""
        return self.card.copy_text if self.card else ""

    @property
    def printed_by(self) -> tuple[str, ...]:
        """The command that prints what is shown here; empty if there is none."""
        card = self.card
        return card.panel.printed_by(card.content, card.place) if card and card.content is not None else ()

    @property
    def why_not_printed(self) -> str:
        """Why no command prints what is shown here, where none does; one sentence."""
        return NOT_PRINTED

    @property
    def selection(self) -> Selection | None:
        """What of a table is on the screen; None for nothing."""
        card = self.card
        if card is None or card.content is None:
            return None
        return card.panel.table(card.content, card.place, card.size.height)

    def offers(self) -> Sequence[Selection]:
        """The tables to export, what is on the screen first."""
        from usage_tui.tables.offers import offered

        self.catch_up()
        return offered(self.program.state, self.selection, files=not self.program.settings.restricted)

    def action_next_card(self) -> None:
        """Focus the next card."""
        self.app.action_focus_next()

    def action_previous_card(self) -> None:
        """Focus the card before."""
        self.app.action_focus_previous()

    async def action_filter(self) -> None:
        """Show the history, and type a filter there."""
        await self.app.switch_mode("history")
        self.program.run_command("filter")

    def action_open(self) -> None:
        """Go to what is under the cursor."""
        match self.card.opens if self.card else None:
            case str(command):
                self.program.run_command(command)
            case EventQuery() as query:
                self.program.show_events(query)
            case GrantToShow(grant_id):
                self.program.show_grant(grant_id)
            case Explanation() as explanation:
                from usage_tui.tui.screens.explanation import ExplanationDialog

                self.app.push_screen(ExplanationDialog(explanation, self._opens_now))
            case None:
                pass

    def _opens_now(self) -> Opening:
        """What Enter opens, once the screen shows the newest state."""
        self.catch_up()
        return self.card.opens if self.card else None

    def _too_small(self, area: Area) -> list[Line]:
        """How small it is, what is needed, and the way out, centered."""
        quit_key = key_of("quit", area.keys, area.glyphs)
        said, needed, out = (
            wrap(text, area.width)
            for text in (
                f"Too small: {area.width}x{area.height}.",
                f"usage-tui needs {LEAST_WIDTH}x{LEAST_HEIGHT}.",
                f"{quit_key} quit",
            )
        )
        texts = [*said, *needed, *out]
        if len(texts) > area.height:  # half a size would be a wrong one
            texts = [*said, *out]
        above = max(0, (area.height - len(texts)) // 2)
        lines = [line(Span(text.center(area.width)[: area.width], "muted")) for text in texts]
        return [*[line()] * above, *lines]
