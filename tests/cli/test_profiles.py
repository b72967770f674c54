"""The list of profiles: what each leads to, and never a token."""

from __future__ import annotations

import pytest

from usage_tui.cli import main
from usage_tui.config import paths

SECRET = "uat_5up3r-s3cr3t"


def test_every_profile_is_listed_with_where_its_token_comes_from(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, token = paths.config_file(), paths.token_file("work")
    token.parent.mkdir(parents=True)
    token.write_text(SECRET)
    monkeypatch.setenv("HOME_TOKEN", SECRET)
    config.write_text(
        'profile = "work"\n'
        '[profiles.work]\nurl = "https://usage.example.com"\norganization = "acme"\n'
        'token_file = "tokens/work"\n'
        '[profiles.home]\nurl = "http://127.0.0.1:8321"\ntoken_variable = "HOME_TOKEN"\n'
        f'[profiles.shop]\nurl = "https://shop.example"\ntoken_command = ["vault", "{SECRET}"]\n'
    )
    assert main(["profiles"]) == 0
    out, err = capsys.readouterr()
    columns = [[cell.strip() for cell in line.split("  ") if cell] for line in out.splitlines()]
    assert columns == [
        ["profile", "provider", "address", "organization", "token"],
        ["work (opened by default)", "usage-api", "https://usage.example.com", "acme", f"file {token}"],
        ["home", "usage-api", "http://127.0.0.1:8321", "the token's first", "variable HOME_TOKEN"],
        ["shop", "usage-api", "https://shop.example", "the token's first", "command vault"],
    ]
    assert SECRET not in out + err


def test_without_profiles_it_says_how_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profiles"]) == 0
    assert capsys.readouterr().out == (
        f"{paths.config_file()} has no profiles; usage-tui login URL writes one\n"
    )
