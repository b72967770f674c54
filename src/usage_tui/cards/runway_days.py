"""What happens to the pool on which day: the rows of a table, and the marks of a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from usage_tui.cards.card import Placeholder, head
from usage_tui.cards.panel import Cursor, GrantToShow, Opening, Panel, Place
from usage_tui.cards.runway import together
from usage_tui.cards.runway_words import funds
from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, line
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.ledger.spending import INCLUDED
from usage_tui.models import Credits
from usage_tui.text import dates
from usage_tui.text.amounts import estimated_text
from usage_tui.text.words import count_noun

if TYPE_CHECKING:
    from usage_tui.insight.milestones import Milestone
    from usage_tui.insight.runway import Runway
    from usage_tui.state.facts import Facts

TITLE = "What happens"


class Kind(Enum):
    """What can happen; each with a word for a chart. Of one day, it is told in this order."""

    EXPIRY = "expires"
    TERM_END = "plan ends"
    REFRESH = "refresh"
    START = "begins"
    INCLUDED_OUT = "included used up"
    PURCHASED_FROM = "purchased pays"
    RECHARGE = "recharge"
    RUNS_OUT = "runs out"
    EARLIEST = "earliest"
    LATEST = "latest"


_ORDER = [*Kind]
_RUN_OUTS = (Kind.RUNS_OUT, Kind.EARLIEST, Kind.LATEST)


class DayRow(NamedTuple):
    """Something that happens.

    Attributes:
        expected: Whether the day follows from the pace; else it is known.
        amount: What the pool gains or loses by it; None if that is nothing, or not an amount.
        note: What is told in place of the amount.
        grant_id: The present grant that it is about; empty if there is none.
    """

    on: date
    kind: Kind
    what: str
    expected: bool = False
    amount: Credits | None = None
    note: str = ""
    grant_id: str = ""

    @property
    def tone(self) -> Tone:
        """How it looks."""
        match self.kind:
            case Kind.RUNS_OUT | Kind.EARLIEST | Kind.TERM_END:
                return "warning"
            case Kind.LATEST | Kind.INCLUDED_OUT | Kind.PURCHASED_FROM:
                return "muted"
            case _:
                return "text"


def symbol(kind: Kind, glyphs: Glyphs) -> str:
    """The sign of what happens, on the chart and in the table."""
    match kind:
        case Kind.EXPIRY:
            return glyphs.expired
        case Kind.TERM_END:
            return glyphs.locked
        case Kind.REFRESH:
            return glyphs.cursor_day
        case Kind.START:
            return glyphs.scheduled
        case Kind.INCLUDED_OUT:
            return glyphs.used
        case Kind.PURCHASED_FROM:
            return glyphs.next
        case Kind.RECHARGE:
            return glyphs.active
    return "!"


def day_rows(runway: Runway, facts: Facts, unit: str) -> tuple[DayRow, ...]:
    """Everything that happens, in order; nothing if no date is told.

    Args:
        runway: How long what is left lasts.
        facts: What it follows from.
        unit: The code of the unit of its amounts.
    """
    if runway.pace is None:
        return ()
    shown = {grant.id for grant in facts.grants.items} if facts.grants is not None else set()
    balance = facts.summary.balance
    rows = [*_milestones(runway, unit), *_lapses(runway, unit), *_recharge(runway)]
    if balance is None or balance.included != Credits.ZERO:
        rows += _included_out(runway, unit)
    if runway.balances[0].usual:
        rows += _run_outs(runway)
    found = [row if row.grant_id in shown else row._replace(grant_id="") for row in rows]
    return tuple(sorted(found, key=lambda row: (row.on, _ORDER.index(row.kind), row.what)))


def _milestones(runway: Runway, unit: str) -> Iterator[DayRow]:
    """What begins, and what lapses of that."""
    from usage_tui.insight.milestones import MilestoneKind

    lapsing = {lapse.grant_id for lapse in runway.lapses}
    for what in runway.milestones:
        match what.kind:
            case MilestoneKind.EXPIRY if what.grant_id not in lapsing:
                yield _row(what, Kind.EXPIRY, f"{_name(what)} expires", lost=True)
            case MilestoneKind.TERM_END:
                locked = f"; purchased {funds(unit)} are locked" if what.amount else ""
                yield _row(what, Kind.TERM_END, f"The plan ends{locked}", lost=True)
            case MilestoneKind.REFRESH:
                yield _row(what, Kind.REFRESH, "Refresh, if the plan renews" if what.assumed else "Refresh")
            case MilestoneKind.START:
                yield _row(what, Kind.START, f"{_name(what)} begins")
            case MilestoneKind.RECHARGE:
                yield _row(what, Kind.RECHARGE, "Auto-recharge buys")._replace(expected=True)


def _lapses(runway: Runway, unit: str) -> Iterator[DayRow]:
    """What the present grants lose; included ones that end on the same day are one."""
    alike = Counter((lapse.on, lapse.bucket) for lapse in runway.lapses)
    for lapse in together(runway.lapses):
        several = lapse.bucket == INCLUDED and alike[lapse.on, lapse.bucket] > 1
        name = f"Included {funds(unit)}" if several else lapse.description or "What is bought"
        yield DayRow(
            on=lapse.on,
            kind=Kind.EXPIRY,
            what=f"{name} {'expire' if several else 'expires'}",
            amount=-lapse.usual if lapse.usual else None,
            note="" if lapse.usual else f"up to {estimated_text(-lapse.most, unit)}",
            grant_id=lapse.grant_id,
        )


def _row(what: Milestone, kind: Kind, text: str, *, lost: bool = False) -> DayRow:
    amount = -what.amount if lost and what.amount is not None else what.amount
    return DayRow(on=what.on, kind=kind, what=text, amount=amount or None, grant_id=what.grant_id or "")


def _name(what: Milestone) -> str:
    return what.description or "What is bought"


def _included_out(runway: Runway, unit: str) -> Iterator[DayRow]:
    """When included grants no longer pay, and purchased ones do."""
    out, pays, what = runway.included_out, runway.purchased_from, funds(unit)
    if out is not None:
        yield DayRow(out, Kind.INCLUDED_OUT, f"Included {what} are used up", expected=True)
    if pays is not None:
        yield DayRow(pays, Kind.PURCHASED_FROM, f"Purchased {what} begin to pay", expected=True)


def _recharge(runway: Runway) -> Iterator[DayRow]:
    """When the balance is at the threshold of auto-recharge."""
    if runway.recharge_on is not None:
        late = runway.recharge_on == runway.today
        text = "has not bought yet" if late else "is not counted"
        yield DayRow(runway.recharge_on, Kind.RECHARGE, f"Auto-recharge is due, but {text}", expected=True)


def _run_outs(runway: Runway) -> Iterator[DayRow]:
    """When nothing is left, at each pace; from the end of the plan on, nothing is usable anyway."""
    ends = runway.term_ends or date.max
    days = [day if day and day < ends else None for day in (runway.runs_out, runway.earliest, runway.latest)]
    if days[0] is not None and len({*days}) == 1:
        yield DayRow(days[0], Kind.RUNS_OUT, "Runs out at every pace", expected=True)
        return
    for on, kind, pace in zip(days, _RUN_OUTS, ("usual", "busiest", "quietest"), strict=True):
        if on is not None:
            yield DayRow(on, kind, f"Runs out at the {pace} pace", expected=True)


class DaysView(NamedTuple):
    """What happens, as a table.

    Attributes:
        expiries_known: Whether the viewer may know what expires.
        assumed: Whether something is assumed beside what is known.
    """

    today: date
    rows: tuple[DayRow, ...]
    unit: str
    expiries_known: bool = True
    assumed: bool = False


def when(row: DayRow, today: date) -> str:
    """``Dec 1``, ``Mar 2, 2027``; what is expected is ``about Dec 20``, and far ahead ``about Jul 2027``."""
    if row.on == today:
        return "today"
    if row.expected:
        return dates.about(row.on, today)
    return dates.day(row.on, year=row.on.year != today.year)


def _ahead(row: DayRow, today: date) -> str:
    days = (row.on - today).days
    return "" if not days or (row.expected and days > dates.EXACT_DAYS) else f"in {count_noun(days, 'day')}"


def change(row: DayRow, unit: str) -> str:
    """``+5,000``, ``-600``, ``up to -1,195.22``; empty for no amount."""
    if row.amount is None:
        return row.note
    return f"{'+' if row.amount > Credits.ZERO else ''}{estimated_text(row.amount, unit)}"


class DaysPanel(Panel[DaysView]):
    """What happens on which day, on the screen of the runway."""

    id = "runway-days"
    title = TITLE
    cursor = Cursor.ROWS

    def draw(self, view: DaysView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, column heads, and the rows that fit."""
        if isinstance(view, Placeholder):
            return []
        lines = [head(TITLE, self._end(view, area, at), area)]
        if not view.rows:
            return [*lines, line(Span("Nothing that is known, within a year.", "muted"))]
        table = Table(_COLUMNS, tuple(_cells(row, view, area.glyphs) for row in view.rows))
        heads, rows = draw_table(table, area)
        visible = self.visible_rows(view, at, area.height)
        return [*lines, heads, *rows[at.first : at.first + visible]]

    def _end(self, view: DaysView, area: Area, at: Place) -> Line:
        """Which rows are on the screen, if not all are."""
        count, visible = len(view.rows), self.visible_rows(view, at, area.height)
        if not view.expiries_known:
            return line(Span("expiry dates are not known to you", "muted"))
        if visible >= count:
            return line(Span("what if" if view.assumed else "at the usual pace", "muted"))
        rows = f"{at.first + 1}{area.glyphs.dash}{at.first + visible}"
        return line(Span("Rows ", "muted"), Span(rows, "strong"), Span(f" of {count}", "muted"))

    def row_count(self, view: DaysView, at: Place, height: int) -> int:
        """Everything that happens."""
        return len(view.rows)

    def copy_text(self, view: DaysView, at: Place) -> str:
        """The row under the cursor."""
        if not view.rows:
            return ""
        row = view.rows[at.cursor or 0]
        return "\t".join(filter(None, (when(row, view.today), row.what, change(row, view.unit))))

    def opens(self, view: DaysView | Placeholder, at: Place) -> Opening:
        """The grant that it is about."""
        if isinstance(view, Placeholder) or not view.rows:
            return None
        grant_id = view.rows[at.cursor or 0].grant_id
        return GrantToShow(grant_id) if grant_id else None


_COLUMNS = (
    Column("When", at_least=15),
    Column("", from_width=72, at_least=11),
    Column("What", weight=1),
    Column("Change", "right"),
)


def _cells(row: DayRow, view: DaysView, glyphs: Glyphs) -> tuple[Line, ...]:
    text = change(row, view.unit)
    return (
        line(Span(symbol(row.kind, glyphs), row.tone), " ", Span(when(row, view.today), "strong")),
        line(Span(_ahead(row, view.today), "muted")),
        line(Span(row.what, row.tone)),
        line(Span(text, "muted" if row.note else "text")) if text else EMPTY,
    )
