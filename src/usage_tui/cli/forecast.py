"""`usage-tui forecast`: how long what is left lasts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from usage_tui.cards import runway_words
from usage_tui.cards.card import head as card_head
from usage_tui.cards.runway import spread_text
from usage_tui.cards.typeset.lines import Area, Line, Span, labeled, line, wrap
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.asked import answers_of
from usage_tui.cli.answer.formats import print_answer, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.answer.what_if import add_assumptions, assumed_line, read_assumed
from usage_tui.cli.ending import DONE, Failure
from usage_tui.frozen import frozen
from usage_tui.insight.pace import Pace, cut
from usage_tui.insight.runway import Runway
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits
from usage_tui.state.answer import Answer
from usage_tui.tables.kinds import JSON

SCHEMA = "usage-tui/forecast/1"
TITLE = "Runway"
_LABEL = 10
_PLACES = Decimal("0.000001")


@frozen
class PaceAnswer:
    """What is used a day. A fraction is cut after the sixth place.

    Attributes:
        slow: The quietest seven days in a row, relative to the week.
        fast: The busiest seven days in a row, relative to the week.
        week: The mean of each weekday, Monday first.
    """

    a_day: Credits
    basis_days: int
    known_days: int
    slow: Decimal
    fast: Decimal
    week: tuple[Credits, ...]


@frozen
class RenewalAnswer:
    """The next grant of the plan.

    Attributes:
        assumed: Whether it only follows from the plan being active.
    """

    on: date
    credits: Credits
    assumed: bool


@frozen
class LapseAnswer:
    """What a grant still holds when it expires.

    Attributes:
        likelihood: ``certain``, ``likely`` (at the usual pace) or ``possible`` (at the quietest alone).
        credits: At the usual pace.
        least: At the busiest pace.
        most: At the quietest pace.
    """

    grant_id: str
    description: str
    bucket: str
    at: datetime
    likelihood: str
    credits: Credits
    least: Credits
    most: Credits


@frozen
class DatesAnswer:
    """When nothing is left: at the usual, the busiest and the quietest pace; null for not within a year."""

    runs_out: date | None
    earliest: date | None
    latest: date | None


@frozen
class ForecastAnswer(Answer):
    """How long what is left lasts. A date is null where it is not within a year.

    Attributes:
        enough: Whether there are the seven complete days that a date needs.
        expiries_known: Whether the grants are known, or only the balance.
        what_if: What is assumed; empty if there is none.
        without: The dates without that; null where nothing is assumed.
        included_out: The day on which the included credits are used up; null where they last.
        purchased_from: The first day on which something that was bought pays.
    """

    enough: bool
    expiries_known: bool
    what_if: str
    without: DatesAnswer | None
    pace: PaceAnswer | None
    included_out: date | None
    purchased_from: date | None
    runs_out: date | None
    earliest: date | None
    latest: date | None
    term_ends: date | None
    recharge_on: date | None
    renewal: RenewalAnswer | None
    lapses: tuple[LapseAnswer, ...]


def run(words: Sequence[str]) -> int:
    """Print the runway."""
    options = parser().parse_args(words)
    assumed_line(options)  # refused before anybody is asked
    answer, text = answered(options, lambda session: ask(session, options))
    print_answer(options.format, answer, text)
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = answer_parser("forecast", "How long what is left lasts, an estimate.", formats=(JSON,))
    parser.add_argument("--explain", action="store_true", help="say how it is worked out")
    add_assumptions(parser)
    return parser


async def ask(session: Session, options: argparse.Namespace) -> Answered[ForecastAnswer]:
    """The runway."""
    assumed = assumed_line(options)
    answers = await answers_of(session)
    read_assumed(answers, assumed)
    plain, runway = answers.runway, answers.what_if(assumed)
    if plain is None or runway is None:
        raise Failure(runway_words.NO_RUNWAY)
    answer, state = _answer(session, runway, plain, assumed), session.state

    def text(area: Area) -> list[Line]:
        lines = [*_draw(runway, answer, area)]
        if assumed:
            lines += labeled("Without", runway_words.runs_out_text(plain, answer.unit), _LABEL, area)
        if options.explain:
            lines += [
                line(),
                *(line(row) for one in runway_words.EXPLANATION for row in wrap(one, area.width)),
            ]
        return under_header(state, lines, area)

    return Answered(answer, text)


def _answer(session: Session, runway: Runway, plain: Runway, assumed: str) -> ForecastAnswer:
    summary, renewal = session.summary, runway.renewal
    calendar = Calendar(summary.org.time_zone)
    return ForecastAnswer(
        **session.about.head(SCHEMA, summary.as_of),
        enough=runway.pace is not None,
        expiries_known=runway.expiries_known,
        what_if=assumed,
        without=dates_answer(plain) if assumed else None,
        pace=_pace(runway.pace, runway.factor) if runway.pace else None,
        included_out=runway.included_out,
        purchased_from=runway.purchased_from,
        runs_out=runway.runs_out,
        earliest=runway.earliest,
        latest=runway.latest,
        term_ends=runway.term_ends,
        recharge_on=runway.recharge_on,
        renewal=RenewalAnswer(
            on=calendar.date_of(renewal.at), credits=renewal.amount, assumed=renewal.assumed
        )
        if renewal
        else None,
        lapses=tuple(
            LapseAnswer(
                grant_id=lapse.grant_id,
                description=lapse.description,
                bucket=lapse.bucket,
                at=lapse.at,
                likelihood=lapse.likelihood,
                credits=lapse.usual,
                least=lapse.least,
                most=lapse.most,
            )
            for lapse in runway.lapses
        ),
    )


def dates_answer(runway: Runway) -> DatesAnswer:
    """When nothing is left."""
    return DatesAnswer(runs_out=runway.runs_out, earliest=runway.earliest, latest=runway.latest)


def _pace(pace: Pace, factor: Fraction) -> PaceAnswer:
    return PaceAnswer(
        a_day=cut(pace.a_day * factor),
        basis_days=pace.basis_days,
        known_days=pace.known_days,
        slow=_decimal(pace.slow),
        fast=_decimal(pace.fast),
        week=tuple(cut(mean * factor) for mean in pace.week),
    )


def _decimal(fraction: Fraction) -> Decimal:
    """A fraction without what comes after the sixth place."""
    return int(fraction / Fraction(_PLACES)) * _PLACES


def _draw(runway: Runway, answer: ForecastAnswer, area: Area) -> Iterator[Line]:
    unit, zone = answer.unit, answer.org.time_zone
    pace = runway_words.pace_text(runway, unit)
    yield card_head(TITLE, line(Span(f"estimate, {pace}" if pace else "estimate", "muted")), area)
    yield from labeled("Runs out", runway_words.runs_out_text(runway, unit), _LABEL, area)
    if included := runway_words.included_text(runway, unit, zone):
        yield from labeled("Included", included, _LABEL, area)
    label = "Lapses"
    for lapse in runway.lapses:
        yield from labeled(label, runway_words.lapse_text(lapse, unit, runway.today), _LABEL, area)
        label = ""
    if spread := spread_text(runway, unit):
        yield from labeled("Pace", f"{spread}, quietest and busiest week", _LABEL, area)
    if not runway.expiries_known:
        yield from labeled("Expiry", "dates are not known to you", _LABEL, area)
