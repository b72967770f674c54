"""Which tables can be exported now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from usage_tui.models import EventPage
from usage_tui.state.access import allowed
from usage_tui.state.replies import ALLOWANCES, DAILY, EVENTS, GRANTS, SOURCES, AnyReply
from usage_tui.state.usage import UsageState
from usage_tui.tables import selection as tables
from usage_tui.tables.filters import options_of
from usage_tui.tables.selection import Selection
from usage_tui.text.amounts import is_money
from usage_tui.text.words import count_noun

_WHOLE: tuple[tuple[AnyReply[object], Selection], ...] = (
    (SOURCES, Selection(tables.SOURCES, "sources")),
    (DAILY, Selection(tables.DAILY, "days")),
    (GRANTS, Selection(tables.GRANTS, "grants")),
    (ALLOWANCES, Selection(tables.ALLOWANCES, "allowances")),
)


def offered(state: UsageState, shown: Selection | None, *, files: bool) -> list[Selection]:
    """What can be exported: what is on the screen first. What the viewer may not see is not offered.

    Args:
        state: What is known.
        shown: What of a table is on the screen.
        files: Whether files may be written; a report is always one.
    """
    found = [] if shown is None else [shown]
    found += (one for one in _whole(state, files=files) if one.command != (shown and shown.command))
    return found


def _whole(state: UsageState, *, files: bool) -> Iterator[Selection]:
    if allowed(state, EVENTS) and (state.recent.value is not None or state.events.value is not None):
        yield Selection(tables.HISTORY, _all_events(state), options_of(state, state.query), state.query)
    yield from (selection for reply, selection in _WHOLE if reply.of(state).value is not None)
    if state.summary.value is not None and is_money(state.unit) and state.sources.value is not None:
        yield Selection(tables.FOCUS, "FOCUS", ("--period", state.looked_at) if state.looked_at else ())
    if files and state.summary.value is not None:
        yield Selection(tables.REPORT, "report")


def _all_events(state: UsageState) -> str:
    filtered = state.query.has_conditions
    total = total_of(state)
    if total is None:
        return "all that match" if filtered else "all events"
    return f"all {total:,} that match" if filtered else f"all {count_noun(total, 'event')}"


def total_of(state: UsageState) -> int | None:
    """How many events match the filter of the history; None if unknown."""
    if not state.query.has_conditions:
        page = state.recent.value or state.events.value
    else:
        page = state.events.value
        if (
            page is not None and state.events.cached
        ):  # it counts what is cached, and only its totals may be whole
            page = replace(page, page=replace(page.page, total=None))
    return None if page is None else page_total(page)


def page_total(page: EventPage) -> int | None:
    """How many events match the query of a page; None if that is not reported."""
    totals = page.totals
    return totals.events if totals is not None and totals.events_complete else page.page.total
