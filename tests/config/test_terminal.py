"""What the environment says about the terminal."""

from __future__ import annotations

import os
import shutil

import pytest

from usage_tui.config.terminal import MOST_CELLS, bound_size, over_ssh, wants_no_color


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [({}, False), ({"NO_COLOR": ""}, False), ({"NO_COLOR": "1"}, True), ({"NO_COLOR": "0"}, True)],
)
def test_no_color_is_asked_for_by_any_word_but_none(environ: dict[str, str], wanted: bool) -> None:
    assert wants_no_color(environ) is wanted


@pytest.mark.parametrize(
    ("environ", "far"),
    [
        ({}, False),
        ({"SSH_TTY": "/dev/pts/0"}, True),
        ({"SSH_CONNECTION": "a 1 b 2"}, True),
        ({"SSH_TTY": ""}, False),
    ],
)
def test_the_viewer_may_sit_at_another_computer(environ: dict[str, str], far: bool) -> None:
    assert over_ssh(environ) is far


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ("80", "80"),
        ("1000", "1000"),
        ("1001", None),
        ("0", None),
        ("-1", None),
        ("9" * 5000, None),
        ("\u0663", None),
    ],
)
def test_a_size_that_no_screen_has_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, named: str, left: str | None
) -> None:
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((80, 24)))
    environ = {"COLUMNS": named, "LINES": named}
    bound_size(environ)
    assert (environ.get("COLUMNS"), environ.get("LINES")) == (left, left)


def test_of_a_terminal_that_says_it_is_larger_only_a_part_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((65535, 24)))
    environ: dict[str, str] = {}
    bound_size(environ)
    assert environ == {"COLUMNS": str(MOST_CELLS)}
