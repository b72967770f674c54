"""`usage-tui daily`: what each day used."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date

from usage_tui.cards.card import head as card_head
from usage_tui.cards.daily import TITLE
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.cli import period_option
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.asked import period_id
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE, Misuse
from usage_tui.models import DailyUsage
from usage_tui.state.replies import DAILY
from usage_tui.tables.daily import DailyAnswer, DayRow, daily_answer, days_between
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, exact_places, heading, spoken_amount


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
    add_days(parser)
    return parser


def add_days(parser: argparse.ArgumentParser) -> None:
    """Declare of which days the answer is, in place of a billing period."""
    parser.add_argument(
        "--from", dest="first", type=_day, metavar="DATE", help="the first day, in place of a billing period"
    )
    parser.add_argument(
        "--to", dest="last", type=_day, metavar="DATE", help="the last day (default: the last one known)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a date such as 2026-11-22") from None


async def ask(session: Session, options: argparse.Namespace) -> Answered[DailyAnswer]:
    """The days."""
    daily = await _days(session, options)
    state = session.state
    answer = daily_answer(session.about, daily)
    return Answered(answer, lambda area: under_header(state, _draw(answer, area), area))


async def _days(session: Session, options: argparse.Namespace) -> DailyUsage:
    """The days that the options name.

    Raises:
        Misuse: They name days and a billing period, or no days at all.
    """
    first, last = options.first, options.last
    if first is None and last is None:
        past = await period_id(session, options.period)
        if past is not None:
            return await session.ask(lambda: session.client.daily(past))
        await session.load({DAILY})
        return session.value(DAILY)
    if first is None:
        raise Misuse("--to goes with --from")
    if options.period != period_option.CURRENT:
        raise Misuse("--from and --to cannot be combined with --period")
    await session.load({DAILY})
    current = session.state.daily.value
    today = dates.local(session.summary.as_of, session.state.time_zone).date()
    if first > today:
        raise Misuse(f"--from: {first} is after today, {today}")
    if last is not None and last < first:
        raise Misuse(f"--to: {last} is before --from, {first}")
    last = min(last or today, today)
    known = days_between(current, first, last) if current is not None else None
    if known is not None:
        return known
    return await session.ask(lambda: session.client.days(first, last))


def _draw(answer: DailyAnswer, area: Area) -> list[Line]:
    unit, this_year = answer.unit, answer.range.end_date.year
    amounts = [row.credits for row in answer.items]
    amounts += [row.top_credits for row in answer.items if row.top_credits is not None]
    decimals = exact_places(amounts, unit)
    columns = (
        Column("Day", at_least=11),
        Column(heading(unit), "right"),
        Column("Count", "right", from_width=40),
        Column("Highest source", from_width=54, weight=1),
        Column("Its amount", "right", from_width=54),
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
