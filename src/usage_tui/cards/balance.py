"""Credits remaining: the one number, and what it is made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from usage_tui.cards.card import Placeholder, draw_placeholder, head, joined, key_hint, stale, view_of
from usage_tui.cards.typeset import bars
from usage_tui.cards.typeset.digits import HEIGHT, large
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cell_len, line, right, width
from usage_tui.models import Credits, Summary
from usage_tui.state.usage import UsageState, may_pay
from usage_tui.text import dates
from usage_tui.text.numbers import credits_text, places

TITLE = "Credits remaining"
_ENDS_FROM = 76
"""The width from which each part of the balance says when it ends."""
_BESIDE_FROM = 54
"""The width from which the legend stands beside the number rather than under it."""
_WORDS_FROM = 51
"""The width from which the links have their full names."""


class Part(NamedTuple):
    """One line of the legend."""

    label: str
    amount: str
    ends: str
    tone: Tone
    filled: Decimal


class BalanceView(NamedTuple):
    """The balance in words and numbers.

    Attributes:
        total: Credits remaining.
        tone: Foreground, or a warning when they run low or are gone.
        parts: Included and purchased, then locked and overage where there are any.
        period: First and last day of the current billing period.
        buy_credits: Whether the viewer may buy credits.
        auto_recharge: Whether the viewer may adjust auto-recharge.
        stale: In the place of the links, when the numbers are old.
    """

    total: str
    tone: Tone
    parts: tuple[Part, ...]
    period: tuple[date, date]
    buy_credits: bool
    auto_recharge: bool
    stale: Line


def balance_view(state: UsageState) -> BalanceView | Placeholder:
    """What the card says."""
    return view_of(state.summary, lambda summary: _view(state, summary))


def _view(state: UsageState, summary: Summary) -> BalanceView:
    balance = summary.balance
    decimals = places((balance.total, balance.included, balance.purchased, balance.locked, balance.overage))
    parts = [
        _part("Included", balance.included, decimals, "included", _ends(state, summary, "included")),
        _part("Purchased", balance.purchased, decimals, "purchased", _ends(state, summary, "purchased")),
    ]
    if balance.locked:
        parts.append(_part("Locked", balance.locked, decimals, "warning", "not usable now"))
    if balance.overage:
        parts.append(_part("Overage", balance.overage, decimals, "error", "beyond all grants"))
    tones: dict[str, Tone] = {"low": "warning-strong", "paused": "error-strong", "locked": "error-strong"}
    return BalanceView(
        total=credits_text(balance.total, places((balance.total,)) and decimals),
        tone=tones.get(summary.state, "strong"),
        parts=tuple(parts),
        period=(summary.period.start_date, summary.period.end_date),
        buy_credits=may_pay(state, "buy_credits"),
        auto_recharge=may_pay(state, "auto_recharge"),
        stale=stale(state.summary, state.time_zone),
    )


def _part(label: str, amount: Credits, decimals: int, tone: Tone, ends: str) -> Part:
    return Part(label, credits_text(amount, decimals), ends if amount else "", tone, Decimal(amount.micro))


def _ends(state: UsageState, summary: Summary, bucket: str) -> str:
    """When the first grant of the bucket ends, as far as the viewer may know."""
    grants = state.grants.value.items if state.grants.value else ()
    ends = {grant.expires_at for grant in grants if grant.bucket == bucket and grant.status == "active"}
    known = [at for at in ends if at is not None]
    if not ends and bucket == "included":
        known = [summary.period.ends_at]
    if not known:
        return ""
    zone = state.time_zone
    this_year = dates.local(summary.as_of, zone).year
    first = dates.local(min(known), zone)
    on = dates.day(first.date(), year=first.year != this_year)
    return f"first ends {on}" if len(ends) > 1 else f"ends {on}"


def _links(view: BalanceView, area: Area) -> Line:
    """Buy credits and Auto-recharge, for those who may; in few words where the title needs the room."""
    buy, recharge = ("Buy credits", "Auto-recharge") if area.width >= _WORDS_FROM else ("Buy", "Auto")
    return joined(
        [
            key_hint("buy_credits", buy, area) if view.buy_credits else EMPTY,
            key_hint("auto_recharge", recharge, area) if view.auto_recharge else EMPTY,
        ]
    )


def draw(view: BalanceView | Placeholder, area: Area) -> list[Line]:
    """Head, number beside legend, split bar."""
    if isinstance(view, Placeholder):
        lines = draw_placeholder(TITLE, view, area)
        stacked = area.width < _BESIDE_FROM and area.glyphs.large_digits
        rows = 1 + HEIGHT * (2 if stacked else 1)
        return [*lines, *[EMPTY] * (rows - len(lines)), (Span(area.glyphs.rest * area.width, "rule"),)]
    end = view.stale or _links(view, area)
    period = line(Span(dates.span(*view.period, area.glyphs.dash), "muted"))
    crowded = len(view.parts) >= HEIGHT
    if crowded and width(period) + width(end) + len(TITLE) + 6 <= area.width:
        end, period = joined([period, end]), EMPTY
    return [head(TITLE, end, area), *_figures(view, period, area), _bar(view, area)]


def _figures(view: BalanceView, period: Line, area: Area) -> list[Line]:
    """The number, as large as there is room for, and beside or above the legend."""
    large_number = (
        [line(Span(row, view.tone)) for row in large(view.total)] if area.glyphs.large_digits else []
    )
    bold_number = line(Span(view.total, view.tone))
    legends = [_legend(view, period, area, ends=ends) for ends in (area.width >= _ENDS_FROM, False)]
    for legend in legends if large_number else []:
        if _widest(large_number) + 2 + _widest(legend) <= area.width:
            return _side_by_side(large_number, legend, area)
    if large_number and _widest(large_number) <= area.width < _BESIDE_FROM:
        return [*large_number, *legends[-1]]
    for legend in legends:
        if width(bold_number) + 2 + _widest(legend) <= area.width:
            return _side_by_side([EMPTY, bold_number], legend, area)
    return [bold_number, *legends[-1]]


def _widest(lines: list[Line]) -> int:
    return max(width(row) for row in lines)


def _side_by_side(number: list[Line], legend: list[Line], area: Area) -> list[Line]:
    indent = area.width - _widest(legend)
    rows = zip_longest(number, legend, fillvalue=EMPTY)
    return [line(*shown, " " * (indent - width(shown)), *row) for shown, row in rows]


def _legend(view: BalanceView, period: Line, area: Area, *, ends: bool) -> list[Line]:
    amounts = max(cell_len(part.amount) for part in view.parts)
    labels = max(cell_len(part.label) for part in view.parts)
    rows = []
    for part in view.parts:
        swatch = Span(_glyph(part, area) * 2, part.tone if part.filled > 0 else "rule")
        until = Span(f"  {part.ends}", "muted") if ends and part.ends else ""
        amount = Span(right(part.amount, amounts), "strong")
        rows.append(line(swatch, f" {part.label:<{labels}}  ", amount, until))
    return [*rows, period] if period else rows


def _glyph(part: Part, area: Area) -> str:
    return {"Purchased": area.glyphs.purchased, "Locked": area.glyphs.locked}.get(part.label, area.glyphs.bar)


def _bar(view: BalanceView, area: Area) -> Line:
    spendable = [(part.filled, _glyph(part, area), part.tone) for part in view.parts[:2]]
    return bars.split(spendable, area.width, area.glyphs)
