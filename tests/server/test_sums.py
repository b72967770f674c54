"""The sums of days that the database adds up are those of the rows, added up one by one."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest

from tests.server.world import World
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ranking import SourceTotal
from usage_tui.ledger.rollup import DaySum, day_sum
from usage_tui.server.db.bulk import insert_rows
from usage_tui.server.db.instants import to_micros
from usage_tui.server.db.rows import RollupRow
from usage_tui.server.db.schema import rollups
from usage_tui.server.db.sums import Span, read_day_sums, read_source_totals

FIRST = date(2026, 10, 25)
DAYS = 20
KINDS = "ai_tool", "workflow", "älter"
LABELS = "Contract", "Summary", "Ä", "😀"


def invented(chance: random.Random) -> list[RollupRow]:
    """Sources with equal amounts, the same ID in two kinds, other names, refunds, and days in two periods."""
    keys = {
        (
            (FIRST + timedelta(days=chance.randrange(DAYS))).isoformat(),
            chance.choice(KINDS),
            f"s{chance.randrange(4)}",
            chance.choice((1, 2)),
        )
        for _ in range(150)
    }
    return [
        RollupRow(
            "acme",
            *key,
            credits=chance.choice((-2, 0, 1, 2, 3)),
            quantity=chance.randrange(3),
            label=chance.choice(LABELS),
            labeled_at=chance.choice((-(10**17), 0, 5, to_micros(Calendar("UTC").bounds(FIRST)[0]))),
            event_count=1,
        )
        for key in sorted(keys)
    ]


def added_up(rows: list[RollupRow]) -> tuple[dict[date, DaySum], set[SourceTotal]]:
    """What each day used, and what each source used in all."""
    sums: defaultdict[date, dict[tuple[str, str], list[int]]] = defaultdict(dict)
    in_all: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    names: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        source, name = (row.kind, row.source_id), (row.labeled_at, row.label)
        on_day = sums[date.fromisoformat(row.local_date)].setdefault(source, [0, 0])
        for total in (on_day, in_all[source]):
            total[0] += row.credits
            total[1] += row.quantity
        names[source] = max(name, names.get(source, name))

    def named(totals: Mapping[tuple[str, str], list[int]]) -> Iterator[SourceTotal]:
        for source, total in totals.items():
            yield SourceTotal(*source, names[source][1], *total)

    return {day: day_sum(named(totals)) for day, totals in sums.items()}, {*named(in_all)}


@pytest.mark.parametrize("seed", range(5))
def test_days_and_sources_are_added_up_from_all_rows_of_a_span(either_world: World, seed: int) -> None:
    rows = invented(random.Random(seed))
    with either_world.database.writing() as connection:
        insert_rows(connection, rollups, rows)
    calendar = Calendar("UTC")
    for number in (None, 1, 2, 3):
        for first, length in ((0, DAYS), (3, 9), (DAYS, 5)):
            start = FIRST + timedelta(days=first)
            end = start + timedelta(days=length - 1)
            period = calendar.period(
                "any", calendar.bounds(start)[0], calendar.bounds(end)[1], calendar.bounds(end)[0]
            )
            within = [
                row
                for row in rows
                if number in (None, row.period_number)
                and start.isoformat() <= row.local_date <= end.isoformat()
            ]
            days, sources = added_up(within)
            span = Span("acme", period, number)
            with either_world.database.reading() as connection:
                assert read_day_sums(connection, span) == days
                totals = read_source_totals(connection, span)
            assert len(totals) == len(sources)
            assert {*totals} == sources
