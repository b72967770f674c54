"""States to draw: every demo as it stands once loaded, and single replies put in by hand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from tests.named import NAMED
from usage_tui.cards.typeset.digits import Digits
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME, UNICODE
from usage_tui.cards.typeset.lines import Area, Line, plain
from usage_tui.clients.base import ClientError
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS
from usage_tui.models import Allocation, Credits, Event, EventQuery, Meter, Part, PeriodUsage, Summary, Unit
from usage_tui.state.loading import PlainStore, load, load_all, load_past
from usage_tui.state.reducers import refresh_failed, started, succeeded
from usage_tui.state.usage import UsageState

REASONS: dict[str, str] = {
    Part.BALANCE: "OpenAI does not report a balance.",
    Part.INCLUDED: "OpenAI does not report an included amount.",
    Part.EVENTS: "OpenAI does not report single events; these are its daily totals.",
}
"""What a vendor says of the parts that it lacks."""

AT = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
SILENT = "loading"
ANSWERING = sorted(set(SCENARIOS) - {SILENT})
ALL = sorted(SCENARIOS)
GLYPHS = {"unicode": UNICODE, "monochrome": MONOCHROME, "ascii": ASCII}


def event(**changes: Any) -> Event:
    """A run of Acme's Contract review, with some fields changed."""
    made = Event(
        id="evt_9",
        occurred_at=AT,
        kind="ai_tool",
        source_id="tool_contract",
        label="Contract review",
        activity="run",
        quantity=1,
        credits=Credits.parse("50.125"),
        allocations=(Allocation(grant_id="gr_04", bucket="included", credits=Credits.parse("50.125")),),
    )
    return replace(made, **changes)


@cache
def demo(scenario: str = "acme") -> UsageState:
    """The demo once everything has been asked for; the one that never answers while it is being asked."""
    client = open_demo(scenario)
    store = PlainStore.of(client)
    if scenario == SILENT:
        return started(started(store.state, NAMED["me"]), NAMED["summary"])

    async def fill() -> None:
        await load_all(store, client)
        await load(store, NAMED["events"], lambda: client.events(EventQuery(), limit=20))
        if scenario == "stale":
            try:
                await client.refresh()
            except ClientError as error:
                store.state = refresh_failed(store.state, error)
                await load_all(store, client)
        else:
            await load_past(store, client)

    asyncio.run(fill())
    return store.state


def put(state: UsageState, **replies: object) -> UsageState:
    """The state after these replies have come."""
    for name, value in replies.items():
        state = started(state, NAMED[name])
        state = succeeded(state, NAMED[name], getattr(state, name).request, value)
    return state


def with_summary(change: Callable[[Summary], Summary] | None = None, **changes: Any) -> UsageState:
    """Acme with another summary."""
    state = demo()
    assert state.summary.value is not None
    summary = change(state.summary.value) if change else state.summary.value
    return put(state, summary=replace(summary, **changes))


def euros(*, ascii_only: bool) -> UsageState:
    """The demo in dollars, as if they were euros."""
    state, unit = demo("dollars"), Unit(code="EUR")
    summary, allowances = state.summary.value, state.allowances.value
    assert summary is not None
    assert allowances is not None

    def renamed(meters: tuple[Meter, ...]) -> tuple[Meter, ...]:
        return tuple(replace(one, unit="EUR") if one.unit == "USD" else one for one in meters)

    renamed_summary = replace(summary, unit=unit, allowances=renamed(summary.allowances))
    known = put(
        state, summary=renamed_summary, allowances=replace(allowances, items=renamed(allowances.items))
    )
    return replace(known, ascii_only=ascii_only)


def vendor() -> UsageState:
    """A vendor that tells only what was used: in dollars, by day and source, without counts."""
    state = demo("dollars")
    summary, ranking, daily = state.summary.value, state.sources.value, state.daily.value
    page = state.recent.value
    assert summary is not None
    assert ranking is not None
    assert daily is not None
    assert page is not None
    assert summary.usage is not None
    bare = Summary(
        org=summary.org,
        as_of=summary.as_of,
        revision=summary.revision,
        unit=summary.unit,
        usage=PeriodUsage(total=summary.usage.total),
        not_offered={str(part): reason for part, reason in REASONS.items()},
    )
    sources = tuple(replace(item, rank=None, share=None, count=None) for item in ranking.items)
    days = tuple(replace(day, count=None, by_kind={}, top=None) for day in daily.items)
    totals = tuple(
        daily_total(replace(event, quantity=None), number) for number, event in enumerate(page.items[:5])
    )
    known = put(
        state,
        summary=bare,
        sources=replace(ranking, items=sources),
        daily=replace(daily, items=days),
        recent=replace(page, items=totals),
        events=replace(page, items=totals),
    )
    return replace(known, origin="OpenAI")


def daily_total(event: Event, days_before: int) -> Event:
    """What a source used on a whole day of New York, in the place of an event."""
    starts_at = datetime(2026, 11, 22, 5, tzinfo=UTC) - timedelta(days=days_before)
    return replace(event, occurred_at=starts_at, ends_at=starts_at + timedelta(days=1), actor=None)


def text_of(spans: Line) -> str:
    """A line without its tones."""
    return "".join(span.text for span in spans)


def shown(lines: list[Line]) -> list[str]:
    """Lines as text, without blanks at their end."""
    return plain(lines).split("\n")


def large_number(rows: Sequence[str], digits: Digits) -> str:
    """The amount that three rows show in large digits, with its fraction; empty if there is none."""
    drawn = {strokes: character for character, strokes in digits.items()}
    first, second, third = (row.ljust(200) for row in rows)
    text, at = "", 0
    while True:
        large = tuple(row[at : at + 3] for row in (first, second, third))
        if large in drawn:
            text, at = text + drawn[large], at + 4
        elif first[at] == second[at] == " " and third[at] in ",$":
            text, at = text + third[at], at + 1
        else:
            raised = re.match(r"\.\d+", first[at:])
            return text + raised[0] if raised else text


def area(width: int, height: int = 0, glyphs: str = "unicode", **options: Any) -> Area:
    """An area to draw in."""
    return Area(width, height, glyphs=GLYPHS[glyphs], **options)
