"""Included credits: how far the period's allowance is used. Purchased spending does not count here."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from usage_tui.cards.card import Placeholder, draw_placeholder, head, joined, stale, view_of
from usage_tui.cards.typeset import bars
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, line, right, width
from usage_tui.models import Summary
from usage_tui.state.usage import UsageState
from usage_tui.text.numbers import credits_text, percent, places

TITLE = "Included credits"


class IncludedView(NamedTuple):
    """The progress of the included credits; `granted` is empty where there are none."""

    used: str
    remaining: str
    granted: str
    percent: str
    days_left: str
    used_micro: Decimal
    granted_micro: Decimal
    stale: Line


def included_view(state: UsageState) -> IncludedView | Placeholder:
    """What the card says."""
    return view_of(state.summary, lambda summary: _view(state, summary))


def _view(state: UsageState, summary: Summary) -> IncludedView:
    progress = summary.included
    decimals = places((progress.used, progress.remaining))
    used, granted = Decimal(progress.used.micro), Decimal(progress.granted.micro)
    return IncludedView(
        used=credits_text(progress.used, decimals),
        remaining=credits_text(progress.remaining, decimals),
        granted=credits_text(progress.granted) if progress.granted else "",
        percent=percent(used, granted),
        days_left=days_left(summary.period.days_left),
        used_micro=used,
        granted_micro=granted,
        stale=stale(state.summary, state.time_zone),
    )


def days_left(days: int) -> str:
    """``9 days left``, ``ends today`` on the last day, ``ended`` after it."""
    if days <= 0:
        return "ended"
    return "ends today" if days == 1 else f"{days:,} days left"


def draw(view: IncludedView | Placeholder, area: Area) -> list[Line]:
    """Head, bar with percentage, one line of numbers."""
    empty_bar = line(Span(area.glyphs.rest * max(1, area.width - 6), "rule"))
    if isinstance(view, Placeholder):
        first, *rest = draw_placeholder(TITLE, view, area)
        return [first, empty_bar, *rest]
    lines = [head(TITLE, view.stale or line(Span(view.days_left, "muted")), area)]
    if not view.granted:
        return [*lines, line("This plan has no included credits."), EMPTY]
    bar = bars.progress(view.used_micro, view.granted_micro, max(1, area.width - 6), area.glyphs)
    return [*lines, line(*bar, Span(right(view.percent, 6), "strong")), _numbers(view, area)]


def _numbers(view: IncludedView, area: Area) -> Line:
    """Used, remaining and the whole, in fewer words where the card is narrow; no number is cut."""
    used = line(Span(view.used, "strong"), Span(" used", "muted"))
    remaining = line(Span(view.remaining, "strong"), Span(" remaining", "muted"))
    whole = line(Span("of ", "muted"), view.granted)
    left = line(Span(view.remaining, "strong"), Span(" left", "muted"))
    forms = [
        joined([used, remaining, whole], "   "),
        joined([used, remaining, whole]),
        joined([line(Span(view.used, "strong"), " ", *whole, Span(" used", "muted")), left]),
        joined([used, left]),
    ]
    return next((form for form in forms if width(form) <= area.width), remaining)
