"""Times, alone and as a column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.importing.tables import read_files, write
from usage_tui.importing.faults import ImportFailed
from usage_tui.importing.plan import Choices

NEW_YORK = "America/New_York"


def times(folder: Path, *texts: str, choices: Choices | None = None, zone: str = NEW_YORK) -> list[datetime]:
    quoted = (f'"{text}",{number + 1}\n' for number, text in enumerate(texts))
    found = read_files(write(folder, "time,cost\n" + "".join(quoted)), choices=choices, zone=zone)
    assert list(map(str, found.bad_lines)) == []
    return [entry.use.occurred_at for entry in sorted(found.entries, key=lambda entry: entry.line)]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T20:30:00Z", utc(2026, 11, 22, 20, 30)),
        ("2026-11-22T15:30:00-05:00", utc(2026, 11, 22, 20, 30)),
        ("2026-11-22 15:30:00", utc(2026, 11, 22, 20, 30)),
        ("2026-11-22 15:30", utc(2026, 11, 22, 20, 30)),
        ("2026-11-16 18:15:46.6805909", utc(2026, 11, 16, 23, 15, 46, 680_590)),
        ("2026-11-01T01:30:00", utc(2026, 11, 1, 5, 30)),
        ("2026-11-02 03:00:00 UTC", utc(2026, 11, 2, 3)),
        ("2026-11-02 03:00:00+00", utc(2026, 11, 2, 3)),
        ("2026-11-02 03:00:00 +0100", utc(2026, 11, 2, 2)),
        ("2026-11-02 03:00:00.5 +0000 UTC", utc(2026, 11, 2, 3, 0, 0, 500_000)),
        ("1793588400", utc(2026, 11, 2, 3)),
        ("1793588400.25", utc(2026, 11, 2, 3, 0, 0, 250_000)),
        ("1793588400250", utc(2026, 11, 2, 3, 0, 0, 250_000)),
        ("1793588400250000", utc(2026, 11, 2, 3, 0, 0, 250_000)),
        ("1701110412000", utc(2023, 11, 27, 18, 40, 12)),
        ("Mon, 02 Nov 2026 03:00:00 +0000", utc(2026, 11, 2, 3)),
        ("Mon, 2 Nov 2026 03:00:00 GMT", utc(2026, 11, 2, 3)),
        ("Nov 2, 2026, 10:00 PM", utc(2026, 11, 3, 3)),
        ("2026/11/02 22:00", utc(2026, 11, 3, 3)),
        ("25/11/2026 22:00:05", utc(2026, 11, 26, 3, 0, 5)),
        ("11/25/2026 12:30 AM", utc(2026, 11, 25, 5, 30)),
        ("2026-07-01", utc(2026, 7, 1, 4)),
        ("20260701", utc(2026, 7, 1, 4)),
        ("2026/07/01", utc(2026, 7, 1, 4)),
        ("1 Jul 2026", utc(2026, 7, 1, 4)),
        ("31.07.2026", utc(2026, 7, 31, 4)),
    ],
)
def test_a_time_is_read_in_every_form_that_leaves_no_doubt(
    tmp_path: Path, text: str, expected: datetime
) -> None:
    assert times(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    "text", ["22.11.26", "yesterday", "2026-13-01", "12345", "2026-11-02 03:00 PST", "99/99/2026 x", "1e9"]
)
def test_what_is_no_time_is_a_bad_line(tmp_path: Path, text: str) -> None:
    found = read_files(write(tmp_path, f"time,cost\n{text},1\n"))
    assert list(map(str, found.bad_lines)) == [
        f"costs.csv, line 2: occurred_at: invalid time {text!r}: use one like 2026-11-22T20:30:00Z"
    ]


def test_the_whole_column_says_whether_the_day_comes_first(tmp_path: Path) -> None:
    assert times(tmp_path, "03/04/2026", "13/04/2026", zone="UTC")[0].date() == date(2026, 4, 3)
    assert times(tmp_path, "03/04/2026", "03/13/2026", zone="UTC")[0].date() == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["03/04/2026", "05/04/2026"], "the time '03/04/2026' could begin with the day or the month"),
        (["13/04/2026", "04/13/2026"], "the times '13/04/2026' and '04/13/2026' cannot be read in one way"),
    ],
)
def test_a_column_that_leaves_it_open_is_refused(tmp_path: Path, texts: list[str], message: str) -> None:
    with pytest.raises(ImportFailed, match=message):
        times(tmp_path, *texts)


def test_a_chosen_zone_is_that_of_the_times_without_one(tmp_path: Path) -> None:
    tokyo = Choices(time_zone=ZoneInfo("Asia/Tokyo"))
    assert times(tmp_path, "2026-11-02 09:00", "2026-11-02T09:00Z", choices=tokyo) == [
        utc(2026, 11, 2, 0),
        utc(2026, 11, 2, 9),
    ]
