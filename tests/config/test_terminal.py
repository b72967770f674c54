"""What the environment says about the terminal."""

from __future__ import annotations

import pytest

from usage_tui.config.terminal import over_ssh, wants_no_color


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
