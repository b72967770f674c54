"""The program in a process of its own, forked from one that has imported all of it already.

A start imports for a third of a second, a service for nearly a whole one: what most tests that need a process
would spend their time on. Tests of how the program starts, what it imports, how much memory it takes and how
the interpreter ends start it as a person does; see `tests.cli.program.run`.
"""

from __future__ import annotations

import fcntl
import gc
import locale
import multiprocessing
import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from multiprocessing.reduction import DupFd
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tests.terminal import Terminal

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "tests.forked",
        *("usage_tui.cli.dashboard", "usage_tui.cli.status.command", "usage_tui.cli.record"),
        *("usage_tui.cli.login", "usage_tui.cli.doctor.command", "usage_tui.tui.app"),
        *("usage_tui.cli.admin.command", "usage_tui.cli.serve", "usage_tui.server.serving"),
        *("usage_tui.clients.demo.scenarios.acme", "usage_tui.clients.demo.client"),
        "usage_tui.cli.recorded_organization",
        *("usage_tui.clients.usage_api", "usage_tui.clients.providers.opening", "usage_tui.tui.rehearsal"),
        "textual.drivers.linux_driver",
    ]
)


class Forked:
    """One run of the program.

    Attributes:
        pid: Its process.
    """

    def __init__(
        self,
        words: Sequence[str],
        *,
        environment: Mapping[str, str],
        files: Sequence[int],
        leads: bool = False,
        folder: os.PathLike[str] | None = None,
    ) -> None:
        """Start the program.

        Args:
            words: Its arguments.
            environment: All of its variables.
            files: What it inherits, as standard input, output, error, and further on as it comes.
            leads: Whether the first of them is a terminal, which is to control it.
            folder: Where it runs.
        """
        there = os.fspath(folder or Path.cwd())
        self._process = _CONTEXT.Process(
            target=_run, args=(list(words), dict(environment), there, _Files(files), leads)
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """The exit code, or minus the signal that ended it; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended.

        Raises:
            subprocess.TimeoutExpired: It has not ended in so many seconds.
        """
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            assert timeout is not None
            raise subprocess.TimeoutExpired("usage-tui", timeout)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class ForkedTerminal(Terminal):
    """The program on a terminal; the command is only its arguments."""

    def _start(
        self, command: Sequence[str], environment: Mapping[str, str], terminal: int, lifeline: int
    ) -> int:
        files = [terminal, terminal, terminal, lifeline]
        self._program = Forked(command, environment=environment, files=files, leads=True)
        return self._program.pid

    def _wait(self) -> int:
        return self._program.wait()


def run(
    words: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: os.PathLike[str] | None = None,
    given: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end.

    Args:
        words: Its arguments.
        environment: All of its variables.
        folder: Where it runs.
        given: Its standard input.
    """
    with TemporaryFile("w+") as stdin, TemporaryFile("w+b") as stdout, TemporaryFile("w+b") as stderr:
        stdin.write(given)
        stdin.seek(0)
        files = [stdin.fileno(), stdout.fileno(), stderr.fileno()]
        code = Forked(words, environment=environment, files=files, folder=folder).wait()
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess(words, code, stdout.read().decode(), stderr.read().decode())


class _Files:
    """Open files, for another process."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def __reduce__(self) -> Any:
        return _detached, tuple(map(DupFd, self._numbers))


def _detached(*files: Any) -> list[int]:
    return [file.detach() for file in files]


def _run(words: list[str], environment: dict[str, str], folder: str, files: list[int], leads: bool) -> None:
    """Be the program: all that an interpreter takes from outside is taken again."""
    gc.freeze()  # what was imported before is not looked through for garbage
    if leads:
        os.setsid()
        fcntl.ioctl(files[0], termios.TIOCSCTTY, 0)
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    for file in files[3:]:
        os.set_inheritable(file, True)
    for file in files[:3]:
        os.close(file)
    for ignored in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    locale.setlocale(locale.LC_CTYPE, "")
    time.tzset()
    sys.argv = ["usage-tui", *words]
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    for name in ("stdin", "stdout", "stderr"):
        setattr(sys, f"__{name}__", getattr(sys, name))  # Textual writes to these
    from usage_tui.cli import main

    sys.exit(main())
