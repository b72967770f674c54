"""What the runway says of the demos that are about it: each shows what its description promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from usage_tui.cards.runway_words import lapse_text, runs_out_text
from usage_tui.clients.demo.client import open_demo
from usage_tui.insight.runway import Runway
from usage_tui.models import Credits
from usage_tui.state.answers import Answers


def answers(scenario: str) -> Answers:
    return asyncio.run(Answers.of(open_demo(scenario)))


def runway(scenario: str) -> Runway:
    found = answers(scenario).runway
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("runway", "about Dec 31, between Dec 25 and Jan 31"),
        ("lapsing", "in Jul 2027"),
        ("recharging", "on Dec 21"),
        ("spike", "not within a year, earliest Nov 26"),
        ("new-organization", "too little history: 5 of 7 complete days"),
    ],
)
def test_when_nothing_is_left(scenario: str, words: str) -> None:
    assert runs_out_text(runway(scenario), "credit") == words


def test_the_earliest_day_is_told_only_where_it_is_another() -> None:
    found = runway("runway")
    alike = replace(found, earliest=found.runs_out, latest=None)
    assert runs_out_text(alike, "credit") == "about Dec 31"


def test_a_top_up_that_lapses_whatever_the_pace() -> None:
    found = runway("lapsing")
    (lapse,) = found.lapses
    assert lapse_text(lapse, "credit", found.today) == "500 credits of Top-up on Jun 1, 2027"
    assert (lapse.least, lapse.usual, lapse.most) == (Credits.parse("500"),) * 3


def test_the_threshold_of_the_auto_recharge_is_reached() -> None:
    found = runway("recharging")
    assert found.recharge_on is not None
    assert found.recharge_on < found.runs_out if found.runs_out else False


def test_one_day_sticks_out() -> None:
    (day,) = answers("spike").spikes
    assert day.isoformat() == "2026-11-12"
    assert answers("lapsing").spikes == frozenset()
