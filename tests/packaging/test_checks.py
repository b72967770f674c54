"""The checks of `make check`, so that no test run passes without them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "format", "--check"),
        ("ruff", "check"),
        ("mypy",),
        ("lint-imports", "--no-logo"),
    ],
    ids=" ".join,
)
def test_the_checkout_passes(command: tuple[str, ...]) -> None:
    tool = Path(sys.executable).with_name(command[0])
    check = subprocess.run([tool, *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
