"""`usage-tui sources`: where the period's usage went."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace

from usage_tui.cards import ranking as card
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cli import period_option
from usage_tui.cli.answer.answer import Answer, Answered, head
from usage_tui.cli.answer.asked import period_id
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.ledger.ranking import by_category
from usage_tui.models import Credits, OtherSources, PeriodReference, SourceUsage
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import SOURCES

SCHEMA = "usage-tui/sources/1"
_KIND = "kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesAnswer(Answer):
    """The sources of a period, or its categories, highest first: total = items + other.

    Attributes:
        by: ``source`` or ``kind``.
    """

    by: str
    period: PeriodReference | None
    total: Credits
    items: tuple[SourceUsage, ...]
    other: OtherSources | None


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
        "--by", choices=("source", _KIND), default="source", help="a row a source (default) or a category"
    )
    return parser


async def ask(session: Session, options: argparse.Namespace) -> Answered[SourcesAnswer]:
    """The sources."""
    past = await period_id(session, options.period)
    if past is None:
        await session.load({SOURCES})
        ranking, state = session.value(SOURCES), session.state
    else:
        ranking = await session.ask(lambda: session.client.sources(past))
        state = replace(session.state, sources=Remote(Status.READY, ranking))
    shown = by_category(ranking) if options.by == _KIND else ranking
    answer = SourcesAnswer(
        **head(session, SCHEMA, ranking.as_of),
        by=options.by,
        period=ranking.period,
        total=ranking.total,
        items=shown.items,
        other=shown.other,
    )

    def text(area: Area) -> list[Line]:
        rows = area._replace(height=card.HEADS + len(answer.items) + 1)
        lines = card.draw(card.ranking_view(state), rows, rolled_up=options.by == _KIND)
        return under_header(state, lines, area)

    return Answered(answer, text)
