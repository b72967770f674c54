"""The real program in a real terminal: what it writes, what it understands, and how it leaves."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.clients.recordings import record_acme
from tests.forked import ForkedTerminal
from tests.known import known
from tests.terminal import TIMEOUT, Terminal, environment, usage_tui
from tests.tui.witness import visible
from usage_tui.config.remembered import remember_theme

QUIET = 0.2
"""Seconds without output after which a screen is painted."""
MOUSE_MODES = {"1000", "1002", "1003", "1006", "1015"}


def dashboard(
    home: Path, *arguments: str, columns: int = 120, rows: int = 40, **variables: Any
) -> AbstractContextManager[Terminal]:
    """The program with its first screen painted, in a process that was forked."""
    there = environment(home, **variables)
    return painted(ForkedTerminal(arguments, columns=columns, rows=rows, environment=there))


def started_dashboard(home: Path, *arguments: str, **variables: Any) -> AbstractContextManager[Terminal]:
    """The same, in an interpreter of its own, which is a child of this process."""
    return painted(Terminal(usage_tui(*arguments), environment=environment(home, **variables)))


@contextmanager
def painted(terminal: Terminal) -> Iterator[Terminal]:
    """The program with its first screen painted."""
    with terminal:
        terminal.wait_for("Credits remaining", "q quit", "Background AI")
        # The chart comes last, as soon as what draws it is loaded.
        while not set("▁▂▃▄▅▆▇█#") & set(terminal.text):
            assert terminal.listen(TIMEOUT)
        terminal.wait_until_quiet(QUIET)
        yield terminal


def leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.wait_for_exit() == 0


def choose_theme(terminal: Terminal, theme: str) -> None:
    terminal.press("t")
    terminal.wait_for("Enter keep")
    terminal.press(*theme)
    terminal.wait_until_quiet(QUIET)
    terminal.press("enter")
    terminal.wait_until_quiet(QUIET)


def modes(raw: bytes) -> dict[str, bool]:
    """The terminal's modes as the program has left them, by number."""
    found: dict[str, bool] = {}
    for numbers, state in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", raw):
        found |= dict.fromkeys(numbers.decode().split(";"), state == b"h")
    return found


def color_codes(raw: bytes) -> set[int]:
    """Every parameter of the program's that sets a color, of its own or the terminal's."""
    codes = {
        int(code)
        for parameters in re.findall(rb"\x1b\[([0-9;]*)m", raw)
        for code in parameters.split(b";")
        if code
    }
    return {code for code in codes if 30 <= code <= 38 or 40 <= code <= 48 or 90 <= code <= 107}


# Use


def test_the_demo_opens_and_keys_lead_through_it(tmp_path: Path) -> None:
    with started_dashboard(tmp_path) as terminal:
        assert "Demo data." in terminal.text
        terminal.press("tab", "tab", "tab", "down")
        terminal.press("enter")
        terminal.wait_for("source Contract review", "Rows 1–")
        terminal.press("escape")
        terminal.wait_for("Daily usage")
        terminal.press("3")
        terminal.wait_for("usable in 3 grants")
        leave(terminal)


def test_a_demo_is_chosen_by_name_and_needs_no_hint(tmp_path: Path) -> None:
    with dashboard(tmp_path, "--demo", "low") as terminal:
        assert "! Low" in terminal.text
        assert "Demo data." not in terminal.text
        leave(terminal)


def test_a_recording_opens_with_its_name_in_the_first_line(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    with ForkedTerminal([str(path)], environment=environment(tmp_path)) as terminal:
        terminal.wait_for("Credits remaining", "q quit", "acme.jsonl")
        terminal.press("2")
        terminal.wait_for("of 471")
        leave(terminal)


def test_the_mouse_clicks(tmp_path: Path) -> None:
    with dashboard(tmp_path) as terminal:
        row = next(row for row, line in enumerate(terminal.text.split("\n"), 1) if "2 History" in line)
        column = terminal.text.split("\n")[row - 1].index("2 History") + 1
        terminal.press(f"\x1b[<0;{column};{row}M", f"\x1b[<0;{column};{row}m")
        terminal.wait_for("Event details")
        leave(terminal)


def test_sizes_follow_the_terminal(tmp_path: Path) -> None:
    with dashboard(tmp_path) as terminal:
        wide = terminal.text
        terminal.resize(80, 24)
        terminal.wait_for("▼ more")
        terminal.wait_until_quiet(QUIET)
        assert "9 days left" in terminal.text
        terminal.resize(36, 10)
        terminal.wait_for("Too small: 36x10.")
        terminal.wait_until_quiet(QUIET)
        assert "Credits" not in terminal.text
        terminal.resize(120, 40)
        terminal.wait_for("Background AI")
        terminal.wait_until_quiet(QUIET)
        assert terminal.text == wide
        leave(terminal)


def test_an_idle_dashboard_writes_nothing(tmp_path: Path) -> None:
    with dashboard(tmp_path) as terminal:
        for key, text in (
            ("2", "Event details"),
            ("3", "Grant details"),
            ("1", "Share"),
            ("v", "Not part of"),
            ("escape", "Share"),
            ("ctrl+p", "Show Credit grants"),
        ):
            terminal.press(key)
            terminal.wait_for(text)
            terminal.wait_until_quiet(QUIET)
            assert not any(terminal.listen(QUIET) for _ in range(4)), key


def test_the_copy_goes_to_the_clipboard_of_the_terminal_and_control_c_quits_nothing(tmp_path: Path) -> None:
    with dashboard(tmp_path) as terminal:
        terminal.press("y")
        terminal.wait_for("clipboard: 10,009.75")
        assert b"\x1b]52;c;MTAsMDA5Ljc1\x07" in terminal.raw
        terminal.press("\x03")
        terminal.wait_for("Press q to quit.")
        leave(terminal)


def test_over_ssh_a_link_is_shown_and_sent(tmp_path: Path) -> None:
    with dashboard(
        tmp_path, DISPLAY="localhost:10.0", SSH_CONNECTION="192.0.2.7 50022 192.0.2.1 22"
    ) as terminal:
        terminal.press("b")
        terminal.wait_for("https://billing.example/buy", "Sent to your terminal's clipboard.")
        assert b"\x1b]52;c;aHR0cHM6Ly9iaWxsaW5nLmV4YW1wbGUvYnV5\x07" in terminal.raw


# Other programs in the same terminal


def wait_until_stopped(terminal: Terminal) -> None:
    """Take in output until the program stops; its last words must not block it."""
    while os.waitpid(terminal.pid, os.WUNTRACED | os.WNOHANG)[0] == 0:
        terminal.listen(0.01)
    terminal.wait_until_quiet(QUIET)


def test_control_z_suspends_while_a_dialog_is_open(tmp_path: Path) -> None:
    with started_dashboard(tmp_path, "--demo") as terminal:
        terminal.press("?")
        terminal.wait_for("this help")
        terminal.wait_until_quiet(QUIET)
        before = terminal.cells
        terminal.press("ctrl+z")
        wait_until_stopped(terminal)
        terminal.show(b"\x1b[m\x1b[2J\x1b[H$ fg\r\n")
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for("this help")
        terminal.wait_until_quiet(QUIET)
        assert visible(terminal.cells) == visible(before)
        terminal.press("q")
        terminal.wait_for("Buy credits")
        leave(terminal)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the threads of a program")
def test_a_suspended_program_comes_back_whichever_thread_gets_the_signal(tmp_path: Path) -> None:
    with started_dashboard(tmp_path, "--demo") as terminal:
        terminal.press("ctrl+z")
        wait_until_stopped(terminal)
        terminal.show(b"\x1b[m\x1b[2J\x1b[H$ fg\r\n")
        *_, last = sorted(int(task.name) for task in Path(f"/proc/{terminal.pid}/task").iterdir())
        assert last != terminal.pid
        ctypes.CDLL(None).tgkill(terminal.pid, last, int(signal.SIGCONT))
        terminal.wait_for("Credits remaining", "q quit", "Background AI")
        leave(terminal)


@pytest.mark.parametrize("arguments", [(), ("--stock-display",)])
def test_control_z_suspends_and_all_comes_back(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with started_dashboard(tmp_path, "--demo", *arguments) as terminal:
        terminal.wait_for("Esc dismiss")  # the alert comes last
        terminal.wait_until_quiet(QUIET)
        before = terminal.cells
        terminal.press("ctrl+z")
        wait_until_stopped(terminal)
        assert modes(terminal.raw)["1049"] is False
        assert modes(terminal.raw)["25"] is True
        terminal.show(b"\x1b[m\x1b[2J\x1b[H$ fg\r\n")
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for("Credits remaining", "q quit", "Background AI")
        terminal.wait_until_quiet(QUIET)
        assert modes(terminal.raw)["1049"] is True
        assert visible(terminal.cells) == visible(before)
        terminal.press("2")
        terminal.wait_for("Event details")
        leave(terminal)


def mends(terminal: Terminal) -> None:
    """Ctrl+L shows again what another program has painted over."""
    terminal.wait_for("Esc dismiss")  # the alert comes last
    terminal.wait_until_quiet(QUIET)
    before = terminal.cells
    terminal.show(b"\x1b[31;1m\x1b[5;20Hthe system goes down\x1b[J")
    terminal.press("ctrl+l")
    terminal.wait_for("Background AI")
    terminal.wait_until_quiet(QUIET)
    assert visible(terminal.cells) == visible(before)


def test_control_l_mends_what_another_program_wrote(tmp_path: Path) -> None:
    with dashboard(tmp_path, "--demo", "--stock-display") as terminal:
        mends(terminal)
        terminal.press("ctrl+t")
        terminal.wait_for("Textual's own renderer is in use")


def test_control_t_tells_what_was_sent(tmp_path: Path) -> None:
    with dashboard(tmp_path) as terminal:
        terminal.press("ctrl+t")
        terminal.wait_for(" ms.")
        terminal.wait_until_quiet(QUIET)
        size, frames = known(re.search(r"([0-9,]+) bytes sent in ([0-9,]+) frames", terminal.text)).groups()
        assert 5_000 < int(size.replace(",", "")) < len(terminal.raw)
        assert int(frames) < 10
        terminal.press("tab")
        terminal.wait_for("next card")
        mends(terminal)


def test_the_first_paint_is_one_frame_and_the_program_gets_the_mouse(tmp_path: Path) -> None:
    with dashboard(tmp_path) as terminal:
        assert terminal.raw.count(b"\x1b[H\x1b[J") == 1
        assert terminal.raw.count(b"Credits remaining") == 1
        assert modes(terminal.raw)["1000"]


# The way out


def test_quitting_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    program = " ".join(usage_tui("--demo"))
    shell = ["/bin/sh", "-c", f"stty -g; {program}; echo code=$?; stty -g"]
    with Terminal(shell, environment=environment(tmp_path)) as terminal:
        terminal.wait_for("Credits remaining", "q quit")
        terminal.wait_until_quiet(QUIET)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    before, after = re.findall(rb"(?:^|[\r\n]|l)([0-9a-f]+(?::[0-9a-f]+){10,})\r", terminal.raw)
    assert after == before
    assert b"code=0" in terminal.raw
    left = modes(terminal.raw)
    assert left["1049"] is False
    assert left["25"] is True
    assert not any(left[mode] for mode in (MOUSE_MODES | {"1004", "2004"}) & set(left))
    assert terminal.raw.count(b"\x1b[>1u") + terminal.raw.count(b"\x1b[>25u") == terminal.raw.count(
        b"\x1b[<u"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_being_ended_leaves_the_terminal_as_it_was(number: signal.Signals, tmp_path: Path) -> None:
    with started_dashboard(tmp_path) as terminal:
        os.kill(terminal.pid, number)
        assert terminal.wait_for_exit() == 0
        assert modes(terminal.raw)["1049"] is False
        assert modes(terminal.raw)["25"] is True


def test_a_bug_ends_with_a_traceback_without_values_and_a_usable_terminal(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        from usage_tui.clients.demo.client import DemoClient
        from usage_tui.clients.demo.scenarios.acme import acme
        from usage_tui.tui.app import UsageApp

        class Broken(DemoClient):
            async def summary(self):
                token = "sk-" + "".join(chr(code) for code in range(97, 117))
                raise RuntimeError(f"a bug, {len(token)} characters from a secret")

        app = UsageApp(Broken(acme()))
        app.run()
        raise SystemExit(app.return_code)
        """
    )
    with Terminal([sys.executable, "-c", program], environment=environment(tmp_path)) as terminal:
        assert terminal.wait_for_exit() == 1
    assert "RuntimeError: a bug, 23 characters from a secret" in terminal.text
    assert b"sk-abcdefghijklmnopqrst" not in terminal.raw
    assert modes(terminal.raw)["1049"] is False
    assert modes(terminal.raw)["25"] is True


# Terminals


def test_terminals_of_every_kind_show_the_same(tmp_path: Path) -> None:
    alert = "62% of the included credits are used"  # it comes after the cards
    with dashboard(tmp_path) as usual:
        usual.wait_for(alert)
        usual.wait_until_quiet(QUIET)
        expected = usual.text
    for term in "xterm", "screen-256color", "tmux-256color", "linux":
        with dashboard(tmp_path, TERM=term) as terminal:
            terminal.wait_for(alert)
            terminal.wait_until_quiet(QUIET)
            assert terminal.text == expected, term
            assert color_codes(terminal.raw), term
            leave(terminal)


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_gets_one_line_and_the_way_to_plain_text(term: str, tmp_path: Path) -> None:
    with Terminal(usage_tui("--demo"), environment=environment(tmp_path, TERM=term)) as terminal:
        assert terminal.wait_for_exit() == 2
    (said,) = terminal.raw.decode().splitlines()
    assert said.startswith("usage-tui: ")
    assert "usage-tui --print" in said


def test_without_a_terminal_there_is_one_line_and_the_way_to_plain_text(tmp_path: Path) -> None:
    ran = subprocess.run(
        usage_tui("--demo"),
        env=environment(tmp_path),
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    (said,) = ran.stderr.splitlines()
    assert "usage-tui --print" in said


def test_without_the_mouse_the_terminal_keeps_it(tmp_path: Path) -> None:
    with dashboard(tmp_path, "--demo", "--no-mouse") as terminal:
        terminal.press("2")
        terminal.wait_for("Event details")
        leave(terminal)
    assert not any(state for mode, state in modes(terminal.raw).items() if mode in MOUSE_MODES)


def test_ascii_writes_nothing_else(tmp_path: Path) -> None:
    with dashboard(tmp_path, "--demo", "--ascii") as terminal:
        for key in ("2", "3", "v"):
            terminal.press(key)
            terminal.wait_until_quiet(QUIET)
    assert terminal.raw.isascii()


def test_a_locale_without_unicode_gets_ascii(tmp_path: Path) -> None:
    variables: dict[str, Any] = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with started_dashboard(tmp_path, **variables) as terminal:
        assert "Acme" in terminal.text
    assert terminal.raw.isascii()


# Colors


@pytest.mark.parametrize("variables", [{}, {"COLORTERM": "truecolor"}, {"TERM": "xterm"}])
def test_no_color_sends_no_color_at_all(variables: dict[str, Any], tmp_path: Path) -> None:
    remember_theme(tmp_path / ".local/state/usage-tui/state.toml", "usage-light")
    with dashboard(tmp_path, NO_COLOR="1", **variables) as terminal:
        for key in ("tab", "tab", "tab", "down", "2", "3", "v"):
            terminal.press(key)
            terminal.wait_until_quiet(0.05)
        terminal.wait_for("Not part of")
        terminal.press("escape")
        while "Not part of" in terminal.text:
            assert terminal.listen(TIMEOUT)
        terminal.press("ctrl+p")
        terminal.wait_for("Enter run")
    assert color_codes(terminal.raw) == set()


def test_an_empty_no_color_changes_nothing(tmp_path: Path) -> None:
    with dashboard(tmp_path) as usual, dashboard(tmp_path, NO_COLOR="") as terminal:
        assert color_codes(terminal.raw) == color_codes(usual.raw) != set()


def test_without_color_it_is_still_seen_where_one_is(tmp_path: Path) -> None:
    with dashboard(tmp_path, NO_COLOR="1") as terminal:
        terminal.press("3", "down")
        terminal.wait_for("Auto-recharge", "Grant details")
        terminal.wait_until_quiet(QUIET)
        reversed_rows = [
            "".join(cell.data for cell in row) for row in terminal.cells if any(cell.reverse for cell in row)
        ]
        assert len(reversed_rows) == 1
        assert "Auto-recharge" in reversed_rows[0]


def test_a_chosen_theme_is_remembered_and_a_flag_is_stronger(tmp_path: Path) -> None:
    true: dict[str, Any] = {"COLORTERM": "truecolor"}
    with dashboard(tmp_path, **true) as terminal:
        dark = terminal.cells[20][0].bg
        choose_theme(terminal, "usage-light")
        while (light := terminal.cells[20][0].bg) == dark:
            assert terminal.listen(TIMEOUT)
        leave(terminal)
    with dashboard(tmp_path, **true) as terminal:
        assert terminal.cells[20][0].bg == light
        leave(terminal)
    with dashboard(tmp_path, "--theme", "usage-dark", **true) as terminal:
        assert terminal.cells[20][0].bg == dark
        leave(terminal)
    with dashboard(tmp_path, **true) as terminal:
        assert terminal.cells[20][0].bg == light
