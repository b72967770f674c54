"""Why a day was expensive: what it is compared with, and each source against what it usually uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from usage_tui.cards.card import head
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, line, wrap
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.insight.pace import cut
from usage_tui.insight.why import Basis, BasisKind, Explanation, SourceChange
from usage_tui.models import Credits
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, heading, places, spoken_amount
from usage_tui.text.words import count_noun

NOTHING_KNOWN = "Nothing is known of what each source used on that day."
_Row = tuple[Line, ...]


def title(day: date, today: date) -> str:
    """``Why Thu, Nov 12``."""
    return f"Why {dates.weekday(day, year=day.year != today.year)}"


def draw(found: Explanation, unit: str, today: date, area: Area, rows: str = "Source") -> list[Line]:
    """The explanation below a head of its own, as the command prints it.

    Args:
        found: The explanation.
        unit: The code of the unit of its amounts.
        today: The date that is not over.
        area: Where.
        rows: What a row is, for the head of its column.
    """
    amount = line(Span(spoken_amount(found.amount, unit), "strong"))
    return [head(title(found.day, today), amount, area), *explained(found, unit, area, rows)]


def explained(found: Explanation, unit: str, area: Area, rows: str = "Source") -> list[Line]:
    """What the day is compared with, and its sources: those that used more, then those that used less."""
    lines = [
        line(Span(row, tone))
        for sentence, tone in _sentences(found, unit)
        for row in wrap(sentence, area.width)
    ]
    if not found.sources:
        return [*lines, EMPTY, line("Nothing was used.")]
    heads, body = draw_table(Table(_columns(found, unit, rows), tuple(_rows(found, unit))), area)
    more = sum(not _fell(source) for source in found.sources)
    rule = [line(Span(area.glyphs.rule * area.width, "rule"))] if 0 < more < len(found.sources) else []
    return [*lines, EMPTY, heads, *body[:more], *rule, *body[more:]]


def _sentences(found: Explanation, unit: str) -> Iterator[tuple[str, Tone]]:
    if found.basis is None or found.usual is None:
        so_far = "" if found.complete else " The day is not over."
        yield f"Nothing to compare with: too few earlier days are known.{so_far}", "muted"
        return
    usual = spoken_amount(cut(found.usual), unit)
    so_far = "" if found.complete else "So far. "
    yield f"{so_far}Usually {usual} a day, the median of {_basis_text(found.basis)}.", "muted"
    if found.spike:
        yield "A spike: more than twice what is usual.", "warning"


def _basis_text(basis: Basis) -> str:
    if basis.kind is BasisKind.WEEKDAY:
        return f"the last {count_noun(len(basis.dates), dates.weekday_name(basis.dates[0]))}"
    return f"the {count_noun(len(basis.dates), 'day')} before"


def _columns(found: Explanation, unit: str, rows: str) -> tuple[Column, ...]:
    compared = (Column("Usual", "right"), Column("Change", "right")) if found.usual is not None else ()
    return (Column(rows, weight=1), Column(heading(unit), "right"), *compared)


def _rows(found: Explanation, unit: str) -> Iterator[_Row]:
    """A row a source, what they do not explain, and the sum."""
    decimals = places(_amounts(found), unit)

    def row(
        label: str,
        amount: Credits | None,
        usual: Fraction | None,
        change: Fraction | None,
        tone: Tone = "text",
    ) -> _Row:
        cells = [line(Span(label, tone)), _cell(amount, unit, decimals, tone)]
        if found.usual is not None:
            cells.append(_cell(_cut(usual), unit, decimals, "muted"))
            cells.append(_cell(_cut(change), unit, decimals, tone, signed=True))
        return tuple(cells)

    for source in found.sources:
        yield row(source.label or source.source_id, source.amount, source.usual, source.change)
    if found.other:
        yield row("Other differences", None, None, found.other, "muted")
    yield row("Total", found.amount, found.usual, found.change, "strong")


def _cell(amount: Credits | None, unit: str, decimals: int, tone: Tone, *, signed: bool = False) -> Line:
    if amount is None:
        return line("")
    text = amount_text(amount, unit, decimals)
    return line(Span(f"+{text}" if signed and amount > Credits.ZERO else text, tone))


def _amounts(found: Explanation) -> Iterator[Credits]:
    yield found.amount
    for source in found.sources:
        yield source.amount
        yield from (cut(part) for part in (source.usual, source.change) if part)


def _fell(source: SourceChange) -> bool:
    return source.change is not None and source.change < 0


def _cut(amount: Fraction | None) -> Credits | None:
    return None if amount is None else cut(amount)
