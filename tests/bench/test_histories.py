"""The histories that are served to be measured are real ledgers, and every measurement is taken."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import histories, service
from bench.histories import ORG, book_history
from tests.server import postgresql
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.verify import differences

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


def test_a_history_follows_from_its_journal_and_spreads_over_a_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "_AT_ONCE", 300)
    database = Database.open(str(tmp_path / "usage.db"))
    book_history(database, 1000, NOW)
    with database.reading() as connection:
        assert list(differences(connection, ORG.id)) == []
        count, first, last = connection.exec_driver_sql(
            "SELECT count(*), min(local_date), max(local_date) FROM events"
        ).one()
        periods = connection.exec_driver_sql("SELECT count(*) FROM billing_periods WHERE number > 0").scalar()
    assert (count, first, last, periods) == (1000, "2025-11-22", "2026-11-22", 13)
    database.close()


def test_each_database_is_measured_at_each_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "binaries", lambda: None)
    monkeypatch.setattr(service, "REPEATS", 2)
    monkeypatch.setattr(service, "REPEATS_OF_A_CLIENT", 2)
    monkeypatch.setattr(service, "BATCHES", 1)
    told: list[str] = []
    found = list(service.measure(tmp_path, (200, 400), told.append))
    assert told == ["SQLite: booking 200 events", "SQLite: booking 400 events"]
    replies = [
        *("304", "page", "page half a year back", "summary", "ranking", "days"),
        *("days of a past period", "13 weeks by source"),
    ]
    names = [name for reply in replies for name in (reply, f"{reply}, below the socket")]
    names.append("ingest over HTTP")
    assert [(each.group, each.name) for each in found] == [
        (f"SQLite, {size} events", name) for size in (200, 400) for name in names
    ]
    assert all(each.value > 0 for each in found)
