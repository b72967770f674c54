"""Commands that a prompt or a shell waits for: the status line, the version, the help."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple, TypeVar

from bench.report import Measurement
from tests.network import LiveService
from tests.terminal import usage_tui

RUNS = 15
Key = TypeVar("Key")
_NOTHING = [sys.executable, "-c", "pass"]
_ARGPARSE = [sys.executable, "-c", "import argparse, json, datetime"]


class Command(NamedTuple):
    """What is run.

    Attributes:
        words: The program and its arguments.
        environ: All of its environment.
        given: What it reads from stdin.
        emptied: A folder that is deleted before each run.
    """

    words: list[str]
    environ: Mapping[str, str]
    given: str = ""
    emptied: Path | None = None


def medians(commands: Mapping[Key, Command]) -> dict[Key, float]:
    """Milliseconds to the end. They run in turn: what else the machine does meets all alike."""
    taken: dict[Key, list[float]] = {name: [] for name in commands}
    for run in range(RUNS + 1):
        for name, (words, environ, given, emptied) in commands.items():
            if emptied is not None:
                shutil.rmtree(emptied, ignore_errors=True)
            begin = perf_counter()
            subprocess.run(words, env=environ, input=given, text=True, stdout=subprocess.DEVNULL, check=True)
            if run:  # the first one compiles
                taken[name].append((perf_counter() - begin) * 1000)
    return {name: median(values) for name, values in taken.items()}


def measure(folder: Path, recording: Path) -> Iterator[Measurement]:
    """What a prompt shows, and what a person types first.

    Args:
        folder: Where a profile, its cache and a database are made.
        recording: The demo, recorded.
    """
    environ, unknown = with_digest(folder), folder / "line" / "unknown"
    of_recording = usage_tui("status", str(recording))
    milliseconds = medians(
        {
            "nothing": Command(_NOTHING, environ),
            "argparse": Command(_ARGPARSE, environ),
            "--version": Command(usage_tui("--version"), environ),
            "--help": Command(usage_tui("--help"), environ),
            "status": Command(usage_tui("status", "--offline"), environ),
            "first": Command(of_recording, {**environ, "XDG_CACHE_HOME": str(unknown)}, emptied=unknown),
            "again": Command(of_recording, environ),
        }
    )
    nothing, argparse = milliseconds["nothing"], milliseconds["argparse"]
    yield Measurement("line", "Python alone", nothing, "ms")
    yield Measurement("line", "Python with an empty argparse program", argparse, "ms")
    yield Measurement("line", "--version", milliseconds["--version"], "ms", nothing, 3)
    yield Measurement("line", "--help", milliseconds["--help"], "ms", nothing, 3)
    yield Measurement("line", "status", milliseconds["status"], "ms", argparse, 2.5)
    yield Measurement("line", "status of a recording, first call", milliseconds["first"], "ms", argparse, 5)
    yield Measurement("line", "status of a recording, next call", milliseconds["again"], "ms", argparse, 2.5)


def with_digest(folder: Path) -> Mapping[str, str]:
    """An environment whose default profile has been looked at before."""
    home = folder / "line"
    settings = home / "config" / "usage-tui"
    settings.mkdir(parents=True)
    places = {f"XDG_{kind.upper()}_HOME": str(home / kind) for kind in ("config", "cache", "state")}
    environ = {**os.environ, **places}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # installed programs are compiled
    with LiveService(home) as service:
        token = settings / "token"
        token.touch(0o600)
        token.write_text(service.owner)
        text = f'profile = "work"\n[profiles.work]\nurl = "{service.url}"\ntoken_file = "token"\n'
        (settings / "config.toml").write_text(text)
        asked = usage_tui("status", "--timeout", "20s")
        subprocess.run(asked, env=environ, stdout=subprocess.DEVNULL, check=True)
    return environ
