"""`usage-tui plan`: whether a batch fits into what is left."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, datetime

from usage_tui.cards.plan import InvalidBatch, Planned, draw, read_amount, read_runs
from usage_tui.cards.runway_words import NO_RUNWAY
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.asked import answers_of
from usage_tui.cli.answer.formats import print_answer, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.answer.what_if import add_assumptions, assumed_line, read_assumed
from usage_tui.cli.ending import DONE, Failure, Misuse
from usage_tui.frozen import frozen
from usage_tui.insight.assumptions import Assumptions, InvalidAssumption
from usage_tui.insight.pace import cut
from usage_tui.insight.plan import Fits, Outcome, Plan, RunCosts
from usage_tui.models import Credits
from usage_tui.state.access import allowed
from usage_tui.state.answer import Answer
from usage_tui.state.answers import Answers, TooFewRuns
from usage_tui.state.replies import EVENTS
from usage_tui.tables.kinds import JSON

SCHEMA = "usage-tui/plan/1"
DOES_NOT_FIT = 3
"""The exit code."""


@frozen
class BasisAnswer:
    """From what the cost of a run is told.

    Attributes:
        runs: How many runs.
        mean: What one costs on average; the seventh place and beyond are cut.
        expensive: What an expensive one costs.
        first_at: The time of the oldest.
    """

    source_id: str
    label: str
    runs: int
    mean: Credits
    expensive: Credits
    first_at: datetime | None
    last_at: datetime | None


@frozen
class PaymentAnswer:
    """What a grant pays."""

    grant_id: str
    description: str
    credits: Credits


@frozen
class OutcomeAnswer:
    """What a batch at one cost leads to. The dates are those after it; null for not within a year.

    Attributes:
        credits: The cost.
        left: What can be spent after it.
        shortfall: What is missing.
    """

    credits: Credits
    fits: bool
    left: Credits
    shortfall: Credits
    paid_by: tuple[PaymentAnswer, ...]
    runs_out: date | None
    earliest: date | None
    latest: date | None


@frozen
class PlanAnswer(Answer):
    """Whether a batch fits into what can be spent now.

    Attributes:
        verdict: ``fits``, ``fits, just`` (at the usual cost only) or ``does not fit``.
        basis: null for a batch whose cost was given.
        what_if: What is assumed; empty if there is none.
        runs_out: When nothing is left without the batch; null for not within a year.
    """

    verdict: str
    runs: int | None
    basis: BasisAnswer | None
    what_if: str
    usual: OutcomeAnswer
    cautious: OutcomeAnswer
    runs_out: date | None


def run(words: Sequence[str]) -> int:
    """Print whether it fits."""
    options = parser().parse_args(words)
    _assumed(options)  # refused before anybody is asked
    answer, text = answered(options, lambda session: ask(session, options))
    print_answer(options.format, answer, text)
    return DOES_NOT_FIT if answer.verdict == Fits.NOT else DONE


async def ask(session: Session, options: argparse.Namespace) -> Answered[PlanAnswer]:
    """Whether it fits."""
    assumed = _assumed(options)
    answers = await answers_of(session)
    read_assumed(answers, assumed)
    if options.runs is not None and not allowed(session.state, EVENTS):
        session.require(EVENTS)
    costs, plan = await _planned(answers, options, assumed)
    if plan is None:
        raise Failure(NO_RUNWAY)
    answer, state = _answer(session, plan, costs, options.runs, assumed), session.state
    planned = Planned(plan, costs, options.runs, assumed)
    return Answered(answer, lambda area: under_header(state, draw(planned, answer.unit, area), area))


def _assumed(options: argparse.Namespace) -> str:
    if (options.runs is None) != (options.of is None):
        raise Misuse("--runs and --of go together: usage-tui plan --runs 500 --of SOURCE")
    return assumed_line(options)


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = answer_parser(
        "plan",
        "Whether a batch fits into what can be spent now; what a plan renews or is scheduled does not count.",
        formats=(JSON,),
    )
    parser.epilog = (parser.epilog or "").replace("1 failed", "3 it does not fit; 1 failed")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--credits", type=_amount, metavar="N", help="the batch costs so much")
    group.add_argument("--runs", type=_runs, metavar="N", help="the batch is so many runs of one source")
    parser.add_argument("--of", metavar="SOURCE", help="the source, by its id, its name or a part of that")
    add_assumptions(parser)
    return parser


def _amount(text: str) -> Credits:
    try:
        return read_amount(text)
    except InvalidBatch as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _runs(text: str) -> int:
    try:
        return read_runs(text)
    except InvalidBatch as error:
        raise argparse.ArgumentTypeError(str(error)) from None


async def _planned(
    answers: Answers, options: argparse.Namespace, assumed: str
) -> tuple[RunCosts | None, Plan | None]:
    if options.credits is not None:
        return None, answers.plan(options.credits, assumed)
    facts = answers.facts
    named = Assumptions(
        sources=facts.source_labels(),
        grants=facts.grants,
        calendar=facts.calendar,
        now=facts.summary.as_of,
    )
    try:
        planned = await answers.plan_runs(named.source(options.of), options.runs, assumed)
    except InvalidAssumption as error:
        raise Misuse(f"--of: {error}") from None
    except TooFewRuns as error:
        raise Failure(str(error)) from None
    return (planned.costs, planned.plan) if planned is not None else (None, None)


def _answer(
    session: Session, plan: Plan, costs: RunCosts | None, runs: int | None, assumed: str
) -> PlanAnswer:
    return PlanAnswer(
        **session.about.head(SCHEMA, session.summary.as_of),
        verdict=plan.fits,
        runs=runs,
        basis=_basis(costs, runs) if costs is not None and runs is not None else None,
        what_if=assumed,
        usual=_outcome(plan.usual),
        cautious=_outcome(plan.cautious),
        runs_out=plan.without.runs_out,
    )


def _basis(costs: RunCosts, runs: int) -> BasisAnswer:
    return BasisAnswer(
        source_id=costs.source_id,
        label=costs.label,
        runs=costs.runs,
        mean=cut(costs.mean),
        expensive=cut(costs.expensive(runs)),
        first_at=costs.first_at,
        last_at=costs.last_at,
    )


def _outcome(outcome: Outcome) -> OutcomeAnswer:
    return OutcomeAnswer(
        credits=outcome.cost,
        fits=outcome.fits,
        left=outcome.left,
        shortfall=outcome.shortfall,
        paid_by=tuple(
            PaymentAnswer(grant_id=one.grant_id, description=one.description, credits=one.amount)
            for one in outcome.paid_by
        ),
        runs_out=outcome.runway.runs_out,
        earliest=outcome.runway.earliest,
        latest=outcome.runway.latest,
    )
