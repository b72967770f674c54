"""One alert in one line: what was found, what to do, and that no banner says it already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cards.states import ANSWERING, area, demo, put, text_of
from tests.known import known
from usage_tui.cards.alert import Alert, alert, draw
from usage_tui.cards.findings import finding_text
from usage_tui.cards.typeset.lines import width
from usage_tui.models import AutoRecharge, Credits
from usage_tui.state.known_answers import answers_now
from usage_tui.state.usage import UsageState


def found(state: UsageState) -> Alert | None:
    answers = known(answers_now(state))
    return alert(state, answers, answers.screen_findings)


def shown(state: UsageState, cells: int = 118) -> str:
    return " ".join(text_of(draw(known(found(state)), area(cells))).split())


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (118, "▌ ! 62% of the included credits are used; they last until Dec 1 at the usual pace. "
              "P plan a batch Esc dismiss"),
        (78, "▌ ! 62% of the included credits are used. P plan a batch Esc dismiss"),
        (58, "▌ ! 62% of included used. P plan a batch Esc dismiss"),
        (38, "▌ ! 62% of included used. Esc dismiss"),
    ],
)  # fmt: skip
def test_it_says_what_fits_beside_what_to_do(cells: int, text: str) -> None:
    assert shown(demo(), cells) == text


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (
            118,
            "▌ ! Credits run out about Mar 2027, before the refresh on Nov 16, 2027. "
            "b Buy credits Esc dismiss",
        ),
        (58, "▌ ! Credits run out about Mar 2027. b Buy Esc dismiss"),
    ],
)
def test_what_runs_out_can_be_added_to(cells: int, text: str) -> None:
    assert shown(demo("switch"), cells) == text


def test_who_cannot_buy_is_told_who_can() -> None:
    state = demo("switch")
    summary = known(state.summary.value)
    state = put(
        state, summary=replace(summary, capabilities=replace(known(summary.capabilities), buy_credits=False))
    )
    assert "An owner or a billing admin can add credits. Esc" in shown(state)


def test_auto_recharge_that_is_on_will_add_some() -> None:
    state = demo("switch")
    recharge = AutoRecharge(enabled=True, threshold=Credits.parse("100"))
    state = put(state, summary=replace(known(state.summary.value), auto_recharge=recharge))
    assert "Auto-recharge will add credits. Esc" in shown(state)


@pytest.mark.parametrize("scenario", ["low", "paused", "locked", "overage"])
def test_what_a_banner_says_is_not_said_twice(scenario: str) -> None:
    assert known(answers_now(demo(scenario))).screen_findings
    assert found(demo(scenario)) is None


def test_the_words_are_those_of_the_check() -> None:
    state = demo("switch")
    one = known(found(state))
    text = finding_text(one.finding, known(state.summary.value))
    assert text[1:] in one.texts[0]


@pytest.mark.parametrize("scenario", ANSWERING)
def test_it_is_never_more_than_one_line(scenario: str) -> None:
    one = found(demo(scenario))
    for cells in 38, 46, 58, 78, 118, 198:
        for glyphs in "unicode", "ascii":
            assert one is None or width(draw(one, area(cells, glyphs=glyphs))) <= cells
