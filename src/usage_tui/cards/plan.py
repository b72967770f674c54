"""A batch in words: whether it fits, what it costs, who pays, and how long the rest lasts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from usage_tui.cards.card import head
from usage_tui.cards.runway_words import runs_out_text
from usage_tui.cards.typeset.lines import Area, Line, Span, Tone, labeled, line
from usage_tui.insight.plan import Fits, Outcome, Plan, RunCosts
from usage_tui.models import Credits, InvalidCredits
from usage_tui.text.amounts import MICRO, amount_text, noun_after, places, spoken_amount
from usage_tui.text.words import count_noun

TITLE = "Plan"
_MOST_RUNS = 10**9
_LABEL, _ESTIMATED_PLACES = 12, 2
_TONES: dict[Fits, Tone] = {Fits.FITS: "success", Fits.JUST: "warning-strong", Fits.NOT: "error-strong"}


class InvalidBatch(ValueError):
    """It is not a size of a batch; the message says why."""


class Planned(NamedTuple):
    """A plan, and what is planned.

    Attributes:
        costs: What a run costs; None for a batch whose cost was given.
        runs: How many runs.
        assumed: What is assumed beside; empty if there is none.
    """

    plan: Plan
    costs: RunCosts | None = None
    runs: int | None = None
    assumed: str = ""


def read_amount(text: str) -> Credits:
    """What a batch costs.

    Raises:
        InvalidBatch: It is not an amount of more than 0.
    """
    try:
        amount = Credits.parse(text)
    except InvalidCredits as error:
        raise InvalidBatch(str(error)) from None
    if amount <= Credits.ZERO:
        raise InvalidBatch("a batch costs more than 0")
    return amount


def read_runs(text: str) -> int:
    """How many runs a batch has.

    Raises:
        InvalidBatch: It is not a number of runs.
    """
    if not text.isdecimal() or not text.isascii() or len(text) > 10 or not 0 < int(text) <= _MOST_RUNS:
        raise InvalidBatch(f"{text[:40]!r} is not a number of runs")
    return int(text)


def draw(planned: Planned, unit: str, area: Area) -> list[Line]:
    """The verdict in a head of its own, and all that stands behind it, as the command prints it."""
    return [head(TITLE, verdict(planned), area), *outcomes(planned, unit, area)]


def verdict(planned: Planned) -> Line:
    """``fits``, ``fits, just`` or ``does not fit``."""
    return line(Span(planned.plan.fits, _TONES[planned.plan.fits]))


def outcomes(planned: Planned, unit: str, area: Area) -> Iterator[Line]:
    """What the batch is, what it costs usually and cautiously, and what happens without it."""
    plan, costs, runs, assumed = planned
    if costs is not None and runs is not None:
        what = f"{count_noun(runs, 'run')} of {costs.label}"
        yield from labeled("Batch", f"{what}, by the newest {count_noun(costs.runs, 'run')}", _LABEL, area)
    if assumed:
        yield from labeled("What if", assumed, _LABEL, area)
    same, spoken = plan.usual.cost == plan.cautious.cost, _Spoken(unit, is_estimate=costs is not None)
    yield from _draw_outcome("Cost" if same else "Usual", plan.usual, spoken, area)
    if not same:
        yield from _draw_outcome("Cautious", plan.cautious, spoken, area)
    label = "Runs out" if plan.without.pace is None else "Without it"
    yield from labeled(label, runs_out_text(plan.without, unit), _LABEL, area)


class _Spoken(NamedTuple):
    """Amounts as they are told: what is estimated with at most two decimals."""

    unit: str
    is_estimate: bool

    def __call__(self, amount: Credits) -> str:
        if not self.is_estimate:
            return spoken_amount(amount, self.unit)
        decimals = min(places((amount,), self.unit), _ESTIMATED_PLACES)
        return f"{amount_text(amount, self.unit, decimals)} {noun_after(amount, self.unit)}".rstrip()


def _draw_outcome(label: str, outcome: Outcome, spoken: _Spoken, area: Area) -> Iterator[Line]:
    unit = spoken.unit
    if outcome.fits:
        end = f"{spoken(outcome.left)} left"
    else:
        end = f"{spoken_amount(_rounded_up(outcome.shortfall), unit)} short"
    yield from labeled(label, f"{spoken(outcome.cost)}; {end}", _LABEL, area)
    paid = ", ".join(
        f"{spoken(one.amount)} of {one.description or 'what is bought now'}" for one in outcome.paid_by
    )
    if paid:
        yield from labeled("", f"paid by {paid}", _LABEL, area)
    if outcome.fits and outcome.runway.pace is not None:
        yield from labeled("", f"then it runs out: {runs_out_text(outcome.runway, unit)}", _LABEL, area)


def _rounded_up(amount: Credits) -> Credits:
    return Credits(-(-amount.micro // MICRO) * MICRO)
