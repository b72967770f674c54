"""The query of the history as text: as options of a command, and what its words mean."""

from __future__ import annotations

from dataclasses import replace

from usage_tui.filtering import InvalidFilter, Known, read_filter, write_filter
from usage_tui.models import EventQuery, SortKey
from usage_tui.state.usage import UsageState


def filter_of(state: UsageState, query: EventQuery) -> str | None:
    """The filter that means the conditions of a query; None without conditions, or where none means them."""
    summary = state.summary.value
    if not query.has_conditions or summary is None:
        return None
    known = Known.of(summary, summary.as_of, state.periods.value)
    text = write_filter(query, known)
    try:
        again = read_filter(text, known)
    except InvalidFilter:
        return None
    return text if replace(again, sort=query.sort, ascending=query.ascending) == query else None


def known_of(state: UsageState) -> Known | None:
    """What the words of a filter mean, with every name on the screens; None while no overview is known."""
    summary = state.summary.value
    if summary is None:
        return None
    pages = (remote.value for remote in (state.recent, state.events) if remote.value is not None)
    events = [event for page in pages for event in page.items]
    ranked = state.sources.value.items if state.sources.value is not None else ()
    sources = [(item.source_id, item.label, item.kind) for item in ranked if item.source_id is not None]
    sources += [(event.source_id, event.label, event.kind) for event in events]
    labels: dict[str, str] = {}
    for source_id, label, _ in sources:
        labels.setdefault(source_id, label)
    return replace(
        Known.of(summary, summary.as_of, state.periods.value),
        kinds=tuple(dict.fromkeys(kind for _, _, kind in sources)),
        sources=tuple(labels.items()),
        actors=tuple(sorted({event.actor for event in events if event.actor})),
        activities=tuple(sorted({event.activity for event in events if event.activity})),
    )


def options_of(state: UsageState, query: EventQuery) -> tuple[str, ...] | None:
    """The options that mean a query; None if none do."""
    options: list[str] = []
    if state.redacted and query.holds_names:
        return None  # a pseudonym means something on these screens only
    if query.has_conditions:
        text = filter_of(state, query)
        if text is None:
            return None
        options += ["--filter", text]
    if query.sort is not SortKey.OCCURRED_AT:
        options += ["--sort", query.sort.value]
    return (*options, *(["--ascending"] if query.ascending else []))
