"""A terminal to run the real program in: a pseudo terminal whose screen is emulated and can be read."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any, NamedTuple, Self

import pyte
from pyte.modes import IRM
from pyte.screens import Char, wcwidth

Cells = list[list[Char]]

TIMEOUT = 30.0
"""Seconds after which what was waited for will not come any more."""

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "ctrl+l": "\x0c",
    "ctrl+p": "\x10",
    "ctrl+t": "\x14",
    "ctrl+z": "\x1a",
}
"""What a terminal sends for a key that has a name; another key is its own character."""

_STYLE = re.compile(rb"\x1b\[([\d;]*)m")


class Output(NamedTuple):
    """Bytes that a program wrote.

    Attributes:
        at: When they were read, in seconds of the monotonic clock.
        data: The bytes.
    """

    at: float
    data: bytes


@lru_cache(maxsize=4096)  # screens are drawn again and again
def _is_narrow(text: str) -> bool:
    """Whether each character takes one cell."""
    return all(wcwidth(one) == 1 for one in text)


class _Screen(pyte.Screen):
    def draw(self, data: str) -> None:
        """Draw plain text at once, in half the time; pyte draws it cell by cell."""
        text = data.translate(self.g1_charset if self.charset else self.g0_charset)
        start, row = self.cursor.x, self.cursor.y
        if start + len(text) > self.columns or IRM in self.mode or not _is_narrow(text):
            super().draw(data)
            return
        _, *style = self.cursor.attrs
        self.buffer[row].update(
            (start + place, tuple.__new__(Char, (one, *style))) for place, one in enumerate(text)
        )
        self.cursor.x += len(text)
        self.dirty.add(row)

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        """Erase in the current background; pyte leaves out the cells that were never written."""
        for row in range(self.cursor.y + 1 if how == 0 else 0, self.cursor.y if how == 1 else self.lines):
            self.buffer[row].update(dict.fromkeys(range(self.columns), self.cursor.attrs))
        super().erase_in_display(how, *args, **kwargs)


class Emulator:
    """What a terminal shows after some bytes."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._styled: dict[tuple[Char, bytes], Char] = {}

    def feed(self, data: bytes) -> None:
        """Show more bytes."""
        shown = 0
        for style in _STYLE.finditer(data):
            self._stream.feed(data[shown : style.start()])
            self._take_style(style[1])
            shown = style.end()
        self._stream.feed(data[shown:])

    def _take_style(self, codes: bytes) -> None:
        """What pyte does after a style, remembered; it reads each sequence letter by letter."""
        cursor = self.screen.cursor
        change = cursor.attrs, codes
        if change not in self._styled:
            self.screen.select_graphic_rendition(*(int(code or 0) for code in codes.split(b";")))
            self._styled[change] = cursor.attrs
        cursor.attrs = self._styled[change]

    @property
    def text(self) -> str:
        """The rows of the screen, each to its last character."""
        return "\n".join("".join(cell.data for cell in row).rstrip() for row in self.cells)

    @property
    def cells(self) -> Cells:
        """Every cell with its style; the right half of a wide character is empty."""
        screen = self.screen
        return [
            [screen.buffer[row][column] for column in range(screen.columns)] for row in range(screen.lines)
        ]


class Terminal:
    """Runs one program as its controlling terminal; a context manager that ends the program.

    Nothing is answered that a program asks of its terminal, as on one that knows no extension.

    Attributes:
        pid: The program's process.
        outputs: All that it has written so far.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str],
    ) -> None:
        """Start the program.

        Args:
            command: An absolute path and its arguments.
            columns: The terminal's width.
            rows: The terminal's height.
            environment: All of the program's variables; see `environment`.
        """
        self.outputs: list[Output] = []
        self._emulator = Emulator(columns, rows)
        self._shown = 0
        self._exit_code: int | None = None
        self._hung_up = False
        self._master, program_side = pty.openpty()
        self._lifeline, programs_end = os.pipe()
        os.set_inheritable(programs_end, True)
        try:
            termios.tcsetwinsize(self._master, (rows, columns))
            self.started_at = time.monotonic()
            self.pid = self._start(command, environment, program_side, programs_end)
        except BaseException:
            os.close(self._master)
            os.close(self._lifeline)
            raise
        finally:
            os.close(program_side)
            os.close(programs_end)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._exit_code is None:
            os.kill(self.pid, signal.SIGKILL)
            self._reap()
        if not self._hung_up:
            os.close(self._master)
        os.close(self._lifeline)

    @property
    def text(self) -> str:
        """What is on the screen now, row by row."""
        self._show()
        return self._emulator.text

    @property
    def cells(self) -> Cells:
        """What is on the screen now, cell by cell."""
        self._show()
        return self._emulator.cells

    @property
    def raw(self) -> bytes:
        """Every byte that the program has written."""
        return b"".join(output.data for output in self.outputs)

    @property
    def attributes(self) -> list[Any]:
        """How the terminal is set now; see `termios.tcgetattr`."""
        return termios.tcgetattr(self._master)

    def show(self, data: bytes) -> None:
        """Show what another program writes to the same terminal."""
        self._show()
        self._emulator.feed(data)

    def press(self, *keys: str) -> None:
        """Send keys, by name or as the character they are."""
        os.write(self._master, "".join(KEYS.get(key, key) for key in keys).encode())

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the kernel tells the program."""
        self._emulator.screen.resize(rows, columns)
        termios.tcsetwinsize(self._master, (rows, columns))

    def hang_up(self) -> int:
        """Take the terminal away, and wait until the program and all that it started have ended.

        Returns:
            The program's exit code, or minus the signal that ended it.

        Raises:
            AssertionError: One of them did not end.
        """
        os.close(self._master)
        self._hung_up = True
        # Every process has inherited the other end, and what nobody holds any more reads as its end.
        if not select.select([self._lifeline], [], [], TIMEOUT)[0]:
            raise AssertionError("still running, without a terminal")
        return self._reap()

    def listen(self, seconds: float) -> bool:
        """Take in output, waiting for it at most so long; False where none came or none can come."""
        if not select.select([self._master], [], [], max(0.0, seconds))[0]:
            return False
        try:
            data = os.read(self._master, 2**16)
        except OSError:  # how Linux says that the program has closed its side
            data = b""
        if data:
            self.outputs.append(Output(time.monotonic(), data))
        return bool(data)

    def wait_for(self, *texts: str) -> str:
        """Wait until all the texts are on the screen, and return it.

        Raises:
            AssertionError: They did not come; with the screen as it is.
        """
        deadline = time.monotonic() + TIMEOUT
        while True:
            shown = self.text
            missing = [text for text in texts if text not in shown]
            if not missing:
                return shown
            if not self.listen(deadline - time.monotonic()):
                raise AssertionError(f"never on the screen: {missing}\n{shown}")

    def wait_until_quiet(self, seconds: float) -> None:
        """Take in output until none has come for so long."""
        while self.listen(seconds):
            pass

    def wait_for_exit(self) -> int:
        """Wait until the program has ended; its exit code, or minus the signal that ended it.

        Raises:
            AssertionError: It did not end; with the screen as it is.
        """
        deadline = time.monotonic() + TIMEOUT
        while self.listen(deadline - time.monotonic()):
            pass
        if time.monotonic() >= deadline:
            raise AssertionError(f"still running\n{self.text}")
        return self._reap()

    def _start(
        self, command: Sequence[str], environment: Mapping[str, str], terminal: int, lifeline: int
    ) -> int:
        """Start the command as the leader of a session; all that it starts inherits the lifeline.

        Returns:
            Its process.
        """
        # A session leader's first terminal becomes the one that signals it.
        return os.posix_spawn(
            command[0],
            list(command),
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.ttyname(terminal), os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1),
                (os.POSIX_SPAWN_DUP2, 0, 2),
            ],
            setsid=True,
            # The test run itself may have been started with some of them ignored, as `nohup` does.
            setsigdef=[signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM],
        )

    def _wait(self) -> int:
        """Wait for its end; its exit code, or minus the signal that ended it."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _show(self) -> None:
        # Only when someone looks: emulating takes longer than reading, and the program would wait for it.
        for output in self.outputs[self._shown :]:
            self._emulator.feed(output.data)
        self._shown = len(self.outputs)

    def _reap(self) -> int:
        if self._exit_code is None:
            self._exit_code = self._wait()
        return self._exit_code


def environment(home: os.PathLike[str], **variables: str) -> dict[str, str]:
    """The environment of a person who has set nothing, and these variables.

    Args:
        home: The home directory, empty if the program is to find nothing.
        variables: Further ones, or others in the place of the usual.
    """
    return {
        "HOME": os.fspath(home),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "TERM": "xterm-256color",
        **variables,
    }


def usage_tui(*arguments: str) -> list[str]:
    """The command that runs the program from this checkout."""
    return [sys.executable, "-m", "usage_tui", *arguments]
