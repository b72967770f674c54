"""Programs in a terminal, observed: when something was shown, and what an action cost."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.minimal_diff import minimal_diff
from tests.terminal import TIMEOUT, Cells, Emulator, Terminal, environment

COLUMNS, ROWS = 120, 40
QUIET = 0.4
"""Seconds without output after which an action counts as over."""


class Reaction(NamedTuple):
    """What a program did after an action.

    Attributes:
        size: The bytes it wrote.
        seconds: From the action to the last of them; 0 where there were none.
        least: The bytes that a minimal diff between the screens takes.
    """

    size: int
    seconds: float
    least: int


@contextmanager
def running(command: Sequence[str], home: Path | None = None, /, **variables: str) -> Iterator[Terminal]:
    """A program that has painted its first screen, in a terminal of 24-bit color.

    Args:
        command: An absolute path and its arguments.
        home: Where it finds what it has kept; an empty home by default.
        variables: Further ones of its environment.
    """
    with tempfile.TemporaryDirectory() as empty:
        there = environment(home or Path(empty), COLORTERM="truecolor", **variables)
        with Terminal(command, columns=COLUMNS, rows=ROWS, environment=there) as terminal:
            terminal.listen(TIMEOUT)
            terminal.wait_until_quiet(QUIET)
            yield terminal


def seconds_until(terminal: Terminal, texts: Sequence[str]) -> float:
    """When all the texts were on the screen, in seconds from the start of the program.

    The output is emulated anew, after the fact, so that the emulation slows nothing down.

    Raises:
        AssertionError: They never were.
    """
    emulator = Emulator(COLUMNS, ROWS)
    for output in terminal.outputs:
        emulator.feed(output.data)
        if all(text in emulator.text for text in texts):
            return output.at - terminal.started_at
    raise AssertionError(f"never on the screen: {texts}\n{emulator.text}")


def react(terminal: Terminal, key: str) -> Reaction:
    """Press a key and wait until all is written."""
    before, count = terminal.cells, len(terminal.outputs)
    pressed_at = time.monotonic()
    terminal.press(key)
    terminal.wait_until_quiet(QUIET)
    outputs = terminal.outputs[count:]
    return Reaction(
        size=sum(len(output.data) for output in outputs),
        seconds=outputs[-1].at - pressed_at if outputs else 0.0,
        least=len(minimal_diff(before, terminal.cells)),
    )


def listen_for(terminal: Terminal, seconds: float) -> None:
    """Take in what comes in this time."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        terminal.listen(left)


def blank() -> Cells:
    """The screen before anything is on it."""
    return Emulator(COLUMNS, ROWS).cells


def resident_mib(terminal: Terminal) -> float:
    """Physical memory that the program holds now, in MiB."""
    return int(_ask_ps(terminal, "rss")) / 1024


def cpu_seconds(terminal: Terminal) -> float:
    """What the program has used of a processor, all its threads together; Linux alone tells it so exactly."""
    tasks = Path(f"/proc/{terminal.pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def cpu_time(terminal: Terminal) -> str:
    """What the program has used of a processor, to the second."""
    return _ask_ps(terminal, "time")


def _ask_ps(terminal: Terminal, column: str) -> str:
    command = ["ps", "-o", f"{column}=", "-p", str(terminal.pid)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
