"""Our commands beside those of ccusage that do the same: a status line, days as JSON, a start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import peers
from bench.line import Command, medians, with_digest
from bench.report import Measurement
from tests.terminal import environment, usage_tui

PROGRAM = Path(__file__).parents[1] / "build" / "ccusage" / "node_modules" / ".bin" / "ccusage"


def measure(folder: Path, recording: Path) -> Iterator[Measurement]:
    """Run the commands in turn; nothing is measured where ccusage is missing.

    Args:
        folder: An empty one, where a profile, its cache and a database are made.
        recording: The demo, recorded.
    """
    home = folder / "home"
    theirs = environment(home, PATH=os.environ.get("PATH", os.defpath))
    if missing := _missing(theirs):
        print(f"Left out: ccusage, as {missing}", file=sys.stderr)
        return
    log = peers.write_log(home)
    ours = with_digest(folder)
    program = str(PROGRAM)
    pairs = {
        "status line": (
            Command(usage_tui("status", "--offline"), ours),
            Command([program, "statusline"], theirs, _hook(log)),
        ),
        "days as JSON": (
            Command(usage_tui("daily", "--json", str(recording)), ours),
            Command([program, "daily", "--json", "--offline"], theirs),
        ),
        "start (--version)": (
            Command(usage_tui("--version"), ours),
            Command([program, "--version"], theirs),
        ),
    }
    milliseconds = medians({(name, side): pair[side] for name, pair in pairs.items() for side in (0, 1)})
    for name in pairs:
        yield Measurement("ccusage", name, milliseconds[name, 0], "ms", milliseconds[name, 1])


def _missing(environ: dict[str, str]) -> str:
    """Why it can't be run; empty if it can."""
    if not PROGRAM.exists():
        return "it is not installed; with Node.js and npm: make npm"
    try:
        subprocess.run([PROGRAM, "--version"], env=environ, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "it does not run on this machine"
    return ""


def _hook(log: Path) -> str:
    """What a coding assistant hands to its status line."""
    place = {"current_dir": "/demo", "project_dir": "/demo"}
    model = {"id": peers.MODEL, "display_name": "Sonnet 4"}
    session = {"session_id": "session", "transcript_path": str(log), "cwd": "/demo", "version": "1.0.0"}
    return json.dumps({**session, "model": model, "workspace": place})
