"""`usage-tui grants`: what was given or bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from usage_tui.cards.grants import GrantsPanel, grants_view
from usage_tui.cards.panel import START
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cli.answer.answer import Answer, head
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.models import Grant
from usage_tui.state.replies import GRANTS
from usage_tui.state.usage import UsageState

SCHEMA = "usage-tui/grants/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantsAnswer(Answer):
    """All grants: first the usable ones in the order they are spent, then the rest, newest first."""

    items: tuple[Grant, ...]


def run(words: Sequence[str]) -> int:
    """Print the grants."""
    options = answer_parser(
        "grants", "Every grant, first the usable ones in the order in which they are spent."
    ).parse_args(words)

    answer, state = answered(options, gathered)

    def text(area: Area) -> list[Line]:
        return under_header(state, GrantsPanel().draw(grants_view(state), area, START), area)

    print_table(options.format, answer, Grant, answer.items, answer.unit, text)
    return DONE


async def gathered(session: Session) -> tuple[GrantsAnswer, UsageState]:
    """The answer, and the state that a card draws it from.

    Raises:
        Refusal: There is no answer.
    """
    await session.load({GRANTS})
    grants = session.value(GRANTS)
    return GrantsAnswer(**head(session, SCHEMA, grants.as_of), items=grants.items), session.state
