"""tmux as a second terminal emulator, written in another language by other people than pyte."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from tempfile import mkdtemp
from typing import Self

from tests.terminal import TIMEOUT, Cells, Emulator


class Panes:
    """A tmux server of its own, whose only pane shows bytes; a context manager that ends it.

    Args:
        program: The path of tmux.
    """

    def __init__(self, program: str) -> None:
        self._program = program
        self._folder = Path(mkdtemp(prefix="tmux"))  # short: the path of a socket may have 107 characters

    def __enter__(self) -> Self:
        self._run("-f", "/dev/null", "new-session", "-d", "-s", "pane", "cat")
        self._run("set-option", "-g", "default-terminal", "xterm-256color")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("kill-server")
        shutil.rmtree(self._folder)

    def show(self, data: bytes, size: tuple[int, int]) -> Cells:
        """What the pane shows after these bytes.

        Args:
            data: What a program that does not wrap its lines has written.
            size: The columns and rows of the pane.
        """
        columns, rows = size
        # tmux tells of a row what stands before its last character: one beyond the edge ends them all.
        edge = "".join(f"\x1b[m\x1b[{row};{columns + 1}H|" for row in range(1, rows + 1))
        path = self._folder / "bytes"
        path.write_bytes(b"\x1b[?7l" + data + edge.encode())
        # The pane says that it is well, with four bytes, once it has shown everything before the question.
        show = f"stty raw -echo; cat {path}; printf '\\033[5n'; head -c 4 >/dev/null"
        done = shlex.join([self._program, "-S", str(self._folder / "socket"), "wait-for", "-S", "shown"])
        captured = self._run(
            *("resize-window", "-t", "pane", "-x", str(columns + 1), "-y", str(rows), ";"),
            *("respawn-pane", "-k", "-t", "pane", f"{show}; {done}; exec cat", ";"),
            *("wait-for", "shown", ";"),
            *("capture-pane", "-p", "-e", "-t", "pane"),
        ).split("\n")
        # Read by the other emulator, so that it is the cells that are compared and not the way they are told.
        emulator = Emulator(columns + 1, rows)
        for row, line in enumerate(captured[:rows], 1):
            emulator.feed(f"\x1b[m\x1b[{row}H{line}".encode())
        return [row[:columns] for row in emulator.cells]

    def _run(self, *arguments: str) -> str:
        return subprocess.run(
            [self._program, "-S", self._folder / "socket", *arguments],
            check=True,
            capture_output=True,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "TERM": "xterm-256color"},
            text=True,
            timeout=TIMEOUT,
        ).stdout
