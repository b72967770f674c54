"""The line of the history's filter: a chip for each condition, and how much matches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, line, spread, width
from usage_tui.ledger.ranking import category_label
from usage_tui.models import EventQuery
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import spoken_amount
from usage_tui.text.words import count_noun

_UNKNOWN_OFFLINE = ("the total is not known offline", "total unknown offline")
_FIELDS = {
    "source": ("source_ids", "sources"),
    "category": ("kinds",),
    "type": ("activities",),
    "actor": ("actors",),
    "day": ("starts_at", "ends_at"),
    "period": ("starts_at", "ends_at"),
    "credits": ("least", "most"),
    "text": ("words", "without_words"),
}
"""What of a query a chip stands for, by the chip's name."""


def filter_line(state: UsageState, area: Area) -> Line:
    """Every condition of the filter, which a click drops, and all that match; empty without a filter."""
    chips = [
        line(
            *([Span(f" {label}", "chip", choice=label)] if is_named else []),
            Span(f" {value} ", "chip-strong", choice=label),
        )
        for label, value, is_named in _conditions(state, area.glyphs.dash)
    ]
    if not chips:
        return EMPTY
    start = joined([line(Span("Filter", "muted")), *chips])
    clear = key_hint("clear_filter", "clear", area)
    ends = [joined([totals, clear], "   ") for totals in (*_totals(state), EMPTY)]
    room = max(area.width // 2, area.width - width(start) - 1)
    end = next((one for one in ends if width(one) <= room), ends[-1])
    return spread(start, end, area.width, area.glyphs)


def _totals(state: UsageState) -> list[Line]:
    """How many events match in all, and their credits; without the number; nothing if unknown."""
    totals = state.events.value.totals if state.events.value is not None else None
    if totals is None:
        return []
    if state.events.cached and not totals.events_complete:
        among = f"{count_noun(totals.events, 'cached event')}, {spoken_amount(totals.credits, state.unit)}"
        long, short = (line(Span(text, "muted")) for text in _UNKNOWN_OFFLINE)
        return [joined([line(Span(among, "strong")), long], "; "), long, short]
    count, amount = count_noun(totals.events, "event"), spoken_amount(totals.credits, state.unit)
    count = count if totals.events_complete else f"at least {count}"
    amount = amount if totals.credits_complete else f"at least {amount}"
    return [line(Span(text, "strong")) for text in (f"{count}, {amount}", amount)]


def without_condition(query: EventQuery, label: str) -> EventQuery:
    """The filter without one of its conditions, named as on its chip. A source takes its category along."""
    both = label in ("source", "category") and query.source_id is not None
    names = (*_FIELDS["source"], *_FIELDS["category"]) if both else _FIELDS[label]
    return _with_fields(query, names, EventQuery())


def _with_fields(query: EventQuery, names: Iterable[str], other: EventQuery) -> EventQuery:
    """The query with these fields of another one."""
    values: dict[str, Any] = {name: getattr(other, name) for name in names}
    return replace(query, **values)


def _conditions(state: UsageState, dash: str) -> Iterator[tuple[str, str, bool]]:
    """The name of each condition, its value, and whether the name is to stand before the value."""
    from usage_tui.filtering import write_filter  # without a filter, the dashboard starts without these
    from usage_tui.tables.filters import known_of

    for label, names in _FIELDS.items():
        part = _with_fields(EventQuery(), names, state.query)
        implied = label == "category" and state.query.source_id is not None and part.kind is not None
        if not part.has_conditions or label == "period" or implied:
            continue
        if (named := _named_condition(state, part, dash)) is not None:
            yield *named, True
        elif (known := known_of(state)) is not None:
            yield label, write_filter(part, known), False


def _named_condition(state: UsageState, part: EventQuery, dash: str) -> tuple[str, str] | None:
    """The name and the value of a condition as the dashboard calls them; None if only a filter tells it."""
    zone = state.time_zone
    if part.source_id is not None and not part.sources:
        return "source", _source_label(state, part.source_id)
    if part.kind is not None:
        return "category", category_label(part.kind)
    if part.starts_at is not None and part.ends_at is not None:
        first, last = dates.local(part.starts_at, zone).date(), dates.last_day(part.ends_at, zone)
        return ("day", dates.weekday(first)) if first == last else ("period", dates.span(first, last, dash))
    return ("text", part.text) if part.text is not None else None


def _source_label(state: UsageState, source_id: str) -> str:
    ranking = state.sources.value
    items = ranking.items if ranking else ()
    return next((item.label for item in items if item.source_id == source_id), source_id)
