"""From strips to cells."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.strip import Strip

from usage_tui.tui.display.cells import Cells, is_agreed, read_cells
from usage_tui.tui.display.looks import DEFAULT, look_of

RED = Style(color="red", bgcolor="blue")


def read(*segments: Segment) -> Cells:
    return read_cells([Strip([segment]) for segment in segments], ColorSystem.TRUECOLOR)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", []),
        ("a ─", ["a", " ", "─"]),
        ("日本", ["日", "", "本", ""]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("🙂!", ["🙂", "", "!"]),
        ("\U0001f468\u200d\U0001f469x", ["\U0001f468\u200d\U0001f469", "", "x"]),
        ("\u0301a", ["a"]),
    ],
)
def test_every_character_has_its_cells(text: str, cells: list[str]) -> None:
    assert read(Segment(text))[0] == cells


@pytest.mark.parametrize("text", ["日e\u0301🙂", "❤\ufe0f!", "🇩🇪 de", "ก็ x", "\U0001f44d\U0001f3fd."])
def test_there_are_as_many_cells_as_textual_lays_out(text: str) -> None:
    texts, looks = read(Segment(text))
    assert len(texts) == len(looks) == cell_len(text)
    assert "".join(texts) == text


def test_a_mark_that_begins_a_segment_belongs_to_the_character_before() -> None:
    assert read(Segment("日", RED), Segment("\u0301x")) == (
        ["日\u0301", "", "x"],
        [*[look_of(RED, ColorSystem.TRUECOLOR)] * 2, DEFAULT],
    )


def test_blanks_look_like_their_background() -> None:
    blue = look_of(Style(bgcolor="blue"), ColorSystem.TRUECOLOR)
    red = look_of(RED, ColorSystem.TRUECOLOR)
    assert read(Segment(" a ", RED))[1] == [blue, red, blue]


def test_what_steers_a_terminal_is_no_cell() -> None:
    assert read(Segment("\x1b[H", None, [(ControlType.BELL,)]), Segment("a"))[0] == ["a"]


@pytest.mark.parametrize("text", ["", "plain text", "─┃▂█●▲→", "€ 1.50", "ärger", "日本語", "한국어", "⣿"])
def test_terminals_agree_on_common_text(text: str) -> None:
    assert is_agreed(text)


@pytest.mark.parametrize("text", ["🙂", "❤\ufe0f", "e\u0301", "🇩", "ก็", "\u200b", "\U00020000", "⚠"])
def test_terminals_differ_on_what_is_new_or_combines(text: str) -> None:
    assert not is_agreed(f"one {text} two")
