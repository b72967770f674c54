"""`usage-tui daily`: what each day used."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from usage_tui.cards.card import head as card_head
from usage_tui.cards.daily import TITLE
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.cli import period_option
from usage_tui.cli.answer.answer import Answer, Answered, head
from usage_tui.cli.answer.asked import period_id
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.models import Credits, DateRange, Day
from usage_tui.state.replies import DAILY
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, heading, places, spoken_amount

SCHEMA = "usage-tui/daily/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One civil day in the organization's time zone.

    Attributes:
        complete: False for a day that may still change.
        count: How many uses; None where the source tells no counts.
        top_source_id: The source that used most; None where nothing was used, or where none is told.
    """

    date: date
    credits: Credits
    count: int | None
    complete: bool
    top_source_id: str | None
    top_label: str | None
    top_credits: Credits | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyAnswer(Answer):
    """Every day of a range in order, days without use too, none after `as_of`."""

    range: DateRange
    total: Credits
    items: tuple[DayRow, ...]


def run(words: Sequence[str]) -> int:
    """Print the days."""
    options = parser().parse_args(words)
    answer, text = answered(options, lambda session: ask(session, options))
    print_table(options.format, answer, DayRow, answer.items, answer.unit, text)
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = answer_parser(
        "daily", "What each day of a billing period used, by the clocks of the organization."
    )
    period_option.add_argument(parser)
    return parser


async def ask(session: Session, options: argparse.Namespace) -> Answered[DailyAnswer]:
    """The days."""
    past = await period_id(session, options.period)
    if past is None:
        await session.load({DAILY})
        daily = session.value(DAILY)
    else:
        daily = await session.ask(lambda: session.client.daily(past))
    state = session.state
    answer = DailyAnswer(
        **head(session, SCHEMA, daily.as_of),
        range=daily.range,
        total=daily.total,
        items=tuple(map(_row, daily.items)),
    )
    return Answered(answer, lambda area: under_header(state, _draw(answer, area), area))


def _row(day: Day) -> DayRow:
    top = day.top
    return DayRow(
        date=day.date,
        credits=day.credits,
        count=day.count,
        complete=day.complete,
        top_source_id=top.source_id if top else None,
        top_label=top.label if top else None,
        top_credits=top.credits if top else None,
    )


def _draw(answer: DailyAnswer, area: Area) -> list[Line]:
    unit, this_year = answer.unit, answer.range.end_date.year
    amounts = [row.credits for row in answer.items]
    amounts += [row.top_credits for row in answer.items if row.top_credits is not None]
    decimals = places(amounts, unit)
    columns = (
        Column("Day", at_least=11),
        Column(heading(unit), "right"),
        Column("Count", "right", from_width=40),
        Column("Highest source", from_width=54, weight=1),
        Column("Of it", "right", from_width=54),
    )
    rows = tuple(
        (
            line(dates.weekday(row.date, year=row.date.year != this_year)),
            line(amount_text(row.credits, unit, decimals)),
            line("" if row.count is None else f"{row.count:,}"),
            line(row.top_label or row.top_source_id or ""),
            line(amount_text(row.top_credits, unit, decimals) if row.top_credits is not None else ""),
        )
        for row in answer.items
    )
    total = line(Span(spoken_amount(answer.total, unit), "strong"))
    if not rows:
        return [card_head(TITLE, total, area), line("No days yet.")]
    heads, lines = draw_table(Table(columns, rows), area)
    return [card_head(TITLE, total, area), heads, *lines]
