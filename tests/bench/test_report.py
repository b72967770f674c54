"""How measurements are told."""

from __future__ import annotations

import json

import pytest

from bench.report import Measurement, as_json, as_table


@pytest.mark.parametrize(
    ("value", "reference", "limit", "met"),
    [
        (150.0, 100.0, 1.5, True),
        (151.0, 100.0, 1.5, False),
        (8.0, None, 8.0, True),
        (8.1, None, 8.0, False),
        (0.0, None, 0.0, True),
        (8.1, None, None, None),
        (8.1, 4.0, None, None),
    ],
)
def test_a_goal_is_a_ratio_where_there_is_a_reference(
    value: float, reference: float | None, limit: float | None, met: bool | None
) -> None:
    assert Measurement("time", "page", value, "ms", reference, limit).met is met


@pytest.mark.parametrize(("value", "met"), [(20_000.0, True), (19_999.0, False)])
def test_a_rate_is_met_when_it_is_high_enough(value: float, met: bool) -> None:
    assert Measurement("SQLite", "ingest", value, "events/s", least=20_000).met is met


MEASUREMENTS = [
    Measurement("start", "demo", 250.04, "ms", 170.0, 1.5),
    Measurement("bytes", "idle, 5 s", 12_345, "B", limit=0),
    Measurement("memory", "minimal", 32.7, "MiB"),
    Measurement("SQLite", "304", 0.104, "ms", limit=0.3),
    Measurement("SQLite", "ingest", 21_000, "events/s", least=20_000),
]


def test_the_table_has_a_line_for_each_measurement_and_aligned_columns() -> None:
    assert as_table(MEASUREMENTS).splitlines() == [
        "                          measured  reference   ratio               goal",
        "start   demo              250.0 ms   170.0 ms  1.47 ×            ≤ 1.5 ×     met",
        "bytes   idle, 5 s         12,345 B                                 ≤ 0 B  missed",
        "memory  minimal           32.7 MiB",
        "SQLite  304                0.10 ms                              ≤ 0.3 ms     met",
        "SQLite  ingest     21,000 events/s                     ≥ 20,000 events/s     met",
    ]


def test_json_has_every_number_and_what_was_measured() -> None:
    told = json.loads(as_json(MEASUREMENTS, {"rounds": 5}))
    assert set(told) == {"machine", "versions", "measurements", "comparison"}
    assert told["comparison"] == {"rounds": 5}
    assert told["measurements"][1] == {
        "group": "bytes",
        "name": "idle, 5 s",
        "value": 12345,
        "unit": "B",
        "reference": None,
        "limit": 0,
        "least": None,
        "ratio": None,
        "met": False,
    }
