"""What is said of the files of this computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from usage_tui.cli.doctor.report import report
from usage_tui.cli.doctor.setup import check_cache, check_profile, check_settings
from usage_tui.clients.check_results import CheckResult, Mark, warn
from usage_tui.config.profiles import Profile, TokenFile
from usage_tui.config.settings import read_settings


def settings_results(config: Path) -> list[CheckResult]:
    return list(check_settings(config, read_settings(config)))


def test_no_settings_are_no_fault(tmp_path: Path) -> None:
    (found,) = settings_results(tmp_path / "config.toml")
    assert found.mark is Mark.OK


@pytest.mark.parametrize(
    ("token", "mode", "marks"),
    [
        ('token_variable = "TOKEN"', 0o666, [Mark.OK]),
        ('token_command = ["pass"]', 0o600, [Mark.OK]),
        ('token_command = ["pass"]', 0o620, [Mark.OK, Mark.FAIL]),
    ],
)
def test_a_command_that_others_may_change_is_a_fault(
    token: str, mode: int, marks: list[Mark], tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    config = tmp_path / "config.toml"
    config.write_text(f'[profiles.work]\nurl = "https://a.example"\n{token}\n')
    config.chmod(mode)
    found = settings_results(config)
    assert [one.mark for one in found] == marks
    assert "1 profile." in found[0].text


def test_a_profile_is_named_with_where_its_token_comes_from() -> None:
    profile = Profile(name="work", url="https://a.example", token=TokenFile(Path("/x/token")))
    assert check_profile(profile).text == "work; the token comes from file /x/token."
    assert check_profile(None).mark is Mark.WARN


def test_a_cache_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    assert check_cache(folder).mark is Mark.OK
    folder.mkdir(mode=0o700)
    assert check_cache(folder).mark is Mark.OK
    folder.chmod(0o755)
    assert check_cache(folder).advice == f"Run chmod 700 {folder}."


def test_a_cache_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert check_cache(tmp_path / "cache").text.startswith(f"{tmp_path} is not writable")


def test_a_result_is_one_line_that_steers_no_terminal() -> None:
    result = warn("clock", "late\x1b[31m\n", "Set it.")
    assert report([result]) == "! warn  clock         late�[31m� Set it.\n"
    assert report([result._replace(text="late", mark=Mark.FAIL)], ascii_only=True).isascii()
