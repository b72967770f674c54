"""The daily chart in words."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cards.states import area, shown
from usage_tui.cards.days import Bucket
from usage_tui.cards.readout import Reading, below, beside
from usage_tui.models import Credits, EventQuery


@pytest.mark.parametrize(
    ("rows", "average"),
    [
        (7, ["", "Average a day", "283.66 credits"]),
        (6, ["", "Average a day", "283.66 credits"]),
        (5, ["", "average 283.66"]),
        (4, []),
    ],
)
def test_the_average_stands_whole_or_not_at_all(rows: int, average: list[str]) -> None:
    lines = shown(beside(Reading([peak()], "283.66", "credit", 2), 20, area(120), rows))
    assert lines == ["Peak on Thu, Nov 12", "1,404.50 credits", "Contract review 74%", *average]


@pytest.mark.parametrize(
    ("rows", "after"), [(6, ["", "average 283.66"]), (5, ["average 283.66"]), (4, []), (3, None)]
)
def test_a_spike_is_said_with_the_key_that_explains_it(rows: int, after: list[str] | None) -> None:
    lines = shown(beside(Reading([peak(spike=True)], "283.66", "credit", 2), 20, area(120), rows))
    assert lines[3:] == ([] if after is None else ["spike  w why", *after])


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (100, "Peak on Thu, Nov 12  1,404.50  Contract review 74%  spike  w why   average 283.66 a day"),
        (80, "Peak on Thu, Nov 12  1,404.50  Contract review 74%  spike  w why"),
        (60, "Nov 12  1,404.50  Contract review 74%  spike  w why"),
        (50, "Peak on Thu, Nov 12  1,404.50  Contract review 74%"),
        (40, "Nov 12  1,404.50  Contract review 74%"),
        (20, "Nov 12  1,404.50"),
    ],
)
def test_in_one_line_a_spike_stays_as_long_as_it_fits(cells: int, text: str) -> None:
    assert shown([below(Reading([peak(spike=True)], "283.66", "credit", 2), area(cells))]) == [text]


def test_plain_text_names_no_key() -> None:
    line = below(Reading([peak(spike=True)], "283.66", "credit", 2), area(80, interactive=False))
    assert "  spike   average" in shown([line])[0]


def peak(*, spike: bool = False) -> Bucket:
    return Bucket(
        start=date(2026, 11, 12),
        days=1,
        credits=Credits.parse("1404.5"),
        top="Contract review",
        top_percent="74%",
        today=False,
        spike=spike,
        query=EventQuery(),
    )
