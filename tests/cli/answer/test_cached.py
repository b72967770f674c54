"""What is cached of a service, and what is asked for beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.network import LiveService
from usage_tui.cli import main
from usage_tui.cli.answer import session
from usage_tui.cli.ending import UNANSWERED, WITHHELD


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveService]:
    """A service of which the cache has the dashboard, but nothing of the past: there was no time for it."""
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))

    async def nothing(*_: object) -> None:
        pass

    with LiveService(tmp_path) as service:
        with monkeypatch.context() as late:
            late.setattr(session, "load_past", nothing)
            assert ask(service, "status") == 0
        yield service


def ask(service: LiveService, *words: str, token: str = "") -> int:
    """Run a command, which takes the token from the environment."""
    os.environ["USAGE_TUI_TOKEN"] = token or service.owner
    return main([*words, "--url", service.url, "--timeout", "20s"])


def told(service: LiveService, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert ask(service, *words, "--json") == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_what_a_new_cache_lacks_is_asked_for(
    service: LiveService, capsys: pytest.CaptureFixture[str]
) -> None:
    forecast = told(service, capsys, "forecast")
    assert forecast["pace"] == told(service, capsys, "forecast", "--max-age", "0")["pace"]
    assert len(told(service, capsys, "periods")["items"]) > 1


@pytest.mark.parametrize("words", ["sources", "history --filter contract", "grants --offline"])
def test_a_table_from_the_cache_has_no_mark_of_an_answer_to_come(
    service: LiveService, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ask(service, *words.split()) == 0
    assert " … ─" not in capsys.readouterr().out


def test_what_a_cache_lacks_is_told_where_nobody_may_be_asked(
    service: LiveService, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ask(service, "periods", "--offline") == UNANSWERED
    said = "usage-tui: billing periods: not cached; try again without --offline\n"
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize("command", ["sources", "periods"])
def test_a_token_that_cannot_read_is_told_so_by_every_command(
    service: LiveService, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ask(service, command, token=service.ingest_token) == WITHHELD
    assert capsys.readouterr().err.endswith("This token may not read usage.\n")
