"""Credits remaining: the one number, and what it is made of; or, without a balance, what the period used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import zip_longest

from usage_tui.cards.arrangement import Slot
from usage_tui.cards.books import books
from usage_tui.cards.card import (
    Age,
    Placeholder,
    age,
    draw_placeholder,
    head,
    joined,
    missing,
    view_of,
)
from usage_tui.cards.panel import Card, Explanation, Opening, Place
from usage_tui.cards.paying import Paying, links, paying
from usage_tui.cards.typeset import bars
from usage_tui.cards.typeset.digits import HEIGHT
from usage_tui.cards.typeset.figure import figure
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cell_len, line, right, width, wrap
from usage_tui.cards.words import balance_title, marked
from usage_tui.models import Balance, Credits, Part, Summary
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.access import why_missing
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, copied_text, noun_after, places

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
        noun: What the total counts; empty if its text says so.
        exact: The same, not rounded.
        whole: The same, to be drawn.
        tone: Foreground, or a warning when it runs low or is gone.
        parts: Included and purchased, then locked and overage if there are any; without what is not reported.
        note: Why there is no balance; empty if there is one.
        period: First and last day of the current billing period; None if the client does not report it.
        paying: What the viewer may do in Billing.
        has_grants: Whether the client reports grants.
        books: Whether the books agree, in sentences; empty if that stands on the page of grants.
        age: Whether the data are old.
    """

    title: str
    total: str
    noun: str
    exact: str
    whole: Decimal
    tone: Tone
    parts: tuple[LegendRow, ...]
    note: str
    period: tuple[date, date] | None
    paying: Paying
    has_grants: bool
    books: tuple[str, ...]
    age: Age


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
    has_grants = state.grants.status is not Status.NOT_OFFERED
    tones: dict[str, Tone] = {"low": "warning-strong", "paused": "error-strong", "locked": "error-strong"}
    return BalanceView(
        title=USED_TITLE if balance is None else marked(balance_title(unit), state, Part.BALANCE),
        total=amount_text(total, unit, own and decimals),
        noun=noun_after(total, unit),
        exact=copied_text(total, unit, own and decimals),
        whole=Decimal(total.micro),
        tone=tones.get(summary.state or "", "strong"),
        parts=parts,
        note=why_missing(state, Part.BALANCE) if balance is None else "",
        period=(summary.period.start_date, summary.period.end_date) if summary.period else None,
        paying=paying(state),
        has_grants=has_grants,
        books=() if has_grants else tuple(sentence.text for sentence in books(state)),
        age=age(state, state.summary),
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
    overage = balance.overage or Credits.ZERO
    if overage > Credits.ZERO:
        parts.append(part("Overage", overage, "error", "beyond all grants"))
    elif overage:
        parts.append(part("Refunded", -overage, "muted", "to no grant"))
    return tuple(parts)


def _ends(state: UsageState, summary: Summary, bucket: str) -> str:
    """When the first grant of the bucket ends, if the viewer may know it."""
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


def draw(view: BalanceView | Placeholder, area: Area) -> list[Line]:
    """Head, number beside or above its parts, split bar; without a balance, a sentence instead of the bar."""
    if isinstance(view, Placeholder):
        lines = draw_placeholder(TITLE, view, area)
        if view.status is Status.NOT_OFFERED:
            return lines
        rows = 1 + HEIGHT * (2 if area.width < _BESIDE_FROM else 1)
        return [*lines, *[EMPTY] * (rows - len(lines)), (Span(area.glyphs.rest * area.width, "rule"),)]
    end = links(view.paying, area, short=area.width < _WORDS_FROM)
    period = line(Span(dates.span(*view.period, area.glyphs.dash), "muted")) if view.period else EMPTY
    crowded = len(view.parts) >= HEIGHT
    roomy = crowded and width(period) + width(end) + len(view.title) + 6 <= area.width
    figures, left_over = _figures(view, period, area, roomy=roomy)
    end = joined([left_over, end])
    below = [line(Span(row, "muted")) for row in wrap(view.note, area.width)] or [_bar(view, area)]
    return [head(view.title, end, area, view.age), *figures, *below]


def _figures(view: BalanceView, period: Line, area: Area, *, roomy: bool) -> tuple[list[Line], Line]:
    """The number and its parts in the fullest form that fits, and the period if it belongs in the head.

    What gives way first is when the parts end, then the place beside the number, then the unit, and last
    the size of the number.
    """
    legends = [
        _legend(view, area, gap, ends=ends)
        for ends in (area.width >= _ENDS_FROM, False)
        for gap in ("  ", " ")
    ]
    for noun in (view.noun, ""):
        number = figure(view.total, noun, view.tone, area.glyphs.digits)
        for legend in legends if area.width >= _BESIDE_FROM else []:
            if _widest(number) + 2 + _widest(legend) <= area.width:
                return _beside(number, legend, period, area, roomy=roomy)
        if _widest(number) <= area.width:
            return _above(number, legends[-2:], period, area, roomy=roomy)
    number = [line(Span(view.total, view.tone), Span(f" {view.noun}" if view.noun else "", "muted"))]
    return _above(number, legends[-2:], period, area, roomy=roomy)


def _widest(lines: list[Line]) -> int:
    return max((width(row) for row in lines), default=0)


def _beside(
    number: list[Line], legend: list[Line], period: Line, area: Area, *, roomy: bool
) -> tuple[list[Line], Line]:
    """The parts at the right edge, and the period below them, in the head, or below the number."""
    below = [*legend, period]
    if len(legend) < HEIGHT and _widest(number) + 2 + _widest(below) <= area.width:
        return _side_by_side(number, below, area), EMPTY
    rows = _side_by_side(number, legend, area)
    return (rows, period) if roomy else ([*rows, period] if period else rows, EMPTY)


def _side_by_side(number: list[Line], legend: list[Line], area: Area) -> list[Line]:
    indent = area.width - _widest(legend)
    rows = zip_longest(number, legend, fillvalue=EMPTY)
    return [line(*shown, " " * (indent - width(shown)), *row) for shown, row in rows]


def _above(
    number: list[Line], legends: list[list[Line]], period: Line, area: Area, *, roomy: bool
) -> tuple[list[Line], Line]:
    """The parts below the number, then the period; in two columns if the card is wide enough for them."""
    outside = roomy or not period
    forms = [legend if outside else [*legend, period] for legend in legends]
    rows = next((rows for rows in forms if _widest(rows) <= area.width), forms[-1])
    for form in forms if area.width >= _BESIDE_FROM else []:
        cells = _widest(form) + 2
        if 2 * cells - 2 <= area.width:
            pairs = zip_longest(form[::2], form[1::2], fillvalue=EMPTY)
            rows = [line(*one, " " * (cells - width(one)) if other else "", *other) for one, other in pairs]
            break
    return [*number, *rows], period if roomy else EMPTY


def _legend(view: BalanceView, area: Area, gap: str, *, ends: bool) -> list[Line]:
    amounts = max((cell_len(part.amount) for part in view.parts), default=0)
    labels = max((cell_len(part.label) for part in view.parts), default=0)
    rows = []
    for part in view.parts:
        swatch = Span(_glyph(part, area) * 2, part.tone if part.filled > 0 else "rule")
        until = Span(f"  {part.ends}", "muted") if ends and part.ends else ""
        amount = Span(right(part.amount, amounts), "strong")
        rows.append(line(swatch, f" {part.label:<{labels}}{gap}", amount, until))
    return rows


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
        """All grants, if there is a page of them; else whether the books agree."""
        if isinstance(view, Placeholder):
            return None
        if view.has_grants:
            return "grants"
        return Explanation(view.title, view.books, "details") if view.books else None
