"""`usage-tui periods`: the billing periods that are known."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from usage_tui.cards.card import head as card_head
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.cli.answer.answer import Answer, Answered, head
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.models import Credits, PastPeriod
from usage_tui.state.replies import PERIODS
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, heading, places
from usage_tui.text.words import count_noun

SCHEMA = "usage-tui/periods/1"
TITLE = "Billing periods"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """A billing period: instants with the end exclusive, dates with the end inclusive.

    Attributes:
        credits: What its events cost.
        uncovered: What no grant paid.
    """

    id: str
    start_date: date
    end_date: date
    starts_at: datetime
    ends_at: datetime
    credits: Credits
    from_included: Credits | None
    from_purchased: Credits | None
    uncovered: Credits | None
    event_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodsAnswer(Answer):
    """Every billing period, newest first."""

    items: tuple[PeriodRow, ...]


def run(words: Sequence[str]) -> int:
    """Print the periods."""
    options = parser().parse_args(words)
    answer, text = answered(options, lambda session: ask(session, options))
    print_table(options.format, answer, PeriodRow, answer.items, answer.unit, text)
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    return answer_parser("periods", "The billing periods, newest first, and what each used.")


async def ask(session: Session, options: argparse.Namespace) -> Answered[PeriodsAnswer]:
    """The periods."""
    await session.load({PERIODS})
    periods, state = session.value(PERIODS), session.state
    answer = PeriodsAnswer(**head(session, SCHEMA, periods.as_of), items=tuple(map(_row, periods.items)))
    return Answered(answer, lambda area: under_header(state, _draw(answer, area), area))


def _row(one: PastPeriod) -> PeriodRow:
    return PeriodRow(
        id=one.period.id,
        start_date=one.period.start_date,
        end_date=one.period.end_date,
        starts_at=one.period.starts_at,
        ends_at=one.period.ends_at,
        credits=one.usage.total,
        from_included=one.usage.from_included,
        from_purchased=one.usage.from_purchased,
        uncovered=one.usage.uncovered,
        event_count=one.usage.event_count,
    )


def _draw(answer: PeriodsAnswer, area: Area) -> list[Line]:
    unit = answer.unit
    end = line(Span(count_noun(len(answer.items), "period"), "muted"))
    if not answer.items:
        return [card_head(TITLE, end, area), line("No periods yet.")]
    parts = [(row.credits, row.from_included, row.from_purchased, row.uncovered) for row in answer.items]
    decimals = places([amount for row in parts for amount in row if amount is not None], unit)

    def shown(amount: Credits | None) -> Line:
        return line("" if amount is None else amount_text(amount, unit, decimals))

    columns = (
        Column("Period", weight=1, at_least=12),
        Column("Id", from_width=54),
        Column("Included", "right", from_width=70),
        Column("Purchased", "right", from_width=70),
        Column("Overage", "right", from_width=90),
        Column(heading(unit), "right"),
    )
    rows = tuple(
        (
            line(dates.span(row.start_date, row.end_date, area.glyphs.dash)),
            line(Span(row.id, "muted")),
            shown(row.from_included),
            shown(row.from_purchased),
            shown(row.uncovered),
            shown(row.credits),
        )
        for row in answer.items
    )
    heads, lines = draw_table(Table(columns, rows), area)
    return [card_head(TITLE, end, area), heads, *lines]
