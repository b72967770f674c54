"""Where the program's files lie."""

from __future__ import annotations

import pwd
from pathlib import Path
from typing import NoReturn

import pytest

from usage_tui.config import paths
from usage_tui.config.remembered import remember_theme, remembered_theme
from usage_tui.config.settings import Settings, read_settings


def test_files_lie_in_the_home_folder_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert paths.config_file() == tmp_path / ".config" / "usage-tui" / "config.toml"
    assert paths.state_file() == tmp_path / ".local" / "state" / "usage-tui" / "state.toml"


def test_files_lie_where_the_base_directories_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    assert paths.config_file() == tmp_path / "c" / "usage-tui" / "config.toml"
    assert paths.state_file() == tmp_path / "s" / "usage-tui" / "state.toml"


@pytest.mark.parametrize("value", ["", "relative/folder", "."])
def test_a_relative_base_directory_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    assert paths.config_file().is_relative_to(tmp_path / ".config")


def test_a_user_without_a_home_has_no_settings_and_nothing_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def unknown(uid: int) -> NoReturn:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert read_settings(paths.config_file()) == Settings()
    remember_theme(paths.state_file(), "nord")
    assert remembered_theme(paths.state_file()) is None


def test_the_style_sheets_are_there_and_all_of_them_are_used() -> None:
    sheets = [Path(sheet) for sheet in paths.styles()]
    assert sorted(sheets) == sorted(sheets[0].parent.glob("*.tcss"))


def test_without_style_sheets_the_installation_is_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "src" / "usage_tui" / "config" / "paths.py"))
    with pytest.raises(FileNotFoundError, match="reinstall usage-tui"):
        paths.styles()
