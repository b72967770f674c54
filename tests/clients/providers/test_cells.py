from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.clients.providers.fake import cell
from usage_tui.clients.providers.base import Cell
from usage_tui.clients.providers.cells import as_events, merged, rounded
from usage_tui.ledger.days import Calendar
from usage_tui.models import Event

SINCE = datetime(2026, 11, 1, tzinfo=UTC)

amounts = st.decimals(min_value=-50, max_value=500, places=14)
cells = st.lists(
    st.builds(
        Cell,
        day=st.integers(0, 30).map(lambda number: date(2026, 11, 1) + timedelta(number)),
        source_id=st.sampled_from("abcde"),
        label=st.just("m"),
        amount=amounts,
        quantity=st.none() | st.integers(0, 9),
        uncovered=st.none(),
        kind=st.just("model"),
    ),
    max_size=60,
)


@given(cells)
def test_every_day_source_and_the_total_is_within_a_millionth(told: list[Cell]) -> None:
    exact: defaultdict[object, Fraction] = defaultdict(Fraction)
    for one in told:
        for key in (one.day, one.source_id, "total"):
            exact[key] += Fraction(one.amount) * 10**6
    sums: defaultdict[object, int] = defaultdict(int)
    for row in rounded(merged(told)):
        for key in (row.day, row.total.source_id, "total"):
            sums[key] += row.total.credits
    assert sums["total"] == round(exact["total"])
    assert all(abs(sums[key] - amount) < 1 for key, amount in exact.items())


@given(cells)
def test_the_order_of_the_cells_changes_nothing_but_the_label(told: list[Cell]) -> None:
    def shown(given: list[Cell]) -> list[Event]:
        return as_events(rounded(merged(given)), Calendar("UTC"), SINCE)

    assert shown(told) == shown(told[::-1])


@given(cells)
def test_each_row_of_the_history_has_its_own_id_and_the_newest_day_comes_first(told: list[Cell]) -> None:
    events = as_events(rounded(merged(told)), Calendar("UTC"), SINCE)
    assert len({event.id for event in events}) == len(events)
    days = [event.occurred_at for event in events]
    assert days == sorted(days, reverse=True)


def test_cells_of_one_day_and_source_are_one_with_the_sum_of_what_is_told() -> None:
    parts = [
        cell("2026-11-01", "m", "0.1", 2, uncovered=Decimal("0.05")),
        cell("2026-11-01", "m", "0.2", 3),
        cell("2026-11-01", "n", "0", 0),
    ]
    (one,) = merged(parts)
    assert (one.amount, one.quantity, one.uncovered) == (Decimal("0.3"), 5, Decimal("0.05"))
    (other,) = merged([*parts, cell("2026-11-01", "m", "1", None)])
    assert other.quantity is None
