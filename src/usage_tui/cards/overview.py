"""Every organization of every profile, a row each: what is left, how long it lasts. Nothing is added up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from usage_tui.cards.card import Placeholder, head
from usage_tui.cards.panel import Cursor, Panel, Place
from usage_tui.cards.runway_words import pace_text, runs_out_text
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cut_line, line, spread, width, wrap
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.models.summary import INCLUDED
from usage_tui.state.digest import StatusAnswer
from usage_tui.state.overview import Row
from usage_tui.state.remote import Status
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, drawn_unit, estimated_text, noun_after
from usage_tui.text.words import count_noun, spoken

TITLE = "All organizations"
_NAME = 26
"""Cells of the names at most, so that numbers stand at one place while rows load."""
_PROFILES = 92
"""From which width on the profile stands beside the organization."""
_ROOMY = 130
"""From which width on the names do not take all the room that is left."""
_TONES: dict[str, Tone] = {"low": "warning", "paused": "error", "locked": "error"}
_SAYS: dict[Status, str] = {
    Status.FAILED: "Could not load",
    Status.WITHHELD: "No access",
    Status.NOT_OFFERED: "Not offered",
}


class OverviewView(NamedTuple):
    """What the screen shows.

    Attributes:
        rows: In the order of the screen.
        has_profiles: Whether the rows are of several sources.
        ascii_only: Whether only ASCII can be drawn.
    """

    rows: tuple[Row, ...]
    has_profiles: bool
    ascii_only: bool = False


def draw(view: OverviewView, area: Area, first: int = 0) -> list[Line]:
    """Head, column heads, and a row for each organization from the first one on the screen."""
    beside = view.has_profiles and area.width >= _PROFILES
    columns = tuple(one for one in _columns(area) if beside or one.title != "Profile")
    cells = [_cells(row, view, columns, area) for row in view.rows]
    heads, lines = draw_table(Table(columns, tuple(tuple(one) for one in cells)), area)
    rows = [
        _with_reason(drawn, row, area) if row.digest is None and row.reason else drawn
        for drawn, row in zip(lines, view.rows, strict=True)
    ]
    # All that follow, though not all may fit: a table with more lines than room asks for a new layout.
    return [head(TITLE, _end(view), area), heads, *(rows[first:] if area.height else rows)]


def _columns(area: Area) -> tuple[Column, ...]:
    return (
        Column(""),
        Column("Organization", at_least=12, weight=1),
        Column("Profile", at_least=8, weight=1),
        Column("Left", "right", at_least=10),
        Column("Used", "right"),
        Column("of", "right", from_width=124),
        Column("Pace a day", "right", from_width=72, at_least=10),
        Column("Runs out", at_least=8),
        Column("Earliest", from_width=106, at_least=8),
        Column("State", at_least=6, weight=area.width >= _ROOMY),
        Column("As of", from_width=130, at_least=13),
    )


def _cells(row: Row, view: OverviewView, columns: Sequence[Column], area: Area) -> list[Line]:
    digest = row.digest
    numbers = _numbers(digest, view, area) if digest is not None else {}
    cells: dict[str, Line] = {
        "": _mark(row, area),
        "Organization": line(Span(_called(row, view, columns), "strong" if row.name else "text")),
        "Profile": line(Span(row.source, "muted")),
        "State": _state(row, area),
        **numbers,
    }
    return [cells.get(column.title, EMPTY) for column in columns]


def _called(row: Row, view: OverviewView, columns: Sequence[Column]) -> str:
    """The organization; without a column for it the profile, where that is enough to tell them apart."""
    beside = any(column.title == "Profile" for column in columns)
    of_source = sum(one.target.profile == row.target.profile for one in view.rows)
    if view.has_profiles and not beside and of_source == 1:
        return row.source
    return row.name or row.source


def _numbers(digest: StatusAnswer, view: OverviewView, area: Area) -> dict[str, Line]:
    unit, unknown = drawn_unit(digest.unit, ascii_only=view.ascii_only), Span(area.glyphs.none, "muted")
    left = digest.credits
    noun = noun_after(left, unit) if left is not None else ""
    granted = digest.progress_granted
    of = amount_text(granted, unit) if granted is not None else ""
    budget = " budget" if granted is not None and digest.progress_of != INCLUDED else ""
    today = dates.local(digest.as_of, digest.org.time_zone).date()
    used = digest.percent_used
    return {
        "Left": line(amount_text(left, unit), Span(f" {noun}" if noun else "", "muted"))
        if left is not None
        else line(unknown),
        "Used": line(f"{used}%" if used is not None else unknown),
        "of": line(Span(f"{of}{budget}", "muted")) if of else line(unknown),
        "Pace a day": line(estimated_text(digest.pace, unit) if digest.pace is not None else unknown),
        "Runs out": line(_runs_out(digest, today, area)),
        "Earliest": line(_day(digest.earliest, today) or unknown),
        "As of": line(Span(dates.moment(digest.as_of, digest.org.time_zone), "muted")),
    }


def _runs_out(digest: StatusAnswer, today: date, area: Area) -> Span:
    if digest.pace is None:
        return Span(area.glyphs.none, "muted")
    if digest.runs_out is None:
        return Span("over a year", "muted")
    refresh = digest.refresh
    soon = refresh is not None and digest.runs_out < refresh
    return Span(_day(digest.runs_out, today), "warning-strong" if soon else "text")


def _day(day: date | None, today: date) -> str:
    return "" if day is None else dates.expected(day, today)


def _mark(row: Row, area: Area) -> Line:
    """What is wrong with a row, or that its numbers are of an earlier look; or that it is the one shown."""
    if row.status is Status.FAILED:
        return line(Span("!", "error-strong"))
    if row.cached:
        return line(Span(area.glyphs.cut, "muted"))
    return line(Span(area.glyphs.next, "focus")) if row.current else line(" ")


def _state(row: Row, area: Area) -> Line:
    if row.digest is not None:
        state = row.digest.state
        return line(Span(spoken(state), _TONES.get(state, "text"))) if state else EMPTY
    if row.reason:
        return EMPTY  # it stands in the place of the numbers
    if row.status in _SAYS:
        return line(Span(_SAYS[row.status], "error" if row.status is Status.FAILED else "muted"))
    return line(Span(f"Loading{area.glyphs.cut}", "muted"))


def _with_reason(drawn: Line, row: Row, area: Area) -> Line:
    """A row without numbers: its name, and in the room of the numbers why there are none."""
    gap = 2
    name = cut_line(
        line(*_mark(row, area), " " * gap, Span(row.name or row.source, "strong")), _NAME, area.glyphs
    )
    room = area.width - _NAME - gap
    tone: Tone = "error" if row.status is Status.FAILED else "muted"
    start = line(*name, " " * (_NAME - width(name) + gap))
    said = cut_line(line(Span(row.reason, tone)), room, area.glyphs)
    return line(*start, *said, " " * (room - width(said)))


def _end(view: OverviewView) -> Line:
    """How many are still to come, or what the order means."""
    waiting = sum(row.status is Status.LOADING for row in view.rows)
    said = f"{len(view.rows) - waiting} of {len(view.rows)} loaded" if waiting else "shortest runway first"
    return line(Span(said, "muted"))


def draw_details(row: Row, view: OverviewView, area: Area) -> list[Line]:
    """One organization in sentences."""
    name = line(Span(row.name or row.source, "strong"))
    where = f" {area.glyphs.dot} ".join(_where(row))
    lines = [spread(name, line(Span(where, "muted")), area.width, area.glyphs)]
    for text, tone in _sentences(row, view):
        lines += [line(Span(part, tone)) for part in wrap(text, area.width)]
    return lines


def _where(row: Row) -> list[str]:
    origin = row.digest.origin if row.digest is not None else ""
    return [part for part in (row.source, origin if origin != row.source else "") if part]


def _sentences(row: Row, view: OverviewView) -> list[tuple[str, Tone]]:
    told: list[tuple[str, Tone]] = []
    if row.reason:
        told.append((row.reason, "error" if row.status is Status.FAILED else "text"))
    digest = row.digest
    if digest is None:
        return told if told else [("Nothing is known of it yet.", "muted")]
    unit = drawn_unit(digest.unit, ascii_only=view.ascii_only)
    if row.runway is not None and not row.cached:
        told.append((f"Runs out: {runs_out_text(row.runway, unit)}.", "text"))
        pace = pace_text(row.runway, unit)
        told += [(f"Pace: {pace}.", "text")] if pace else []
    if digest.days_left is not None and digest.refresh is not None:
        left = count_noun(digest.days_left, "day")
        told.append(
            (
                f"The billing period has {left} left; the next one begins on {dates.day(digest.refresh)}.",
                "muted",
            )
        )
    moment = dates.moment(digest.as_of, digest.org.time_zone)
    zone = dates.place(digest.org.time_zone)
    earlier = ", from an earlier look" if row.cached else ""
    told.append((f"As of {moment}, {zone} time{earlier}.", "muted"))
    return told


def row_text(row: Row) -> str:
    """A row to be copied, tabs between its cells."""
    digest = row.digest
    if digest is None:
        return "\t".join((row.name or row.source, row.source, row.reason))
    left = amount_text(digest.credits, digest.unit) if digest.credits is not None else ""
    noun = noun_after(digest.credits, digest.unit) if digest.credits is not None else ""
    runs_out = digest.runs_out.isoformat() if digest.runs_out else ""
    return "\t".join((row.name, row.source, f"{left} {noun}".strip(), runs_out, digest.state or ""))


class OverviewPanel(Panel[OverviewView]):
    """A row for each organization."""

    id = "all-organizations"
    title = TITLE
    cursor = Cursor.ROWS

    def draw(self, view: OverviewView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, column heads, and the rows that fit."""
        return [] if isinstance(view, Placeholder) else draw(view, area, at.first)

    def row_count(self, view: OverviewView, at: Place, height: int) -> int:
        """All of them."""
        return len(view.rows)

    def printed_by(self, view: OverviewView, at: Place) -> tuple[str, ...]:
        """No command asks several sources."""
        return ()

    def copy_text(self, view: OverviewView, at: Place) -> str:
        """The row under the cursor."""
        return row_text(view.rows[at.cursor or 0])
