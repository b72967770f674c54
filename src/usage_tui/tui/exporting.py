"""Tables and reports of what is known, the same bytes that the commands write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeAlias, TypeVar

from usage_tui.clients.base import EventPages
from usage_tui.clients.recording.redaction import Redaction
from usage_tui.clients.walk import LARGEST_PAGE, walk
from usage_tui.ledger.people import ACTOR
from usage_tui.models import Event, Grant, SourceUsage, Summary
from usage_tui.state.periods import shown_period
from usage_tui.state.redacted import Redacted
from usage_tui.state.remote import Remote
from usage_tui.state.replies import (
    ALLOWANCES,
    DAILY,
    GRANTS,
    ME,
    OF_PAST,
    PEOPLE,
    SOURCES,
    SUMMARY,
    AnyReply,
)
from usage_tui.state.usage import UsageState
from usage_tui.tables import selection as tables
from usage_tui.tables.allowances import AllowanceRow, allowances_answer
from usage_tui.tables.daily import DayRow, daily_answer, days_between
from usage_tui.tables.filters import filter_of
from usage_tui.tables.grants import grants_answer
from usage_tui.tables.head import OLD, About
from usage_tui.tables.history import (
    EventRow,
    event_row,
    history_answer,
    history_texts,
    rows_without_people,
    without_people,
)
from usage_tui.tables.names import Names
from usage_tui.tables.offers import page_total
from usage_tui.tables.selection import Selection
from usage_tui.tables.sources import SOURCE, sources_answer
from usage_tui.tables.writer import table_text

T = TypeVar("T")

Tell: TypeAlias = Callable[[int, int | None], None]
"""Tells how many rows are done, and of how many; None if that is unknown."""


class NotExported(Exception):
    """There is no export. The message is one line: why."""


class Export(NamedTuple):
    """What is exported.

    Attributes:
        selection: The rows.
        format: One of `usage_tui.tables.kinds`, or ``html`` for the report.
        names: Whose names it may hold.
    """

    selection: Selection
    format: str
    names: Names = Names.KEPT


class Look(NamedTuple):
    """What exports are made of.

    Attributes:
        state: What is known.
        fetched_at: When the source told it.
        provider: What people call the provider, in place of its name where names are replaced.
    """

    state: UsageState
    fetched_at: datetime
    provider: str

    @property
    def about(self) -> About:
        """What answers are about.

        Raises:
            NotExported: The organization is not known.
        """
        stale = datetime.now(UTC) - self.fetched_at > OLD
        return About(self.value(SUMMARY), self.state.origin, self.fetched_at, stale)

    def value(self, reply: AnyReply[T]) -> T:
        """The value of a reply.

        Raises:
            NotExported: There is none.
        """
        remote = reply.of(self.state)
        if remote.value is not None:
            return remote.value
        raise NotExported(
            remote.reason or (remote.error.full_text if remote.error else "It is not loaded yet.")
        )

    def of_period(self, selection: Selection) -> Look:
        """The same with the billing period that is looked at, if the selection is of it."""
        options, shown = selection.options or (), shown_period(self.state)
        is_earlier = shown.past is not None and ("--period" in options or "--from" in options)
        state = replace(self.state, sources=shown.sources, daily=shown.daily) if is_earlier else self.state
        return self._replace(state=state)

    def redacted(self, redaction: Redaction, wanted: Sequence[AnyReply[object]]) -> Look:
        """The same without the names of these replies and of those about the viewer's access."""
        state = replace(self.state, origin=self.provider, redacted=True)

        def replaced(remote: Remote[T]) -> Remote[T]:
            return replace(remote, value=redaction.value(remote.value))

        replies: list[AnyReply[object]] = [ME, SUMMARY, *wanted]
        for reply in replies:
            state = reply.changed(state, replaced)
        return self._replace(state=state)


class _Table(NamedTuple):
    """A table that is one reply.

    Attributes:
        reply: What it is made of.
        row: The type of its rows.
        answer: Makes it of the reply and the options that choose its rows.
    """

    reply: AnyReply[Any]
    row: type[Any]
    answer: Callable[[About, Any, Mapping[str, str]], Any]


def _days(about: About, daily: Any, options: Mapping[str, str]) -> Any:
    if "--from" not in options:
        return daily_answer(about, daily)
    first, last = (date.fromisoformat(options[name]) for name in ("--from", "--to"))
    return daily_answer(about, days_between(daily, first, last) or daily)


_TABLES: Mapping[str, _Table] = {
    tables.SOURCES: _Table(
        SOURCES,
        SourceUsage,
        lambda about, ranking, options: sources_answer(about, ranking, options.get("--by", SOURCE)),
    ),
    tables.DAILY: _Table(DAILY, DayRow, _days),
    tables.GRANTS: _Table(GRANTS, Grant, lambda about, grants, _: grants_answer(about, grants)),
    tables.ALLOWANCES: _Table(
        ALLOWANCES, AllowanceRow, lambda about, meters, _: allowances_answer(about, meters)
    ),
}
_OF_REPORT: Sequence[AnyReply[object]] = (SOURCES, DAILY, GRANTS, ALLOWANCES)


async def texts(pages: EventPages, look: Look, export: Export, tell: Tell) -> AsyncGenerator[str, None]:
    """The text of an export, piece by piece.

    Args:
        pages: Where the events come from that are not on the screen.
        look: What is known.
        export: What is wanted.
        tell: Learns how many rows are done.

    Raises:
        NotExported: It is not known.
        ClientError: Not all events come.
    """
    look = look._replace(state=replace(look.state, ascii_only=False))
    redaction = replacing(look, export)
    what = export.selection.what
    if what == tables.HISTORY and export.selection.page is None:
        look = look.redacted(redaction, ()) if redaction is not None else look
        async for text in _history(pages, look, export, redaction, tell):
            yield text
        return
    if what == tables.REPORT:
        look = look.redacted(redaction, (*_OF_REPORT, *OF_PAST)) if redaction is not None else look
        yield await asyncio.to_thread(_report, look)
    else:
        text, rows = table(look, export, redaction)
        tell(rows, rows)
        yield text


def replacing(look: Look, export: Export) -> Redaction | None:
    """What replaces names, with the numbers that a command gives them; None if names stay as they are."""
    if export.names is not Names.REPLACED or look.state.redacted:  # whose names are pseudonyms already
        return None
    redaction = Redaction()
    for reply in Redacted.NAMED_FIRST:
        redaction.value(reply.of(look.state).value)
    return redaction


def table(look: Look, export: Export, redaction: Redaction | None = None) -> tuple[str, int]:
    """A table of what is known already, and how many rows it has.

    Raises:
        NotExported: It is not known.
    """
    selection = export.selection
    if selection.what == tables.HISTORY:
        look = look.redacted(redaction, ()) if redaction is not None else look
        answer, row = _events_on_screen(look, export, redaction), EventRow
    else:
        kind, look = _TABLES[selection.what], look.of_period(selection)
        words = selection.options or ()
        options = dict(zip(words[::2], words[1::2], strict=True))
        reply = PEOPLE if options.get("--by") == ACTOR else kind.reply
        look = look.redacted(redaction, (reply,)) if redaction is not None else look
        answer, row = kind.answer(look.about, look.value(reply), options), kind.row
    if export.names is Names.WITHOUT_PEOPLE:
        answer = without_people(answer)
    return table_text(export.format, answer, row, answer.items, answer.unit), len(answer.items)


def _events_on_screen(look: Look, export: Export, redaction: Redaction | None) -> Any:
    page = export.selection.page
    assert page is not None  # noqa: S101 - only a page is on a screen
    rows = _rows(page.items, redaction)
    return history_answer(
        look.about,
        page,
        export.selection.query,
        rows,
        complete=page_total(page) == len(rows),
        filter_=_filter(look, export),
    )


def _filter(look: Look, export: Export) -> str | None:
    """The filter, unless it may hold names that are left out."""
    query = export.selection.query
    keeps = export.names is Names.KEPT or (export.names is Names.REPLACED and not query.holds_names)
    return filter_of(look.state, query) if keeps else None


def _rows(events: Sequence[Event], redaction: Redaction | None) -> list[EventRow]:
    return [event_row(redaction.event(event) if redaction is not None else event) for event in events]


async def _history(
    pages: EventPages, look: Look, export: Export, redaction: Redaction | None, tell: Tell
) -> AsyncIterator[str]:
    """All events that match."""
    about = look.about
    first = await pages.events(export.selection.query, limit=LARGEST_PAGE)

    async def rows() -> AsyncIterator[Sequence[EventRow]]:
        done = 0
        async for page in walk(pages, first, export.selection.query):
            found = _rows(page.items, redaction)
            done += len(found)
            tell(done, page_total(first))
            yield rows_without_people(found) if export.names is Names.WITHOUT_PEOPLE else found
            await asyncio.sleep(0)  # a client that never waits would leave the keyboard unread

    filter_ = _filter(look, export)
    async for text in history_texts(
        export.format, about, first, export.selection.query, rows(), filter_=filter_
    ):
        yield text


def _report(look: Look) -> str:
    """The dashboard of the period as a page.

    Raises:
        NotExported: A part that the source offers to this viewer is not known.
    """
    from usage_tui.report.page import Report, page

    summary: Summary = look.value(SUMMARY)
    for reply in _OF_REPORT:
        if not reply.of(look.state).is_unavailable:
            look.value(reply)
    return page(Report(look.state, summary, None))
