"""`usage-tui allowances`: what is included apart from the credit pool."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from usage_tui.cards.allowance import DETAILS, details_view, draw_details
from usage_tui.cards.card import head as card_head
from usage_tui.cards.typeset.lines import EMPTY, Area, Line
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.state.replies import ALLOWANCES
from usage_tui.tables.allowances import AllowanceRow, AllowancesAnswer, allowances_answer


def run(words: Sequence[str]) -> int:
    """Print the allowances."""
    options = parser().parse_args(words)
    answer, text = answered(options, lambda session: ask(session, options))
    print_table(options.format, answer, AllowanceRow, answer.items, answer.unit, text)
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    return answer_parser(
        "allowances", "What is included apart from the credit pool, with the parts of each allowance."
    )


async def ask(session: Session, options: argparse.Namespace) -> Answered[AllowancesAnswer]:
    """The allowances."""
    await session.load({ALLOWANCES})
    meters, state = session.value(ALLOWANCES), session.state
    answer = allowances_answer(session.about, meters)

    def text(area: Area) -> list[Line]:
        lines = [card_head(DETAILS, EMPTY, area), *draw_details(details_view(state), area)]
        return under_header(state, lines, area)

    return Answered(answer, text)
