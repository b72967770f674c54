"""Everything that the answers of `Answers` need, asked for in a session."""

from __future__ import annotations

from collections.abc import Collection

from usage_tui.cards.runway_words import NO_RUNWAY
from usage_tui.cli.answer.session import Session
from usage_tui.cli.ending import Failure
from usage_tui.cli.period_option import CURRENT, find_period
from usage_tui.models import Period
from usage_tui.state.answers import Answers
from usage_tui.state.facts import facts_of
from usage_tui.state.replies import DAILY, DAYS, GRANTS, PERIODS, SOURCE_DAYS, SOURCES, SUMMARY, AnyReply


async def period_id(session: Session, word: str, also: Collection[AnyReply[object]] = ()) -> str | None:
    """The id of the period that a word means; None for the current one.

    Args:
        session: The source.
        word: An id, ``current`` or ``last``.
        also: What else is loaded with it.

    Raises:
        Misuse: The period does not exist.
        Refusal: The periods are not known.
    """
    if word == CURRENT:
        if also:
            await session.load(also)
        return None
    await session.load({PERIODS, *also})
    found = find_period(session.value(PERIODS), session.summary.period, word)
    return None if found is None else found.period.id


async def period_of(session: Session, word: str, also: Collection[AnyReply[object]]) -> Period:
    """The billing period that a word means, with what else is loaded with it; as in `period_id`.

    Raises:
        Misuse: The period does not exist.
        Refusal: The periods are not known, or the source tells none.
    """
    past = await period_id(session, word, also)
    found = session.value(PERIODS).find(past) if past is not None else None
    period = found.period if found is not None else session.summary.period
    if period is None:
        raise Failure(f"{session.origin} does not tell when its billing period starts and ends")
    return period


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
