"""The filter of the history: the line in which it is typed, and the order of the events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input
from textual.widgets.input import Selection

from usage_tui.cards.filter_line import without_condition
from usage_tui.cards.typeset.lines import Span, cell_len, fit, line
from usage_tui.clients.base import CannotFilter
from usage_tui.config import paths
from usage_tui.filtering import Completion, InvalidFilter, complete, read_filter, write_filter
from usage_tui.models import EventQuery, SortKey
from usage_tui.state.access import allowed
from usage_tui.state.remote import Status
from usage_tui.state.replies import EVENTS
from usage_tui.state.usage import UsageState
from usage_tui.tables.filters import known_of
from usage_tui.text.words import count_noun
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.query import Query

_COMPLETION_CELLS = 36
"""The most of a completion that the footer shows, so that two more keys fit beside it."""
_BETWEEN = "  "
_OTHER_KEYS = 38
"""Cells of the footer that its other keys and the gaps between them take."""


def listed(texts: Sequence[str], cells: int) -> str:
    """The completions that there is room for, the best first, and how many more there are.

    Args:
        texts: All of them.
        cells: The room; the first is shown anyway.
    """
    if not texts:
        return ""
    shown = fit(texts[0], _COMPLETION_CELLS).rstrip()
    for number in range(len(texts), 0, -1):
        more = [f"{len(texts) - number} more"] if number < len(texts) else []
        joined = _BETWEEN.join([*texts[:number], *more])
        if cell_len(joined) <= cells:
            return joined
    return shown


class FilterInput(Query):
    """The line in which a filter is typed."""

    BINDINGS = bindings(open="submit")


class FilteringScreen(UsageScreen):
    """A screen whose events are filtered and sorted."""

    CSS_PATH = paths.styles(paths.PAGES)
    BINDINGS = bindings("sort", "clear_filter", "back")

    _answered = EventQuery()
    """The query of the last page that came, which returns if another one is refused."""

    def compose_filter(self) -> ComposeResult:
        """The line; it takes the place of the pager, so that no row moves while it is typed."""
        with Container(id="filter-typed"):
            yield Lines(id="filter-prompt")
            yield FilterInput("")

    def on_mount(self) -> None:
        """Offer another completion wherever the cursor goes."""
        prompt = line(Span("Filter ", "muted"))
        self.query_one("#filter-prompt", Lines).show(lambda area: [prompt])
        self.watch(self.filter_input, "selection", self.show_footer, init=False)

    @property
    def filter_input(self) -> FilterInput:
        """The line."""
        return self.query_one(FilterInput)

    @property
    def is_typing(self) -> bool:
        """Whether a filter is being typed."""
        return self.has_class("-filtering")

    def follow_filter(self, state: UsageState) -> bool:
        """Return to the query that was answered last if this one was refused; whether it was."""
        if self.is_typing and not allowed(state, EVENTS):
            self._end_typing()
        if state.events.status is Status.READY:
            self._answered = state.query
        error = state.events.error
        if not isinstance(error, CannotFilter) or state.query == self._answered:
            return False
        self.program.show_events(self._answered)
        self.note(error.full_text)
        return True

    # The line

    async def action_filter(self) -> None:
        """Type a filter; the line begins with the present one."""
        known = known_of(self.program.state)
        if known is None:
            return
        self.filter_input.value = write_filter(self.program.state.query, known)
        self.filter_input.cursor_position = len(self.filter_input.value)
        self.add_class("-filtering")
        self.set_focus(self.filter_input)
        self.show_footer()

    def _end_typing(self) -> None:
        self.remove_class("-filtering")
        self.set_focus(self.query_one(str(self.AUTO_FOCUS)))
        self.show_footer()

    @on(Input.Changed)
    def _typed(self) -> None:
        self.note("")
        self.show_footer()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        """Filter; with mistakes, name each, select the first, and go on typing."""
        query, known = self.program.state.query, known_of(self.program.state)
        if known is None:
            return
        try:
            found = read_filter(self.filter_input.value, known)
        except InvalidFilter as error:
            first, *others = error.mistakes
            self.filter_input.selection = Selection(first.start, first.end)
            self.note(f"{count_noun(len(error.mistakes), 'mistake')}: {error}" if others else first.text)
            return
        try:
            self.program.known.meant(found)
        except CannotFilter as error:
            self.note(error.full_text)
            return
        self._end_typing()
        self._ask(replace(found, sort=query.sort, ascending=query.ascending))

    @on(Input.Blurred)
    def _left(self) -> None:
        """Whoever goes on to another part of the screen drops the edit."""
        if self.is_typing and self.focused not in (None, self.filter_input):
            self._end_typing()

    def action_back(self) -> None:
        """Drop the edit; without one, go back to the dashboard."""
        if self.is_typing:
            self.note("")
            self._end_typing()
        else:
            self.program.run_command("usage")

    # Completion

    def complete_filter(self) -> None:
        """Put the best completion in the place of the term under the cursor."""
        found = self._completion
        if found is not None:
            text, value = found.candidates[0].text, self.filter_input.value
            self.filter_input.value = value[: found.start] + text + value[found.end :]
            self.filter_input.cursor_position = found.start + len(text)

    @property
    def _completion(self) -> Completion | None:
        """What the term under the cursor may become; None if it is complete, or nothing is known."""
        known, text = known_of(self.program.state), self.filter_input.value
        if known is None:
            return None
        found = complete(text, self.filter_input.cursor_position, known)
        is_new = found.candidates and found.candidates[0].text != text[found.start : found.end]
        return found if is_new else None

    @property
    def typing_commands(self) -> Sequence[str]:
        """The keys of the line."""
        return ("open", "back", *(["next_card"] if self._completion else []))

    @property
    def typing_words(self) -> Mapping[str, str]:
        """What the keys of the line do; Tab by what it completes to."""
        found = self._completion
        texts = [one.text for one in found.candidates] if found else []
        return {
            "open": "filter",
            "back": "cancel",
            "next_card": listed(texts, self.app.size.width - _OTHER_KEYS),
        }

    # The query

    def _ask(self, query: EventQuery) -> None:
        """Show the events of another query."""
        if query != self.program.state.query:
            self.program.show_events(query)

    def action_sort(self) -> None:
        """Sort by credits, the highest first; or by time again, the newest first."""
        query = self.program.state.query
        sort = SortKey.OCCURRED_AT if query.sort is SortKey.CREDITS else SortKey.CREDITS
        self._ask(replace(query, sort=sort, ascending=False))

    def action_clear_filter(self) -> None:
        """All events again, in the same order."""
        query = self.program.state.query
        self._ask(EventQuery(sort=query.sort, ascending=query.ascending))

    @on(Lines.Chosen, "#filter")
    def _condition_clicked(self, clicked: Lines.Chosen) -> None:
        self._ask(without_condition(self.program.state.query, clicked.choice))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A filter can be cleared if there is one; nothing is filtered or sorted that may not be seen."""
        state = self.program.state
        if action == "clear_filter":
            return state.query.has_conditions
        if action in ("filter", "sort"):
            return allowed(state, EVENTS) and state.summary.value is not None
        return True
