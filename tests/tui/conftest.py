"""What no test of the screens may do."""

from __future__ import annotations

import pytest

from usage_tui.tui import links


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that wants one brings its own."""

    def refuse(url: str) -> bool:
        raise AssertionError(f"a browser was opened at {url}")

    monkeypatch.setattr(links, "_open", refuse)
