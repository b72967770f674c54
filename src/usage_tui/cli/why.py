"""`usage-tui why`: what made a day expensive."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from usage_tui import wire
from usage_tui.cards.why import draw
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.asked import answers_of
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE, Failure
from usage_tui.frozen import frozen
from usage_tui.insight.pace import cut
from usage_tui.insight.why import Explanation
from usage_tui.ledger.people import ACTOR
from usage_tui.models import Credits
from usage_tui.state.answer import Answer
from usage_tui.state.people import why_no_people
from usage_tui.state.replies import PEOPLE

SCHEMA = "usage-tui/why/1"
_PEAK = "peak"

Word = Literal["yesterday", "peak", "today"]
Day = date | Word
_WORDS: Mapping[str, Word] = {"today": "today", "yesterday": "yesterday", _PEAK: "peak"}


@frozen
class SourceRow:
    """A source on the day.

    Attributes:
        usual: The median of the days it is compared with; null where too few are known.
        change: How much more it used than that. A fraction is cut after the sixth place.
    """

    kind: str
    source_id: str
    label: str
    credits: Credits
    usual: Credits | None
    change: Credits | None


@frozen
class BasisAnswer:
    """With what the day is compared.

    Attributes:
        kind: ``weekday`` for the same weekday of earlier weeks, or ``days`` for the days before.
        days: How many days.
    """

    kind: str
    days: int


@frozen
class WhyAnswer(Answer):
    """A day, and the sources that changed most.

    Attributes:
        complete: Whether the day is over.
        usual: The median of the days it is compared with; null where too few are known.
        spike: Whether it sticks out.
        other: What the sources do not explain of the change, for medians do not add up.
    """

    day: date
    complete: bool
    credits: Credits
    usual: Credits | None
    basis: BasisAnswer | None
    spike: bool
    sources: tuple[SourceRow, ...]
    other: Credits


def run(words: Sequence[str]) -> int:
    """Print the explanation."""
    options = parser().parse_args(words)
    answer, text = answered(options, lambda session: ask(session, options))
    print_table(options.format, answer, SourceRow, answer.sources, answer.unit, text)
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = answer_parser("why", "What made a day expensive: each source against what it usually uses.")
    parser.add_argument(
        "--day",
        type=_day,
        default=_PEAK,
        metavar="DATE|today|yesterday|peak",
        help="which day; peak (default) is the most expensive complete day of the period",
    )
    parser.add_argument(
        "--by",
        choices=("source", ACTOR),
        default="source",
        help="a row a source (default) or a person, which needs billing access",
    )
    return parser


async def ask(session: Session, options: argparse.Namespace) -> Answered[WhyAnswer]:
    """The explanation."""
    answers = await answers_of(session)
    day = answers.facts.today if options.day == "today" else options.day
    if options.by == ACTOR:
        if why_no_people(session.state):
            session.require(PEOPLE)
        found = await answers.why_by_actor(day)
    else:
        found = await answers.why(day)
    if found is None:
        if options.day == _PEAK:
            raise Failure(
                "no complete day of this period is known, so there is none to explain; name a --day"
            )
        raise Failure(f"nothing is known of what each source used on that day: {options.day}")
    heading = "Person" if options.by == ACTOR else "Source"
    state, unit, today = session.state, session.summary.unit.code, answers.facts.today
    return Answered(
        _answer(session, found),
        lambda area: under_header(state, draw(found, unit, today, area, heading), area),
    )


def _day(text: str) -> Day:
    if text in _WORDS:
        return _WORDS[text]
    try:
        return wire.read_date(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a date such as 2026-11-12") from None


def _answer(session: Session, found: Explanation) -> WhyAnswer:
    basis = found.basis
    return WhyAnswer(
        **session.about.head(SCHEMA, session.summary.as_of),
        day=found.day,
        complete=found.complete,
        credits=found.amount,
        usual=_cut(found.usual),
        basis=BasisAnswer(kind=basis.kind, days=len(basis.dates)) if basis is not None else None,
        spike=found.spike,
        sources=tuple(
            SourceRow(
                kind=one.kind,
                source_id=one.source_id,
                label=one.label,
                credits=one.amount,
                usual=_cut(one.usual),
                change=_cut(one.change),
            )
            for one in found.sources
        ),
        other=cut(found.other),
    )


def _cut(amount: Fraction | None) -> Credits | None:
    return None if amount is None else cut(amount)
