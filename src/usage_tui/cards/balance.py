"""Credits remaining: the one number, and what it is made of; or, without a balance, what the period used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from usage_tui.cards.arrangement import Slot
from usage_tui.cards.card import (
    Placeholder,
    draw_placeholder,
    head,
    joined,
    key_hint,
    missing,
    stale,
    view_of,
)
from usage_tui.cards.panel import Card, Opening, Place
from usage_tui.cards.typeset import bars
from usage_tui.cards.typeset.digits import HEIGHT, large
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cell_len, line, right, width, wrap
from usage_tui.cards.words import balance_title, buy_words
from usage_tui.models import Balance, Credits, Part, Summary
from usage_tui.state.access import may_pay, why_missing
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, copied_text, places

TITLE = "Credits remaining"
USED_TITLE = "Used this period"
_ENDS_FROM = 76
"""The width from which each part of the balance says when it ends."""
_BESIDE_FROM = 54
"""The width from which the legend is beside the number, not below it."""
_SPENDABLE = ("Included", "Purchased")
_WORDS_FROM = 51
"""The width from which the links have their full names."""


class LegendRow(NamedTuple):
    """One line of the legend."""

    label: str
    amount: str
    ends: str
    tone: Tone
    filled: Decimal


class BalanceView(NamedTuple):
    """The balance in words and numbers.

    Attributes:
        title: What the number is.
        total: What remains; what was used if the client reports no balance.
        exact: The same, not rounded.
        whole: The same, to be drawn.
        tone: Foreground, or a warning when it runs low or is gone.
        parts: Included and purchased, then locked and overage if there are any; without what is not reported.
        note: Why there is no balance; empty if there is one.
        period: First and last day of the current billing period; None if the client does not report it.
        buy: What the key to buy is called in full and in short.
        buy_credits: Whether the viewer may buy credits.
        auto_recharge: Whether the viewer may adjust auto-recharge.
        stale: Shown instead of the links when the data are old.
    """

    title: str
    total: str
    exact: str
    whole: Decimal
    tone: Tone
    parts: tuple[LegendRow, ...]
    note: str
    period: tuple[date, date] | None
    buy: tuple[str, str]
    buy_credits: bool
    auto_recharge: bool
    stale: Line


def balance_view(state: UsageState) -> BalanceView | Placeholder:
    """What the card says."""
    view = view_of(state.summary, lambda summary: _view(state, summary))
    if view is not None:
        return view
    return missing(state, Part.BALANCE, balance_title(state.unit))


def _view(state: UsageState, summary: Summary) -> BalanceView | None:
    """The balance, or else what the period used; None if neither is reported."""
    unit, balance = state.unit, summary.balance
    if balance is not None:
        parts = _parts(state, summary, balance)
        decimals = _decimals(balance, unit)
        total, own = balance.total, places((balance.total,), unit)
    else:
        used = state.used
        if used is None:
            return None
        parts, total = (), used
        decimals = own = places((used,), unit)
    tones: dict[str, Tone] = {"low": "warning-strong", "paused": "error-strong", "locked": "error-strong"}
    return BalanceView(
        title=USED_TITLE if balance is None else balance_title(unit),
        total=amount_text(total, unit, own and decimals),
        exact=copied_text(total, unit, own and decimals),
        whole=Decimal(total.micro),
        tone=tones.get(summary.state or "", "strong"),
        parts=parts,
        note=why_missing(state, Part.BALANCE) if balance is None else "",
        period=(summary.period.start_date, summary.period.end_date) if summary.period else None,
        buy=buy_words(unit),
        buy_credits=may_pay(state, "buy_credits"),
        auto_recharge=may_pay(state, "auto_recharge"),
        stale=stale(state.summary, state.time_zone),
    )


def _decimals(balance: Balance, unit: str) -> int:
    every = (balance.total, balance.included, balance.purchased, balance.locked, balance.overage)
    return places([amount for amount in every if amount is not None], unit)


def _parts(state: UsageState, summary: Summary, balance: Balance) -> tuple[LegendRow, ...]:
    """The parts that are reported; those beyond the total only if they are not zero."""
    unit, decimals = state.unit, _decimals(balance, state.unit)

    def part(label: str, amount: Credits, tone: Tone, ends: str) -> LegendRow:
        text = amount_text(amount, unit, decimals)
        return LegendRow(label, text, ends if amount else "", tone, Decimal(amount.micro))

    parts = []
    if balance.included is not None:
        parts.append(part("Included", balance.included, "included", _ends(state, summary, "included")))
    if balance.purchased is not None:
        parts.append(part("Purchased", balance.purchased, "purchased", _ends(state, summary, "purchased")))
    if balance.locked:
        parts.append(part("Locked", balance.locked, "warning", "not usable now"))
    if balance.overage:
        parts.append(part("Overage", balance.overage, "error", "beyond all grants"))
    return tuple(parts)


def _ends(state: UsageState, summary: Summary, bucket: str) -> str:
    """When the first grant of the bucket ends, as far as the viewer may know."""
    grants = state.grants.value.items if state.grants.value else ()
    ends = {grant.expires_at for grant in grants if grant.bucket == bucket and grant.status == "active"}
    known = [at for at in ends if at is not None]
    if not ends and bucket == "included" and summary.period is not None:
        known = [summary.period.ends_at]
    if not known:
        return ""
    zone = state.time_zone
    this_year = dates.local(summary.as_of, zone).year
    first = dates.local(min(known), zone)
    on = dates.day(first.date(), year=first.year != this_year)
    return f"first ends {on}" if len(ends) > 1 else f"ends {on}"


def _links(view: BalanceView, area: Area) -> Line:
    """Buy credits and Auto-recharge, if allowed; in fewer words if the title needs the room."""
    short = area.width < _WORDS_FROM
    buy, recharge = view.buy[short], "Auto" if short else "Auto-recharge"
    return joined(
        [
            key_hint("buy_credits", buy, area) if view.buy_credits else EMPTY,
            key_hint("auto_recharge", recharge, area) if view.auto_recharge else EMPTY,
        ]
    )


def draw(view: BalanceView | Placeholder, area: Area) -> list[Line]:
    """Head, number beside legend, split bar; without a balance, a sentence instead of the bar."""
    if isinstance(view, Placeholder):
        lines = draw_placeholder(TITLE, view, area)
        if view.status is Status.NOT_OFFERED:
            return lines
        stacked = area.width < _BESIDE_FROM and area.glyphs.large_digits
        rows = 1 + HEIGHT * (2 if stacked else 1)
        return [*lines, *[EMPTY] * (rows - len(lines)), (Span(area.glyphs.rest * area.width, "rule"),)]
    end = view.stale or _links(view, area)
    period = line(Span(dates.span(*view.period, area.glyphs.dash), "muted")) if view.period else EMPTY
    crowded = len(view.parts) >= HEIGHT
    if crowded and width(period) + width(end) + len(view.title) + 6 <= area.width:
        end, period = joined([period, end]), EMPTY
    below = [line(Span(row, "muted")) for row in wrap(view.note, area.width)] or [_bar(view, area)]
    return [head(view.title, end, area), *_figures(view, period, area), *below]


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
    return max((width(row) for row in lines), default=0)


def _side_by_side(number: list[Line], legend: list[Line], area: Area) -> list[Line]:
    indent = area.width - _widest(legend)
    rows = zip_longest(number, legend, fillvalue=EMPTY)
    return [line(*shown, " " * (indent - width(shown)), *row) for shown, row in rows]


def _legend(view: BalanceView, period: Line, area: Area, *, ends: bool) -> list[Line]:
    amounts = max((cell_len(part.amount) for part in view.parts), default=0)
    labels = max((cell_len(part.label) for part in view.parts), default=0)
    rows = []
    for part in view.parts:
        swatch = Span(_glyph(part, area) * 2, part.tone if part.filled > 0 else "rule")
        until = Span(f"  {part.ends}", "muted") if ends and part.ends else ""
        amount = Span(right(part.amount, amounts), "strong")
        rows.append(line(swatch, f" {part.label:<{labels}}  ", amount, until))
    return [*rows, period] if period else rows


def _glyph(part: LegendRow, area: Area) -> str:
    return {"Purchased": area.glyphs.purchased, "Locked": area.glyphs.locked}.get(part.label, area.glyphs.bar)


def _bar(view: BalanceView, area: Area) -> Line:
    split = [part for part in view.parts if part.label in _SPENDABLE]
    spendable = [(part.filled, _glyph(part, area), part.tone) for part in split]
    return bars.split(spendable or [(view.whole, area.glyphs.bar, "included")], area.width, area.glyphs)


class BalanceCard(Card[BalanceView]):
    """The number that the eye finds first, and what it is made of."""

    id = "balance"
    title = TITLE
    slot = Slot.UPPER_LEFT

    def view(self, state: UsageState) -> BalanceView | Placeholder:
        """The balance, or what the period used."""
        return balance_view(state)

    def draw(self, view: BalanceView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, number beside legend, split bar."""
        return draw(view, area)

    def copy_text(self, view: BalanceView, at: Place) -> str:
        """The number, not rounded."""
        return view.exact

    def opens(self, view: BalanceView | Placeholder, at: Place) -> Opening:
        """All grants."""
        return "grants"
