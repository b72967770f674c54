"""The whole dashboard, every demo at every size: no card is cut, and the first screen answers what it can."""

from __future__ import annotations

from functools import cache, partial
from itertools import product
from typing import Any

import pytest

from tests.cards.states import ALL, ANSWERING, area, demo, large_number, shown
from usage_tui.cards import banner
from usage_tui.cards.arrangement import (
    LOW,
    MARGIN,
    WIDE,
    XWIDE,
    Box,
    Item,
    Layout,
    Needs,
    arrange,
    glance_of,
    layout_of,
)
from usage_tui.cards.catalog import CARDS
from usage_tui.cards.catalog import shown as shown_cards
from usage_tui.cards.panel import START, Card, Panel, Place
from usage_tui.cards.typeset.digits import HEAVY, HEIGHT
from usage_tui.cards.typeset.figure import figure
from usage_tui.cards.typeset.lines import width

COLUMNS = [*range(60, 201, 10), 75, 76, 78, 84, 119, 199]
ROWS = [*range(20, 61, 4), 29, 30]
OFTEN = {"acme", "labels", "huge"}


@cache
def views_of(scenario: str) -> list[tuple[Panel[Any], object]]:
    """What the dashboard shows of a demo."""
    return shown_cards(demo(scenario), CARDS)


@cache
def announced_rows(scenario: str, columns: int) -> int:
    """The rows of the banners."""
    return len(banner.draw(banner.banners(demo(scenario)), area(columns - 2 * MARGIN)))


def rows_of(scenario: str, columns: int, rows: int) -> int:
    """The rows that header, footer, banners and blank lines leave for cards."""
    announced = announced_rows(scenario, columns)
    blank = (1 + bool(announced)) if rows >= LOW else 0
    return rows - 2 - announced - blank


def needs(panel: Panel[Any], view: object, cells: int, layout: Layout) -> Needs:
    """The rows that a card needs."""
    return panel.needs(view, area(cells), layout)


def boxes_of(scenario: str, columns: int, rows: int) -> dict[str, Box]:
    """Where every card of a demo is on a screen of this size."""
    items = [
        Item(
            panel.id,
            panel.slot,
            partial(needs, panel, view),
            glance=isinstance(panel, Card) and panel.has_glance,
        )
        for panel, view in views_of(scenario)
    ]
    return arrange(columns - 2 * MARGIN, rows_of(scenario, columns, rows), items)


def sizes_of(scenario: str) -> list[tuple[int, int]]:
    """Every size for the demos with the longest texts and amounts; of the others each has every third."""
    sizes = list(product(COLUMNS, ROWS))
    return sizes if scenario in OFTEN else sizes[ALL.index(scenario) % 3 :: 3]


@pytest.mark.parametrize("scenario", ALL)
def test_no_card_begins_that_does_not_fit_at_any_size(scenario: str) -> None:
    views = {panel.id: (panel, view) for panel, view in views_of(scenario)}
    fits = set[tuple[str, int, int]]()
    for columns, rows in sizes_of(scenario):
        page = rows_of(scenario, columns, rows)
        for name, box in boxes_of(scenario, columns, rows).items():
            where = f"{name} at {columns}x{rows}: {box}"
            assert box.y // page == (box.y + box.height - 1) // page, where
            size = name, box.width, box.height
            if name in views and size not in fits:
                fits.add(size)
                panel, view = views[name]
                lines = panel.draw(view, area(box.width, box.height), START)
                assert len(lines) <= box.height, where


@pytest.mark.parametrize("scenario", ANSWERING)
def test_the_large_number_stands_at_every_size(scenario: str) -> None:
    """Those of the demos fit into any screen from 60 columns on."""
    (card, view), *_ = views_of(scenario)
    for columns in COLUMNS:
        box = boxes_of(scenario, columns, 40)[card.id]
        lines = shown(list(card.draw(view, area(box.width, box.height), START)))
        assert large_number(lines[1 : 1 + HEIGHT], HEAVY) == view.total, columns  # type: ignore[attr-defined]


@pytest.mark.parametrize("scenario", ["acme", "annual", "fractions", "huge", "low", "no-included", "overage"])
def test_the_first_screen_of_80_by_24_tells_how_much_how_long_and_what_drives_it(scenario: str) -> None:
    boxes, page = boxes_of(scenario, 80, 24), rows_of(scenario, 80, 24)
    for name in ("balance", "included", "ranking"):
        assert boxes[name].y + boxes[name].height <= page, name
    if boxes["daily"].y >= page and boxes["ranking"].y + boxes["ranking"].height < page:
        glance = boxes[glance_of("daily")]
        assert boxes["ranking"].y + boxes["ranking"].height <= glance.y < page


def test_at_80_by_24_one_row_of_bars_stands_for_the_chart() -> None:
    boxes = boxes_of("acme", 80, 24)
    assert boxes[glance_of("daily")] == Box(0, 21, 78, 1)
    assert boxes["daily"].y == 22


@pytest.mark.parametrize("scenario", ["acme", "annual", "labels", "unknown"])
def test_a_wider_screen_shows_every_column_that_a_narrower_one_shows(scenario: str) -> None:
    for name in ("ranking", "recent", "grants"):
        card, view = next(pair for pair in shown_cards(demo(scenario), CARDS) if pair[0].id == name)
        heads: dict[int, set[str]] = {}
        for columns in (WIDE, XWIDE - 1, XWIDE, 200, 220):
            box = boxes_of(scenario, columns, 60)[name]
            shown_heads = shown(list(card.draw(view, area(box.width, box.height), START)))[1]
            # The longer trend includes the shorter one.
            heads[columns] = set(shown_heads.replace("28 days", "14 days").split())
        assert all(heads[WIDE] <= more for more in heads.values()), name


def test_at_200_by_60_both_columns_are_filled() -> None:
    boxes, page = boxes_of("acme", 200, 60), rows_of("acme", 200, 60)
    assert boxes["recent"].y + boxes["recent"].height == page
    last = boxes["allowance"]
    assert page - (last.y + last.height) <= 6
    left, right = boxes["recent"], boxes["grants"]
    assert left.width + right.width + 4 == 198
    text = "\n".join(
        "\n".join(shown(list(card.draw(view, area(boxes[card.id].width, boxes[card.id].height), Place()))))
        for card, view in shown_cards(demo(), CARDS)
    )
    assert "maria@acme.example" in text
    assert "! 9 days" in text


def test_the_layout_follows_the_columns_alone() -> None:
    assert len({layout_of(columns) for columns in COLUMNS}) == 3
    assert max(map(width, figure("99,999.99", "credits", "strong", HEAVY))) <= 28
