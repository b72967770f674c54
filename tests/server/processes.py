"""`usage-tui serve` in a process of its own, on a free port of the loopback address."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from tests.forked import Forked


class Served(NamedTuple):
    """A running service, what it logs, and the tokens that it printed, where it serves the demo."""

    process: Forked
    log: IO[str]
    url: str
    owner: str = ""
    member: str = ""

    def stop(self) -> None:
        """End it, where nothing else did."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(timeout=30) == 0


@contextmanager
def serve(*arguments: str, **environment: str) -> Iterator[Served]:
    """Run the command with these arguments, and end it afterwards."""
    words = ["serve", "--port", "0", *arguments]
    reading, writing = os.pipe()
    with open(reading) as stdout, open(os.devnull) as stdin, TemporaryFile("w+") as log:  # noqa: PTH123
        files = [stdin.fileno(), writing, log.fileno()]
        process = Forked(words, environment={**os.environ, **environment}, files=files)
        os.close(writing)
        try:
            served = Served(process, log, *_announced(stdout, demo="--demo" in arguments))
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
