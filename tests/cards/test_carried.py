"""The balance carried through a past period, in as many words as there is room for."""

from __future__ import annotations

import pytest

from usage_tui.cards.carried import carried_lines
from usage_tui.cards.typeset.lines import plain
from usage_tui.models import Credits, RollForward

CARRIED = RollForward(
    opening=Credits.parse("40"),
    granted=Credits.parse("100"),
    used=Credits.parse("24.5"),
    lapsed=Credits.parse("76"),
    voided=Credits.ZERO,
    restored=Credits.parse("1"),
)
WHOLE = (
    "Balance: 40.00 at the start, 100.00 granted, 24.50 used, 76.00 lapsed, 1.00 given back, 40.50 at the end"
)
BRIEF = "Balance: 40.00 at the start, 40.50 at the end"


@pytest.mark.parametrize(
    ("width", "height", "text"),
    [(120, 2, f"\n{WHOLE}"), (120, 1, WHOLE), (60, 1, BRIEF), (60, 0, ""), (20, 1, "")],
)
def test_it_says_as_much_as_there_is_room_for(width: int, height: int, text: str) -> None:
    assert plain(carried_lines(CARRIED, "credit", width, height)) == text


def test_in_a_narrow_place_the_words_wrap() -> None:
    blank, *rows = plain(carried_lines(CARRIED, "credit", 60, 3)).split("\n")
    assert (blank, " ".join(rows), len(rows)) == ("", WHOLE, 2)
