"""The daily chart in words."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cards.states import area, shown
from usage_tui.cards.days import Bucket
from usage_tui.cards.readout import Reading, beside
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
    peak = Bucket(
        date(2026, 11, 12), 1, Credits.parse("1404.5"), "Contract review", "74%", False, EventQuery()
    )
    lines = shown(beside(Reading([peak], "283.66", "credit", 2), 20, area(120), rows))
    assert lines == ["Peak on Thu, Nov 12", "1,404.50 credits", "Contract review  74%", *average]
