"""`--restricted` in a process of its own: what the environment says changes nothing that matters."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL

import pytest

from tests.terminal import Terminal, environment, usage_tui
from usage_tui.cli import restricted


@pytest.mark.parametrize("option", ["--restricted", "--restr"])
def test_python_asks_for_no_commands_after_the_dashboard(tmp_path: Path, option: str) -> None:
    # On a terminal: Python asks nobody else.
    variables = environment(tmp_path, PYTHONINSPECT="1")
    with Terminal(usage_tui(option, "--demo"), environment=variables) as terminal:
        terminal.wait_for("Credits remaining")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert b">>>" not in terminal.raw


def test_keys_of_tls_are_not_written_down(tmp_path: Path) -> None:
    log = tmp_path / "keys"
    variables = {**os.environ, "SSLKEYLOGFILE": str(log), "USAGE_TUI_TOKEN": "uat_7_c0ffee"}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"https://127.0.0.1:{listening.getsockname()[1]}"
        words = [sys.executable, "-m", "usage_tui", "--restricted", "--print", "--url", address]
        with subprocess.Popen(words, env=variables, stdout=DEVNULL, stderr=DEVNULL) as program:
            connection, _ = listening.accept()
            with connection:
                assert connection.recv(1) == b"\x16"  # its side of TLS has begun
            program.kill()
    assert not log.exists()


def test_what_textual_would_read_has_no_effect(tmp_path: Path) -> None:
    log, settings = tmp_path / "log", tmp_path / ".config" / "usage-tui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('theme = "nord"\n')  # to check it, Textual is loaded early
    variables = {"TEXTUAL_LOG": str(log), "TEXTUAL_DRIVER": "nowhere:Driver", "SSH_TTY": "/dev/pts/0"}
    with Terminal(
        usage_tui("--restricted", "--demo"), environment=environment(tmp_path, **variables)
    ) as screen:
        screen.wait_for("Credits remaining")
        screen.press("q")
        assert screen.wait_for_exit() == 0
        assert not re.search(rb"\x1b\[>\d+u", screen.raw)  # the keyboard mode that is left out over SSH
    assert not log.exists()


@pytest.mark.parametrize("restricted", [["--restricted"], []], ids=["restricted", "free"])
@pytest.mark.parametrize(
    "size", ["1000000", "9" * 5000, "-1", "x"], ids=["large", "long", "negative", "word"]
)
def test_no_size_that_the_environment_names_keeps_the_screen_from_being_painted(
    tmp_path: Path, restricted: list[str], size: str
) -> None:
    variables = environment(tmp_path, COLUMNS=size, LINES=size)
    with Terminal(usage_tui(*restricted, "--demo"), environment=variables) as screen:
        screen.wait_for("Credits remaining")
        screen.press("q")
        assert screen.wait_for_exit() == 0


def test_only_variables_that_are_known_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "HOME": "/h",
        "TERM": "xterm",
        "LC_ALL": "C",
        "https_proxy": "http://p",
        "MY_TOKEN": "t",
        "SSL_CERT_FILE": "/c",
        "TEXTUAL_LOG": "/l",
        "SSLKEYLOGFILE": "/k",
        "PYTHONSTARTUP": "/s",
        "LD_PRELOAD": "/p",
    }
    monkeypatch.setattr(os, "environ", variables)
    restricted.forget_other_variables(["MY_TOKEN"])
    assert variables == {
        "HOME": "/h",
        "TERM": "xterm",
        "LC_ALL": "C",
        "https_proxy": "http://p",
        "MY_TOKEN": "t",
    }
