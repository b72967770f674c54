"""`usage-tui sources`: where the period's usage went."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from usage_tui.cards import ranking as card
from usage_tui.cards.card import head as card_head
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.cli import period_option
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.asked import period_id
from usage_tui.cli.answer.events import EventReader
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.insight.people import ACTOR, People
from usage_tui.ledger.shares import SHARE_PLACES, shares
from usage_tui.models import Credits, EventQuery, Ranking, SourceUsage
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import PERIODS, SOURCES
from usage_tui.tables.sources import KIND, SCHEMA, SOURCE, SourcesAnswer, sources_answer
from usage_tui.text.amounts import amount_text, heading, places, spoken_amount
from usage_tui.text.numbers import share_text

_SHARE_FROM, _EVENTS_FROM = 44, 52
"""Columns from which the table of people has these."""


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
    """The sources."""
    past = await period_id(session, options.period)
    if past is None:
        await session.load({SOURCES})
        ranking, state = session.value(SOURCES), session.state
    else:
        ranking = await session.ask(lambda: session.client.sources(past))
        state = replace(session.state, sources=Remote(Status.READY, ranking))
    if options.by == ACTOR:
        return await _by_actor(session, ranking, await _times(session, past))
    answer = sources_answer(session.about, ranking, options.by)

    def text(area: Area) -> list[Line]:
        rows = area._replace(height=card.HEADS + len(answer.items) + 1)
        lines = card.draw(card.ranking_view(state), rows, rolled_up=options.by == KIND)
        return under_header(state, lines, area)

    return Answered(answer, text)


async def _times(session: Session, past: str | None) -> EventQuery:
    """The events of a period; all where the source does not tell when it begins."""
    found = session.value(PERIODS).find(past) if past is not None else None
    period = found.period if found is not None else session.summary.period
    if period is None:
        return EventQuery()
    return EventQuery(starts_at=period.starts_at, ends_at=period.ends_at)


async def _by_actor(session: Session, ranking: Ranking, query: EventQuery) -> Answered[SourcesAnswer]:
    """Who used what: all events of the period added up, and the rest of its total."""
    people = People()
    async for events in EventReader(session).read(query):
        people.add(events)
    totals = people.totals(ranking.total.micro)
    parts = shares([total.credits for total in totals], SHARE_PLACES) or [None] * len(totals)
    items = tuple(
        SourceUsage(
            rank=rank if total.source_id else None,
            kind=total.kind,
            source_id=total.source_id,
            label=total.label,
            credits=Credits(total.credits),
            share=share,
            count=total.quantity,
            count_unit="event",
        )
        for rank, (total, share) in enumerate(zip(totals, parts, strict=True), start=1)
    )
    answer = SourcesAnswer(
        **session.about.head(SCHEMA, ranking.as_of),
        by=ACTOR,
        period=ranking.period,
        total=ranking.total,
        items=items,
        other=None,
    )
    state = session.state
    return Answered(answer, lambda area: under_header(state, _people(answer, area), area))


def _people(answer: SourcesAnswer, area: Area) -> list[Line]:
    unit, decimals = answer.unit, places([one.credits for one in answer.items], answer.unit)
    columns = (
        Column("Person", weight=1),
        Column(heading(unit), "right"),
        Column("Share", "right", from_width=_SHARE_FROM),
        Column("Events", "right", from_width=_EVENTS_FROM),
    )
    rows = tuple(
        (
            line(one.label),
            line(amount_text(one.credits, unit, decimals)),
            line(share_text(one.share)),
            line(f"{one.count:,}" if one.count is not None else ""),
        )
        for one in answer.items
    )
    heads, body = draw_table(Table(columns, rows), area)
    total = line(Span(spoken_amount(answer.total, unit), "strong"))
    return [card_head("Usage by person", total, area), heads, *body]
