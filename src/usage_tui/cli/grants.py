"""`usage-tui grants`: what was given or bought."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from usage_tui.cards.grants import GrantsPanel, grants_view
from usage_tui.cards.panel import START
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.models import Grant
from usage_tui.state.replies import GRANTS
from usage_tui.tables.grants import GrantsAnswer, grants_answer


def run(words: Sequence[str]) -> int:
    """Print the grants."""
    options = parser().parse_args(words)
    answer, text = answered(options, lambda session: ask(session, options))
    print_table(options.format, answer, Grant, answer.items, answer.unit, text)
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    return answer_parser("grants", "Every grant, first the usable ones in the order in which they are spent.")


async def ask(session: Session, options: argparse.Namespace) -> Answered[GrantsAnswer]:
    """The grants."""
    await session.load({GRANTS})
    grants, state = session.value(GRANTS), session.state

    def text(area: Area) -> list[Line]:
        return under_header(state, GrantsPanel().draw(grants_view(state), area, START), area)

    return Answered(grants_answer(session.about, grants), text)
