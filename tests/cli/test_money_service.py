"""A service whose organization counts in a currency: FOCUS, and what is cached of its history."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.server.processes import serve
from tests.server.world import MARIA
from usage_tui.cli import main
from usage_tui.cli.ending import DONE, UNANSWERED
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.organizations import add_member

Serving: TypeAlias = tuple[Callable[..., int], str]
NOW = datetime.now(UTC).replace(microsecond=0)
ORG = f"""
[organization]
id = "acme"
name = "Acme"
time_zone = "UTC"
unit = "USD"
[period]
starts_at = {(NOW - timedelta(days=9)):%Y-%m-%d}
ends_at = {(NOW + timedelta(days=20)):%Y-%m-%d}
[[grants]]
description = "Prepaid"
bucket = "purchased"
credits = 1000
granted_at = {(NOW - timedelta(days=9)):%Y-%m-%d}
"""


@contextmanager
def serving_money(folder: Path, monkeypatch: pytest.MonkeyPatch, events: int) -> Iterator[Serving]:
    """A service with so many events, an hour apart, the last an hour ago: what runs a command, and where."""
    database = str(folder / "usage.db")
    times = (NOW - timedelta(minutes=60 * (events - number)) for number in range(events))
    rows = (f"e{number},{at:%Y-%m-%dT%H:%M:%SZ},0.25,maria" for number, at in enumerate(times))
    table, org = folder / "events.csv", folder / "org.toml"
    table.write_text("\n".join(["id,time,amount,actor", *rows, ""]))
    org.write_text(ORG)
    assert main(["admin", "import", str(table), "--org", str(org), "--database", database]) == DONE
    opened = Database.open(database)
    with opened.writing() as connection:
        add_member(connection, "acme", MARIA, "owner", billing_access=True)
        token = create_token(connection, name="maria", now=NOW, user_id=MARIA.id)
    opened.close()
    with serve("--database", database) as served:
        yield lambda *words: _run(monkeypatch, token, [*words, "--url", served.url]), served.url


def _run(monkeypatch: pytest.MonkeyPatch, token: str, words: Sequence[str]) -> int:
    monkeypatch.setenv("USAGE_TUI_TOKEN", token)  # which every command takes out of the environment
    return main(words)


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, and an empty cache."""
    for kind in ("CONFIG", "CACHE", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))


def test_focus_of_a_service_has_a_row_an_event_and_adds_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "focus.csv"
    with serving_money(tmp_path, monkeypatch, 200) as (run, url):
        assert run("export", "focus", "-o", str(output)) == DONE
        capsys.readouterr()
        assert run("sources", "--json") == DONE
    total = Decimal(json.loads(capsys.readouterr().out)["total"])
    rows = [*csv.DictReader(io.StringIO(output.read_text(encoding="utf-8"), newline=""))]
    assert sum(Decimal(row["BilledCost"]) for row in rows) == total > 0
    assert len({row["x_EventId"] for row in rows}) == len(rows)
    assert {row["BillingCurrency"] for row in rows} == {"USD"}
    assert {row["x_Actor"] for row in rows} == {"maria"}
    assert {row["ProviderName"] for row in rows} == {url.removeprefix("http://")}


@pytest.mark.parametrize(("events", "cached"), [(7, True), (60, False)])
def test_offline_all_of_the_history_is_told_only_where_all_of_it_is_cached(
    events: int,
    cached: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving_money(tmp_path, monkeypatch, events) as (run, _):
        assert run("status", "--timeout", "20s") == DONE  # which caches all that it is told
    words = ["history", "--offline", "--json"]
    capsys.readouterr()
    if cached:
        assert run(*words, "--limit", "all") == DONE
        out, err = capsys.readouterr()
        answer = json.loads(out)
        assert len(answer["items"]) == events
        assert answer["complete"]
        return
    assert run(*words, "--limit", "all") == UNANSWERED
    out, err = capsys.readouterr()
    assert (out, err) == ("", "usage-tui: only the newest 50 events are cached: use --limit 50\n")
    assert run(*words, "--limit", "50") == DONE
    assert len(json.loads(capsys.readouterr().out)["items"]) == 50


def test_all_of_the_history_is_asked_for_where_the_cache_is_new_but_too_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "history.csv"
    with serving_money(tmp_path, monkeypatch, 60) as (run, _):
        assert run("status", "--timeout", "20s") == DONE  # which caches the newest 50
        capsys.readouterr()
        assert run("history", "--csv", "--limit", "all", "--max-age", "1h") == DONE
        told, err = capsys.readouterr()
        assert run("export", "history", "--max-age", "1h", "-o", str(output)) == DONE
    assert (len([*csv.DictReader(io.StringIO(told))]), err) == (60, "")
    assert output.read_text(encoding="utf-8") == told
