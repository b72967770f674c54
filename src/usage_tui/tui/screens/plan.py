"""Plan a batch: a form of three fields, and below it whether the batch fits, told while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid
from textual.widgets import Input

from usage_tui.cards.choices import Choice, matching
from usage_tui.cards.plan import InvalidBatch, Planned, draw, outcomes, read_amount, read_runs, verdict
from usage_tui.cards.runway_words import NO_RUNWAY
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, cell_len, cut_line, line, plain, wrap
from usage_tui.config.commands import key_of
from usage_tui.insight import plan
from usage_tui.insight.assumptions import InvalidAssumption
from usage_tui.insight.plan import Batch, RunCosts
from usage_tui.state.access import allowed
from usage_tui.state.answers import Answers, TooFewRuns
from usage_tui.state.known_answers import KnownAnswers, answers_now
from usage_tui.state.replies import EVENTS
from usage_tui.state.usage import UsageState
from usage_tui.text.amounts import CREDIT
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.screens.picker import Picker
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.query import Query
from usage_tui.tui.widgets.typeset import Typeset

_COPIED_WIDTH = 72
_DIGITS = {*"0123456789."}
_WHAT_IF = "top-up 5000, cut 20%"


class Number(Query):
    """What is typed is a number; every other key is a command."""

    async def _on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character not in _DIGITS:
            event.stop()
            event.prevent_default()  # or what is typed here would have it
            active = self.screen.active_bindings.get(event.key)
            if active is not None and active.enabled:
                await self.app.run_action(active.binding.action, active.node)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed here."""
        return character in _DIGITS

    def validate_value(self, value: str) -> str:
        """The value without whatever else was pasted."""
        return "".join(filter(_DIGITS.__contains__, value))


class Of(Typeset, can_focus=True):
    """What a batch consists of: credits, or runs of one source. The arrows choose, Enter lists all."""

    BINDINGS = bindings(day_before="other(-1)", day_after="other(1)", open="list")

    def __init__(self, choices: Sequence[Choice[str]], changed: Callable[[], None]) -> None:
        """Begin with the first choice."""
        super().__init__(id="plan-of")
        self._choices, self._changed = choices, changed
        self._at = 0

    @property
    def noun(self) -> str:
        """What it consists of: ``credits``, ``runs of Agent chat``."""
        label = self._choices[self._at].label
        return f"runs of {label}" if self.source_id else label

    @property
    def source_id(self) -> str:
        """The source whose runs are planned; empty for an amount."""
        return self._choices[self._at].leads_to

    def draw(self, area: Area) -> list[Line]:
        """The choice, and the keys that lead to others, as many as there is room for."""
        text = line(Span(self.noun, "focus" if area.focused else "text"))
        if len(self._choices) > 1 and area.focused:
            arrows = f"   {area.glyphs.previous}{area.glyphs.next} other"
            hints = (f"{arrows}   {key_of('open', area.keys)} list", arrows)
            hint = next((one for one in hints if cell_len(self.noun + one) <= area.width), "")
            text = line(*text, Span(hint, "muted"))
        return [cut_line(text, area.width, area.glyphs)]

    def offer(self, choices: Sequence[Choice[str]]) -> None:
        """Offer the same under other names."""
        self._choices = choices
        self.redraw()

    def choose(self, source_id: str) -> None:
        """Plan runs of a source, or for nothing an amount."""
        self._at = next(at for at, choice in enumerate(self._choices) if choice.leads_to == source_id)
        self.redraw()
        self._changed()

    def action_other(self, step: int) -> None:
        """The choice before or after."""
        self.choose(self._choices[(self._at + step) % len(self._choices)].leads_to)

    def action_list(self) -> None:
        """Find the choice by typing."""
        self.app.push_screen(OfDialog(self._choices, self.choose))


class OfDialog(Picker[str]):
    """Lists what a batch may consist of."""

    FRAME_ID = "palette"
    heading = "Plan a batch of"
    placeholder = "Source"

    def __init__(self, choices: Sequence[Choice[str]], chosen: Callable[[str], None]) -> None:
        """Offer these."""
        super().__init__()
        self._choices, self._chosen_one = choices, chosen

    def find(self, query: str) -> Sequence[Choice[str]]:
        """Those with these words."""
        return matching(self._choices, query)

    def choose(self, leads_to: str) -> None:
        """Hand it on."""
        self._chosen_one(leads_to)


class PlanDialog(Dialog):
    """Says whether a batch fits into what can be spent now."""

    FRAME_ID = "plan"
    heading = "Plan a batch"
    AUTO_FOCUS = "Number"
    BINDINGS = bindings(
        "copy",
        "refresh",
        next_card="next_field",
        previous_card="previous_field",
        cursor_down="next_field",
        cursor_up="previous_field",
    )

    def __init__(self) -> None:
        """Nothing is planned yet."""
        super().__init__()
        self._costs: dict[str, RunCosts] = {}
        self._planned: Planned | None = None
        self._sentence = ""

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """The keys that act."""
        keys, glyphs = program_of(self).keys, program_of(self).glyphs
        copies = self._planned and not self._what_if.has_focus  # there the key is a letter
        words = {"next_card": "next field", "copy": "copy" if copies else "", "back": "close"}
        return [(one, f"{key_of(one, keys, glyphs)} {word}") for one, word in words.items() if word]

    def compose_body(self) -> ComposeResult:
        """The fields, and what is said of them."""
        with Grid(id="plan-fields"):
            for label, field in (
                ("Size", Number("how many")),
                ("Of", Of(_choices(program_of(self).state), self.update_plan)),
                ("What if", Query(_WHAT_IF, id="plan-what-if")),
            ):
                yield _label(label)
                yield field
        result = Lines(id="plan-result")
        result.show(self.draw)
        yield result

    def on_mount(self) -> None:
        """Follow what is known."""
        self.watch(self.app, "state", self._changed)

    def _changed(self, state: UsageState) -> None:
        self.update_plan()

    @on(Input.Changed)
    def _typed(self) -> None:
        self.update_plan()

    @on(events.DescendantFocus)
    def _moved(self) -> None:
        """Name the keys that act in this field."""
        self.note("")

    @on(Input.Submitted)
    def _entered(self) -> None:
        """Enter leads back to the size, where letters are commands."""
        self._number.focus()

    def update_plan(self) -> None:
        """Plan what the fields say."""
        try:
            self._show(self._plan())
        except (InvalidBatch, InvalidAssumption, TooFewRuns) as error:
            self._show(str(error))

    def _show(self, found: Planned | str) -> None:
        """Show a plan, or a sentence in its place."""
        if self.is_attached:
            self._planned = found if isinstance(found, Planned) else None
            self._sentence = found if isinstance(found, str) else ""
            self.note("")
            self.query_one("#plan-result", Lines).show(self.draw)

    def _plan(self) -> Planned | str:
        """The plan, or what to say while there is none."""
        answers, size, of = answers_now(program_of(self).state), self._number.value, self.query_one(Of)
        if answers is None or not size:
            return f"Type how many {of.noun}."
        assumed = self._what_if.value.strip()
        answers.assumptions.read(assumed)
        if not of.source_id:
            return _planned(answers, plan.batch_of(read_amount(size)), assumed)
        runs, costs = read_runs(size), self._costs.get(of.source_id)
        if costs is None:
            self._ask(of.source_id)
            return f"Loading the newest {of.noun}{program_of(self).glyphs.cut}"
        if not costs.enough:
            raise TooFewRuns(costs)
        return _planned(answers, plan.batch_of_runs(costs, runs), assumed, costs, runs)

    def _ask(self, source_id: str) -> None:
        """Ask what a run costs."""

        async def costs(answers: Answers) -> RunCosts:
            return await answers.run_costs(source_id)

        def answered(found: RunCosts) -> None:
            self._costs[source_id] = found
            if self.is_attached:
                self.update_plan()

        program_of(self).answer(costs, answered, lambda error: self._show(error.full_text))

    def draw(self, area: Area) -> list[Line]:
        """The plan, or what is said in its place."""
        if self._planned is None:
            text = f"{self._sentence[:1].upper()}{self._sentence[1:]}"
            return [line(Span(row, "muted")) for row in wrap(text, area.width)]
        unit = program_of(self).state.unit
        shown = self._planned._replace(assumed="")  # the field above says that
        return [verdict(shown), EMPTY, *outcomes(shown, unit, area)]

    @property
    def _number(self) -> Number:
        return self.query_one(Number)

    @property
    def _what_if(self) -> Query:
        return self.query_one("#plan-what-if", Query)

    def action_next_field(self) -> None:
        """The field below; after the last one the first."""
        self.focus_next()

    def action_previous_field(self) -> None:
        """The field above."""
        self.focus_previous()

    def action_redact(self) -> None:
        """Hide or show names in the fields too; an assumption may hold one, and is forgotten."""
        super().action_redact()
        self._costs.clear()
        self._what_if.value = ""
        self.query_one(Of).offer(_choices(program_of(self).state))
        self.update_plan()

    def action_copy(self) -> None:
        """Copy the plan as the command prints it."""
        if self._planned is not None:
            area = Area(_COPIED_WIDTH, glyphs=program_of(self).glyphs, interactive=False)
            text = plain(draw(self._planned, program_of(self).state.unit, area))
            self.app.copy_to_clipboard(text)
            self.note("Sent to your terminal's clipboard.")


def _planned(
    answers: KnownAnswers, batch: Batch, assumed: str, costs: RunCosts | None = None, runs: int | None = None
) -> Planned | str:
    found = answers.plan(batch, assumed)
    return f"{NO_RUNWAY}." if found is None else Planned(found, costs, runs, assumed)


def _choices(state: UsageState) -> list[Choice[str]]:
    """An amount, and the sources whose runs are known; for a viewer who may not see them, only an amount."""
    unit, answers = state.unit, answers_now(state)
    choices = [Choice("Amount", "credits" if unit in (CREDIT, "") else unit, "", "")]
    if answers is not None and allowed(state, EVENTS):
        labels = answers.facts.source_labels()
        choices += [
            Choice("Runs of", label or source_id, "", source_id) for source_id, label in labels.items()
        ]
    return choices


def _label(text: str) -> Lines:
    label = Lines()
    label.show(lambda area: [line(Span(text, "muted"))])
    return label
