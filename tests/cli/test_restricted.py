"""`--restricted` in a process of its own: what the environment says changes nothing that matters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from usage_tui.cli import restricted


def run(environment: dict[str, str], keys: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "usage_tui", "--restricted", "--demo"],
        env={**os.environ, **environment},
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


@pytest.mark.parametrize("variable", ["TEXTUAL_LOG", "SSLKEYLOGFILE"])
def test_no_variable_names_a_file_to_write(tmp_path: Path, variable: str) -> None:
    done = run({variable: str(tmp_path / "log")}, "")
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_only_variables_that_are_known_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        "HOME": "/h",
        "TERM": "xterm",
        "LC_ALL": "C",
        "https_proxy": "http://p",
        "MY_TOKEN": "t",
        "TEXTUAL_LOG": "/l",
        "SSLKEYLOGFILE": "/k",
        "PYTHONSTARTUP": "/s",
        "LD_PRELOAD": "/p",
    }
    monkeypatch.setattr(os, "environ", environment)
    restricted.forget_other_variables(["MY_TOKEN"])
    assert environment == {
        "HOME": "/h",
        "TERM": "xterm",
        "LC_ALL": "C",
        "https_proxy": "http://p",
        "MY_TOKEN": "t",
    }
