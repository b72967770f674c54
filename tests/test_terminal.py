"""The terminal that the tests and benchmarks run programs in."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from tests.terminal import Emulator, Terminal, environment

TINY_APP = textwrap.dedent(
    """
    import os
    from textual.app import App
    from textual.widgets import Static

    class Tiny(App):
        def compose(self):
            yield Static("nothing yet", markup=False)

        def say(self, text):
            self.query_one(Static).update(text)

        def on_resize(self, event):
            self.say(f"size {event.size.width}x{event.size.height} in {os.environ['HOME']}")

        def on_key(self, event):
            if event.key == "q":
                self.exit(return_code=3)
            self.say(f"key {event.key}")

    app = Tiny()
    app.run()
    raise SystemExit(app.return_code)
    """
)


def tiny_app(home: Path, *, columns: int = 60, rows: int = 10) -> Terminal:
    return Terminal(
        [sys.executable, "-c", TINY_APP], columns=columns, rows=rows, environment=environment(home)
    )


def script(code: str, home: Path) -> Terminal:
    return Terminal([sys.executable, "-c", code], environment=environment(home))


def test_a_textual_app_sees_size_keys_and_environment_and_its_exit_code_is_read(tmp_path: Path) -> None:
    with tiny_app(tmp_path, columns=200, rows=10) as terminal:
        assert f"size 200x10 in {tmp_path}" in terminal.wait_for("size")
        terminal.press("down")
        terminal.wait_for("key down")
        terminal.press("ä")
        terminal.wait_for("key ä")
        terminal.resize(180, 20)
        terminal.wait_for("size 180x20")
        terminal.press("q")
        assert terminal.wait_for_exit() == 3
    assert terminal.raw.startswith(b"\x1b[?1049h")


def test_an_app_that_nobody_ends_is_ended_with_its_terminal(tmp_path: Path) -> None:
    with tiny_app(tmp_path) as terminal:
        terminal.wait_for("size")
    assert terminal._exit_code == -9


def test_the_environment_holds_nothing_of_the_person_who_runs_the_tests(tmp_path: Path) -> None:
    with script("import os; print(sorted(set(os.environ) - {'LC_CTYPE'}))", tmp_path) as terminal:
        terminal.wait_for("['HOME', 'LANG', 'PATH', 'TERM']")


def test_a_text_that_never_comes_fails_with_the_screen(tmp_path: Path) -> None:
    with (
        script("print('what is there')", tmp_path) as terminal,
        pytest.raises(AssertionError, match=r"never on the screen: \['what is not'\]\nwhat is there"),
    ):
        terminal.wait_for("what is there", "what is not")


def test_a_program_gets_a_controlling_terminal_that_hangs_up_when_it_is_closed(tmp_path: Path) -> None:
    # Python's own handler would only take note, and what it notes just before the pause is not looked at.
    ends_at_once = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)"
    with script(f"{ends_at_once}; print('ready', flush=True); signal.pause()", tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.press("\x03")
        assert terminal.wait_for_exit() == -2


def test_output_is_kept_with_its_time_in_order(tmp_path: Path) -> None:
    with script("print('one'); print('two')", tmp_path) as terminal:
        terminal.wait_for_exit()
    assert terminal.raw == b"one\r\ntwo\r\n"
    times = [terminal.started_at, *(output.at for output in terminal.outputs)]
    assert times == sorted(times)


def test_the_emulator_understands_moves_and_colors() -> None:
    emulator = Emulator(10, 2)
    emulator.feed(b"\x1b[2;3H\x1b[1;38;2;1;2;3mab\x1b[0m")
    assert emulator.text == "\n  ab"
    cell = emulator.cells[1][2]
    assert (cell.data, cell.bold, cell.fg) == ("a", True, "010203")
