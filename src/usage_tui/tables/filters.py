"""The query of the history as options of a command."""

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


def options_of(state: UsageState, query: EventQuery) -> tuple[str, ...] | None:
    """The options that mean a query; None where none do."""
    options: list[str] = []
    if query.has_conditions:
        text = filter_of(state, query)
        if text is None:
            return None
        options += ["--filter", text]
    if query.sort is not SortKey.OCCURRED_AT:
        options += ["--sort", query.sort.value]
    return (*options, *(["--ascending"] if query.ascending else []))
