"""The cells that are written: what a terminal shows after them, and how few bytes they are."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyte.screens import Char
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.terminal import Emulator
from tests.tui.witness import visible
from usage_tui.tui.display.cells import read_cells
from usage_tui.tui.display.writer import CellWriter, Patch, Size

SIZE = Size(24, 5)
BLUE, BOLD, LINED = Style(bgcolor="blue"), Style(bold=True, color="red"), Style(underline=True)
SAND, SEA = Style(color="#010203"), Style(color="#0a0b0c")
STYLES = [None, Style(), BLUE, BOLD, BOLD + BLUE, LINED, Style(color="#010203", bgcolor="#a0b0c0"), SAND, SEA]
CHARACTERS = ["a", "b", " ", " ", "─", "日", "e\u0301", "🙂"]

_SAND, _SEA = "\x1b[38;2;1;2;3m", "\x1b[38;2;10;11;12m"

Row = list[tuple[str, Style | None]]


def strip(row: Row) -> Strip:
    """The row, cut or filled with blanks to its width."""
    return Strip([Segment(text, style) for text, style in row]).adjust_cell_length(SIZE.columns)


def patch(row: int, *segments: tuple[str, Style | None], column: int = 0) -> Patch:
    cells = read_cells([Strip([Segment(*segment) for segment in segments])], ColorSystem.TRUECOLOR)
    return Patch(row, column, cells)


def whole(rows: Sequence[Row]) -> list[Patch]:
    strips = [strip(row) for row in rows]
    return [Patch(row, 0, read_cells([one], ColorSystem.TRUECOLOR)) for row, one in enumerate(strips)]


def blank(style: Style | None = None) -> list[Patch]:
    return whole([[(" " * SIZE.columns, style)]] * SIZE.rows)


def plainly(rows: Sequence[Row]) -> list[list[Char]]:
    """What a terminal shows that is sent every row from the beginning to the end."""
    emulator = Emulator(*SIZE)
    for number, row in enumerate(rows, 1):
        texts = [
            (style or Style()).render(text, color_system=ColorSystem.TRUECOLOR)
            for text, style, _ in strip(row)
        ]
        emulator.feed(f"\x1b[{number}H{''.join(texts)}".encode())
    return visible(emulator.cells)


cells = st.tuples(st.sampled_from(CHARACTERS), st.sampled_from(STYLES))
runs = st.builds(lambda cell, times: [cell] * times, cells, st.sampled_from([1, 1, 2, 5, 14]))
rows = st.lists(runs, max_size=8).map(lambda parts: [cell for part in parts for cell in part])
screens = st.lists(rows, min_size=SIZE.rows, max_size=SIZE.rows)


@settings(max_examples=60)
@given(st.lists(screens, min_size=1, max_size=4), st.booleans())
def test_any_screen_is_reached_from_any_other(seen: list[list[Row]], erases_in_color: bool) -> None:
    writer, emulator = CellWriter(erases_in_color=erases_in_color), Emulator(*SIZE)
    emulator.feed(b"\x1b[?7l")
    for screen in seen:
        emulator.feed(writer.write(SIZE, whole(screen), (0, 0)).encode())
        assert visible(emulator.cells) == plainly(screen)
        assert writer.write(SIZE, whole(screen), (0, 0)) == ""


@pytest.fixture
def writer() -> CellWriter:
    """A terminal that is blank."""
    writer = CellWriter(erases_in_color=True)
    writer.write(SIZE, blank(), (0, 0))
    return writer


@pytest.mark.parametrize(
    ("segments", "sent"),
    [
        ([patch(1, ("one", None), column=4)], "\x1b[2;5Hone"),
        ([patch(1, ("one", None))], "\x1b[2Hone"),
        ([patch(0, ("one", None)), patch(1, ("two", None))], "\x1b[Hone\r\ntwo"),
        ([patch(0, ("a   b", None))], "\x1b[Ha   b"),
        ([patch(0, ("a        b", None))], "\x1b[Ha\x1b[8Cb"),
        ([patch(0, ("a b", BOLD))], "\x1b[H\x1b[1;31ma b\x1b[m"),
        ([patch(0, ("a", BOLD), (" ", None), ("b", None))], "\x1b[H\x1b[1;31ma \x1b[mb"),
        ([patch(0, ("     ", BLUE), ("a", BOLD + BLUE))], "\x1b[H\x1b[1;31;44m     a\x1b[m"),
        ([patch(0, ("a", None), column=9), patch(1, ("b", None), column=10)], "\x1b[1;10Ha\x1b[Bb"),
        ([patch(3, ("z", None), column=23), patch(4, ("z", None))], "\x1b[4;24Hz\r\nz"),
        ([patch(3, ("z", None), column=23), patch(4, ("z", None), column=23)], "\x1b[4;24Hz\x1b[5;24Hz"),
        ([patch(0, ("a", SAND), ("b", SEA), ("c", SAND))], f"\x1b[H{_SAND}a\x1b[Cc\ra{_SEA}b\x1b[m"),
        (
            [patch(0, ("a", SAND), ("b", SEA), ("c", SAND), column=9)],
            f"\x1b[1;10H{_SAND}a\x1b[Cc\x1b[2D{_SEA}b\x1b[m",
        ),
        (
            [patch(0, ("a", BOLD), ("b", BLUE), ("c", BOLD))],
            "\x1b[H\x1b[1;31ma\x1b[0;44mb\x1b[0;1;31mc\x1b[m",
        ),
        ([patch(0, ("a", SEA)), patch(1, ("b", SAND), ("c", SEA))], f"\x1b[H{_SEA}a\x1b[Bc\r{_SAND}b\x1b[m"),
        ([patch(0, ("one", None), column=1), patch(1, ("two", None), column=1)], "\x1b[1;2Hone\r\n two"),
        ([patch(0, (" " * 24, BLUE))], "\x1b[H\x1b[44m\x1b[K\x1b[m"),
        ([patch(0, (" " * 12, BLUE), ("a", None))], "\x1b[H\x1b[44m\x1b[12X\x1b[12C\x1b[ma"),
        ([patch(0, ("cut", None), column=22)], "\x1b[1;23Hcu"),
        ([patch(0, (" " * 12, LINED))], "\x1b[H\x1b[4m            \x1b[m"),
    ],
)
def test_moves_styles_and_erasing_are_short(writer: CellWriter, segments: list[Patch], sent: str) -> None:
    assert writer.write(SIZE, segments, (0, 0)) == sent + "\x1b[H"


def test_a_terminal_that_erases_in_its_own_color_is_sent_the_blanks() -> None:
    writer = CellWriter(erases_in_color=False)
    writer.write(SIZE, blank(), (0, 0))
    assert writer.write(SIZE, [patch(0, (" " * 24, BLUE))], (0, 0)) == f"\x1b[H\x1b[44m{' ' * 24}\x1b[m\x1b[H"


def test_a_screen_of_which_nothing_is_known_is_cleared_to_what_most_of_it_will_be() -> None:
    writer = CellWriter(erases_in_color=True)
    assert writer.write(SIZE, blank(BLUE), (0, 0)) == "\x1b[44m\x1b[H\x1b[J\x1b[m\x1b[H"
    assert writer.write(SIZE, blank(BLUE), (0, 0)) == ""
    writer.forget()
    assert not writer.knows(SIZE)
    assert writer.write(SIZE, blank(BLUE), (0, 0)) == "\x1b[44m\x1b[H\x1b[J\x1b[m\x1b[H"


def test_after_another_size_nothing_is_known(writer: CellWriter) -> None:
    smaller = Size(2, 1)
    assert writer.knows(SIZE)
    assert not writer.knows(smaller)
    assert writer.write(smaller, [patch(0, ("ab", None))], (0, 0)) == "\x1b[H\x1b[Jab\x1b[H"


def test_the_cursor_is_moved_where_it_is_wanted_although_nothing_else_changed(writer: CellWriter) -> None:
    assert writer.write(SIZE, [], (2, 3)) == "\x1b[3;4H"
    assert writer.write(SIZE, [], (2, 3)) == ""
    assert writer.write(SIZE, [patch(0, ("a", None))], (2, 3)) == "\x1b[Ha\x1b[3;4H"


@pytest.mark.parametrize("text", ["❤\ufe0f", "\U0001f468\u200d\U0001f469", "🙂", "e\u0301", "🇩🇪"])
@pytest.mark.parametrize("narrow", [False, True])
def test_what_stands_after_a_character_of_doubtful_width_stays_in_its_place(text: str, narrow: bool) -> None:
    """Also where the terminal makes it narrower than Textual thinks, or wider, and when it is gone again."""
    writer, emulator = CellWriter(erases_in_color=True), Emulator(*SIZE)
    emulator.feed(writer.write(SIZE, whole([[("-" * 24, BLUE)]] * SIZE.rows), (0, 0)).encode())

    def shown(patches: list[Patch]) -> str:
        sent = writer.write(SIZE, patches, (0, 0))
        emulator.feed(sent.replace(text, "?" if narrow else "????").encode())
        return emulator.text.split("\n")[0]

    with_it = patch(0, (text, BLUE), ("after".ljust(20, "-"), BLUE), column=1)
    width = len(with_it.cells[0]) - 20
    assert shown([with_it])[1 + width :].startswith("after-")
    assert "-" not in shown([])[1 : 1 + width]
    assert shown([patch(0, ("b", BLUE), column=2 + width)])[1 + width :].startswith("abter-")
    assert shown([patch(0, ("-" * width, BLUE), column=1)]).startswith("-" + "-" * width + "abter-")


def test_what_a_character_of_doubtful_width_may_have_covered_is_written_again() -> None:
    writer, emulator = CellWriter(erases_in_color=True), Emulator(*SIZE)
    emulator.feed(writer.write(SIZE, whole([[("-" * 24, BLUE)]] * SIZE.rows), (0, 0)).encode())
    for change in (patch(0, ("🙂", BLUE), column=4), patch(0, ("ab", BLUE), column=4)):
        emulator.feed(writer.write(SIZE, [change], (0, 0)).replace("🙂", "????").encode())
        first = emulator.text.split("\n")[0]
        assert (first[:4], first[6:]) == ("-" * 4, "-" * 18)
