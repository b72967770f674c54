"""Commands that a prompt or a shell waits for: the status line, the version, the help."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.report import Measurement
from tests.network import LiveService
from tests.terminal import usage_tui

RUNS = 15
_NOTHING = [sys.executable, "-c", "pass"]
_ARGPARSE = [sys.executable, "-c", "import argparse, json, datetime"]


def measure(folder: Path, recording: Path) -> Iterator[Measurement]:
    """Run the commands in turn, so that what else the machine does meets all of them alike.

    Args:
        folder: Where a profile, its cache and a database are made.
        recording: The demo, recorded.
    """
    environ = _with_digest(folder)
    programs = {
        "nothing": _NOTHING,
        "argparse": _ARGPARSE,
        "--version": usage_tui("--version"),
        "--help": usage_tui("--help"),
        "status": usage_tui("status", "--offline"),
        "status of a recording": usage_tui("status", str(recording)),
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for run in range(RUNS + 1):
        for name, command in programs.items():
            begin = perf_counter()
            subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)
            if run:  # the first one compiles
                taken[name].append((perf_counter() - begin) * 1000)
    milliseconds = {name: median(values) for name, values in taken.items()}
    nothing, argparse = milliseconds["nothing"], milliseconds["argparse"]
    yield Measurement("line", "Python alone", nothing, "ms")
    yield Measurement("line", "Python with an empty argparse program", argparse, "ms")
    yield Measurement("line", "--version", milliseconds["--version"], "ms", nothing, 3)
    yield Measurement("line", "--help", milliseconds["--help"], "ms", nothing, 3)
    yield Measurement("line", "status", milliseconds["status"], "ms", argparse, 2.5)
    name = "status of a recording"
    yield Measurement("line", name, milliseconds[name], "ms", argparse, 5)


def _with_digest(folder: Path) -> Mapping[str, str]:
    """An environment whose default profile has been looked at before."""
    home = folder / "line"
    settings = home / "config" / "usage-tui"
    settings.mkdir(parents=True)
    places = {f"XDG_{kind.upper()}_HOME": str(home / kind) for kind in ("config", "cache", "state")}
    environ = {**os.environ, **places}
    with LiveService(home) as service:
        token = settings / "token"
        token.touch(0o600)
        token.write_text(service.owner)
        text = f'profile = "work"\n[profiles.work]\nurl = "{service.url}"\ntoken_file = "token"\n'
        (settings / "config.toml").write_text(text)
        asked = usage_tui("status", "--timeout", "20s")
        subprocess.run(asked, env=environ, stdout=subprocess.DEVNULL, check=True)
    return environ
