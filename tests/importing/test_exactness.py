"""Amounts finer than a millionth: rounded once, when everything is read."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.importing.tables import sums, write
from usage_tui.importing.amounts import EXACT, exact
from usage_tui.importing.entry_list import Entry, EntryList
from usage_tui.importing.exactness import rounded
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ledger import Use
from usage_tui.models import Credits
from usage_tui.text.amounts import MICRO

UTC_DAYS = Calendar("UTC")
amounts = st.decimals("-5", "5", places=11, allow_nan=False) | st.decimals("0", "0.000002", places=16)


def entry(number: int, day: int, source: str, amount: Decimal) -> Entry:
    read = exact(amount)
    micro = read if isinstance(read, int) else int(read * MICRO)
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day, seconds=number)
    use = Use(f"e{number:04}", at, "other", source, source, "use", Credits(micro))
    return Entry(number, use, None, read if isinstance(read, Decimal) else None)


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from("abc"), amounts), min_size=1, max_size=40))
def test_each_sum_is_within_a_millionth_and_the_total_of_a_month_is_rounded_once(
    cells: list[tuple[int, str, Decimal]],
) -> None:
    entries = EntryList(entry(number, *cell) for number, cell in enumerate(cells))
    found = rounded(entries, UTC_DAYS, lambda day: (day.year, day.month))
    assert all(one.exact is None for one in found)
    said: defaultdict[object, Decimal] = defaultdict(Decimal)
    meant: defaultdict[object, Decimal] = defaultdict(Decimal)
    for one, (_, source, amount) in zip(found, cells, strict=True):
        at = one.use.occurred_at
        assert abs(Decimal(one.use.credits.micro) / MICRO - amount) < Decimal("0.000001")
        for key in (at.date(), (at.month, source), at.month):
            said[key] = EXACT.add(said[key], Decimal(one.use.credits.micro).scaleb(-6))
            meant[key] = EXACT.add(meant[key], amount)
    for place, amount in meant.items():
        assert abs(said[place] - amount) < Decimal("0.000001")
        if isinstance(place, int):
            assert said[place] == amount.quantize(Decimal("0.000001"), context=EXACT)


def test_it_is_said_where_something_was_rounded_and_only_there(tmp_path: Path) -> None:
    fine = sums(write(tmp_path, "date,cost\n2026-11-01,0.0000005\n2026-11-01,0.0000005\n"))
    assert fine.total == "0.000001"
    assert "finer than a millionth" in fine.read_as
    whole = sums(write(tmp_path, "date,cost\n2026-11-01,0.0000010000\n"))
    assert "finer" not in whole.read_as
