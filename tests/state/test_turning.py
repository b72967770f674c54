"""Turns that are asked for while others are under way."""

from __future__ import annotations

import pytest

from usage_tui.state.history import Turn
from usage_tui.state.turning import Turning


@pytest.fixture
def turning() -> Turning:
    return Turning()


def test_the_first_turn_is_made_at_once_and_those_from_its_page_follow(turning: Turning) -> None:
    assert turning.ask(Turn.NEXT, 10)
    assert turning.under_way
    assert not any(turning.ask(turn, 10) for turn in (Turn.NEXT, Turn.SAME, Turn.PREVIOUS))


@pytest.mark.parametrize("turn", [Turn.FIRST, Turn.LAST])
def test_a_turn_that_depends_on_no_page_replaces_all_others(turning: Turning, turn: Turn) -> None:
    turning.ask(Turn.NEXT, 10)
    assert turning.ask(turn, 10)


def test_the_same_page_anew_gives_way_to_a_turn_at_once(turning: Turning) -> None:
    turning.ask(Turn.SAME, 10)
    assert not turning.under_way
    assert turning.ask(Turn.NEXT, 10)
