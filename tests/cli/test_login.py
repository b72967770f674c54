"""Logging in: a token is checked and kept where only its user can read it, and everything else stays."""

from __future__ import annotations

import io
import stat
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli.program import refused
from tests.service import Service
from tests.terminal import Terminal, environment, usage_tui
from usage_tui.cli import main
from usage_tui.cli.ending import FAILED
from usage_tui.config import paths
from usage_tui.config.settings import read_settings

UNKNOWN = "uat_000000000000_5up3r-s3cr3t"


@pytest.fixture
def config() -> Path:
    path = paths.config_file()
    path.parent.mkdir(parents=True)
    return path


def login(monkeypatch: pytest.MonkeyPatch, token: str, *words: str) -> int:
    """Log in with the token piped in."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{token}\n"))
    return main(["login", *words])


def test_a_token_that_is_piped_in_becomes_a_profile_that_opens_its_service(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert login(monkeypatch, service.sam, service.url) == 0
    config, token = paths.config_file(), paths.token_file("acme")
    assert capsys.readouterr().out == (
        f"Wrote the profile acme to {config}, and its token to {token}.\n"
        "The token reads Acme as Sam, member.\n"
        "Open it with: usage-tui\n"
    )
    assert token.read_text() == f"{service.sam}\n"
    assert service.sam not in config.read_text()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (config, token, token.parent, config.parent)}
    assert modes == {config: 0o600, token: 0o600, token.parent: 0o700, config.parent: 0o700}
    assert main(["--print"]) == 0
    assert "Acme" in capsys.readouterr().out


def test_what_the_settings_file_holds_stays_to_the_letter(
    service: Service, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = '# Mine.\ntheme = "nord" # dark\n\n[keys]\nrefresh = "f5"'
    config.write_text(before)
    assert login(monkeypatch, service.sam, service.url, "-p", "work") == 0
    assert login(monkeypatch, service.maria, service.url, "--organization", "beta") == 0
    assert config.read_text() == (
        f'profile = "work"\n\n{before}\n\n'
        f'[profiles.work]\nurl = "{service.url}"\norganization = "acme"\ntoken_file = "tokens/work"\n\n'
        f'[profiles.beta]\nurl = "{service.url}"\norganization = "beta"\ntoken_file = "tokens/beta"\n'
    )
    assert read_settings(config).profile == "work"


def test_a_settings_file_behind_a_link_stays_there(
    service: Service, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dotfile").write_text("mouse = false\n")
    config.symlink_to(tmp_path / "dotfile")
    assert login(monkeypatch, service.sam, service.url) == 0
    assert config.is_symlink()
    assert list(read_settings(config).profiles) == ["acme"]


def test_logging_in_once_more_renews_the_token_alone(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch, service.sam, service.url)
    before = paths.config_file().read_text()
    capsys.readouterr()
    assert login(monkeypatch, service.maria, service.url, "-p", "acme", "--organization", "acme") == 0
    assert "Renewed the token of the profile acme" in capsys.readouterr().out
    assert paths.config_file().read_text() == before
    assert paths.token_file("acme").read_text() == f"{service.maria}\n"


@pytest.mark.parametrize(
    ("table", "other"),
    [
        ('url = "https://other.example"\ntoken_file = "tokens/work"', "is for https://other.example"),
        (
            'url = "{url}"\norganization = "beta"\ntoken_file = "tokens/work"',
            "is for the organization beta",
        ),
        ('url = "{url}"\ntoken_command = ["pass", "usage"]', "takes its token from command pass"),
        ('url = "{url}"\ntoken_variable = "TOKEN"', "takes its token from variable TOKEN"),
    ],
)
def test_another_profile_of_that_name_is_left_alone(
    table: str,
    other: str,
    service: Service,
    config: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config.write_text(f"[profiles.work]\n{table.format(url=service.url)}")
    before = config.read_text()
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{service.sam}\n"))
    message = refused(capsys, "login", service.url, "-p", "work")
    assert message == f"the profile work {other}: choose another name with -p NAME, or remove it"
    assert config.read_text() == before
    assert not paths.token_file("work").exists()


def test_a_file_that_cannot_be_added_to_is_left_alone(
    service: Service, config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = f'profiles = {{ home = {{ url = "{service.url}", token_variable = "TOKEN" }} }}\n'
    config.write_text(before)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{service.sam}\n"))
    message = refused(capsys, "login", service.url)
    assert message == f"{config}: profiles: cannot be appended to; add [profiles.acme] yourself"
    assert config.read_text() == before
    assert not paths.token_file("acme").exists()


def test_a_token_that_the_service_does_not_know_is_not_kept(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert login(monkeypatch, UNKNOWN, service.url) == FAILED
    out, err = capsys.readouterr()
    assert err.startswith("usage-tui: ")
    assert err.count("\n") == 1
    assert UNKNOWN not in out + err
    assert not paths.config_file().exists()
    assert not paths.token_file("acme").exists()


@pytest.mark.parametrize("token", ["", f"{UNKNOWN} x", f"{UNKNOWN}\x1b"])
def test_what_can_be_no_token_is_refused_without_showing_it(
    token: str, service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert login(monkeypatch, token, service.url) == FAILED
    out, err = capsys.readouterr()
    assert "Copy it again" in err
    assert UNKNOWN not in out + err


def test_of_several_organizations_one_must_be_chosen(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{service.maria}\n"))
    message = refused(capsys, "login", service.url)
    assert message == "the token sees acme, beta: choose one with --organization"
    assert login(monkeypatch, service.maria, service.url, "--organization", "nope") == FAILED
    assert "It sees acme, beta." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["https://a.example", "-p", "Work"],
            "a profile's name consists of small letters, digits, - and _, not 'Work': "
            "choose one with -p NAME",
        ),
        (
            ["https://me:s3cr3t@a.example"],
            "the address must be https:// with host, port and path, and nothing else",
        ),
        (["a.example"], "the address must be https:// with host, port and path, and nothing else"),
    ],
)
def test_what_can_never_work_is_refused_before_the_token_is_asked_for(
    words: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refused(capsys, "login", *words) == message


def test_a_folder_that_cannot_be_written_is_named(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths.config_file().parent.parent.mkdir(parents=True)
    paths.config_file().parent.write_text("a file in the place of the folder")
    assert login(monkeypatch, service.sam, service.url) == FAILED
    assert str(paths.config_file().parent) in capsys.readouterr().err


def test_at_a_terminal_the_token_is_not_shown_and_the_organization_is_picked(
    service: Service, tmp_path: Path
) -> None:
    command = usage_tui("login", service.url)
    with Terminal(command, environment=environment(tmp_path)) as terminal:
        terminal.wait_for("Token (not shown):")
        terminal.press(service.maria, "enter")
        screen = terminal.wait_for("Organization:")
        assert "  acme  Acme, owner" in screen
        assert "  beta  Beta Labs, viewer" in screen
        terminal.press("nope", "enter", "beta", "enter")
        assert terminal.wait_for_exit() == 0
        assert "Open it with: usage-tui" in terminal.text
        assert service.maria.encode() not in terminal.raw
    folder = tmp_path / ".config" / "usage-tui"
    assert (folder / "tokens" / "beta").read_text() == f"{service.maria}\n"
    table = tomllib.loads((folder / "config.toml").read_text())
    assert table["profiles"]["beta"]["organization"] == "beta"
