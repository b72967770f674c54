"""A frame as plain data: what is written of it, what is read again, and what a display does with it."""

from __future__ import annotations

import json

import pytest

from tests.terminal import Emulator
from tests.tui.witness import visible
from usage_tui.tui.display.frame import NotAFrame, as_data, from_data, text_of
from usage_tui.tui.display.looks import DEFAULT, look_as
from usage_tui.tui.display.writer import CellWriter, Frame, Patch, Size

SIZE = Size(12, 3)
BOLD = look_as(("1",), "38;2;1;2;3", "48;5;7", "")
LINK = look_as((), "39", "49", "https://example.com/a?b=1")


def frame() -> Frame:
    texts = [list("plain text  "), ["日", "", "本", "", *" emoji🙂", ""], list("link".ljust(12))]
    looks = [[DEFAULT] * 6 + [BOLD] * 6, [BOLD] * 12, [LINK] * 4 + [DEFAULT] * 8]
    return Frame(SIZE, list(zip(texts, looks, strict=True)), (1, 4))


def test_a_frame_comes_back_from_json_with_the_same_looks() -> None:
    assert from_data(json.loads(json.dumps(as_data(frame())))) == frame()


def test_its_text_shows_it_and_a_display_that_adopts_it_has_nothing_to_send() -> None:
    emulator = Emulator(*SIZE)
    emulator.feed(text_of(frame()).encode())
    assert [row.rstrip() for row in emulator.screen.display] == ["plain text", "日本 emoji🙂", "link"]
    assert (emulator.screen.cursor.y, emulator.screen.cursor.x) == (1, 4)
    writer = CellWriter(erases_in_color=False)
    writer.adopt(frame())
    assert writer.frame == frame()
    whole = [Patch(row, 0, cells) for row, cells in enumerate(frame().rows)]
    changed = [Patch(0, 0, (["x"] * 12, [DEFAULT] * 12)), *whole]
    # The emoji's row is written again: terminals differ in how wide it is.
    assert "plain" not in writer.write(SIZE, changed, (1, 4))
    emulator.feed(writer.write(SIZE, [Patch(0, 0, (["x"], [DEFAULT]))], (1, 4)).encode())
    anew = Emulator(*SIZE)
    assert writer.frame is not None
    anew.feed(text_of(writer.frame).encode())
    assert visible(emulator.cells) == visible(anew.cells)


def test_what_one_patch_changes_and_the_next_changes_back_is_not_sent() -> None:
    writer = CellWriter(erases_in_color=False)
    line = list("abcdefghijkl"), [DEFAULT] * 12
    writer.write(SIZE, [Patch(row, 0, line) for row in range(3)], (0, 0))
    other = [Patch(1, 0, (["x"] * 12, [BOLD] * 12)), Patch(1, 0, line)]
    assert writer.write(SIZE, other, (0, 0)) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"size": [12]},
        {"size": [13, 3]},
        {"cursor": 1},
        {"looks": []},
        {"rows": []},
        {"rows": [["plain", [[0, 12]]]] * 3},
        {"looks": None},
    ],
)
def test_anything_else_is_no_frame(change: dict[str, object]) -> None:
    with pytest.raises(NotAFrame):
        from_data(as_data(frame()) | change)
