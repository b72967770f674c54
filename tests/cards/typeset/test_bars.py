"""Bars of cells: never longer than they may be, full only when nothing remains, seen for any use."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from usage_tui.cards.typeset.bars import progress, relative, split
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME, UNICODE
from usage_tui.cards.typeset.lines import Line, width

AMOUNTS = st.integers(0, 10**16).map(Decimal)
CELLS = st.integers(2, 220)


def text_of(spans: Line) -> str:
    return "".join(span.text for span in spans)


def length(spans: Line) -> float:
    text = text_of(spans)
    return text.count("━") + text.count("╸") / 2


@given(AMOUNTS, AMOUNTS, CELLS)
def test_progress_is_full_only_when_nothing_remains_and_empty_only_without_use(
    used: Decimal, whole: Decimal, cells: int
) -> None:
    bar = progress(used, whole, cells, UNICODE)
    assert width(bar) == cells
    if whole:
        assert (length(bar) == cells) == (used >= whole)
    assert (length(bar) == 0) == (used == 0 or whole == 0)


def test_progress_grows_with_use() -> None:
    bars = [length(progress(Decimal(used), Decimal(1000), 30, UNICODE)) for used in range(0, 1200, 7)]
    assert bars == sorted(bars)
    assert text_of(progress(Decimal(62), Decimal(100), 10, UNICODE)) == "━━━━━━────"
    assert text_of(progress(Decimal(62), Decimal(100), 10, ASCII)) == "======----"


def test_use_of_nothing_and_less_than_none_is_no_bar() -> None:
    assert text_of(progress(Decimal(5), Decimal(0), 4, UNICODE)) == "────"
    assert text_of(progress(Decimal(-5), Decimal(10), 4, UNICODE)) == "────"


@given(AMOUNTS, AMOUNTS, st.integers(0, 60))
def test_a_bar_beside_the_largest_is_exact_to_half_a_cell(
    amount: Decimal, largest: Decimal, cells: int
) -> None:
    assume(amount <= largest)
    bar = relative(amount, largest, cells, UNICODE)
    assert width(bar) == cells
    if amount and cells:
        exact = amount * cells / largest
        assert length(bar) >= 0.5
        assert abs(Decimal(length(bar)) - exact) <= Decimal("0.25") or length(bar) == 0.5


def test_a_negative_amount_has_no_bar() -> None:
    assert text_of(relative(Decimal(-5), Decimal(10), 4, UNICODE)) == "    "
    assert text_of(relative(Decimal(5), Decimal(-10), 4, UNICODE)) == "    "


@given(AMOUNTS, AMOUNTS, st.integers(3, 220))
def test_a_split_bar_fills_its_width_and_shows_every_part(left: Decimal, right: Decimal, cells: int) -> None:
    bar = split([(left, "━", "included"), (right, "┅", "purchased")], cells, MONOCHROME)
    text = text_of(bar)
    assert width(bar) == cells
    if not left and not right:
        assert text == "─" * cells
    else:
        assert ("━" in text, "┅" in text) == (left > 0, right > 0)
        assert text.count(" ") == (1 if left and right else 0)


def test_a_split_bar_is_divided_as_its_parts_are() -> None:
    bar = split([(Decimal(1), "━", "included"), (Decimal(3), "┅", "purchased")], 9, MONOCHROME)
    assert text_of(bar) == "━━ ┅┅┅┅┅┅"
