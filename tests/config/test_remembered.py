"""What is remembered between runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from usage_tui.config.remembered import remember_theme, remembered_theme


def test_a_chosen_theme_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "state" / "usage-tui" / "state.toml"
    assert remembered_theme(path) is None
    remember_theme(path, "nord")
    remember_theme(path, "usage-light")
    assert remembered_theme(path) == "usage-light"


@pytest.mark.parametrize(
    "content",
    [
        b"theme =",
        b"theme = " + b"[" * 9000,
        b"theme = " + b"1" * 9000,
        b"\xff",
        b"theme = 5",
        b"mouse = true",
    ],
)
def test_what_cannot_be_read_was_never_chosen(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.toml"
    path.write_bytes(content)
    assert remembered_theme(path) is None


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember_theme(tmp_path / "file" / "state.toml", "nord")
