"""`usage-tui history`: single events, newest first."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from usage_tui.cards import history as card
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.formats import print_answer, print_data, under_header
from usage_tui.cli.answer.options import TEXT, answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE, NoAnswer
from usage_tui.clients.walk import walk
from usage_tui.models import Event, EventPage, EventQuery, Page
from usage_tui.state.loading import RECENT_EVENTS
from usage_tui.state.replies import RECENT
from usage_tui.state.usage import UsageState
from usage_tui.tables.history import EventRow, HistoryAnswer, event_row, history_answer
from usage_tui.tables.kinds import JSON
from usage_tui.tables.writer import TableWriter
from usage_tui.text.words import count_noun

PAGE = 200
"""Events asked for at once: the most that a service gives."""


def run(words: Sequence[str]) -> int:
    """Print the events."""
    options = parser().parse_args(words)
    if options.format in (TEXT, JSON):
        answer, text = answered(options, lambda session: ask(session, options))
        print_answer(options.format, answer, text)
    else:
        answered(options, lambda session: _streamed(session, options.limit, options.format))
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = answer_parser("history", "Single events, newest first.")
    parser.add_argument(
        "--limit",
        type=_limit,
        default=RECENT_EVENTS,
        metavar="N|all",
        help=f"how many events, newest first (default: {RECENT_EVENTS})",
    )
    return parser


def _limit(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > 12 or not int(text):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number of events, or all")
    return int(text)


async def ask(session: Session, options: argparse.Namespace) -> Answered[HistoryAnswer]:
    """The events."""
    await session.load({RECENT})
    events, end = list[Event](), True
    async for newest, last in _pages(session, session.value(RECENT), EventQuery(), options.limit):
        events += newest
        end = last
    recent = session.value(RECENT)
    answer = history_answer(session.about, recent, map(event_row, events), complete=end)
    page = replace(recent, items=tuple(events), page=Page(size=len(events)))
    state = replace(session.state, recent=replace(session.state.recent, value=page))
    return Answered(answer, lambda area: _draw(answer, state, area))


async def _streamed(session: Session, limit: int | None, format_: str) -> None:
    """Print the events as they come, so that a long history takes no memory."""
    await session.load({RECENT})
    recent = session.value(RECENT)  # or there is nothing to print, not even a head
    writer = TableWriter(format_, EventRow, session.summary.unit.code)
    print_data(writer.head())
    async for events, _ in _pages(session, recent, EventQuery(), limit):
        print_data(writer.rows(map(event_row, events)))
        sys.stdout.flush()


async def all_rows(
    session: Session, first: EventPage, query: EventQuery
) -> AsyncIterator[Sequence[EventRow]]:
    """Every event that matches, newest first, page by page.

    Args:
        session: The source.
        first: The first page of them.
        query: The query of that page.

    Raises:
        NoAnswer: More is wanted than is cached, or it takes too long.
        ClientError: There is no next page.
    """
    async for events, _ in _pages(session, first, query, None):
        yield [*map(event_row, events)]


async def _pages(
    session: Session, first: EventPage, query: EventQuery, limit: int | None
) -> AsyncIterator[tuple[Sequence[Event], bool]]:
    """The newest events, page by page, and whether none are older than those of the page.

    Raises:
        NoAnswer: More is wanted than is cached, or it takes too long.
    """
    left = sys.maxsize if limit is None else limit
    older = first.page.next is not None
    if session.state.recent.stale and older and left > len(first.items):
        kept = count_noun(len(first.items), "event")
        raise NoAnswer(f"only the newest {kept} are cached: use --limit {len(first.items)}")
    pages = walk(session.client, first, query, PAGE)
    while left:
        try:
            page = await asyncio.wait_for(anext(pages, None), session.seconds_left or None)
        except TimeoutError:
            raise NoAnswer(f"{session.origin} took too long; try a larger --timeout") from None
        if page is None:
            return
        events = page.items[:left]
        left -= len(events)
        if session.redaction is not None and page is not first:
            events = tuple(map(session.redaction.event, events))
        yield events, page.page.next is None and len(events) == len(page.items)


def _draw(answer: HistoryAnswer, state: UsageState, area: Area) -> list[Line]:
    view = card.history_view(state, "recent")
    shown = len(answer.items)
    known = answer.total if answer.total is not None else shown if answer.complete else None
    of = f"{shown:,} of {known:,}" if known is not None else f"the newest {shown:,}"
    return under_header(state, card.draw(view, area, line(Span(of, "muted"))), area)
