"""`usage-tui periods`: the billing periods that are known."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from usage_tui.cards.card import head as card_head
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.models import Credits
from usage_tui.state.replies import PERIODS
from usage_tui.tables.periods import PeriodRow, PeriodsAnswer, periods_answer
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, exact_places, heading
from usage_tui.text.words import count_noun

TITLE = "Billing periods"

_CARRIED = "At the start", "At the end"
"""What grants held, for sources that tell it."""


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
    answer = periods_answer(session.about, periods)
    return Answered(answer, lambda area: under_header(state, _draw(answer, area), area))


def _draw(answer: PeriodsAnswer, area: Area) -> list[Line]:
    unit = answer.unit
    end = line(Span(count_noun(len(answer.items), "period"), "muted"))
    if not answer.items:
        return [card_head(TITLE, end, area), line("No periods yet.")]
    parts = [
        (row.credits, row.from_included, row.from_purchased, row.uncovered, row.opening, row.closing)
        for row in answer.items
    ]
    decimals = exact_places([amount for row in parts for amount in row if amount is not None], unit)

    def shown(amount: Credits | None) -> Line:
        return line("" if amount is None else amount_text(amount, unit, decimals))

    is_split = any(amount is not None for row in parts for amount in row[1:4])
    is_carried = any(row.opening is not None for row in answer.items)
    has_overage = any(row.uncovered for row in answer.items)
    overage_from = 70 if has_overage else 110 if is_carried else 90
    paid_from = (("Included", 70), ("Purchased", 70), ("Overage", overage_from))
    columns = (
        Column("Period", weight=1, at_least=12),
        Column("Id", from_width=54),
        *(Column(head, "right", from_width=width) for head, width in paid_from if is_split),
        Column(heading(unit), "right"),
        *(Column(head, "right", from_width=86) for head in _CARRIED if is_carried),
    )
    rows = tuple(
        (
            line(dates.span(row.start_date, row.end_date, area.glyphs.dash)),
            line(Span(row.id, "muted")),
            *map(shown, (row.from_included, row.from_purchased, row.uncovered) if is_split else ()),
            shown(row.credits),
            *((shown(row.opening), shown(row.closing)) if is_carried else ()),
        )
        for row in answer.items
    )
    heads, lines = draw_table(Table(columns, rows), area)
    return [card_head(TITLE, end, area), heads, *lines]
