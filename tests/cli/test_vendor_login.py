"""Logging in to a vendor: which key it needs, what that key sees, and keys that are refused."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.program import refused
from tests.clients.providers.live import KEY, VENDORS, Answer, LiveVendor, serving
from tests.terminal import Terminal, environment, usage_tui
from usage_tui.cli import main
from usage_tui.cli.ending import FAILED
from usage_tui.clients.registry import require_provider
from usage_tui.config import paths
from usage_tui.config.settings import read_settings

NAMES = sorted(VENDORS)


@pytest.fixture
def vendor(request: pytest.FixtureRequest) -> Iterator[LiveVendor]:
    with serving(getattr(request, "param", "openai")) as running:
        yield running


def login(monkeypatch: pytest.MonkeyPatch, vendor: LiveVendor, *words: str, key: str = KEY) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key}\n"))
    return main(["login", vendor.name, "--url", vendor.url, *words])


@pytest.mark.parametrize("vendor", NAMES, indirect=True)
def test_a_key_becomes_a_profile_and_what_it_sees_is_told(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    which = ["--organization", "acme"] if vendor.name == "github" else []
    assert login(monkeypatch, vendor, *which) == 0
    out = capsys.readouterr().out
    assert f"Wrote the profile {vendor.name} to " in out
    assert "It shows: " in out
    assert "usage by source" in out
    provider = require_provider(vendor.name)
    lines = out.splitlines()
    for card in ("allowances",) if vendor.name != "github" else ("grants",):
        assert f"Not shown: {provider.not_offered[card]}" in lines  # type: ignore[index]
    assert len(lines) == len(set(lines))
    profile = read_settings(paths.config_file()).profiles[vendor.name]
    assert profile.provider.name == vendor.name
    assert profile.organization == ("acme" if vendor.name == "github" else None)
    assert KEY not in out + paths.config_file().read_text()
    asked = len(vendor.requests)
    assert main(["--print"]) == 0
    assert "nimbus-large" in capsys.readouterr().out or vendor.name == "v0"
    assert len(vendor.requests) > asked


@pytest.mark.parametrize("vendor", ["github"], indirect=True)
def test_the_organization_can_be_given(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert login(monkeypatch, vendor, "--organization", "beta", "-p", "work") == 0
    assert "Account: beta. It shows: " in capsys.readouterr().out
    assert 'organization = "beta"' in paths.config_file().read_text()
    assert {asked.path.split("/")[2] for asked in vendor.requests} == {"beta"}


@pytest.mark.parametrize("vendor", ["openrouter"], indirect=True)
def test_an_ordinary_key_is_told_what_it_cannot_see(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"is_management_key": False, "limit": 20, "limit_remaining": 5.5, "creator_user_id": "u1"}
    vendor.answer = lambda _: Answer(body=json.dumps({"data": key}).encode())
    assert login(monkeypatch, vendor) == 0
    out = capsys.readouterr().out
    assert "It shows: included or budget.\n" in out
    assert out.count("This key can't see the balance or days; use a management key.") == 1


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("vendor", NAMES, indirect=True)
def test_a_key_that_is_refused_is_one_line_with_the_key_that_is_needed(
    vendor: LiveVendor,
    status: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = {"error": {"message": f"Incorrect key: {KEY[:6]}***{KEY[-4:]}"}}
    vendor.answer = lambda _: Answer(status, json.dumps(body).encode())
    assert login(monkeypatch, vendor) == FAILED
    out, err = capsys.readouterr()
    provider = require_provider(vendor.name)
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"usage-tui: {provider.title} ")
    assert provider.key is not None
    assert f"It needs {provider.key.words}" in err
    assert not any(KEY[at : at + 4] in err for at in range(8, len(KEY) - 3))
    assert not paths.config_file().exists()
    assert not paths.token_file(vendor.name).exists()


@pytest.mark.parametrize(
    ("name", "key", "line"),
    [
        ("openai", "sk-proj-5up3rs3cr3t", "This looks like a project key. OpenAI needs an admin key"),
        ("openai", "sk-ant-api03-5up3r", "This looks like an Anthropic key. OpenAI needs an admin key"),
        ("anthropic", "sk-ant-api03-5up3r", "This looks like an API key. Anthropic needs an admin key"),
        ("openrouter", "ghp_5up3rs3cr3t", "This looks like a GitHub token. OpenRouter needs a management"),
        ("github", "sk-or-v1-5up3r", "This looks like an OpenRouter key. GitHub needs a classic token"),
    ],
)
def test_a_key_of_another_kind_is_sent_nowhere(
    name: str,
    key: str,
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(name) as vendor:
        assert login(monkeypatch, vendor, key=key) == FAILED
        assert vendor.requests == []
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"usage-tui: {line}")
    assert "5up3r" not in err


def test_at_a_terminal_the_key_that_is_needed_is_said_first(vendor: LiveVendor, tmp_path: Path) -> None:
    command = usage_tui("login", "openai", "--url", vendor.url)
    with Terminal(command, environment=environment(tmp_path)) as terminal:
        screen = terminal.wait_for("Token (not shown):").replace("\n", "")
        assert "OpenAI needs an admin key (sk-admin-…) of an organization owner" in screen
        assert "platform.openai.com/settings/organization/admin-keys" in screen
        terminal.press("sk-proj-5up3r", "enter")
        assert terminal.wait_for_exit() == FAILED
        assert "This looks like a project key." in terminal.text
        assert b"5up3r" not in terminal.raw
    with Terminal(command, environment=environment(tmp_path)) as terminal:
        terminal.wait_for("Token (not shown):")
        terminal.press("sk-admin-5up3r", "enter")
        assert terminal.wait_for_exit() == 0
        assert "It shows: usage by source, daily usage." in terminal.text
        assert b"5up3r" not in terminal.raw
    assert vendor.keys == {"Bearer sk-admin-5up3r"}


@pytest.mark.parametrize("status", [401, 403])
def test_at_a_terminal_a_refusal_is_one_line(status: int, vendor: LiveVendor, tmp_path: Path) -> None:
    vendor.answer = lambda _: Answer(status, b'{"error": {"message": "no"}}')
    command = usage_tui("login", "openai", "--url", vendor.url)
    with Terminal(command, environment=environment(tmp_path)) as terminal:
        terminal.wait_for("Token (not shown):")
        terminal.press(KEY, "enter")
        assert terminal.wait_for_exit() == FAILED
        assert "usage-tui: OpenAI doesn't " in terminal.text
        assert KEY.encode() not in terminal.raw
    assert not (tmp_path / ".config").exists()


@pytest.mark.parametrize("vendor", NAMES, indirect=True)
def test_by_variables_alone_every_vendor_is_opened(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = require_provider(vendor.name)
    assert provider.key is not None
    monkeypatch.setenv(provider.key.variable, KEY)
    if provider.url:
        module = import_module(f"usage_tui.clients.providers.{vendor.name}")
        monkeypatch.setattr(module, "PROVIDER", provider._replace(url=vendor.url))
    else:
        monkeypatch.setenv(provider.url_variable, vendor.url)
    assert main(["-p", vendor.name, "--print"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "does" not in out.partition("\n")[0]
    assert vendor.keys == {f"Bearer {KEY}"}


@pytest.mark.parametrize("vendor", ["litellm"], indirect=True)
def test_by_variables_alone_it_is_restricted_too_and_nothing_is_kept(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITELLM_PROXY_URL", vendor.url)
    monkeypatch.setenv("LITELLM_API_KEY", KEY)
    assert main(["--restricted", "-p", "litellm"]) == 0
    assert "nimbus-large" in capsys.readouterr().out
    assert not paths.days_folder().exists()
    assert not paths.cache_folder().exists()


def test_an_address_in_a_variable_is_checked_and_not_repeated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = refused(capsys, "-p", "litellm")
    assert message == (
        'LiteLLM needs url: set LITELLM_PROXY_URL, or write a profile with provider = "litellm"'
    )
    monkeypatch.setenv("LITELLM_PROXY_URL", "https://me:s3cr3t@gateway.example")
    for words in (["-p", "litellm"], ["login", "litellm"]):
        assert refused(capsys, *words).startswith("LITELLM_PROXY_URL must be https://")


@pytest.mark.parametrize("vendor", ["anthropic"], indirect=True)
def test_a_hostile_name_is_harmless(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = vendor.answer
    hostile = json.dumps({"id": "o", "name": "A\x1b]0;x\x07[red]"}).encode()
    vendor.answer = lambda asked: Answer(body=hostile) if asked.path.endswith("/me") else usual(asked)
    assert login(monkeypatch, vendor) == 0
    out = capsys.readouterr().out
    assert "Account: A" in out
    assert "[red]" in out
    assert "\x1b" not in out


def test_a_key_with_colons_is_a_key(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "v1:team_Ab3dEf:5up3rS3cr3t"
    with serving("v0") as vendor:
        assert login(monkeypatch, vendor, key=key) == 0
        assert vendor.keys == {f"Bearer {key}"}
    assert "5up3r" not in capsys.readouterr().out
