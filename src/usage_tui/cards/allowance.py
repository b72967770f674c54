"""Background AI & sandbox usage: the allowance in one line a meter, and the whole breakdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from usage_tui.cards.arrangement import WIDE, Layout, Needs, Slot
from usage_tui.cards.card import (
    Age,
    Dated,
    Placeholder,
    age,
    draw_placeholder,
    head,
    joined,
    key_hint,
    view_of,
)
from usage_tui.cards.panel import Card, Opening, Place
from usage_tui.cards.typeset import bars
from usage_tui.cards.typeset.lines import (
    EMPTY,
    Area,
    Line,
    Span,
    cell_len,
    cut_line,
    fit,
    line,
    spread,
    width,
)
from usage_tui.cards.words import balance_title
from usage_tui.models import Meter
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.remote import Remote, Status
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection
from usage_tui.text import dates
from usage_tui.text.amounts import number_in_unit, unit_noun
from usage_tui.text.numbers import percent

TITLE = "Background AI & sandbox usage"
DETAILS = "View allowance details"
NONE = "This plan has no allowances."
_GAPS = "   "
"""One blank after a name, two before an amount."""
_LEAST_NAME = 8
_LEAST_BAR = 10
_BESIDE = 3
"""Meters that stand side by side in full width."""
_ROOMY = 3
"""Lines a meter with room to spare: name, bar, and a blank one before the next."""
_SIDE_BY_SIDE = 33
"""Cells that a meter needs beside others."""


class AllowanceView(NamedTuple):
    """The meters, in the order of the data.

    Attributes:
        apart_from: What the balance is called; they are not part of it.
        age: Whether they are old.
    """

    meters: tuple[Meter, ...]
    apart_from: str
    time_zone: str
    age: Age


def allowance_view(state: UsageState) -> AllowanceView | Placeholder:
    """The headline, from the summary; a client that offers no allowances says so."""
    if state.allowances.status is Status.NOT_OFFERED:
        return details_view(state)
    summary = state.summary
    return view_of(summary, lambda value: _view(state, value.allowances, summary))


def details_view(state: UsageState) -> AllowanceView | Placeholder:
    """The whole breakdown, with the lines of every meter."""
    allowances = state.allowances
    return view_of(allowances, lambda value: _view(state, value.items, allowances))


def _view(state: UsageState, meters: tuple[Meter, ...], remote: Remote[Dated]) -> AllowanceView:
    zone = state.time_zone
    drawn = tuple(replace(meter, unit=state.drawn(meter.unit)) for meter in meters)
    return AllowanceView(drawn, balance_title(state.unit), zone, age(state, remote))


def draw(view: AllowanceView | Placeholder, area: Area) -> list[Line]:
    """The meters side by side if they fit, otherwise one below the other."""
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    if not view.meters:
        return [head(TITLE, EMPTY, area), line(Span(NONE, "muted"))]
    lines = [head(TITLE, _end(view, area), area, view.age)]
    count = len(view.meters)
    cells = (area.width - 4 * (count - 1)) // count
    if cells >= _SIDE_BY_SIDE and area.height <= 3:
        return [*lines, *_side_by_side(view, cells, area)]
    return [*lines, *(_roomy(view, area) if area.height >= _ROOMY * count else _stacked(view, area))]


def _end(view: AllowanceView, area: Area) -> Line:
    """The day on which all meters reset, if they share one."""
    resets = {meter.resets_at for meter in view.meters if meter.resets_at is not None}
    when = (
        line(Span(f"resets {dates.day_of(next(iter(resets)), view.time_zone)}", "muted"))
        if len(resets) == 1
        else EMPTY
    )
    forms = [
        joined([when, key_hint("allowance", DETAILS, area)]),
        key_hint("allowance", DETAILS, area),
        key_hint("allowance", "details", area),
        key_hint("allowance", "", area)[:1],
    ]
    if not area.interactive:
        return when
    return next((form for form in forms if len(TITLE) + 3 + width(form) <= area.width), forms[-1])


def amount_line(meter: Meter) -> Line:
    """How much is used, and of how much: ``12.25 of 20 credits``."""
    used = Span(number_in_unit(meter.used, meter.unit), "strong")
    if meter.included is None:
        return line(used, Span(f"{unit_after(meter, meter.used)} used, no limit", "muted"))
    whole = f"{number_in_unit(meter.included, meter.unit)}{unit_after(meter, meter.included)}"
    return line(used, Span(f" of {whole}", "muted"))


def unit_after(meter: Meter, number: Decimal) -> str:
    """The unit after a number, with a blank; empty if the number shows its unit."""
    noun = unit_noun(number, meter.unit)
    return f" {noun}" if noun else ""


def _bar(meter: Meter, cells: int, area: Area) -> Line:
    if meter.included is None:
        return line(" " * cells)
    bar = bars.progress(meter.used, meter.included, cells - 6, area.glyphs)
    return line(*bar, Span(f"{percent(meter.used, meter.included):>6}", "strong"))


def _side_by_side(view: AllowanceView, cells: int, area: Area) -> list[Line]:
    names, meters = [], []
    for index, meter in enumerate(view.meters):
        last = index == len(view.meters) - 1
        room = area.width - (cells + 4) * index if last else cells
        amount = cut_line(amount_line(meter), room - _LEAST_NAME, area.glyphs)
        names.append(spread(line(meter.label), amount, room, area.glyphs))
        meters.append(_bar(meter, room, area))
    return [joined(names, " " * 4), joined(meters, " " * 4)]


def _roomy(view: AllowanceView, area: Area) -> list[Line]:
    """Two lines a meter and a blank one between them: name and amount, then the bar."""
    lines: list[Line] = []
    for meter in view.meters:
        amount = cut_line(amount_line(meter), area.width - _LEAST_NAME, area.glyphs)
        name = spread(line(meter.label), amount, area.width, area.glyphs)
        lines += [*([EMPTY] if lines else []), name, _bar(meter, area.width, area)]
    return lines


def _stacked(view: AllowanceView, area: Area) -> list[Line]:
    """One line a meter: name, bar, percentage, amount."""
    least = max(_LEAST_NAME, area.width // 3)
    numbers = [number_in_unit(meter.used, meter.unit) for meter in view.meters]
    used = max(map(len, numbers))
    amounts = [
        cut_line(
            line(" " * (used - len(number)), *amount_line(meter)),
            area.width - least,
            area.glyphs,
        )
        for meter, number in zip(view.meters, numbers, strict=True)
    ]
    rest = area.width - max(width(amount) for amount in amounts) - len(_GAPS)
    longest = max(cell_len(meter.label) for meter in view.meters)
    with_bars = rest - min(longest, least) >= _LEAST_BAR
    names = min(longest, least if with_bars else rest)
    cells = rest - names
    rows = []
    for meter, amount in zip(view.meters, amounts, strict=True):
        bar = _bar(meter, cells, area) if with_bars else line(" " * cells)
        rows.append(line(fit(meter.label, names, area.glyphs), _GAPS[:1], *bar, _GAPS[1:], *amount))
    return rows


def draw_details(view: AllowanceView | Placeholder, area: Area) -> list[Line]:
    """Every meter with its lines, bar, what is left, and when it resets."""
    if isinstance(view, Placeholder):
        return list(draw_placeholder(DETAILS, view, area)[1:])
    lines: list[Line] = []
    for meter in view.meters:
        lines += [*_meter(meter, view.time_zone, area), EMPTY]
    return [*lines, line(Span(f"Not part of {view.apart_from}.", "muted"))]


def _meter(meter: Meter, time_zone: str, area: Area) -> list[Line]:
    amount = cut_line(amount_line(meter), area.width - _LEAST_NAME, area.glyphs)
    lines = [spread(line(Span(meter.label, "title")), amount, area.width, area.glyphs)]
    left = EMPTY
    if meter.included is not None:
        lines.append(_bar(meter, area.width, area))
        left = line(Span(left_text(meter), "muted"))
    lines.append(
        spread(left, line(Span(resets_text(meter.resets_at, time_zone), "muted")), area.width, area.glyphs)
    )
    for part in meter.lines or ():
        unit = Span(unit_after(meter, part.used), "muted")
        amount = cut_line(
            line(number_in_unit(part.used, meter.unit), unit), area.width - _LEAST_NAME, area.glyphs
        )
        lines.append(spread(line(f"  {part.label}"), amount, area.width, area.glyphs))
    return lines


def left_text(meter: Meter) -> str:
    """``7.75 left``, ``2 over``; empty without a limit."""
    if meter.remaining is None:
        return ""
    if meter.remaining < 0:
        return f"{number_in_unit(-meter.remaining, meter.unit)} over"
    return f"{number_in_unit(meter.remaining, meter.unit)} left"


def resets_text(at: datetime | None, time_zone: str) -> str:
    """``resets Dec 1, 2026``."""
    return "does not reset" if at is None else f"resets {dates.day_of(at, time_zone, year=True)}"


def headline_text(view: AllowanceView) -> str:
    """Every meter as a line of text: name, used, included, unit."""
    rows = []
    for meter in view.meters:
        amount = "".join(span.text for span in amount_line(meter))
        rows.append(f"{meter.label}\t{amount}")
    return "\n".join(rows)


class AllowanceCard(Card[AllowanceView]):
    """The allowances that are not part of the credit pool."""

    id = "allowance"
    title = TITLE
    noun = "allowances"
    slot = Slot.LOWER_RIGHT

    def view(self, state: UsageState) -> AllowanceView | Placeholder:
        """The meters without their lines."""
        return allowance_view(state)

    def draw(self, view: AllowanceView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head and one bar a meter."""
        return draw(view, area)

    def needs(self, view: AllowanceView | Placeholder, area: Area, layout: Layout) -> Needs:
        """Two lines for all meters in full width, else a line for each, or three if there is room."""
        meters = len(view.meters) if isinstance(view, AllowanceView) else _BESIDE
        if (layout in (Layout.WIDE, Layout.TEXT) or area.width >= WIDE) and meters <= _BESIDE:
            return Needs.exactly(3)
        least, roomy = 1 + max(1, meters), _ROOMY * max(1, meters)
        return Needs(least, roomy, roomy) if layout is Layout.HALVES else Needs.exactly(least)

    def copy_text(self, view: AllowanceView, at: Place) -> str:
        """Every meter in a line."""
        return headline_text(view)

    def opens(self, view: AllowanceView | Placeholder, at: Place) -> Opening:
        """Every meter with its lines."""
        return "allowance"

    def table(self, view: AllowanceView, at: Place, height: int) -> Selection:
        """Every meter with its lines."""
        return Selection("allowances", "allowances")
