"""`usage-tui history`: single events, newest first, or those of a filter."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from usage_tui.cards import history as card
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, labeled, line
from usage_tui.cli.answer.answer import Answered
from usage_tui.cli.answer.filters import (
    FILTER_HELP,
    LAST_PERIOD,
    add_filter,
    filter_text,
    is_chosen,
    query_of,
)
from usage_tui.cli.answer.formats import print_answer, print_data, under_header
from usage_tui.cli.answer.options import TEXT, answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE, NoAnswer
from usage_tui.clients.walk import LARGEST_PAGE, walk
from usage_tui.models import Event, EventPage, EventQuery, Page, SortKey
from usage_tui.state.loading import RECENT_EVENTS
from usage_tui.state.replies import PERIODS, RECENT
from usage_tui.state.usage import UsageState
from usage_tui.tables.history import EventRow, HistoryAnswer, event_row, history_answer
from usage_tui.tables.kinds import JSON
from usage_tui.tables.writer import TableWriter
from usage_tui.text.amounts import spoken_amount
from usage_tui.text.words import count_noun

_LABELS = 8
_FIRST: Mapping[tuple[SortKey, bool], str] = {
    (SortKey.OCCURRED_AT, False): "newest",
    (SortKey.OCCURRED_AT, True): "oldest",
    (SortKey.CREDITS, False): "largest",
    (SortKey.CREDITS, True): "smallest",
}


def run(words: Sequence[str]) -> int:
    """Print the events."""
    options = parser().parse_args(words)
    if options.format in (TEXT, JSON):
        answer, text = answered(options, lambda session: ask(session, options))
        print_answer(options.format, answer, text)
    else:
        answered(options, lambda session: _streamed(session, options))
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = answer_parser("history", "Single events, newest first unless sorted otherwise.")
    parser.add_argument(
        "--limit",
        type=_limit,
        default=RECENT_EVENTS,
        metavar="N|all",
        help=f"how many events (default: {RECENT_EVENTS})",
    )
    add_filter(parser)
    parser.epilog = f"{FILTER_HELP}\n\n{parser.epilog}"
    return parser


def _limit(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > 12 or not int(text):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number of events, or all")
    return int(text)


async def ask(session: Session, options: argparse.Namespace) -> Answered[HistoryAnswer]:
    """The events."""
    first, query = await first_page(session, options, options.limit)
    events, end = list[Event](), True
    async for following, last in _pages(session, first, query, options.limit):
        events += following
        end = last
    answer = history_answer(
        session.about, first, query, map(event_row, events), complete=end, filter_=filter_text(session, query)
    )
    page = replace(first, items=tuple(events), page=Page(size=len(events)))
    state = replace(session.state, recent=replace(session.state.recent, value=page))
    return Answered(answer, lambda area: _draw(answer, state, area))


async def first_page(
    session: Session, options: argparse.Namespace, limit: int | None, within: EventQuery | None = None
) -> tuple[EventPage, EventQuery]:
    """The first page of the events that the options choose, and its query.

    Args:
        session: The source.
        options: Those of `add_filter`.
        limit: How many events are wanted; None for all.
        within: A span of time to stay within.

    Raises:
        Refusal: There is no answer, or the filter has mistakes.
        ClientError: The source gives none, or cannot filter so.
    """
    await session.load({RECENT, PERIODS} if LAST_PERIOD in options.filter.lower() else {RECENT})
    recent = session.value(RECENT)  # whoever may not see events does not ask for some of them either
    if within is None and not is_chosen(options):
        if recent.page.next is not None and (limit is None or limit > len(recent.items)):
            await session.renew(RECENT)  # a page from the cache has no next one
        return session.value(RECENT), EventQuery()
    query = query_of(session, options)
    if within is not None:
        query = narrowed(query, within)
    return await session.ask(lambda: session.client.events(query, limit=LARGEST_PAGE)), query


def narrowed(query: EventQuery, span: EventQuery) -> EventQuery:
    """The query within the times of another."""
    starts = [at for at in (query.starts_at, span.starts_at) if at is not None]
    ends = [at for at in (query.ends_at, span.ends_at) if at is not None]
    return replace(query, starts_at=max(starts, default=None), ends_at=min(ends, default=None))


async def _streamed(session: Session, options: argparse.Namespace) -> None:
    """Print the events as they come, so that a long history takes no memory."""
    # First of all: where there is nothing to print, no head is printed either.
    first, query = await first_page(session, options, options.limit)
    writer = TableWriter(options.format, EventRow, session.summary.unit.code)
    print_data(writer.head())
    async for events, _ in _pages(session, first, query, options.limit):
        print_data(writer.rows(map(event_row, events)))
        sys.stdout.flush()


async def all_rows(
    session: Session, first: EventPage, query: EventQuery
) -> AsyncIterator[Sequence[EventRow]]:
    """Every event that matches, in the order of the query, page by page.

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
    """The first events, page by page, and whether none come after those of the page.

    Raises:
        NoAnswer: More is wanted than is cached, or it takes too long.
    """
    left = sys.maxsize if limit is None else limit
    older = first.page.next is not None
    is_kept = first is session.state.recent.value and session.state.recent.stale
    if is_kept and older and left > len(first.items):
        kept = count_noun(len(first.items), "event")
        raise NoAnswer(f"only the newest {kept} are cached: use --limit {len(first.items)}")
    pages = walk(session.client, first, query)
    while left:
        try:
            page = await asyncio.wait_for(anext(pages, None), session.seconds_left or None)
        except TimeoutError:
            raise NoAnswer(f"{session.origin} took too long; try a larger --timeout") from None
        if page is None:
            return
        events = page.items[:left]
        left -= len(events)
        yield events, page.page.next is None and len(events) == len(page.items)


def _draw(answer: HistoryAnswer, state: UsageState, area: Area) -> list[Line]:
    view = card.history_view(state, "recent", filtered=answer.totals is not None)
    shown, totals = len(answer.items), answer.totals
    known = answer.total if answer.total is not None else shown if answer.complete else None
    if known is not None:
        of = f"{shown:,} of {known:,}"
    elif totals is not None:
        of = f"{shown:,} of {'' if totals.events_complete else 'at least '}{totals.events:,}"
    else:
        of = f"the {_FIRST[answer.sort, answer.ascending]} {shown:,}"
    drawn = card.draw(view, area, line(Span(of, "muted")))
    return under_header(state, [*drawn, *_told(answer, area)], area)


def _told(answer: HistoryAnswer, area: Area) -> list[Line]:
    """The filter, and the totals of all that match it."""
    if answer.totals is None:
        return []
    totals, least = answer.totals, "at least "
    events = f"{'' if totals.events_complete else least}{count_noun(totals.events, 'event')}"
    amount = f"{'' if totals.credits_complete else least}{spoken_amount(totals.credits, answer.unit)}"
    lines = labeled("Filter", answer.filter, _LABELS, area) if answer.filter else []
    return [EMPTY, *lines, *labeled("Total", f"{events}, {amount}", _LABELS, area)]
