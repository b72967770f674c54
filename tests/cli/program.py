"""Running a command, in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from usage_tui.cli import main
from usage_tui.cli.ending import MISUSED


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line in which the words are refused."""
    assert main(words) == MISUSED
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage-tui: ")
    assert err.count("\n") == 1
    return err.removeprefix("usage-tui: ").rstrip("\n")


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "usage_tui", *words],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )
