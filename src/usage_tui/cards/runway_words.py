"""The runway in words: when nothing is left, how long the included credits last, what lapses."""

from __future__ import annotations

from datetime import date

from usage_tui.insight.pace import WEEK, cut
from usage_tui.insight.runway import Lapse, Likelihood, Runway
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits
from usage_tui.text import dates
from usage_tui.text.amounts import CREDIT, amount_text, noun_after, places
from usage_tui.text.words import count_noun

NO_RUNWAY = "the source tells neither grants nor a balance, so how long it lasts cannot be told"

EXPLANATION = (
    "The pace is the mean of each weekday over the last four weeks; with less than four weeks, the mean of "
    "the last whole weeks, all days alike. No trend is assumed, and no day is left out.",
    "The quietest and the busiest pace are those of the quietest and the busiest seven days in a row of the "
    "last eight weeks.",
    "From now on each day is paid as the ledger pays: included credits first, then what expires soonest. "
    "What expires meanwhile lapses, and what is scheduled begins.",
    "An active plan renews with what this period began with. Auto-recharge and locked credits do not count.",
    "Each date is told at the usual, the busiest and the quietest pace. About eight times of ten the truth "
    "lies between them.",
)
"""How it is worked out, in five sentences."""


def pace_text(runway: Runway, unit: str) -> str:
    """``268.82 a day, mean of the last 21 days``; the mean so far if there is too little history."""
    pace, known = runway.pace, runway.history
    if pace is None:
        mean = known.mean
        return "" if mean is None else f"{_short(cut(mean), unit)} a day so far"
    days = count_noun(pace.basis_days, "day")
    less = "" if runway.factor == 1 else " with less use"
    return f"{_short(cut(pace.a_day * runway.factor), unit)} a day{less}, mean of the last {days}"


def runs_out_text(runway: Runway, unit: str) -> str:
    """``about Dec 20, earliest Nov 27``; or why that cannot be told."""
    if runway.pace is None:
        return f"too little history: {len(runway.history.amounts)} of {WEEK} complete days"
    today, runs_out = runway.today, runway.runs_out
    if runs_out is not None and runs_out == runway.term_ends:
        locked = (
            f"; {_short(runway.locked, unit)} purchased {funds(unit)} will be locked" if runway.locked else ""
        )
        return f"work stops on {dates.day(runs_out)}, when the plan ends{locked}"
    earliest, latest = runway.earliest, runway.latest
    first = f", earliest {dates.expected(earliest, today)}" if earliest and earliest != runs_out else ""
    if runs_out is None:
        return f"not within a year{first}"
    if earliest is None or latest is None:
        return f"{dates.about(runs_out, today)}{first}"
    texts = [dates.expected(day, today) for day in (earliest, runs_out, latest)]
    if len({*texts}) == 1:
        return dates.on_expected(runs_out, today)
    return f"{dates.about(runs_out, today)}, between {texts[0]} and {texts[2]}"


def funds(unit: str) -> str:
    """What is spent, in a word."""
    return "credits" if unit == CREDIT else "funds"


def outs(runway: Runway) -> tuple[str, str, str]:
    """When nothing is left at the usual, the busiest and the quietest pace, each in a few words."""
    usual, early, late = (_out_text(day, runway) for day in (runway.runs_out, runway.earliest, runway.latest))
    return usual, early, late


def _out_text(day: date | None, runway: Runway) -> str:
    """``Dec 20``, ``today``, ``not within a year``; ``Dec 1, plan ends`` where that comes first."""
    ends, today = runway.term_ends, runway.today
    if ends is not None and (day is None or day >= ends):
        return f"{dates.expected(ends, today)}, plan ends"
    if day is None:
        return "not within a year"
    return "today" if day == today else dates.expected(day, today)


def included_text(runway: Runway, unit: str, time_zone: str) -> str:
    """``used up on Nov 22; 5,000 on Dec 1 if the plan renews``; empty if nothing is known of it."""
    if runway.pace is None:
        return ""
    renewal, today = runway.renewal, runway.today
    refresh_on = Calendar(time_zone).date_of(renewal.at) if renewal is not None else None
    if runway.included_out is not None:
        first = f"used up on {dates.expected(runway.included_out, today)}"
    elif refresh_on is not None:
        first = f"lasts until the refresh on {dates.expected(refresh_on, today)}"
    else:
        return ""
    if renewal is None or refresh_on is None or not renewal.amount:
        return first
    condition = " if the plan renews" if renewal.assumed else ""
    return f"{first}; {_short(renewal.amount, unit)} on {dates.expected(refresh_on, today)}{condition}"


def lapse_text(lapse: Lapse, unit: str, today: date) -> str:
    """``600 of Top-up on Jun 1, 2027``, and how likely that is."""
    on = dates.day(lapse.on, year=lapse.on.year != today.year)
    name = f" of {lapse.description}" if lapse.description else ""
    match lapse.likelihood:
        case Likelihood.CERTAIN:
            return f"{_spoken(lapse.usual, unit)}{name} on {on}"
        case Likelihood.LIKELY:
            return f"{_spoken(lapse.usual, unit)}{name} on {on}, at this pace"
    return f"up to {_spoken(lapse.most, unit)}{name} on {on}, only at the quietest pace"


def _spoken(amount: Credits, unit: str) -> str:
    return f"{_short(amount, unit)} {noun_after(amount, unit)}".rstrip()


def _short(amount: Credits, unit: str) -> str:
    """An amount with at most two decimals, for an estimate is no more exact than that."""
    return amount_text(amount, unit, min(places((amount,), unit), 2))
