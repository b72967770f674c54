"""Why a day was expensive: one day after the other, each source against what it usually uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from usage_tui.cards.typeset.lines import Area, Line, Span, line, plain, wrap
from usage_tui.cards.why import NOTHING_KNOWN, draw, explained, title
from usage_tui.clients.base import ClientError
from usage_tui.config.commands import key_of
from usage_tui.insight.why import Explanation
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.models import EventQuery
from usage_tui.state.access import allowed
from usage_tui.state.answers import Answers
from usage_tui.state.people import why_no_people
from usage_tui.state.replies import EVENTS
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import spoken_amount
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.lines import Lines

_COPIED_WIDTH = 72


class WhyDialog(Dialog):
    """Explains a day, by source or by person. The arrows walk to other days, Enter leads to its events.

    Attributes:
        day: The day that is shown.
        found: Its explanation; None while there is none.
    """

    FRAME_ID = "why"
    BINDINGS = bindings("day_before", "day_after", "people", "copy", "refresh", open="follow")

    def __init__(self, day: date) -> None:
        """Explain this day."""
        super().__init__()
        self.day = self._asked = day
        self.found: Explanation | None = None
        self._by_person = False
        self._problem = ""

    @property
    def heading(self) -> str:
        """The day that is shown."""
        return title(self.day, self._today or self.day)

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """The keys that act."""
        keys, glyphs = program_of(self).keys, program_of(self).glyphs
        arrows = "".join(key_of(one, keys, glyphs) for one in ("day_before", "day_after"))
        words = {
            "open": "events" if self._query else "",
            "people": "" if not self._tells_people else "sources" if self._by_person else "people",
            "copy": "copy" if self.found else "",
        }
        named = [(one, f"{key_of(one, keys, glyphs)} {word}") for one, word in words.items() if word]
        return [("day_before", f"{arrows} day"), *named, ("back", f"{key_of('back', keys, glyphs)} close")]

    def on_mount(self) -> None:
        """Ask, and again when more is known."""
        self.watch(self.app, "state", self._changed, init=False)
        self._by_person = self._tells_people and program_of(self).state.by_person
        self._ask(self.day)

    @property
    def _tells_people(self) -> bool:
        return not why_no_people(program_of(self).state)

    @property
    def _rows(self) -> str:
        """What a row is."""
        return "Person" if self._by_person else "Source"

    def _changed(self, state: UsageState) -> None:
        self._ask(self._asked)

    def _ask(self, day: date) -> None:
        """Ask for a day; what is shown stays until there is an answer."""
        by_person = self._by_person = self._by_person and self._tells_people
        self._asked = day
        if day != self.day:
            self.note(f"Loading {dates.day(day)}{program_of(self).glyphs.cut}")

        async def why(answers: Answers) -> Explanation | None:
            return await (answers.why_by_actor(day) if by_person else answers.why(day))

        def answered(found: Explanation | None) -> None:
            self._show(day, found, NOTHING_KNOWN)

        def failed(error: ClientError) -> None:
            self._show(day, None, error.full_text)

        program_of(self).answer(why, answered, failed)

    def _show(self, day: date, found: Explanation | None, problem: str) -> None:
        if not self.is_attached:
            return
        self.day, self.found, self._problem = day, found, "" if found else problem
        self._show_found()

    def _show_found(self) -> None:
        self.set_heading()
        self.note("")
        self.query_one(Lines).show(self.draw)

    def draw(self, area: Area) -> list[Line]:
        """The amount of the day, and what it is made of."""
        if self.found is None:
            text = self._problem or f"Loading{area.glyphs.cut}"
            return [line(Span(row, "muted")) for row in wrap(text, area.width)]
        unit = program_of(self).state.unit
        amount = line(Span(spoken_amount(self.found.amount, unit), "strong"))
        return [amount, *explained(self.found, unit, area, self._rows)]

    @property
    def _today(self) -> date | None:
        summary = program_of(self).state.summary.value
        return Calendar(summary.org.time_zone).date_of(summary.as_of) if summary is not None else None

    @property
    def _query(self) -> EventQuery | None:
        """The events of the day; None for a viewer who may not see them."""
        state = program_of(self).state
        if self.found is None or not allowed(state, EVENTS):
            return None
        starts_at, ends_at = Calendar(state.time_zone).bounds(self.day)
        return EventQuery(starts_at=starts_at, ends_at=ends_at)

    def action_redact(self) -> None:
        """Show no longer what has other names; it is asked for again."""
        self.found = None
        super().action_redact()
        self._show_found()

    def action_day_before(self) -> None:
        """The day before, unless nothing is known of the time before this one."""
        if not self._problem:
            self._ask(self._asked - ONE_DAY)

    def action_day_after(self) -> None:
        """The day after, at most today."""
        if self._today is not None and self._asked < self._today:
            self._ask(self._asked + ONE_DAY)

    def action_people(self) -> None:
        """Explain the day by person, or by source again."""
        if self._tells_people:
            self._by_person = not self._by_person
            self.found = None
            self._show_found()
            self._ask(self._asked)

    def action_refresh(self) -> None:
        """Ask again."""
        self._ask(self._asked)

    def action_follow(self) -> None:
        """Go to the events of the day."""
        query = self._query
        if query is not None:
            self.dismiss()
            program_of(self).show_events(query)

    def action_copy(self) -> None:
        """Copy the explanation as the command prints it."""
        if self.found is not None:
            area = Area(_COPIED_WIDTH, glyphs=program_of(self).glyphs, interactive=False)
            unit = program_of(self).state.unit
            self.app.copy_to_clipboard(
                plain(draw(self.found, unit, self._today or self.day, area, self._rows))
            )
            self.note("Sent to your terminal's clipboard.")
