"""`usage-tui serve` in a process of its own, on a free port of the loopback address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

Process = subprocess.Popen[str]

_USAGE_TUI = """
import signal
from usage_tui.cli import main

signal.signal(signal.SIGHUP, signal.SIG_DFL)
raise SystemExit(main())
"""
"""The program with the usual hangup: a test run under `nohup` hands down that it is ignored."""


class Served(NamedTuple):
    """A running service, and the tokens that it printed, where it serves the demo."""

    process: Process
    url: str
    owner: str = ""
    member: str = ""

    def stop(self) -> None:
        """End it, where nothing else did."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        assert self.process.wait(timeout=30) == 0


@contextmanager
def serve(*arguments: str, **environment: str) -> Iterator[Served]:
    """Run the command with these arguments, and end it afterwards."""
    command = [sys.executable, "-c", _USAGE_TUI, "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if environment else subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environment},
    ) as process:
        assert process.stdout is not None
        try:
            served = Served(process, *_announced(process.stdout, demo="--demo" in arguments))
            yield served
            served.stop()
        finally:
            process.kill()


def _announced(stdout: IO[str], *, demo: bool) -> list[str]:
    """The address, and the tokens of the demo."""
    line = stdout.readline()
    found = re.search(r"at (https?://\S+);", line)
    assert found is not None, line
    told = [found[1]]
    while demo and len(told) < 3:
        told += re.findall(r"USAGE_TUI_TOKEN=(\S+)", stdout.readline())
    return told
