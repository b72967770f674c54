"""Credit grants: what was given or bought, in the order in which it is spent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import ClassVar

from usage_tui.cards import words
from usage_tui.cards.arrangement import Layout, Needs, Slot
from usage_tui.cards.card import (
    HEADS,
    Age,
    Placeholder,
    age,
    draw_placeholder,
    flowing,
    head,
    joined,
    key_hint,
    titled,
    view_of,
)
from usage_tui.cards.panel import START, Card, Cursor, Opening, Panel, Place, rows_to_come, table_needs
from usage_tui.cards.paying import Paying, links, paying
from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, line, retoned, width
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.models import SOON_DAYS, Credits, EventQuery, Grant, Grants, Part
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection
from usage_tui.text import dates
from usage_tui.text.amounts import CREDIT, amount_text, places
from usage_tui.text.words import count_noun, spoken

TITLE = "Credit grants"
_USUAL_ROWS = 8
"""Grants to keep room for while none are known, so that nothing moves when they come."""

_TONES: dict[str, Tone] = {"active": "success", "scheduled": "included", "locked": "warning"}
OVER = ("used", "expired", "voided")
"""The states in which nothing of a grant can be used any more."""


class GrantsView(NamedTuple):
    """All grants of the organization.

    Attributes:
        unit: The code of the unit of their amounts.
        paying: What the viewer may do in Billing.
        lapsing: What each grant loses when it expires, at the usual pace, by its id; None while unknown.
    """

    title: str
    grants: tuple[Grant, ...]
    unit: str
    paying: Paying
    as_of: datetime
    time_zone: str
    lapsing: Mapping[str, Credits] | None
    age: Age


def grants_view(state: UsageState) -> GrantsView | Placeholder:
    """What the card says."""
    view = view_of(state.grants, lambda grants: _view(state, grants))
    return titled(view, title(state.unit))


def title(unit: str) -> str:
    """The card's title; the one for credits while the unit is unknown."""
    return TITLE if unit in (CREDIT, "") else "Grants"


def _view(state: UsageState, grants: Grants) -> GrantsView:
    return GrantsView(
        title=words.marked(title(state.unit), state, Part.BALANCE),
        grants=grants.items,
        unit=state.unit,
        paying=paying(state),
        as_of=grants.as_of,
        time_zone=state.time_zone,
        lapsing=_lapsing(state),
        age=age(state, state.grants),
    )


def _lapsing(state: UsageState) -> Mapping[str, Credits] | None:
    """What each grant loses at the usual pace; None without a pace."""
    if state.days.value is None:
        return None
    from usage_tui.state.known_answers import known_answers

    answers = known_answers(state)
    runway = answers.runway if answers is not None else None
    if runway is None or runway.pace is None:
        return None
    return {lapse.grant_id: lapse.usual for lapse in runway.lapses if lapse.usual}


def draw(
    view: GrantsView | Placeholder, area: Area, end: Line, first: int = 0, *, total: bool = False
) -> list[Line]:
    """Head, column heads, and the rows that fit; all without a height.

    Args:
        view: What to show.
        area: Where.
        end: The right end of the head.
        first: The first row.
        total: Whether the last line sums up all rows.
    """
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    if not view.grants:
        return [head(view.title, EMPTY, area, view.age), line("No grants yet.")]
    amounts = [amount for grant in view.grants for amount in (grant.original, grant.remaining)]
    decimals = places(amounts, view.unit)
    rows = tuple(
        _row(grant, view, decimals, area, is_next=index == 0 and grant.status == "active")
        for index, grant in enumerate(view.grants)
    )
    room = max(1, area.height - HEADS - total) if area.height else len(rows)
    heads, lines = draw_table(Table(_columns(area), (*rows, _total(view, decimals))), area)
    below = lines[-1:] if total else []
    shown = lines[:-1][first : first + room]
    return [head(view.title, end, area, view.age), heads, *shown, *below]


def _total(view: GrantsView, decimals: int) -> tuple[Line, ...]:
    """The sums of both columns of amounts."""
    original = Credits.total(grant.original for grant in view.grants)
    remaining = Credits.total(grant.remaining for grant in view.grants)
    return (
        line(Span("All", "strong")),
        line(Span(count_noun(len(view.grants), "grant"), "muted")),
        EMPTY,
        EMPTY,
        line(amount_text(original, view.unit, decimals)),
        line(Span(amount_text(remaining, view.unit, decimals), "strong")),
    )


def _columns(area: Area) -> tuple[Column, ...]:
    """In full width the first column is as wide as that of the history."""
    return (
        Column("Status", at_least=16 if area.width >= 100 else 11),
        Column("Description", weight=1),
        Column("Granted", from_width=90, at_least=12),
        Column("Expires", from_width=54, at_least=12),
        Column("Original", "right", from_width=70),
        Column("Remaining", "right"),
    )


def _row(grant: Grant, view: GrantsView, decimals: int, area: Area, *, is_next: bool) -> tuple[Line, ...]:
    after = line(" ", Span(f"{area.glyphs.next} next", "included")) if is_next else EMPTY
    status = line(
        Span(_symbol(grant.status, area.glyphs), _TONES.get(grant.status, "muted")),
        f" {spoken(grant.status)}",
        *(after if area.width >= 90 else EMPTY),
    )
    cells: tuple[Line, ...] = (
        status,
        line(grant.description),
        line(Span(dates.day_of(grant.granted_at, view.time_zone, year=True), "muted")),
        _expires(grant, view, area),
        line(amount_text(grant.original, view.unit, decimals)),
        line(Span(amount_text(grant.remaining, view.unit, decimals), "strong")),
    )
    return tuple(retoned(cell, "muted") for cell in cells) if grant.status in OVER else cells


def _symbol(status: str, glyphs: Glyphs) -> str:
    symbols = {
        "active": glyphs.active,
        "scheduled": glyphs.scheduled,
        "locked": glyphs.locked,
        "expired": glyphs.expired,
        "voided": glyphs.voided,
        "used": glyphs.used,
    }
    return symbols.get(status, "?")


def ends_soon(grant: Grant, view: GrantsView) -> int | None:
    """Days until a usable grant ends, if that is soon and something of it will be lost; None otherwise."""
    if grant.expires_at is None or grant.status != "active":
        return None
    if view.lapsing is not None and grant.id not in view.lapsing:
        return None
    days = dates.days_until(grant.expires_at, view.as_of, view.time_zone)
    return days if days <= SOON_DAYS else None


def _expires(grant: Grant, view: GrantsView, area: Area) -> Line:
    if grant.expires_at is None:
        return line(area.glyphs.none)
    on = dates.day_of(grant.expires_at, view.time_zone, year=True)
    days = ends_soon(grant, view)
    if days is None:
        return line(on)
    mark = f"  ! {count_noun(days, 'day')}" if area.width >= 100 else " !"
    return line(Span(on + mark, "warning"))


def totals(view: GrantsView, area: Area) -> list[Line]:
    """What is usable, scheduled and locked, in one line if that fits."""
    amounts = {status: _sum(view, status) for status in ("active", "scheduled", "locked")}
    decimals = places(amounts.values(), view.unit)
    usable = sum(1 for grant in view.grants if grant.status == "active")
    sums = [
        line(
            Span(amount_text(amounts["active"], view.unit, decimals), "strong"),
            Span(f" usable in {count_noun(usable, 'grant')}", "muted"),
        )
    ]
    sums += [
        line(Span(amount_text(amounts[status], view.unit, decimals), "strong"), Span(f" {status}", "muted"))
        for status in ("scheduled", "locked")
        if amounts[status]
    ]
    if width(whole := joined(sums, "    ")) <= area.width:
        return [whole]
    return flowing(sums, area)


def _sum(view: GrantsView, status: str) -> Credits:
    return Credits.total(grant.remaining for grant in view.grants if grant.status == status)


def row_text(view: GrantsView, grant: Grant) -> str:
    """One grant as a line of text: status, description, dates, amounts."""
    ends = (
        dates.day_of(grant.expires_at, view.time_zone, year=True) if grant.expires_at else "does not expire"
    )
    granted = dates.day_of(grant.granted_at, view.time_zone, year=True)
    amounts = [amount_text(amount, view.unit) for amount in (grant.original, grant.remaining)]
    return "\t".join([spoken(grant.status), grant.description, granted, ends, *amounts])


class GrantsPanel(Panel[GrantsView]):
    """All grants on a screen of their own."""

    id = "all-grants"
    title = TITLE
    cursor = Cursor.ROWS
    total: ClassVar[bool] = True
    """Whether the last line sums up all grants."""

    def draw(self, view: GrantsView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, column heads, rows."""
        end = self.end(view, area, at) if isinstance(view, GrantsView) and area.interactive else EMPTY
        return draw(view, area, end, at.first, total=self.total)

    def end(self, view: GrantsView, area: Area, at: Place) -> Line:
        """What the order means, or which rows are on the screen if not all fit; and the ways to Billing."""
        count, visible = len(view.grants), self.visible_rows(view, at, area.height)
        if visible >= count or not area.height:
            shown = line(Span("in the order they are spent", "muted"))
        else:
            rows = f"{at.first + 1}{area.glyphs.dash}{at.first + visible}"
            shown = line(Span("Rows ", "muted"), Span(rows, "strong"), Span(f" of {count}", "muted"))
        full, short = (joined([shown, links(view.paying, area, short=short)]) for short in (False, True))
        return full if len(TITLE) + 3 + width(full) <= area.width else short

    def row_count(self, view: GrantsView, at: Place, height: int) -> int:
        """All grants."""
        return len(view.grants)

    def visible_rows(self, view: GrantsView, at: Place, height: int) -> int:
        """Those above the total."""
        return max(1, height - HEADS - self.total)

    def copy_text(self, view: GrantsView, at: Place) -> str:
        """The row under the cursor."""
        return row_text(view, view.grants[at.cursor or 0]) if view.grants else ""

    def opens(self, view: GrantsView | Placeholder, at: Place) -> Opening:
        """The events of the time in which the grant was usable; one to come has none."""
        if isinstance(view, Placeholder) or not view.grants:
            return None
        grant = view.grants[at.cursor or 0]
        ends_at = view.as_of if grant.expires_at is None else grant.expires_at
        usable = grant.effective_at < min(ends_at, view.as_of)
        return EventQuery(starts_at=grant.effective_at, ends_at=ends_at) if usable else None

    def table(self, view: GrantsView, at: Place, height: int) -> Selection:
        """All grants."""
        return Selection("grants", "grants")


class GrantsCard(GrantsPanel, Card[GrantsView]):
    """What was given or bought, in the order in which it is spent."""

    id = "grants"
    slot = Slot.LOWER_RIGHT
    total = False

    def view(self, state: UsageState) -> GrantsView | Placeholder:
        """All grants."""
        return grants_view(state)

    def end(self, view: GrantsView, area: Area, at: Place) -> Line:
        """The way to all grants."""
        return joined([line(Span("spend order", "muted")), key_hint("grants", "Grants", area)])

    def needs(self, view: GrantsView | Placeholder, area: Area, layout: Layout) -> Needs:
        """The rows of a table; in one half of the screen up to 8, and all of them if there is room."""
        count = len(view.grants) if isinstance(view, GrantsView) else 0
        if layout is Layout.TEXT:
            return Needs.exactly(HEADS + count)
        rows = rows_to_come(view, count, _USUAL_ROWS)
        if layout is not Layout.HALVES or not rows:
            instead = partial(self.draw, view, area, START)
            return table_needs(view, count, layout, loading=_USUAL_ROWS, instead=instead)
        usual = HEADS + min(rows, _USUAL_ROWS)
        return Needs(usual, usual, HEADS + rows)

    def opens(self, view: GrantsView | Placeholder, at: Place) -> Opening:
        """All grants."""
        return "grants"
