"""Runway: the balance over time, what happens on which day, and what if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input

from usage_tui.cards import what_if
from usage_tui.cards.card import Placeholder
from usage_tui.cards.runway_chart import ChartPanel
from usage_tui.cards.runway_days import DaysPanel, DaysView
from usage_tui.cards.runway_screen import ChartView, screen_view
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cards.what_if import WhatIfView
from usage_tui.config import paths
from usage_tui.state.usage import UsageState
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.widgets.chart import ChartWidget
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.plotting import draw_curves
from usage_tui.tui.widgets.query import Query
from usage_tui.tui.widgets.table import LongTable


class Assumption(Query):
    """The line in which it is typed what is assumed."""

    BINDINGS = bindings(open="submit")


class RunwayScreen(UsageScreen):
    """How long what is left lasts."""

    CSS_PATH = paths.styles(paths.PAGES)
    NAME = "runway"
    FOOTER = ("next_card", "open", "what_if", "day_before", "next_range", "copy", "refresh", "help", "back")
    BINDINGS = bindings("what_if", "next_range", "back")
    AUTO_FOCUS = "#runway-chart"

    _redacted = False
    """Whether names are hidden."""
    _kept = False
    """Whether Enter was pressed after what is typed."""

    def compose_body(self) -> ComposeResult:
        """The chart above all; below it, or beside each other, what happens and what if."""
        with Container(id="page"):
            yield ChartWidget[ChartView](ChartPanel(draw_curves))
            with Container(id="below"):
                yield LongTable[DaysView](DaysPanel())
                with Container(id="what-if"):
                    yield Lines(id="what-if-head")
                    with Container(id="what-if-line"):
                        yield Lines(id="what-if-typed")
                        yield Assumption("")
                    yield Lines(id="what-if-answers")

    @property
    def chart(self) -> ChartWidget[ChartView]:
        """The balance over time."""
        return self.query_one(ChartWidget)

    @property
    def assumption(self) -> Assumption:
        """The line."""
        return self.query_one(Assumption)

    @property
    def printed_by(self) -> tuple[str, ...]:
        """The forecast, while nothing is assumed."""
        return () if self.assumption.value.strip() else ("forecast",)

    def show(self, state: UsageState) -> None:
        """Every part of the screen."""
        view = screen_view(state, self.assumption.value, typing=self._typing, kept=self._kept)
        if state.redacted != self._redacted:
            self._redacted = state.redacted
            if view.answers is not None and view.answers.mistake:
                self._forget_names()
                return
        self.chart.show(view.chart)
        self.query_one(LongTable).show(view.days)
        self.set_class(isinstance(view.days, Placeholder), "-unknown")
        self.set_class(view.answers is not None and bool(view.answers.typed or self._typing), "-assuming")
        self.set_class(self._typing, "-typing")
        self._show_answers(view.answers)
        self.show_footer()

    def _show_answers(self, view: WhatIfView | None) -> None:
        def of_title(area: Area) -> Sequence[Line]:
            return what_if.draw_head(view, area) if view else ()

        def of_line(area: Area) -> Sequence[Line]:
            return what_if.draw_line(view, area) if view else ()

        def of_answers(area: Area) -> Sequence[Line]:
            return what_if.draw_answers(view, area) if view else ()

        self.query_one("#what-if-head", Lines).show(of_title)
        self.query_one("#what-if-typed", Lines).show(of_line)
        self.query_one("#what-if-answers", Lines).show(of_answers)

    @property
    def _typing(self) -> bool:
        return self.assumption.display

    @on(Input.Changed)
    def _typed(self) -> None:
        self._kept = False
        self.show_latest()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        """Keep what is typed; a line that is not understood says so, and goes on being typed."""
        self._kept = True
        view = screen_view(self.program.state, self.assumption.value, kept=True)
        if view.answers is None or not view.answers.mistake:
            self._end_typing()
        self.show_latest()

    @on(Input.Blurred)
    def _left(self) -> None:
        """Whoever goes on to another part of the screen keeps what is typed."""
        if self._typing and self.focused not in (None, self.assumption):
            self.assumption.display = False
            self._kept = True
            self.show_latest()

    def _end_typing(self) -> None:
        self.assumption.display = False
        self.set_focus(self.chart)

    def action_what_if(self) -> None:
        """Type what is assumed."""
        self.assumption.display = True
        self.set_focus(self.assumption)
        self.show_latest()

    def _forget_names(self) -> None:
        """Drop what names a source in a way that is not shown any more."""
        with self.assumption.prevent(Input.Changed):
            self.assumption.value = ""
        self.assumption.display = False
        self.show_latest()

    def action_next_range(self) -> None:
        """Show more days, or fewer."""
        self.chart.show_next_choice()

    def action_back(self) -> None:
        """Clear what is assumed; without it, go back to the dashboard."""
        if not self._typing and not self.assumption.value:
            self.program.run_command("usage")
            return
        self.assumption.value = ""
        self._end_typing()
        self.show_latest()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing can be assumed if there is no date."""
        if action in ("what_if", "next_range"):
            return self.is_mounted and self.chart.content is not None and bool(self.chart.content.paces)
        return True

    @property
    def footer_commands(self) -> Sequence[str]:
        """Keys of the line while it is typed; else those of what has the focus."""
        if self._typing:
            return ("open", "back")
        without = set() if self.open_word else {"open"}
        without |= {"day_before"} if self.focused is not self.chart else set()
        if not self.check_action("what_if", ()):
            without |= {"what_if", "next_range", "day_before"}
        return [command for command in self.FOOTER if command not in without]

    @property
    def footer_words(self) -> Mapping[str, str]:
        """What the keys of the line do."""
        if self._typing:
            return {"open": "keep", "back": "clear"}
        return {**super().footer_words, **({"back": "clear"} if self.assumption.value else {})}
