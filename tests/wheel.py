"""Wheels and sdists of the checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def build(target: str, source: Path, directory: Path) -> Path:
    """Build a wheel or an sdist with hatchling itself, without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(directory)]
    subprocess.run(command, cwd=source, check=True)
    (built,) = directory.iterdir()
    return built
