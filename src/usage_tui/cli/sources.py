"""`usage-tui sources`: where the period's usage went."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from usage_tui.cards import ranking as card
from usage_tui.cards.card import HEADS, LOADING, Placeholder
from usage_tui.cards.carried import MOST_LINES
from usage_tui.cards.people import people_view
from usage_tui.cards.ranking_table import RankingView, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cli import period_option
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.asked import period_id
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.ledger.people import ACTOR
from usage_tui.models import Ranking, SourceUsage
from usage_tui.state.people import why_no_people
from usage_tui.state.periods import look_at, shown_period, sources_of
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import PEOPLE, SOURCES, SUMMARY
from usage_tui.state.usage import UsageState
from usage_tui.tables.sources import KIND, SOURCE, SourcesAnswer, sources_answer


def run(words: Sequence[str]) -> int:
    """Print the sources."""
    options = parser().parse_args(words)
    answer, text = answered(options, lambda session: ask(session, options))
    print_table(options.format, answer, SourceUsage, answer.items, answer.unit, text)
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = answer_parser("sources", "Where the usage of a billing period went, highest first.")
    period_option.add_argument(parser)
    parser.add_argument(
        "--by",
        choices=(SOURCE, KIND, ACTOR),
        default=SOURCE,
        help="a row a source (default), a category, or a person, which needs billing access",
    )
    return parser


async def ask(session: Session, options: argparse.Namespace) -> Answered[SourcesAnswer]:
    """The sources, or the people."""
    if options.by == ACTOR:
        return await _people(session, options.period)
    past = await period_id(session, options.period)
    if past is None:
        await session.load({SOURCES})
        ranking, state = session.value(SOURCES), session.state
    else:
        ranking = await session.ask(lambda: session.client.sources(past))
        state = sources_of(past).put(look_at(session.state, past), Remote(status=Status.READY, value=ranking))
    return _answered(session, state, ranking, options.by, card.ranking_view(state))


async def _people(session: Session, period: str) -> Answered[SourcesAnswer]:
    past = await period_id(session, period, {SUMMARY})
    if why_no_people(session.state):
        session.require(PEOPLE)
    ranking = await session.ask(lambda: session.client.people(past))
    state = replace(look_at(session.state, past), people=Remote(status=Status.READY, value=ranking))
    view = people_view(state, shown_period(state))
    return _answered(session, state, ranking, ACTOR, view or LOADING)


def _answered(
    session: Session, state: UsageState, ranking: Ranking, by: str, view: RankingView | Placeholder
) -> Answered[SourcesAnswer]:
    answer = sources_answer(session.about, ranking, by)
    if isinstance(view, RankingView):  # what is printed is not filled in later
        view = view._replace(trends=any(one.trend for one in view.sources))

    def text(area: Area) -> list[Line]:
        rows = area._replace(height=HEADS + len(answer.items) + 1 + MOST_LINES)
        return under_header(state, draw(view, rows, rolled_up=by == KIND), area)

    return Answered(answer, text)
