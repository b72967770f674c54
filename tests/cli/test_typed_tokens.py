"""A token that was typed in the wrong place is not repeated, wherever that is."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from usage_tui.cli import main

PLACES = [
    "-p {}",
    "--profile={}",
    "--url {}",
    "--url https://{}@usage.example.com",
    "--url https://usage.example.com/?token={}",
    "{}",
    "--demo {} --print",
    "--theme {} --print",
    "--refresh {}",
    "--{}",
    "--organization {} --url http://127.0.0.1:9/ --print {}",
    "record --demo -o /nowhere/x.jsonl --events {}",
    "record {} -o /nowhere/x.jsonl",
    "import {} -o /nowhere/x.jsonl",
    "login {}",
    "login https://usage.example.com -p {}",
    "profiles {}",
    "doctor -p {}",
    "doctor {}",
    "schema {}",
    "serve {}",
    "serve --port {}",
    "admin {}",
]
TOKENS = [
    "uat_0123456789ab_aBcDeFgHiJkLmNoP",
    "sk-or-v1-0123456789abcdef",
    "ghp_0123456789abcdefABCDEF",
    "github_pat_11AAAAAAA0_abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N",
    "q3J8xK2mZ9pL4wR7tY1vB6nC",
    "abcDEF0123/ghiJKL4567+mnoPQR89==",
]


@pytest.mark.parametrize("place", PLACES)
def test_no_error_repeats_a_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("USAGE_TUI_TOKEN", "uat_set")
    monkeypatch.setattr("sys.stdin", StringIO())
    for token in TOKENS:
        assert main(place.format(token, token).split()) != 0
        captured = capsys.readouterr()
        assert token not in captured.out + captured.err
        assert captured.err.startswith("usage-tui: ")
