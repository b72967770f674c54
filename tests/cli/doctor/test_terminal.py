"""What is said of a terminal, and that it is what the dashboard does there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from usage_tui.cli.doctor.terminal import Terminal, check_terminal
from usage_tui.clients.check_results import CheckResult, Mark
from usage_tui.config.settings import Settings

GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def results(
    environ: dict[str, str] | None = None,
    *,
    has_screen: bool = True,
    sends_cells: bool = True,
    encoding: str | None = "utf-8",
    size: tuple[int, int] = (120, 40),
    settings: Settings | None = None,
) -> dict[str, CheckResult]:
    """By what they are about."""
    terminal = Terminal(GOOD if environ is None else environ, has_screen, sends_cells, encoding, *size)
    return {one.subject: one for one in check_terminal(terminal, settings or Settings())}


def test_a_good_terminal_has_good_results_alone() -> None:
    found = results()
    assert {one.mark for one in found.values()} == {Mark.OK}
    assert found["colors"].text == "16 million colors, because COLORTERM is truecolor."
    assert found["terminal"].text == "TERM is xterm-256color."
    assert found["place"].text.startswith("on this computer")


def test_the_display_that_is_used_is_told() -> None:
    assert "--stock-display" in results()["display"].text
    stock = results(sends_cells=False)["display"]
    assert (stock.mark, stock.text[:22]) == (Mark.WARN, "Textual's own renderer")


@pytest.mark.parametrize("environ", [{}, {"TERM": ""}, {"TERM": "dumb"}])
def test_without_a_screen_nothing_can_be_drawn(environ: dict[str, str]) -> None:
    assert results(environ)["terminal"].mark is Mark.FAIL


def test_redirected_output_is_said() -> None:
    assert "redirected" in results(has_screen=False)["terminal"].text


@pytest.mark.parametrize(
    ("environ", "mark", "text"),
    [
        ({"TERM": "xterm-256color"}, Mark.OK, "256 colors, because TERM says so."),
        ({"TERM": "xterm"}, Mark.WARN, "16 colors, because TERM says so."),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, Mark.OK, "16 million colors, because COLORTERM is 24bit."),
        (
            {"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "256"},
            Mark.OK,
            "256 colors, because TEXTUAL_COLOR_SYSTEM says so.",
        ),
        ({**GOOD, "NO_COLOR": "1"}, Mark.OK, "no color, because NO_COLOR is set."),
        ({**GOOD, "NO_COLOR": ""}, Mark.OK, "16 million colors, because COLORTERM is truecolor."),
    ],
)
def test_the_colors_have_a_reason(environ: dict[str, str], mark: Mark, text: str) -> None:
    found = results(environ)["colors"]
    assert (found.mark, found.text) == (mark, text)


@pytest.mark.parametrize("environ", [GOOD, {"TERM": "xterm"}, {"TERM": "screen-256color"}, {"TERM": "linux"}])
def test_the_colors_are_those_that_textual_chooses(environ: dict[str, str]) -> None:
    script = "from textual.app import App; print(App().console.color_system)"
    chosen = subprocess.check_output([sys.executable, "-c", script], env=environ, text=True).strip()
    names = {"standard": "16 colors", "256": "256 colors", "truecolor": "16 million colors"}
    assert results(environ)["colors"].text.startswith(names[chosen])


@pytest.mark.parametrize("encoding", ["iso8859-1", "ascii", None])
def test_an_output_without_unicode_has_ascii(encoding: str | None) -> None:
    found = results(encoding=encoding)["symbols"]
    assert found.mark is Mark.WARN
    assert "ASCII" in found.text
    assert "LANG" in found.advice


@pytest.mark.parametrize(
    ("size", "mark"),
    [((80, 24), Mark.OK), ((79, 24), Mark.WARN), ((40, 12), Mark.WARN), ((39, 12), Mark.FAIL)],
)
def test_a_size_may_be_too_small(size: tuple[int, int], mark: Mark) -> None:
    assert results(size=size)["size"].mark is mark


def test_a_viewer_far_away_is_told_what_is_different() -> None:
    assert "over SSH" in results({**GOOD, "SSH_CONNECTION": "a 1 b 2"})["place"].text


def test_what_lies_between_is_named_with_what_it_lacks() -> None:
    found = results({**GOOD, "TMUX": "/run/tmux", "STY": "1.pts"})
    assert found["tmux"].advice == "set -s set-clipboard on; set -sg escape-time 10"
    assert "y has no effect" in found["screen"].text


@pytest.mark.parametrize(("mouse", "word"), [(True, "on;"), (False, "off, as set")])
def test_the_mouse_is_as_the_settings_say(mouse: bool, word: str) -> None:
    assert results(settings=Settings(mouse=mouse))["mouse"].text.startswith(word)
