"""The yardstick of the bytes on the wire: right, and short."""

from __future__ import annotations

import pytest

from bench.minimal_diff import minimal_diff
from tests.terminal import Cells, Emulator

COLUMNS, ROWS = 20, 4


def screen(*parts: bytes) -> Cells:
    emulator = Emulator(COLUMNS, ROWS)
    for part in parts:
        emulator.feed(part)
    return emulator.cells


BLANK = b"\x1b[H"
TEXT = b"\x1b[Hone two three\r\nfour\x1b[4;20H!"
COLORS = (
    b"\x1b[1;38;2;1;2;3;48;2;4;5;6mbold\x1b[0m plain \x1b[7;31mred"
    b"\x1b[2;1H\x1b[0;3;4;9mlines\x1b[93;104mbright"
)
WIDE = "\x1b[H日本 語\x1b[3;19H語".encode()


@pytest.mark.parametrize("before", [BLANK, TEXT, COLORS, WIDE])
@pytest.mark.parametrize("after", [BLANK, TEXT, COLORS, WIDE])
def test_the_bytes_lead_from_any_screen_to_any_other(before: bytes, after: bytes) -> None:
    clear = b"\x1b[0m\x1b[2J\x1b[H"
    diff = minimal_diff(screen(before), screen(before, clear, after))
    assert screen(before, b"\x1b[0m", diff) == screen(before, clear, after)


def test_what_did_not_change_costs_nothing() -> None:
    assert minimal_diff(screen(COLORS), screen(COLORS)) == b""


@pytest.mark.parametrize(
    ("change", "diff"),
    [
        (b"\x1b[2;2HO", b"\x1b[2;2HO"),
        (b"\x1b[1;1HO", b"\x1b[1HO"),
        (b"\x1b[1;1HO\x1b[1;3HE", b"\x1b[1HOnE"),
        (b"\x1b[1;1HO\x1b[1;13HE", b"\x1b[1HO\x1b[11CE"),
        (b"\x1b[1;13HE\x1b[2;1HF", b"\x1b[1;13HE\r\nF"),
        (b"\x1b[1;1H\x1b[1mO\x1b[mn", b"\x1b[1H\x1b[1mO"),
        (b"\x1b[1;1H\x1b[1mO\x1b[mN", b"\x1b[1H\x1b[1mO\x1b[mN"),
    ],
)
def test_moves_and_styles_are_the_shortest(change: bytes, diff: bytes) -> None:
    assert minimal_diff(screen(TEXT), screen(TEXT, change)) == diff
