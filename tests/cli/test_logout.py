"""Logging out: what is stored of one profile goes, what is stored of others stays."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import refused
from tests.clients.providers.live import KEY, LiveVendor, serving
from tests.service import Service
from usage_tui.cli import main
from usage_tui.cli.logout import forget
from usage_tui.cli.opening import open_client
from usage_tui.config import paths
from usage_tui.config.settings import read_settings

OTHER = "sk-other-51ab"


@pytest.fixture
def vendor() -> Iterator[LiveVendor]:
    with serving("openrouter") as running:
        yield running


def login(monkeypatch: pytest.MonkeyPatch, key: str, *words: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key}\n"))
    assert main(["login", *words]) == 0


def cached(name: str) -> Path:
    """A cached screen of a profile, as the dashboard would have written it."""
    source = open_client(read_settings(paths.config_file()).profiles[name])
    assert source.cache_key is not None
    from usage_tui.state.cache import Cache

    path = Cache(paths.cache_folder(), source.cache_key, None).path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    return path


def journals() -> set[Path]:
    return {*paths.days_folder().glob("*.db")} if paths.days_folder().exists() else set()


def logout(capsys: pytest.CaptureFixture[str], name: str) -> str:
    capsys.readouterr()
    assert main(["logout", name]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert KEY not in out
    return out


def test_token_cache_and_journal_go_and_the_profile_stays(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch, KEY, "openrouter", "--url", vendor.url)
    screen, config = cached("openrouter"), paths.config_file().read_text()
    assert len(journals()) == 1
    out = logout(capsys, "openrouter")
    assert out.splitlines() == [
        "Deleted 1 journal of days.",
        "Deleted 1 cached file.",
        f"Deleted the token in {paths.token_file('openrouter')}.",
        "OpenRouter still accepts the key until you revoke it at "
        "https://openrouter.ai/settings/management-keys",
    ]
    assert journals() == set()
    assert not screen.exists()
    assert not paths.token_file("openrouter").exists()
    assert paths.config_file().read_text() == config
    assert logout(capsys, "openrouter").startswith("Nothing is stored for openrouter.\n")
    login(monkeypatch, KEY, "openrouter", "--url", vendor.url)
    assert main(["--print"]) == 0


def test_nothing_of_another_profile_goes(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch, KEY, "openrouter", "--url", vendor.url, "-p", "one")
    login(monkeypatch, OTHER, "openrouter", "--url", vendor.url, "-p", "two")
    with serving("openai") as third:
        login(monkeypatch, OTHER, "openai", "--url", third.url, "-p", "three")
    one, two, three = cached("one"), cached("two"), cached("three")
    kept = journals()
    assert "Deleted 1 cached file." in logout(capsys, "one")
    assert (one.exists(), two.exists(), three.exists()) == (False, True, True)
    assert paths.token_file("two").exists()
    assert journals() == kept  # the account of the first is that of the second
    logout(capsys, "two")
    assert len(journals()) == 1
    assert three.exists()


def test_a_journal_stays_while_another_profile_has_the_same_key(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        login(monkeypatch, KEY, "openrouter", "--url", vendor.url, "-p", name)
    kept = journals()
    assert len(kept) == 1
    out = logout(capsys, "one")
    assert "The journal of days is kept: the profile two has the same key.\n" in out
    assert journals() == kept
    assert "Deleted 1 journal of days.\n" in logout(capsys, "two")
    assert journals() == set()


def test_an_old_token_s_screens_go_too(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch, KEY, "openrouter", "--url", vendor.url)
    before = cached("openrouter")
    login(monkeypatch, OTHER, "openrouter", "--url", vendor.url)
    after = cached("openrouter")
    assert before != after
    assert "Deleted 2 cached files." in logout(capsys, "openrouter")
    assert not before.exists()
    assert not after.exists()
    assert journals() == set()


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            'token_command = ["pass", "show", "x"]',
            "The command pass still prints the token; remove it there.",
        ),
        ('token_variable = "OUR_KEY"', "OUR_KEY still holds the token; unset it."),
        ('token_file = "mine"', "mine is kept: usage-tui did not write it."),
    ],
)
def test_what_it_cannot_delete_is_said_and_no_command_is_run(
    source: str, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_KEY", KEY)
    monkeypatch.setenv("PATH", "")
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text(f'[profiles.work]\nprovider = "openai"\n{source}\n')
    (paths.config_file().parent / "mine").write_text(f"{KEY}\n")
    out = logout(capsys, "work")
    assert out.startswith("Nothing is stored for work.\n")
    assert line in out
    assert (paths.config_file().parent / "mine").exists()


def test_a_vendor_without_a_profile_is_forgotten_by_its_name(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from usage_tui.clients.providers import openrouter

    monkeypatch.setattr(openrouter, "PROVIDER", openrouter.PROVIDER._replace(url=vendor.url))
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    assert main(["-p", "openrouter", "--print"]) == 0
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    assert len(journals()) == 1
    out = logout(capsys, "openrouter")
    assert out.startswith("Deleted 1 journal of days.\n")
    assert "OPENROUTER_API_KEY still holds the token; unset it." in out
    assert journals() == set()


def test_damaged_files_are_named_or_deleted(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch, KEY, "openrouter", "--url", vendor.url)
    (journal,) = journals()
    journal.write_bytes(b"damaged" * 100)
    cached("openrouter").write_bytes(b"\0")
    out = logout(capsys, "openrouter")
    assert f"The journal of days is damaged: delete {journal}." in out
    assert "Deleted 1 cached file." in out
    assert "Deleted the token" in out


def test_a_usage_api_is_left_too(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch, service.sam, service.url)
    out = logout(capsys, "acme")
    assert out == f"Deleted the token in {paths.token_file('acme')}.\n"


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "unknown profile 'play'" in refused(capsys, "logout", "play")


def test_a_token_that_cannot_be_deleted_is_a_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths.token_file("work").mkdir(parents=True)
    paths.config_file().write_text('[profiles.work]\nprovider = "openai"\ntoken_file = "tokens/work"\n')
    assert main(["logout", "work"]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"usage-tui: {paths.token_file('work')}: cannot be deleted: ")
    assert err.count("\n") == 1


def test_forgetting_takes_the_same_path_for_every_command() -> None:
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text('[profiles.work]\nprovider = "openai"\ntoken_file = "tokens/work"\n')
    settings = read_settings(paths.config_file())
    leaving = forget(settings.profiles["work"], settings)
    assert (leaving.deleted, leaving.left) == ([], [])
