"""Other full-screen programs: installed into a folder of the benchmark's own, with data to show."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.terminal import environment

FOLDER = Path(__file__).parent / ".peers"
_HOME = FOLDER / "home"
MODEL = "claude-sonnet-4-20250514"
_CALLS = 200
_TIMEOUT = 300
"""Seconds after which an installation is given up."""


class Missing(Exception):
    """A peer can't be installed here; with the reason."""


class Peer(NamedTuple):
    """A program to compare with.

    Attributes:
        name: Its name, and that of its package on PyPI.
        version: The one that is installed.
        shows: What is on its first screen once that is complete.
        key: A key that changes what is seen; empty where there is none.
        npm: Its packages on npm, where it comes from there; the last one is its own.
        program: Where its program lies in the folder of that package.
    """

    name: str
    version: str
    shows: str
    key: str = ""
    npm: tuple[str, ...] = ()
    program: str = ""


PEERS = (
    Peer("htop", "", "Load average", "down"),
    Peer("claude-monitor", "4.0.0", "Token Usage"),
    Peer("codeburn", "0.9.15", "By Project", "right", ("node@22", "codeburn"), "dist/cli.js"),
    Peer("tokscale", "4.17.0", "claude-sonnet-4", "right", ("@tokscale/cli-linux-x64-gnu",), "bin/tokscale"),
    Peer("harlequin", "2.17.0", "Run Query", "x"),
    Peer("dolphie", "6.18.0", "Connect to a Host", "tab"),
)


def install(peer: Peer) -> str:
    """Install a peer unless it is there already; where its program is.

    Raises:
        Missing: It can't be had here.
    """
    if not peer.version:
        return _of_the_system(peer.name)
    folder = FOLDER / peer.name
    program = _program(folder, peer)
    if not program.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for command in _from_npm(peer) if peer.npm else _from_pypi(peer):
            _run(command, folder)
    if not program.exists():
        raise Missing(f"its package has no {program.relative_to(folder)}")
    return str(program)


def variables(peer: Peer) -> dict[str, str]:
    """The environment to run it in: a home with nothing but the data, and 24-bit color."""
    path = f"{FOLDER / peer.name / 'node_modules' / '.bin'}:{os.defpath}"
    return environment(_HOME, COLORTERM="truecolor", PATH=path)


def write_data() -> None:
    """The data that three of the peers read."""
    write_log(_HOME)


def write_log(home: Path) -> Path:
    """Calls of a model over the last days, as a coding assistant logs them.

    Args:
        home: The home directory of who reads it.
    """
    log = home / ".claude" / "projects" / "demo" / "session.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    with log.open("w", encoding="utf-8") as file:
        for number in range(_CALLS):
            call = _call(number, now - timedelta(minutes=5 + 30 * number))
            # Some readers look for "usage":{ before they parse a line.
            file.write(json.dumps(call, separators=(",", ":")) + "\n")
    return log


def _call(number: int, at: datetime) -> dict[str, object]:
    tokens = {
        "input_tokens": 1000 + number,
        "output_tokens": 500 + number,
        "cache_creation_input_tokens": 100,
        "cache_read_input_tokens": 5000,
    }
    return {
        "type": "assistant",
        "timestamp": at.isoformat().replace("+00:00", "Z"),
        "sessionId": "session",
        "requestId": f"request-{number}",
        "cwd": "/demo",
        "message": {"id": f"message-{number}", "role": "assistant", "model": MODEL, "usage": tokens},
    }


def _of_the_system(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Missing("it is not installed on this machine")
    return found


def _program(folder: Path, peer: Peer) -> Path:
    if not peer.npm:
        return folder / "bin" / peer.name
    return folder / "node_modules" / peer.npm[-1] / peer.program


def _from_pypi(peer: Peer) -> list[list[str]]:
    pip = ["bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    return [[sys.executable, "-m", "venv", "."], [*pip, f"{peer.name}=={peer.version}"]]


def _from_npm(peer: Peer) -> list[list[str]]:
    *others, own = peer.npm
    packages = [*others, f"{own}@{peer.version}"]
    return [["npm", "init", "--yes"], ["npm", "install", "--no-audit", "--no-fund", *packages]]


def _run(command: list[str], folder: Path) -> None:
    if not Path(command[0]).is_absolute():
        command = [str(folder / command[0]) if "/" in command[0] else command[0], *command[1:]]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_TIMEOUT)
    except FileNotFoundError:
        raise Missing(f"there is no {command[0]} here") from None
    except subprocess.TimeoutExpired:
        raise Missing(f"its installation took more than {_TIMEOUT} s") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout).strip().splitlines()[-1:]
        raise Missing(" ".join(last) or f"{command[0]} failed") from None
