"""What the screen of the runway says: the balance over time, what happens, and what is assumed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from usage_tui.cards.card import LOADING, Placeholder
from usage_tui.cards.runway import RunwayView, runway_view
from usage_tui.cards.runway_days import DayRow, DaysView, day_rows
from usage_tui.cards.what_if import WhatIfView, compared
from usage_tui.models import Credits
from usage_tui.state.usage import UsageState
from usage_tui.text import dates

if TYPE_CHECKING:
    from usage_tui.insight.past_balances import PastBalance
    from usage_tui.insight.runway import Runway
    from usage_tui.state.known_answers import KnownAnswers

RANGES = {"5 weeks": 35, "3 months": 92, "Year": 366}
"""How many days to come there are to choose from, today among them."""


class Course(NamedTuple):
    """The balance at one pace.

    Attributes:
        starts: What is left as each day begins, the first being now.
        ends: What is left as each day ends, before what midnight brings.
    """

    starts: tuple[Credits, ...]
    ends: tuple[Credits, ...]


class ChartView(NamedTuple):
    """The balance over time, and what the card of the dashboard says.

    Attributes:
        words: What the card says.
        now: Minutes of today that are over.
        past: What was left as each day began, as far as known; today is the last.
        dates: The days to come, today the first.
        paces: At the usual, the busiest and the quietest pace.
        before: At the usual pace, without what is assumed; None if nothing is.
        marks: What happens.
        opening: The index of the range that is shown first.
    """

    words: RunwayView
    unit: str
    now: int
    past: tuple[PastBalance, ...]
    dates: tuple[date, ...]
    paces: tuple[Course, ...]
    before: Course | None
    marks: tuple[DayRow, ...]
    opening: int

    @property
    def today(self) -> date:
        """The date of now."""
        return self.dates[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The ranges, the one that is shown first at the beginning."""
        names = tuple(RANGES)
        return names[self.opening :] + names[: self.opening] if self.paces else ()


def courses(known: Runway, used_today: int) -> tuple[Course, ...]:
    """The balance at the usual, the busiest and the quietest pace; nothing if no date is told."""
    pace = known.pace
    if pace is None:
        return ()

    def course(speed: Fraction, starts: tuple[Credits, ...]) -> Course:
        ends = []
        for point, left in zip(known.balances, starts, strict=True):
            use = pace.week[point.date.weekday()] * speed * known.factor
            use -= used_today if point.date == known.today else 0
            ends.append(Credits(max(0, left.micro - int(max(use, Fraction(0))))))
        return Course(starts, tuple(ends))

    return (
        course(Fraction(1), tuple(point.usual for point in known.balances)),
        course(pace.fast, tuple(point.fast for point in known.balances)),
        course(pace.slow, tuple(point.slow for point in known.balances)),
    )


def opening(known: Runway) -> int:
    """The shortest range that shows when it runs out at the usual pace, or else at the busiest."""
    last = known.runs_out or known.earliest or known.term_ends
    if last is None:
        return len(RANGES) - 1
    days = (last - known.today).days
    return next((at for at, length in enumerate(RANGES.values()) if days < length - 2), len(RANGES) - 1)


def shown_dates(view: ChartView, chosen: int) -> list[date]:
    """The dates of a range: so many to come, and at most as many before them."""
    ahead = view.dates[: [*RANGES.values()][chosen]]
    return [*(day.date for day in view.past[:-1][-len(ahead) :]), *ahead]


class ScreenView(NamedTuple):
    """Everything that the screen shows.

    Attributes:
        answers: What is assumed beside what is known; None if no date is told.
    """

    chart: ChartView | Placeholder
    days: DaysView | Placeholder
    answers: WhatIfView | None


def screen_view(
    state: UsageState, typed: str = "", *, typing: bool = False, kept: bool = False
) -> ScreenView:
    """What the screen says.

    Args:
        state: What is known.
        typed: What is assumed, as it was typed.
        typing: Whether it is still being typed.
        kept: Whether it was to be kept.
    """
    from usage_tui.insight.assumptions import InvalidAssumption
    from usage_tui.state.known_answers import known_answers

    words, answers = runway_view(state), known_answers(state)
    if isinstance(words, Placeholder):
        return ScreenView(words, LOADING, None)
    now = answers.runway if answers is not None else None
    if answers is None or now is None:
        return ScreenView(LOADING, LOADING, None)
    then, mistake = None, ""
    if typed.strip() and now.pace is not None:
        try:
            then = answers.what_if(typed)
        except InvalidAssumption as error:
            mistake = str(error)
    chart = _chart(words, answers, now, then, state.unit)
    if not chart.paces:
        return ScreenView(chart, LOADING, None)
    rows = day_rows(then or now, answers.facts, state.unit)
    days = DaysView(now.today, rows, state.unit, now.expiries_known, then is not None)
    return ScreenView(
        chart,
        days,
        WhatIfView(compared(now, then, state.unit), typed, mistake, typing, kept and bool(mistake)),
    )


def _chart(
    words: RunwayView, answers: KnownAnswers, now: Runway, then: Runway | None, unit: str
) -> ChartView:
    facts = answers.facts
    used_today = sum(day.credits.micro for day in facts.known_days if day.date == now.today)
    there = dates.local(facts.summary.as_of, facts.summary.org.time_zone)
    return ChartView(
        words=words,
        unit=unit,
        now=there.hour * 60 + there.minute,
        past=answers.past_balances,
        dates=tuple(point.date for point in now.balances),
        paces=courses(then or now, used_today),
        before=courses(now, used_today)[0] if then is not None else None,
        marks=day_rows(then or now, facts, unit),
        opening=opening(now),
    )
