"""Looks, and the codes that lead from one to another."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from rich.color import ColorSystem
from rich.style import Style

from tests.terminal import Emulator
from usage_tui.tui.display.looks import DEFAULT, Look, look_of, transition

STYLES = {
    "plain": Style(),
    "bold": Style(bold=True),
    "bold dim": Style(bold=True, dim=True),
    "bold dim red": Style(bold=True, dim=True, color="red"),
    "red": Style(color="red"),
    "bold red": Style(bold=True, color="red"),
    "white on blue": Style(color="white", bgcolor="blue"),
    "direct": Style(color="#010203", bgcolor="#a0b0c0"),
    "lined": Style(underline=True, strike=True),
    "turned": Style(reverse=True, italic=True, bgcolor="blue"),
}


def look(style: Style | None, colors: ColorSystem = ColorSystem.TRUECOLOR) -> Look:
    return look_of(style, colors)


def test_equal_styles_are_one_look() -> None:
    assert look(Style(color="#010203", bold=True)) is look(Style(bold=True) + Style(color="#010203"))
    assert look(Style(meta={"@click": "quit"}, bold=True)) is look(Style(bold=True))


def test_no_style_and_the_colors_of_the_terminal_are_the_look_it_has_by_itself() -> None:
    assert look(None) is look(Style()) is look(Style(color="default", bgcolor="default")) is DEFAULT


@pytest.mark.parametrize(
    ("colors", "code"),
    [
        (ColorSystem.TRUECOLOR, "38;2;255;0;0"),
        (ColorSystem.EIGHT_BIT, "38;5;196"),
        (ColorSystem.STANDARD, "31"),
    ],
)
def test_colors_are_those_that_the_terminal_has(colors: ColorSystem, code: str) -> None:
    assert transition(DEFAULT, look(Style(color="#ff0000"), colors)) == f"\x1b[{code}m"


@pytest.mark.parametrize(("old", "new"), itertools.permutations(STYLES, 2))
def test_a_transition_leads_to_what_setting_it_anew_leads_to(old: str, new: str) -> None:
    there, anew = Emulator(1, 1), Emulator(1, 1)
    there.feed(
        (transition(DEFAULT, look(STYLES[old])) + transition(look(STYLES[old]), look(STYLES[new]))).encode()
    )
    anew.feed(f"\x1b[{STYLES[new]._make_ansi_codes(ColorSystem.TRUECOLOR)}m".encode())
    assert there.screen.cursor.attrs == anew.screen.cursor.attrs


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("plain", "plain", ""),
        ("plain", "bold", "\x1b[1m"),
        ("bold", "plain", "\x1b[m"),
        ("bold dim", "bold", "\x1b[0;1m"),
        ("bold dim red", "bold red", "\x1b[22;1m"),
        ("bold red", "red", "\x1b[22m"),
        ("bold", "bold red", "\x1b[31m"),
        ("bold red", "bold", "\x1b[39m"),
        ("direct", "white on blue", "\x1b[37;44m"),
        ("lined", "bold", "\x1b[0;1m"),
    ],
)
def test_a_transition_says_what_changes_or_starts_anew_whichever_is_shorter(
    old: str, new: str, codes: str
) -> None:
    assert transition(look(STYLES[old]), look(STYLES[new])) == codes


def test_of_a_blank_only_the_background_counts_unless_a_line_shows() -> None:
    on_blue = look(Style(bgcolor="blue"))
    assert look(Style(bold=True, dim=True, color="red", bgcolor="blue")).blank is on_blue
    assert on_blue.blank is on_blue
    for shown in ("underline", "underline2", "strike", "overline", "reverse", "frame"):
        attribute: dict[str, Any] = {shown: True}
        assert look(Style(bgcolor="blue", **attribute)).blank is None
    assert look(Style(link="https://one.example")).blank is None


def test_links_are_opened_changed_and_closed_and_their_cells_belong_together() -> None:
    one, again, other = (look(Style(link=f"https://{name}.example")) for name in ("one", "one", "other"))
    assert one is again
    opened = transition(DEFAULT, one)
    assert opened.startswith("\x1b]8;id=")
    assert opened.endswith(";https://one.example\x1b\\")
    assert transition(one, other).endswith(";https://other.example\x1b\\")
    assert transition(one, DEFAULT) == "\x1b]8;;\x1b\\"
