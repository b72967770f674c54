"""What no test of the screens may do."""

from __future__ import annotations

from pathlib import Path

import pytest

from usage_tui.tui import links


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that wants one brings its own."""

    def refuse(url: str) -> bool:
        raise AssertionError(f"a browser was opened at {url}")

    monkeypatch.setattr(links, "_open", refuse)


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, on the computer in front of the viewer."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    for name in ("SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    return home
