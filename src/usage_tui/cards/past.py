"""Cards of an earlier billing period: what they are called, and how much more it used than the one before."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from usage_tui.cards.card import RULE, Placeholder, titled
from usage_tui.cards.compared import percent_text
from usage_tui.cards.typeset.lines import Line, Span, line, width
from usage_tui.insight.compare import Change
from usage_tui.models import Credits, Period, RollForward
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.periods import ShownPeriod
from usage_tui.state.usage import UsageState
from usage_tui.text import dates

V = TypeVar("V")


class Then(NamedTuple):
    """The earlier period that a card is of.

    Attributes:
        id: Its id.
        this_year: The year that is not named.
        change: How much more it used than the one before, in words; empty if that is unknown.
        carried: The balance carried through it; None if that is not reported.
    """

    id: str
    start: date
    end: date
    this_year: int
    change: str
    carried: RollForward | None = None

    def name(self, dash: str) -> str:
        """Its days: ``Oct 1 – Oct 31``, with the year if it is not this one."""
        name = dates.span(self.start, self.end, dash)
        return name.removesuffix(f", {self.this_year}") if self.start.year == self.end.year else name


def then(state: UsageState, shown: ShownPeriod) -> Then | None:
    """The earlier period that is looked at; None while it is the current one."""
    summary = state.summary.value
    if shown.past is None or summary is None:
        return None
    period, former = shown.past.period, shown.before
    change = "" if former is None else _change(shown.past.usage.total, former.usage.total)
    this_year = dates.local(summary.as_of, summary.org.time_zone).year
    carried = shown.past.roll_forward
    return Then(period.id, period.start_date, period.end_date, this_year, change, carried)


def of_past(view: V | Placeholder, title: str, shown: ShownPeriod) -> V | Placeholder:
    """The view; without content, under a title that says that it would be of an earlier period."""
    return view if shown.past is None else titled(view, f"{title} of the past period")


def period_name(period: Period, dash: str) -> str:
    """``Oct 1 – Oct 31, 2026``."""
    return dates.span(period.start_date, period.end_date, dash)


def with_change(change: str, end: Line, title: str, cells: int) -> Line:
    """The right end of a head with the change before it, if there is room for a rule.

    The unit gives way, then some words.
    """
    words = (change, change.replace("the period ", "")) if change else ()
    forms = [line(Span(text, "muted"), "   ", *kept) for text in words for kept in (end, end[:1])]
    return next((form for form in forms if len(title) + width(form) + RULE + 2 <= cells), end)


def _change(amount: Credits, former: Credits) -> str:
    """``12% more than the period before``; empty if that one used nothing."""
    if former <= Credits.ZERO:
        return ""
    if amount == former:
        return "as much as the period before"
    word = "more" if amount > former else "less"
    return f"{percent_text(Change(amount=amount, former=former))} {word} than the period before"
