"""Where each card of the dashboard is drawn, and how many rows it gets.

Cards that do not all fit are laid out in pages, each as high as the screen: a card begins on the page on
which it also ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import groupby, zip_longest
from typing import Protocol

from usage_tui.named_tuple import NamedTuple

LEAST_WIDTH, LEAST_HEIGHT = 40, 12
"""The smallest terminal on which anything is shown."""
WIDE = 120
XWIDE = 200
LOW = 30
"""Rows below which there are no blank lines around the cards."""
MARGIN = 1
"""Blank columns at either side of the cards."""
_GAP = 1
"""Blank rows between two cards."""
_LEFT = 54
"""Columns of the left cards at the top of a wide screen."""
_LEFT_PERCENT = 44
"""The part of the columns that the left half has: tables of grants and sources need more than half."""


class Layout(Enum):
    """How the cards are laid out."""

    TEXT = "plain text"
    STACKED = "one column"
    WIDE = "two columns at the top, full width below"
    HALVES = "two columns at the top and at the bottom"


def layout_of(columns: int) -> Layout:
    """The layout of a screen of so many columns."""
    return Layout.HALVES if columns >= XWIDE else Layout.WIDE if columns >= WIDE else Layout.STACKED


class Slot(Enum):
    """The place of a card on screens with room for two columns; cards of one part follow each other."""

    UPPER_LEFT = "upper", 0
    UPPER_RIGHT = "upper", 1
    FULL = "full", 0
    LOWER_LEFT = "lower", 0
    LOWER_RIGHT = "lower", 1

    @property
    def part(self) -> str:
        """The part of the dashboard: ``upper``, ``full``, ``lower``."""
        return self.value[0]

    @property
    def column(self) -> int:
        """0 at the left, 1 at the right."""
        return self.value[1]


class Needs(NamedTuple):
    """The rows that a card can use, its head included.

    Attributes:
        least: It always gets these.
        usual: It gets these before any card gets more.
        most: All that it can fill; None if it can fill any number.
    """

    least: int
    usual: int
    most: int | None

    @classmethod
    def exactly(cls, rows: int) -> Needs:
        """No more and no less."""
        return cls(rows, rows, rows)


class Item(NamedTuple):
    """A card to be placed.

    Attributes:
        id: Its name.
        slot: Its place.
        needs: The rows that it needs, which depend on its width.
        glance: Whether it can be told in one line, at the end of a page that has no room for it.
    """

    id: str
    slot: Slot
    needs: Callable[[int, Layout], Needs]
    glance: bool = False


class Box(NamedTuple):
    """Where a card is drawn, seen from the upper left corner of all cards."""

    x: int
    y: int
    width: int
    height: int


def glance_of(card: str) -> str:
    """The name of the line that stands for a card on the page before."""
    return f"{card}-glance"


def arrange(width: int, rows: int, items: Sequence[Item]) -> dict[str, Box]:
    """Place every card, and the lines that stand for cards of the next page.

    Cards share the rows that there are: each gets its least, then its usual rows, then all that it can fill.
    In one column the first card comes first; in two columns the last one, because there the charts and lists
    above it can fill any number of rows.

    Args:
        width: Columns for cards, without the margins.
        rows: Rows of a page.
        items: The cards, in reading order.
    """
    layout = layout_of(width + 2 * MARGIN)
    blocks: list[_Block] = []
    for part, members in groupby(items, key=lambda item: item.slot.part):
        blocks += _part(part, list(members), width, layout)
    boxes: dict[str, Box] = {}
    y = 0
    pages = _pages(blocks, rows, layout)
    for page, following in zip_longest(pages, pages[1:]):
        glance = following.glance if following else ""
        line = 1 if glance and rows > page.needs.least else 0
        gap = _GAP if rows > page.needs.usual + 1 else 0
        placed = dict(page.place(0, y, rows - line * (line + gap)))
        end = max((box.y + box.height for box in placed.values()), default=y)
        boxes |= placed
        if line:
            boxes[glance_of(glance)] = Box(0, end + gap, width, 1)
        y += rows * max(1, -(-(end - y) // max(1, rows)))
    return boxes


def _pages(blocks: list[_Block], rows: int, layout: Layout) -> list[_Column]:
    """One page if all cards fit with their least; else what comes first keeps its usual rows."""
    in_order = layout is Layout.STACKED
    whole = _Column(blocks, in_order=in_order)
    if whole.needs.least <= rows:
        return [whole]
    pages: list[list[_Block]] = []
    used = 0
    for block in blocks:
        if not pages or used + _GAP + block.needs.least > rows:
            pages.append([])
            used = -_GAP
        pages[-1].append(block)
        used += _GAP + block.needs.usual
    return [_Column(page, in_order=in_order) for page in pages]


def _part(part: str, items: list[Item], width: int, layout: Layout) -> list[_Block]:
    """The cards of one part, in two columns if there is room and neither is left much shorter."""
    if (part == "upper" and layout is not Layout.STACKED) or (part == "lower" and layout is Layout.HALVES):
        gutter = 4 if layout is Layout.HALVES else 3
        left = (width - gutter) * _LEFT_PERCENT // 100 if layout is Layout.HALVES else _LEFT
        one, other = (
            _Column([_Leaf(item, cells, layout) for item in items if item.slot.column == column])
            for column, cells in enumerate((left, width - gutter - left))
        )
        lower, higher = sorted((one.needs.usual, other.needs.usual))
        if one.blocks and other.blocks and 3 * lower >= higher:
            return [_Pair(one, other, left + gutter)]
    return [_Leaf(item, width, layout) for item in items]


class _Block(Protocol):
    """One card, or several that are placed together."""

    @property
    def needs(self) -> Needs:
        """The rows of all of them."""

    @property
    def glance(self) -> str:
        """The first card, if it can be told in one line; empty otherwise."""

    def place(self, x: int, y: int, height: int) -> Iterator[tuple[str, Box]]:
        """Each card with its box."""


class _Leaf:
    def __init__(self, item: Item, width: int, layout: Layout) -> None:
        self.id, self.width, self.needs = item.id, width, item.needs(width, layout)
        self.glance = item.id if item.glance else ""

    def place(self, x: int, y: int, height: int) -> Iterator[tuple[str, Box]]:
        yield self.id, Box(x, y, self.width, height)


class _Column:
    """Blocks one below the other."""

    def __init__(self, blocks: Sequence[_Block], *, in_order: bool = False) -> None:
        self.blocks = blocks
        self.glance = blocks[0].glance if blocks else ""
        self._in_order = in_order
        needs = [block.needs for block in blocks]
        gaps = _GAP * max(0, len(blocks) - 1)
        most = [need.most for need in needs if need.most is not None]
        self.needs = Needs(
            least=sum(need.least for need in needs) + gaps,
            usual=sum(need.usual for need in needs) + gaps,
            most=sum(most) + gaps if len(most) == len(needs) else None,
        )

    def place(self, x: int, y: int, height: int) -> Iterator[tuple[str, Box]]:
        for block, rows in zip(self.blocks, self._shares(height), strict=True):
            yield from block.place(x, y, rows)
            y += rows + _GAP

    def _shares(self, height: int) -> list[int]:
        needs = [block.needs for block in self.blocks]
        rows = [need.least for need in needs]
        spare = max(0, height - self.needs.least)
        for wanted in ([need.usual for need in needs], [need.most for need in needs]):
            indexes = range(len(rows))
            for index in indexes if self._in_order else reversed(indexes):
                most = wanted[index]
                more = spare if most is None else max(0, min(spare, most - rows[index]))
                rows[index] += more
                spare -= more
        return rows


class _Pair:
    """Two columns side by side."""

    def __init__(self, left: _Column, right: _Column, right_x: int) -> None:
        self._left, self._right, self._right_x = left, right, right_x
        self.glance = ""
        one, other = left.needs, right.needs
        self.needs = Needs(
            least=max(one.least, other.least),
            usual=max(one.usual, other.usual),
            most=None if one.most is None or other.most is None else max(one.most, other.most),
        )

    def place(self, x: int, y: int, height: int) -> Iterator[tuple[str, Box]]:
        yield from self._left.place(x, y, height)
        yield from self._right.place(x + self._right_x, y, height)
