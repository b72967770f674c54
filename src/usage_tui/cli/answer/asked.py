"""Everything that the answers of `Answers` need, asked for in a session."""

from __future__ import annotations

from usage_tui.cli.answer.session import Session
from usage_tui.cli.ending import Failure
from usage_tui.state.answers import Answers
from usage_tui.state.facts import facts_of
from usage_tui.state.replies import DAILY, DAYS, GRANTS, PERIODS, SOURCE_DAYS, SOURCES, SUMMARY

NO_RUNWAY = "the source tells neither grants nor a balance, so how long it lasts cannot be told"


async def answers_of(session: Session) -> Answers:
    """The answers of a session's source.

    Raises:
        Refusal: Nothing is known of it.
    """
    await session.load({GRANTS, DAILY, SOURCES, PERIODS, DAYS, SOURCE_DAYS})
    session.require(SUMMARY)
    facts = facts_of(session.state)
    if facts is None:
        raise Failure(NO_RUNWAY)
    return Answers(session.client, facts)
