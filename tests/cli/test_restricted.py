"""`--restricted` in a process of its own: what the environment says changes nothing that matters."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL

import pytest

from tests.terminal import Terminal, environment, usage_tui
from usage_tui.cli import restricted


def run(variables: dict[str, str], keys: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "usage_tui", "--restricted", "--demo"],
        env={**os.environ, **variables},
        input=keys,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_python_does_not_go_on_after_the_dashboard(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    done = run({"PYTHONINSPECT": "1"}, f"open({str(trace)!r}, 'w')\n")
    assert done.returncode == 0
    assert "Credits remaining" in done.stdout
    assert not trace.exists()


def test_no_shorter_word_for_the_option_changes_that(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    program = [sys.executable, "-m", "usage_tui", "--restr", "--demo"]
    variables = {**os.environ, "PYTHONINSPECT": "1"}
    subprocess.run(
        program, env=variables, input=f"open({str(trace)!r}, 'w')\n", text=True, stdout=DEVNULL, check=False
    )
    assert not trace.exists()


def test_keys_of_tls_are_not_written_down(tmp_path: Path) -> None:
    log = tmp_path / "keys"
    words = ["--restricted", "--print", "--url", "https://127.0.0.1:9"]
    variables = {**os.environ, "SSLKEYLOGFILE": str(log), "USAGE_TUI_TOKEN": "uat_7_c0ffee"}
    program = [sys.executable, "-m", "usage_tui"]
    subprocess.run([*program, *words], env=variables, stdout=DEVNULL, stderr=DEVNULL, check=False)
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
