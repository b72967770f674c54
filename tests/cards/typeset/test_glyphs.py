"""The symbols: one cell each, and a twin in ASCII for every one."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from usage_tui.cards.typeset.digits import large
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME, UNICODE, Glyphs


@pytest.mark.parametrize("glyphs", [UNICODE, MONOCHROME, ASCII])
def test_every_symbol_is_one_cell_wide(glyphs: Glyphs) -> None:
    for name, symbol in glyphs._asdict().items():
        if isinstance(symbol, str):
            assert cell_len(symbol) == len(symbol) == (8 if name == "eighths" else 1), name


def test_the_twins_are_ascii() -> None:
    assert all(symbol.isascii() for symbol in ASCII if isinstance(symbol, str))
    assert all(row.isascii() for number in "0123456789-" for row in large(number, ASCII.digits))
    assert any(not row.isascii() for row in large("1", UNICODE.digits))


@pytest.mark.parametrize("glyphs", [MONOCHROME, ASCII])
def test_without_color_parts_differ_in_shape(glyphs: Glyphs) -> None:
    assert len({glyphs.bar, glyphs.purchased, glyphs.rest}) == 3
    states = [glyphs.active, glyphs.scheduled, glyphs.locked, glyphs.expired, glyphs.voided, glyphs.used]
    assert len(set(states)) == 6
