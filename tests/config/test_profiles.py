"""Profiles: services under names, with one clear line for everything that is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from usage_tui.clients.registry import LONGEST_REFRESH, USAGE_API
from usage_tui.config.profiles import (
    Profile,
    TokenCommand,
    TokenFile,
    TokenVariable,
    is_profile_name,
)
from usage_tui.config.settings import read_settings
from usage_tui.toml_file import InvalidToml

URL = 'url = "https://usage.example.com"\n'
VARIABLE = 'token_variable = "WORK_TOKEN"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def profile(file: Path, text: str) -> Profile:
    """The profile `work` with this text in its table."""
    file.write_text(f"[profiles.work]\n{text}")
    return read_settings(file).profiles["work"]


def refusal(file: Path, text: str) -> str:
    file.write_text(text)
    with pytest.raises(InvalidToml) as caught:
        read_settings(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    return message.removeprefix(f"{file}: ")


def test_an_address_and_a_token_are_enough(file: Path) -> None:
    assert profile(file, URL + VARIABLE) == Profile(
        name="work", url="https://usage.example.com", token=TokenVariable("WORK_TOKEN")
    )
    assert profile(file, URL + VARIABLE).provider is USAGE_API
    assert profile(file, URL + VARIABLE).seconds_between_looks == 60


def test_everything_can_be_set(file: Path) -> None:
    text = (
        'url = "http://usage.internal"\norganization = "acme"\nrefresh_seconds = 0\nca_file = "ca.pem"\n'
        'allow_plain_http = true\ntoken_command = ["pass", "show", "usage"]\n'
    )
    assert profile(file, text) == Profile(
        name="work",
        url="http://usage.internal",
        token=TokenCommand(("pass", "show", "usage"), file),
        organization="acme",
        refresh_seconds=0,
        ca_file=file.parent / "ca.pem",
        allow_plain_http=True,
    )


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("tokens/work", "config/tokens/work"),
        ("~/token", "home/token"),
        ("{tmp}/token", "token"),
    ],
)
def test_paths_start_at_the_folder_of_the_settings_or_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, meant: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "config").mkdir()
    text = f'{URL}token_file = "{path.format(tmp=tmp_path)}"'
    assert profile(tmp_path / "config" / "config.toml", text).token == TokenFile(tmp_path / meant)


def test_profiles_keep_the_order_of_the_file_and_one_of_them_is_the_usual_one(file: Path) -> None:
    tables = "".join(f"[profiles.{name}]\n{URL}{VARIABLE}" for name in ("zoo", "acme"))
    file.write_text(f'profile = "acme"\n{tables}')
    settings = read_settings(file)
    assert list(settings.profiles) == ["zoo", "acme"]
    assert settings.profile == "acme"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("profiles = 5", "profiles: must be a table: [profiles]"),
        ("profiles.work = 5", "profiles.work: must be a table: [profiles.work]"),
        (
            f"[profiles.Work]\n{URL}{VARIABLE}",
            "profiles.Work: a profile's name consists of small letters, digits, - and _",
        ),
        (
            f"[profiles.work]\n{VARIABLE}",
            'profiles.work.url: is missing; for example url = "https://usage.example.com"',
        ),
        ("[profiles.work]\nurl = 5", "profiles.work.url: must be text in quotes"),
        (
            f'[profiles.work]\n{URL}token_file = "a\\u0000b"',
            "profiles.work.token_file: must be the path of a file",
        ),
        (
            f"[profiles.work]\n{URL}{VARIABLE}token = 'x'",
            "unknown key profiles.work.token; did you mean token_file?",
        ),
        (
            f"[profiles.work]\n{URL}{VARIABLE}colour = 'x'",
            "unknown key profiles.work.colour; the keys are allow_plain_http, ca_file, organization, "
            "provider, refresh_seconds, token_command, token_file, token_variable, url",
        ),
        (
            f"[profiles.work]\nprovider = 'usage-app'\n{URL}{VARIABLE}",
            "profiles.work.provider: unknown provider 'usage-app'; did you mean usage-api?",
        ),
        (
            "[profiles.work]\nprovider = 'demo'\ntoken_file = 'x'",
            "unknown key profiles.work.token_file; the keys are provider, scenario",
        ),
        (
            "[profiles.work]\nprovider = 'recording'",
            'profiles.work.file: is missing; for example file = "usage.jsonl"',
        ),
        (
            f"[profiles.work]\n{URL}",
            "profiles.work: needs one of token_command, token_variable, token_file",
        ),
        (
            f"[profiles.work]\n{URL}{VARIABLE}token_file = 'x'",
            "profiles.work: has token_variable and token_file; keep only one of them",
        ),
        (
            f"[profiles.work]\n{URL}{VARIABLE}refresh_seconds = true",
            f"profiles.work.refresh_seconds: must be a whole number from 0 to {LONGEST_REFRESH}",
        ),
        (
            f"[profiles.work]\n{URL}{VARIABLE}refresh_seconds = 1.5",
            f"profiles.work.refresh_seconds: must be a whole number from 0 to {LONGEST_REFRESH}",
        ),
        (
            f"[profiles.work]\n{URL}{VARIABLE}refresh_seconds = -1",
            f"profiles.work.refresh_seconds: must be a whole number from 0 to {LONGEST_REFRESH}",
        ),
        (
            f"[profiles.work]\n{URL}token_command = 'pass show usage'",
            "profiles.work.token_command: must be a list",
        ),
        (
            f"[profiles.work]\n{URL}token_command = []",
            'profiles.work.token_command: must be a list of texts such as ["pass", "show", "usage"]',
        ),
        (
            f"[profiles.work]\n{URL}token_command = ['pass', 5]",
            'profiles.work.token_command: must be a list of texts such as ["pass", "show", "usage"]',
        ),
        (f"[profiles.work]\n{URL}token_file = ''", "profiles.work.token_file: must be the path of a file"),
        (
            "profile = 'home'",
            "profile: unknown profile 'home'; usage-tui login URL writes one",
        ),
        (
            f"profile = 'home'\n[profiles.work]\n{URL}{VARIABLE}",
            "profile: unknown profile 'home'; the profiles are work",
        ),
    ],
)
def test_a_fault_is_one_line_with_the_table_the_key_and_what_to_do(file: Path, text: str, fault: str) -> None:
    assert refusal(file, text) == fault


def test_a_token_in_the_place_of_its_variable_is_not_repeated(file: Path) -> None:
    message = refusal(file, f'[profiles.work]\n{URL}token_variable = "uat_5up3r-s3cr3t"')
    assert message == "profiles.work.token_variable: must be the name of an environment variable"


@pytest.mark.parametrize("name", ["work", "a", "2", "team-1_x", "x" * 64])
def test_a_name_is_small_letters_digits_and_dashes(name: str) -> None:
    assert is_profile_name(name)


@pytest.mark.parametrize("name", ["", "Work", "-p", "_x", "a.b", "a/b", "..", "a b", "é", "x" * 65, "a\n"])
def test_a_name_can_never_be_a_path_or_an_option(name: str) -> None:
    assert not is_profile_name(name)
