"""Exact amounts of any precision, rounded to whole millionths so that every sum still agrees.

Rounding each amount by itself makes the totals drift. Here a table of days and sources is rounded as a
whole: each cell, day and source moves by less than one millionth, and the total is the exact total,
rounded once. The method is controlled rounding: along a closed walk of cells that are still fractional,
alternately raising and lowering them by the same amount changes no sum, until one of them is whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import floor, lcm
from typing import TypeVar

from usage_tui.text.amounts import MICRO

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)

_Node = tuple[int, Hashable]
_Edge = tuple[_Node, _Node]
_ROW, _COLUMN = 0, 1
_SLACK = object()
"""The row and the column that take up what a sum lacks to the next whole millionth."""
_CORNER: _Edge = ((_ROW, _SLACK), (_COLUMN, _SLACK))
"""Decides whether the total is rounded up."""


def to_micro(amount: Decimal) -> Fraction:
    """The amount in millionths, with all its digits."""
    return Fraction(amount) * MICRO


def round_micro(amount: Decimal) -> int:
    """The amount in whole millionths, half to even."""
    return round(to_micro(amount))


def round_table(cells: Mapping[tuple[Row, Column], Decimal]) -> dict[tuple[Row, Column], int]:
    """Round a table of amounts to whole millionths.

    Args:
        cells: Exact amounts by row and column, such as day and source. The result does not depend on
            their order, as long as rows and columns can be sorted.

    Returns:
        Each cell in whole millionths. Each cell, each row's sum and each column's sum differs from its
        exact value by less than one millionth, and the sum of all is the exact sum, rounded half to even.
    """
    exact = {place: to_micro(amount) for place, amount in cells.items()}
    whole = {place: floor(amount) for place, amount in exact.items()}
    parts = {place: amount - whole[place] for place, amount in exact.items() if amount != whole[place]}
    if parts:
        for place in _raised(parts, round(sum(exact.values())) - sum(whole.values())):
            whole[place] += 1
    return whole


def share_out(total: int, parts: Sequence[Fraction | int], one: int = 1) -> list[int]:
    """Divide whole millionths among parts, in order, each within one millionth of its exact amount.

    Args:
        total: The rounded sum of the parts, as a cell of `round_table`.
        parts: The exact amounts, of which `one` is a millionth.
        one: A millionth in the parts; with whole parts of it, nothing needs fractions.
    """
    moved = total * one - sum(parts)
    sign = 1 if moved >= 0 else -1  # rounded up where it is negative, so that the sum of no parts stays 0
    ends = [sign * int(sign * (reached + moved) // one) for reached in accumulate(parts, initial=0)]
    return [end - start for start, end in pairwise(ends)]


def _raised(parts: Mapping[tuple[Row, Column], Fraction], wanted: int) -> list[tuple[Row, Column]]:
    """The cells to round up, `wanted` of them; all others are rounded down."""
    one = lcm(*(part.denominator for part in parts.values()))
    edges: dict[_Edge, int] = {
        ((_ROW, row), (_COLUMN, column)): int(part * one)
        for (row, column), part in sorted(parts.items(), key=lambda item: item[0])
    }
    rows, columns, total = _sums(edges, 0), _sums(edges, 1), sum(edges.values())
    edges |= {(node, (_COLUMN, _SLACK)): -value % one for node, value in rows.items()}
    edges |= {((_ROW, _SLACK), node): -value % one for node, value in columns.items()}
    edges[_CORNER] = total % one
    _make_whole(edges, one, raise_corner=wanted > total // one)
    return [place for place in parts if edges[(_ROW, place[0]), (_COLUMN, place[1])] == one]


def _sums(edges: Mapping[_Edge, int], end: int) -> dict[_Node, int]:
    sums: dict[_Node, int] = defaultdict(int)
    for edge, part in edges.items():
        sums[edge[end]] += part
    return sums


def _make_whole(edges: dict[_Edge, int], one: int, *, raise_corner: bool) -> None:
    """Raise or lower the fractional edges to `one` or 0 without changing the sum at any node.

    At each node the fractions add up to a whole number, so a node with one fractional edge has another:
    a walk over them never ends before it meets itself.
    """
    around: dict[_Node, dict[_Node, None]] = defaultdict(dict)
    for (row, column), part in edges.items():
        if part % one:
            around[row][column] = around[column][row] = None
    for start in [_CORNER[0], *list(around)]:
        path, at = [start], {start: 0}
        while len(path) > 1 or around[start]:
            if not around[path[-1]]:
                at.pop(path.pop())
                continue
            follower = _follower(path, around)
            if follower not in at:
                at[follower] = len(path)
                path.append(follower)
                continue
            cycle = [*path[at[follower] :], follower]
            for row, column in _shift(edges, one, cycle, raise_corner=raise_corner):
                del around[row][column], around[column][row]
            while path[-1] != follower:
                at.pop(path.pop())


def _follower(path: Sequence[_Node], around: Mapping[_Node, Mapping[_Node, None]]) -> _Node:
    """Where the walk goes next: never straight back, and first over the corner while that is fractional."""
    here = path[-1]
    if path == [_CORNER[0]] and _CORNER[1] in around[here]:
        return _CORNER[1]
    before = path[-2] if len(path) > 1 else None
    return next(node for node in around[here] if node != before)


def _shift(edges: dict[_Edge, int], one: int, cycle: Sequence[_Node], *, raise_corner: bool) -> list[_Edge]:
    """Move the edges of a closed walk up and down in turn; the corner only toward where it ends.

    Returns:
        The edges that have become whole, at least one.
    """
    steps: list[_Edge] = [(a, b) if a[0] == _ROW else (b, a) for a, b in pairwise(cycle)]
    up, down = steps[::2], steps[1::2]
    if _CORNER in (down if raise_corner else up):
        up, down = down, up
    room = min(*(one - edges[edge] for edge in up), *(edges[edge] for edge in down))
    for edge in up:
        edges[edge] += room
    for edge in down:
        edges[edge] -= room
    return [edge for edge in steps if not edges[edge] % one]
