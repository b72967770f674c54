"""A terminal that goes away takes the program with it, however it was started."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from tests.terminal import TIMEOUT, Terminal, environment, usage_tui

PROGRAM = shlex.join(usage_tui("--demo"))
NO_SIGNAL = f"trap '' HUP; exec {PROGRAM}"
_SESSION = "import subprocess, sys; subprocess.run(sys.argv[1:], start_new_session=True)"
OWN_SESSION = f"exec {shlex.join([sys.executable, '-c', _SESSION])} {PROGRAM}"


def started(command: str, home: Path) -> Terminal:
    return Terminal(["/bin/sh", "-c", command], environment=environment(home))


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(f"exec {PROGRAM}", id="alone"),
        pytest.param(f"{PROGRAM}; true", id="below a shell"),
        pytest.param(NO_SIGNAL, id="without the signal"),
        pytest.param(OWN_SESSION, id="in a session of its own"),
    ],
)
def test_a_program_whose_terminal_is_lost_ends(command: str, tmp_path: Path) -> None:
    with started(command, tmp_path) as terminal:
        terminal.wait_for("Credits remaining", "q quit")
        assert terminal.hang_up() < 0


def test_a_program_that_waits_for_its_lost_terminal_ends(tmp_path: Path) -> None:
    with started(NO_SIGNAL, tmp_path) as terminal:
        terminal.wait_for("Credits remaining", "q quit")
        # More than fits on the way to a terminal that reads nothing.
        terminal.press(*"23" * 40)
        assert terminal.listen(TIMEOUT)
        assert terminal.hang_up() < 0
