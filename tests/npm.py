"""Tools of npm, where they are installed."""

from __future__ import annotations

from pathlib import Path

from tests.server.postgresql import missing

_TOOLS = Path(__file__).parents[1] / "build" / "npm" / "node_modules" / ".bin"


def tool(name: str) -> str:
    """The path of a tool; without it the test is skipped, or fails in continuous integration."""
    if not (_TOOLS / name).exists():
        missing(f"there is no {name} here; with Node.js and npm: make npm")
    return str(_TOOLS / name)
