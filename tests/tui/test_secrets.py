"""A token planted in the real program: it is used, and stands nowhere that anybody looks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network import LiveService, revoke
from tests.terminal import TIMEOUT, Terminal, environment, usage_tui

_BUG = """
import sys
import httpx
from usage_tui.cli import main

async def send(self, request, **options):
    header = self.auth._func(request).headers["Authorization"]
    if request.url.path.endswith("daily"):
        raise ValueError(f"a bug with {len(header)} characters")
    return await genuine(self, request, **options)

genuine, httpx.AsyncClient.send = httpx.AsyncClient.send, send
sys.exit(main(sys.argv[1:]))
"""
"""The program with a bug in the midst of a request, where the token is in a variable."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LiveService]:
    folder = tmp_path / "service"
    folder.mkdir()
    with LiveService(folder) as service:
        yield service


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home directory of whoever uses the program."""
    return tmp_path / "home"


def variables(service: LiveService, home: Path) -> dict[str, str]:
    home.mkdir(exist_ok=True)
    return environment(home, USAGE_TUI_TOKEN=service.owner, TEXTUAL_LOG=str(home / "textual.log"))


def secret_of(service: LiveService) -> str:
    """The part of the token that nobody may see."""
    return service.owner.split("_", 2)[2]


def files(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def arguments_of(terminal: Terminal) -> str:
    command = ["ps", "-o", "args=", "-p", str(terminal.pid)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_no_screen_no_file_and_no_list_of_processes_shows_the_token(service: LiveService, home: Path) -> None:
    command = usage_tui("--url", service.url)
    with Terminal(command, environment=variables(service, home)) as terminal:
        terminal.wait_for("Credits remaining", "q quit", "Contract review")
        assert "--url" in arguments_of(terminal)
        shown = arguments_of(terminal)
        terminal.press("2")
        terminal.wait_for("Rows 1–")
        terminal.press("?")
        terminal.wait_for("command palette")
        terminal.press("\x1b")
        while "command palette" in terminal.text:
            assert terminal.listen(TIMEOUT)
        kept = files(home)
        service.stop()
        terminal.press("r")
        terminal.wait_for("Not refreshed")
        service.start()
        revoke(service, service.owner)
        terminal.press("r")
        terminal.wait_for("does not accept the token")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        raw = terminal.raw
    assert any("acme" in name or b"acme" in content for name, content in kept.items())  # the cache
    everything = b"".join([raw, shown.encode(), *kept.values(), *files(home).values()])
    assert secret_of(service).encode() not in everything


def test_a_crash_in_the_midst_of_a_request_shows_where_and_not_the_token(
    service: LiveService, home: Path
) -> None:
    command = [sys.executable, "-c", _BUG, "--url", service.url]
    with Terminal(command, environment=variables(service, home)) as terminal:
        assert terminal.wait_for_exit() == 1
        raw = terminal.raw
    assert b"a bug with" in raw
    assert b"connection.py" in raw
    everything = b"".join([raw, *files(home).values()])
    assert secret_of(service).encode() not in everything


def test_a_service_that_is_recorded_leaves_no_token_in_the_file(service: LiveService, home: Path) -> None:
    recording = home / "acme.jsonl"
    command = usage_tui("record", "--url", service.url, "-o", str(recording))
    finished = subprocess.run(command, check=True, env=variables(service, home), capture_output=True)
    assert recording.read_bytes().count(b"\n") == 677  # all events, below the header
    everything = b"".join([finished.stdout, finished.stderr, *files(home).values()])
    assert secret_of(service).encode() not in everything
