"""The rows of the dashboard, shared out among its cards."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage_tui.cards.arrangement import (
    MARGIN,
    WIDE,
    XWIDE,
    Box,
    Item,
    Layout,
    Needs,
    Slot,
    arrange,
    glance_of,
)

USUAL = {
    "balance": (Slot.UPPER_LEFT, Needs.exactly(8)),
    "included": (Slot.UPPER_LEFT, Needs.exactly(3)),
    "ranking": (Slot.UPPER_RIGHT, Needs.exactly(10)),
    "daily": (Slot.FULL, Needs(7, 12, None)),
    "recent": (Slot.LOWER_LEFT, Needs(4, 5, 52)),
    "grants": (Slot.LOWER_RIGHT, Needs(4, 5, 10)),
    "allowance": (Slot.LOWER_RIGHT, Needs.exactly(3)),
}
NEEDS = st.builds(
    lambda least, usual, most: Needs(least, least + usual, None if most is None else least + usual + most),
    st.integers(1, 9),
    st.integers(0, 8),
    st.none() | st.integers(0, 40),
)
CARDS = st.lists(st.tuples(st.sampled_from(Slot), NEEDS), min_size=1, max_size=9)


def arranged(columns: int, rows: int, cards: dict[str, tuple[Slot, Needs]] = USUAL) -> dict[str, Box]:
    """The boxes of cards on a screen of so many columns."""
    items = [Item(name, slot, lambda *_, needs=needs: needs) for name, (slot, needs) in cards.items()]
    return arrange(columns - 2 * MARGIN, rows, items)


def heights(columns: int, rows: int, *names: str) -> list[int]:
    boxes = arranged(columns, rows)
    return [boxes[name].height for name in names or ("daily", "recent", "grants", "allowance")]


def without(*names: str) -> dict[str, tuple[Slot, Needs]]:
    return {name: card for name, card in USUAL.items() if name not in names}


@pytest.mark.parametrize(
    ("taken", "expected"), [(0, [8, 5, 5, 3]), (1, [7, 5, 5, 3]), (2, [7, 4, 5, 3]), (3, [7, 4, 4, 3])]
)
def test_at_120x40_every_row_is_used_with_and_without_banners(taken: int, expected: list[int]) -> None:
    assert heights(120, 37 - taken) == expected
    assert arranged(120, 37 - taken)["allowance"].y + 3 == 37 - taken


def test_spare_rows_go_to_the_chart_first_then_to_the_tables() -> None:
    assert heights(120, 37 + 4) == [12, 5, 5, 3]
    assert heights(120, 37 + 7) == [12, 5, 8, 3]
    assert heights(120, 37 + 19) == [12, 15, 10, 3]


def test_the_upper_cards_stand_side_by_side_on_a_wide_screen() -> None:
    boxes = arranged(120, 37)
    assert boxes["balance"] == Box(0, 0, 54, 8)
    assert boxes["included"] == Box(0, 9, 54, 3)
    assert boxes["ranking"] == Box(57, 0, 61, 10)
    assert boxes["daily"] == Box(0, 13, 118, 8)


def test_in_one_column_every_card_has_the_whole_width_and_begins_on_the_page_that_it_ends_on() -> None:
    boxes = arranged(80, 22)
    assert {box.width for box in boxes.values()} == {78}
    assert [(box.y, box.height) for box in boxes.values()] == [
        (0, 8),
        (9, 3),
        (22, 10),
        (33, 11),
        (44, 12),
        (57, 5),
        (63, 3),
    ]


def test_a_card_higher_than_the_screen_begins_a_page_and_takes_as_many_as_it_needs() -> None:
    boxes = arranged(80, 5)
    assert [box.y for box in boxes.values()] == [0, 10, 15, 25, 35, 40, 45]


def test_in_one_column_the_first_cards_have_their_usual_rows_first() -> None:
    cards = {
        "first": (Slot.FULL, Needs(4, 8, 9)),
        "second": (Slot.FULL, Needs(4, 8, None)),
        "third": (Slot.FULL, Needs(4, 8, 20)),
    }
    boxes = arranged(80, 20, cards)
    assert [box.height for box in boxes.values()] == [8, 6, 4]


GLANCE = {"first": Needs.exactly(10), "second": Needs(6, 9, 12), "third": Needs.exactly(3)}


@pytest.mark.parametrize(
    ("rows", "glance", "second"),
    [
        (10, None, Box(0, 10, 78, 6)),
        (11, Box(0, 10, 78, 1), Box(0, 11, 78, 7)),
        (12, Box(0, 11, 78, 1), Box(0, 12, 78, 8)),
        (16, Box(0, 11, 78, 1), Box(0, 16, 78, 12)),
        (17, None, Box(0, 11, 78, 6)),
    ],
)
def test_a_line_stands_for_a_card_that_begins_on_the_next_page(
    rows: int, glance: Box | None, second: Box
) -> None:
    items = [
        Item(name, Slot.FULL, lambda *_, needs=needs: needs, glance=name == "second")
        for name, needs in GLANCE.items()
    ]
    boxes = arrange(78, rows, items)
    assert boxes.get(glance_of("second")) == glance
    assert boxes["second"]._replace(height=second.height) == second
    assert boxes["second"].height >= 6


@settings(max_examples=300)
@given(st.integers(40, 220), st.integers(9, 70), CARDS)
def test_no_card_is_cut_by_the_end_of_a_page(
    columns: int, rows: int, chosen: list[tuple[Slot, Needs]]
) -> None:
    ordered = sorted(chosen, key=lambda card: list(Slot).index(card[0]))
    boxes = arranged(columns, rows, {str(number): card for number, card in enumerate(ordered)})
    # Cards side by side are one block: what counts is where the higher one ends.
    for box in boxes.values():
        if box.width >= columns - 2 * MARGIN and box.height <= rows:
            assert box.y // rows == (box.y + box.height - 1) // rows


def test_rows_of_a_card_that_is_missing_go_to_the_others() -> None:
    boxes = arranged(120, 37, without("grants", "allowance"))
    assert boxes["recent"].y + boxes["recent"].height == 37
    assert boxes["daily"].height == 12
    assert boxes["recent"].height > USUAL["recent"][1].usual


@pytest.mark.parametrize("missing", [("ranking",), ("balance", "included"), ("balance",)])
def test_a_column_alone_or_much_shorter_than_the_other_is_given_up(missing: tuple[str, ...]) -> None:
    boxes = arranged(120, 37, without(*missing))
    assert {box.width for box in boxes.values()} == {118}
    assert {box.x for box in boxes.values()} == {0}


def overlap(one: Box, other: Box) -> bool:
    apart = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not apart and one.y < other.y + other.height and other.y < one.y + one.height


@settings(max_examples=300)
@given(st.integers(40, 220), st.integers(9, 70), CARDS)
def test_cards_have_what_they_need_and_never_overlap(
    columns: int, rows: int, chosen: list[tuple[Slot, Needs]]
) -> None:
    ordered = sorted(chosen, key=lambda card: list(Slot).index(card[0]))
    cards = {str(number): card for number, card in enumerate(ordered)}
    boxes = arranged(columns, rows, cards)
    assert list(boxes) == list(cards)
    for name, (_, needs) in cards.items():
        assert boxes[name].height >= needs.least
        assert boxes[name].x + boxes[name].width <= columns - 2 * MARGIN
    placed = list(boxes.values())
    assert not [pair for pair in pairwise(placed) if overlap(*pair)]


@settings(max_examples=300)
@given(st.integers(WIDE, XWIDE - 1), st.integers(37, 90))
def test_in_full_width_no_row_is_left_over(columns: int, rows: int) -> None:
    box = list(arranged(columns, rows).values())[-1]
    assert box.y + box.height == rows


@settings(max_examples=300)
@given(st.integers(XWIDE, 220), st.integers(40, 90))
def test_side_by_side_the_left_half_ends_in_the_last_row(columns: int, rows: int) -> None:
    halves = {
        **USUAL,
        "daily": (Slot.FULL, Needs(8, 15, None)),
        "recent": (Slot.LOWER_LEFT, Needs(8, 8, None)),
        "grants": (Slot.LOWER_RIGHT, Needs(10, 10, 10)),
        "allowance": (Slot.LOWER_RIGHT, Needs.exactly(4)),
    }
    boxes = arranged(columns, rows, halves)
    recent, last = boxes["recent"], boxes["allowance"]
    assert recent.y + recent.height == max(rows, 12 + 1 + 8 + 1 + 15)
    assert last.y + last.height <= recent.y + recent.height
    assert recent.width + 4 + last.width == columns - 2 * MARGIN


def test_what_a_card_needs_may_depend_on_its_width_and_on_the_layout() -> None:
    asked = []

    def needs(width: int, layout: Layout) -> Needs:
        asked.append((width, layout))
        return Needs.exactly(3)

    for columns in (80, 120, 200):
        arrange(columns - 2 * MARGIN, 40, [Item("one", Slot.FULL, needs)])
    assert asked == [(78, Layout.STACKED), (118, Layout.WIDE), (198, Layout.HALVES)]
