"""Runway: how long what is left lasts. An estimate of this program, not a number of the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from usage_tui.cards.arrangement import Layout, Needs, Slot
from usage_tui.cards.card import LOADING, Age, Placeholder, age, draw_placeholder, head, missing, view_of
from usage_tui.cards.panel import Card, Opening, Place
from usage_tui.cards.typeset.lines import Area, Line, Span, Tone, cut_line, fit, line, width, wrap
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.spending import PURCHASED
from usage_tui.models import SOON_DAYS, Credits, Part, Summary
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import average_text, estimated_text

if TYPE_CHECKING:
    from usage_tui.insight.runway import Lapse, Runway
    from usage_tui.state.known_answers import KnownAnswers

TITLE = "Runway"
NEEDED_DAYS = 7
"""Complete days without which no date is told."""
_TODAY = "today"
_LIKELY = ("certain", "likely", "possible")
_ROWS = 3
"""Rows below the head, usually."""
_LABEL = 12
_GAP = 3
_WIDE = 60
"""Cells from which the labels have more room."""


class Fact(NamedTuple):
    """One row: what it is about, what is expected, and what stands beside that if there is room.

    Attributes:
        short: The value and what is beside it, for a narrow card; empty to join the two.
        warns: Whether it wants to be acted on.
    """

    label: str
    value: str
    beside: str = ""
    short: str = ""
    warns: bool = False


class RunwayView(NamedTuple):
    """The runway in words.

    Attributes:
        basis: What the estimate is made from, in the right end of the head; the fullest form first.
        facts: The most important first.
        notes: Sentences in place of facts, while too little is known for dates.
        age: Whether the data are old.
    """

    basis: tuple[str, ...]
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    age: Age


def runway_view(state: UsageState) -> RunwayView | Placeholder:
    """What the card says."""
    summary = state.summary.value
    if summary is None:
        return view_of(state.summary, lambda _: LOADING)
    if summary.balance is None and state.grants.status is Status.NOT_OFFERED:
        return missing(state, Part.BALANCE, TITLE)
    if state.days.status is Status.NOT_OFFERED and state.daily.value is None:
        return view_of(state.daily, lambda _: LOADING)
    if state.days.value is None and state.days.is_pending:
        return LOADING
    from usage_tui.state.known_answers import known_answers

    answers = known_answers(state)
    if answers is None:
        return LOADING
    if answers.runway is None:
        return missing(state, Part.BALANCE, TITLE)
    return _view(state, answers, answers.runway)


def _view(state: UsageState, answers: KnownAnswers, runway: Runway) -> RunwayView:
    old = age(state, state.days) if state.days.value is not None else age(state, state.summary)
    if runway.pace is None:
        return RunwayView((), (), tuple(_too_little(runway, state.unit)), old)
    teller = _Teller(answers.facts.summary, runway, state.unit)
    estimate = (
        f"as of {dates.moment(answers.facts.summary.as_of, state.time_zone)}"
        if old is not Age.NEW
        else "estimate"
    )
    return RunwayView(tuple(teller.basis(estimate)), tuple(teller.facts()), (), old)


def _too_little(runway: Runway, unit: str) -> Iterator[str]:
    known = runway.history
    yield f"Too little history: {len(known.amounts)} of {NEEDED_DAYS} complete days."
    if known.mean is not None:
        so_far = average_text(Credits(sum(known.amounts)), len(known.amounts), unit)
        yield f"{so_far} a day so far."


class _Teller:
    """Makes words of a runway that has dates."""

    def __init__(self, summary: Summary, runway: Runway, unit: str) -> None:
        self._summary, self._runway, self._unit = summary, runway, unit
        renewal = runway.renewal
        calendar = Calendar(summary.org.time_zone)
        self._refresh_on = None if renewal is None else calendar.date_of(renewal.at)

    def basis(self, estimate: str) -> Iterator[str]:
        """The pace and its days, in fewer and fewer words."""
        pace = self._runway.pace
        if pace is None:
            return
        a_day = average_text(Credits(int(pace.a_day * self._runway.factor)), 1, self._unit)
        yield f"{estimate} · {a_day} a day, mean of last {pace.basis_days} days"
        yield f"{estimate} · {a_day} a day"
        yield f"{a_day} a day"

    def facts(self) -> Iterator[Fact]:
        """What is expected, the most important first."""
        yield self._runs_out()
        lapses = sorted(together(self._runway.lapses), key=lambda lapse: _LIKELY.index(lapse.likelihood))
        urgent = [lapse for lapse in lapses if lapse.usual]
        yield from (self._lapse(lapse) for lapse in urgent[:1])
        yield from self._included()
        yield from self._recharge()
        yield from self._dominant_day()
        if not self._runway.expiries_known:
            yield Fact("Expiry", "dates are not known to you")
        yield from (self._lapse(lapse) for lapse in lapses if lapse not in urgent[:1])
        yield from self._spread()

    def _on(self, civil: date) -> str:
        today = self._runway.today
        return _TODAY if civil == today else dates.expected(civil, today)

    def _amount(self, amount: Credits) -> str:
        return estimated_text(amount, self._unit)

    def _runs_out(self) -> Fact:
        runway, ends = self._runway, self._runway.term_ends
        if self._summary.state == "locked":
            return Fact("Runs out", "nothing is usable until the plan is reactivated")
        if runway.runs_out == runway.today and self._is_empty():
            return Fact("Runs out", "nothing is left")
        if ends is not None and (runway.runs_out is None or runway.runs_out >= ends):
            locked = f"{self._amount(runway.locked)} purchased get locked" if runway.locked else ""
            return Fact("Stops", f"on {self._on(ends)}, when the plan ends", locked, warns=bool(locked))
        return self._dates()

    def _is_empty(self) -> bool:
        balance = self._summary.balance
        return balance is not None and balance.total <= Credits.ZERO

    def _dates(self) -> Fact:
        """The earliest date leads where it comes before the refresh: then there is still time to act."""
        runway = self._runway
        usual, early, late = runway.runs_out, runway.earliest, runway.latest
        if early is None:
            return Fact("Runs out", "not within a year")
        if usual == early == late:
            on = _TODAY if early == runway.today else dates.on_expected(early, runway.today)
            return Fact("Runs out", on, warns=self._comes_first(early))
        typical = dates.about(usual, runway.today) if usual else "not within a year"
        if self._comes_first(early):
            before = f", before {self._on(self._refresh_on)}" if self._refresh_on else ""
            return Fact(
                "Runs out",
                f"as early as {self._on(early)}{before}",
                f"usually {typical}",
                f"as early as {self._on(early)}, usually {self._on(usual) if usual else typical}",
                warns=usual is not None and self._comes_first(usual),
            )
        if usual is None or late is None:
            return Fact("Runs out", typical, "" if early == usual else f"as early as {self._on(early)}")
        return Fact("Runs out", typical, f"between {self._on(early)} and {self._on(late)}")

    def _comes_first(self, civil: date) -> bool:
        """Whether a date comes before the refresh."""
        return self._refresh_on is not None and civil < self._refresh_on

    def _included(self) -> Iterator[Fact]:
        """Until when the included part lasts, and what follows it."""
        runway, renewal = self._runway, self._runway.renewal
        comes = ""
        if renewal is not None and self._refresh_on is not None:
            condition = " if the plan renews" if renewal.assumed else ""
            comes = f"{self._amount(renewal.amount)} on {self._on(self._refresh_on)}{condition}"
        held = self._summary.balance.included if self._summary.balance is not None else None
        if held is None and not comes:
            return
        if held is not None and not held:
            value = "nothing is left" if comes else ""
        elif runway.included_out is not None:
            value = f"used up {dates.about(runway.included_out, runway.today)}"
        elif self._refresh_on is not None:
            value = f"lasts until the refresh on {self._on(self._refresh_on)}"
            comes = f"then {self._amount(renewal.amount)}" if renewal is not None else ""
        else:
            value = "lasts until it expires"
        if value:
            yield Fact("Included", value, comes)

    def _lapse(self, lapse: Lapse) -> Fact:
        """What a grant loses, and at which pace."""
        likely = bool(lapse.usual)
        amount = self._amount(lapse.usual if likely else lapse.most)
        of = f"of {lapse.description}" if lapse.bucket == PURCHASED and lapse.description else lapse.bucket
        count = amount if lapse.least == lapse.most else f"about {amount}" if likely else f"up to {amount}"
        pace = "" if lapse.least else "at this pace" if likely else "only at the quietest pace"
        on = dates.day(lapse.on, year=lapse.on.year != self._runway.today.year)
        soon = likely and (lapse.on - self._runway.today).days <= SOON_DAYS
        return Fact("Lapses", f"{count} {of} on {on}", pace, warns=soon)

    def _recharge(self) -> Iterator[Fact]:
        on, recharge = self._runway.recharge_on, self._summary.auto_recharge
        if on is None or recharge is None or recharge.threshold is None:
            return
        threshold = self._amount(recharge.threshold)
        if on == self._runway.today:
            yield Fact("Recharge", f"on at {threshold}, but it has not bought yet")
        else:
            yield Fact("Recharge", f"buys about {self._on(on)}, at {threshold}", "not counted")

    def _dominant_day(self) -> Iterator[Fact]:
        day = self._runway.pace.dominant_day if self._runway.pace else None
        if day is not None:
            share = int(day.share * 100)
            yield Fact("Pace", f"{dates.day(day.date)} alone is {share}% of what it is made of")

    def _spread(self) -> Iterator[Fact]:
        if spread := spread_text(self._runway, self._unit):
            yield Fact("Pace", spread, "quietest and busiest week")


def together(lapses: Iterable[Lapse]) -> Iterator[Lapse]:
    """Included grants that end on the same day are one: a plan may grant several."""
    found: dict[tuple[date, str], list[Lapse]] = {}
    for lapse in lapses:
        name = lapse.grant_id if lapse.bucket == PURCHASED else ""
        found.setdefault((lapse.on, name), []).append(lapse)
    for same in found.values():
        yield replace(
            min(same, key=lambda one: _LIKELY.index(one.likelihood)),
            least=Credits.total(one.least for one in same),
            usual=Credits.total(one.usual for one in same),
            most=Credits.total(one.most for one in same),
        )


def draw(view: RunwayView | Placeholder, area: Area) -> list[Line]:
    """Head, and a row a fact: as many as there is room for."""
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    lines = [head(TITLE, _basis(view, area), area, view.age)]
    lines += [line(row) for note in view.notes[:1] for row in wrap(note, area.width)]
    lines += [line(Span(row, "muted")) for note in view.notes[1:] for row in wrap(note, area.width)]
    shown = view.facts[: max(1, area.height - 1)] if area.height else view.facts
    return [*lines, *fact_rows(shown, area)]


def _basis(view: RunwayView, area: Area) -> Line:
    dot = f" {area.glyphs.dot} "
    forms = [form.replace(" · ", dot) for form in view.basis]
    fitting = (form for form in forms if len(TITLE) + len(form) + 6 <= area.width)
    return line(Span(next(fitting, ""), "muted"))


def fact_rows(facts: Sequence[Fact], area: Area) -> list[Line]:
    """Labels, values, and beside them in a column of their own what goes with them, where that fits."""
    label = _LABEL if area.width >= _WIDE else _LABEL - 2
    two = sorted((fact for fact in facts if fact.beside), key=lambda fact: len(_value(fact)))
    column = label + len(_value(two[-1])) + _GAP if two else 0
    while two and column + max(len(fact.beside) for fact in two) > area.width:
        two.pop()  # the longest value takes a line of its own
        column = label + len(_value(two[-1])) + _GAP if two else 0
    return [_row(fact, label, column, area) if fact in two else _narrow(fact, label, area) for fact in facts]


def facts_text(view: RunwayView) -> str:
    """Every fact in a line, with its label."""
    rows = [f"{fact.label}\t{', '.join(filter(None, (fact.value, fact.beside)))}" for fact in view.facts]
    return "\n".join([*view.notes, *rows])


def _value(fact: Fact) -> str:
    return f"! {fact.value}" if fact.warns else fact.value


def _row(fact: Fact, label: int, column: int, area: Area) -> Line:
    start = line(Span(fit(fact.label, label), "muted"), Span(_value(fact), _tone(fact)))
    gap = " " * (column - width(start)) if fact.beside else ""
    return cut_line(line(*start, gap, Span(fact.beside, "muted")), area.width, area.glyphs)


def _narrow(fact: Fact, label: int, area: Area) -> Line:
    """The value with what is beside it in one sentence, or alone."""
    start = line(Span(fit(fact.label, label), "muted"), Span("! " if fact.warns else "", _tone(fact)))
    room = area.width - width(start)
    both = f"{fact.value}, {fact.beside}" if fact.beside else fact.value
    forms = [form for form in (both, fact.short, fact.value) if form]
    text = next((form for form in forms if len(form) <= room), fact.value)
    return cut_line(line(*start, Span(text, _tone(fact))), area.width, area.glyphs)


def _tone(fact: Fact) -> Tone:
    if fact.warns:
        return "warning"
    return "strong" if fact.label in ("Runs out", "Stops") else "text"


def spread_text(runway: Runway, unit: str) -> str:
    """``from 144.78 to 536.20 a day``; empty while only one pace is known."""
    pace = runway.pace
    if pace is None or pace.slow == pace.fast:
        return ""
    quiet, busy = (
        average_text(Credits(int(pace.a_day * runway.factor * speed)), 1, unit)
        for speed in (pace.slow, pace.fast)
    )
    return f"from {quiet} to {busy} a day"


class RunwayCard(Card[RunwayView]):
    """How long what is left lasts, and what lapses unused."""

    id = "runway"
    title = TITLE
    noun = "runway"
    slot = Slot.UPPER_LEFT

    def view(self, state: UsageState) -> RunwayView | Placeholder:
        """The dates that matter, as far as known."""
        return runway_view(state)

    def draw(self, view: RunwayView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, and a row a fact."""
        return draw(view, area)

    def needs(self, view: RunwayView | Placeholder, area: Area, layout: Layout) -> Needs:
        """Three facts, two in one column; all of them if there is room, and in plain text."""
        every = 1 + max(_ROWS, len(view.facts) if isinstance(view, RunwayView) else 0)
        match layout:
            case Layout.TEXT:
                return Needs.exactly(len(draw(view, area)))
            case Layout.STACKED:
                return Needs(_ROWS, _ROWS, every)
            case Layout.WIDE:
                return Needs(_ROWS, 1 + _ROWS, every)
            case Layout.HALVES:
                return Needs(1 + _ROWS, 1 + _ROWS, every)

    def copy_text(self, view: RunwayView, at: Place) -> str:
        """Every fact in a line, with its label."""
        return facts_text(view)

    def opens(self, view: RunwayView | Placeholder, at: Place) -> Opening:
        """The balance over time."""
        return "runway"

    def printed_by(self, view: RunwayView, at: Place) -> tuple[str, ...]:
        """The same facts, with what they are made of."""
        return ("forecast",)
