"""Credits remaining: one number, its parts, and what the viewer may do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cards.states import GLYPHS, area, demo, large_number, put, shown, text_of, with_summary
from tests.known import known
from usage_tui.cards.balance import BalanceView, balance_view, draw
from usage_tui.cards.typeset.digits import HEAVY
from usage_tui.cards.typeset.figure import figure
from usage_tui.cards.typeset.lines import width
from usage_tui.models import Balance, Credits
from usage_tui.state.usage import UsageState


def view_of(state: UsageState) -> BalanceView:
    view = balance_view(state)
    assert isinstance(view, BalanceView)
    return view


NOVEMBER = known(known(demo().summary.value).period)
YEARS = replace(NOVEMBER, start_date=date(2026, 11, 16), end_date=date(2027, 11, 15))
"""A period whose dates need both years."""


def state_with(
    included: str, purchased: str, locked: str = "0", overage: str = "0", **changes: Any
) -> UsageState:
    amounts = [Credits.parse(text) for text in (included, purchased, locked, overage)]
    balance = Balance(
        total=amounts[0] + amounts[1],
        included=amounts[0],
        purchased=amounts[1],
        locked=amounts[2],
        overage=amounts[3],
    )
    return with_summary(balance=balance, **changes)


def test_the_number_stands_beside_its_parts() -> None:
    assert shown(draw(view_of(state_with("3759.5", "6250.25")), area(54, glyphs="monochrome"))) == [
        "Credits remaining ───── b Buy credits  a Auto-recharge",
        "╺┓  ┏━┓  ┏━┓ ┏━┓ ┏━┓ .75        ━━ Included   3,759.50",
        " ┃  ┃ ┃  ┃ ┃ ┃ ┃ ┗━┫            ┅┅ Purchased  6,250.25",
        "╺┻╸ ┗━┛ ,┗━┛ ┗━┛ ╺━┛ credits    Nov 1 – Nov 30, 2026",
        "━━━━━━━━━━━━━━━━━━━━ ┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅",
    ]


def test_where_it_is_narrow_the_number_stands_above() -> None:
    assert shown(draw(view_of(state_with("3759.5", "6250.25")), area(38, interactive=False))) == [
        "Credits remaining ────────────────────",
        "╺┓  ┏━┓  ┏━┓ ┏━┓ ┏━┓ .75",
        " ┃  ┃ ┃  ┃ ┃ ┃ ┃ ┗━┫",
        "╺┻╸ ┗━┛ ,┗━┛ ┗━┛ ╺━┛ credits",
        "━━ Included   3,759.50",
        "━━ Purchased  6,250.25",
        "Nov 1 – Nov 30, 2026",
        "━━━━━━━━━━━━━━ ━━━━━━━━━━━━━━━━━━━━━━━",
    ]


def test_a_long_number_stands_above_its_parts() -> None:
    view = view_of(state_with("6666666666", "3333333333"))
    assert shown(draw(view, area(54)))[1:-1] == [
        "┏━┓  ┏━┓ ┏━┓ ┏━┓  ┏━┓ ┏━┓ ┏━┓  ┏━┓ ┏━┓ ┏━┓",
        "┗━┫  ┗━┫ ┗━┫ ┗━┫  ┗━┫ ┗━┫ ┗━┫  ┗━┫ ┗━┫ ┗━┫",
        "╺━┛ ,╺━┛ ╺━┛ ╺━┛ ,╺━┛ ╺━┛ ╺━┛ ,╺━┛ ╺━┛ ╺━┛ credits",
        "━━ Included  6,666,666,666  ━━ Purchased 3,333,333,333",
        "Nov 1 – Nov 30, 2026",
    ]


def test_a_number_too_long_for_large_digits_is_a_bold_line() -> None:
    lines = draw(view_of(state_with("6666666666", "3333333333")), area(38))
    assert shown(lines)[1] == "9,999,999,999 credits"
    assert lines[1][0].tone == "strong"


def test_in_ascii_the_number_is_large_too() -> None:
    lines = shown(draw(view_of(state_with("3759.5", "6250.25")), area(54, glyphs="ascii")))
    assert lines[1:] == [
        "     _    _   _   _  .75        == Included   3,759.50",
        "  | | |  | | | | |_|            :: Purchased  6,250.25",
        "  | |_| ,|_| |_|  _| credits    Nov 1 - Nov 30, 2026",
        "=" * 20 + " " + ":" * 33,
    ]


@pytest.mark.parametrize(
    ("included", "purchased"),
    [("60000", "40000"), ("13407.125", "3000"), ("33759.5", "0"), ("0", "0.000001")],
)
def test_at_the_left_of_a_wide_screen_any_usual_balance_is_large_and_has_its_unit(
    included: str, purchased: str
) -> None:
    for period in (NOVEMBER, YEARS):
        view = view_of(state_with(included, purchased, period=period))
        lines = shown(draw(view, area(54)))
        assert large_number(lines[1:4], HEAVY) == view.total
        assert "credits" in lines[3]
        assert len(lines) <= 7


@pytest.mark.parametrize(
    ("included", "purchased", "locked", "total"),
    [
        ("3759.5", "6250.5", "0", "10,010"),
        ("3759.5", "6250", "0", "10,009.50"),
        ("0.000001", "1", "0", "1.000001"),
        ("1.5", "0", "2.125", "1.500"),
        ("0", "0", "0", "0"),
    ],
)
def test_the_total_has_the_decimals_of_its_parts_or_none(
    included: str, purchased: str, locked: str, total: str
) -> None:
    assert view_of(state_with(included, purchased, locked)).total == total


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        ("normal", "strong"),
        ("low", "warning-strong"),
        ("paused", "error-strong"),
        ("locked", "error-strong"),
        ("merry", "strong"),
    ],
)
def test_the_number_has_the_tone_of_the_account(state: str, tone: str) -> None:
    assert view_of(with_summary(state=state)).tone == tone


def test_locked_and_overage_are_lines_of_their_own() -> None:
    view = view_of(state_with("1", "2", "3", "4"))
    assert [(part.label, part.amount) for part in view.parts] == [
        ("Included", "1"),
        ("Purchased", "2"),
        ("Locked", "3"),
        ("Overage", "4"),
    ]
    lines = shown(draw(view, area(118, interactive=False)))
    assert lines[0].endswith("Nov 1 – Nov 30, 2026")
    assert len(lines) == 6


def test_a_period_that_does_not_fit_the_head_stays_in_the_legend() -> None:
    lines = shown(draw(view_of(state_with("1", "2", "3")), area(54)))
    assert "Nov 30" not in lines[0]
    assert lines[4].strip() == "Nov 1 – Nov 30, 2026"


def test_parts_say_when_they_end_where_there_is_room() -> None:
    lines = shown(draw(view_of(demo()), area(78)))
    assert lines[1].endswith("3,759.50  ends Dec 1")
    assert lines[2].endswith("6,250.25  first ends Mar 2, 2027")
    assert "ends" not in "".join(shown(draw(view_of(demo()), area(75))))


def test_two_live_included_grants_name_the_first_end() -> None:
    assert view_of(demo("switch")).parts[0].ends == "first ends Dec 1"


def test_without_access_to_grants_only_the_period_tells_an_end() -> None:
    parts = view_of(demo("member")).parts
    assert [part.ends for part in parts[:2]] == ["ends Dec 1", ""]


def test_a_part_without_credits_does_not_end() -> None:
    assert view_of(state_with("0", "5")).parts[0].ends == ""


@pytest.mark.parametrize(("cells", "end"), [(54, "b Buy credits  a Auto-recharge"), (38, "b Buy  a Auto")])
def test_who_may_pay_has_the_keys_to_it(cells: int, end: str) -> None:
    assert shown(draw(view_of(demo()), area(cells)))[0].endswith(end)


def test_who_may_not_pay_has_no_key_to_it() -> None:
    for state in (demo("member"), demo("locked")):
        lines = draw(view_of(state), area(118))
        assert not [span for row in lines for span in row if span.command]


def test_keys_are_those_that_were_set() -> None:
    lines = shown(draw(view_of(demo()), area(118, keys={"buy_credits": "f5"})))
    assert lines[0].endswith("F5 Buy credits  a Auto-recharge")


def test_plain_text_has_no_keys() -> None:
    assert (
        shown(draw(view_of(demo("low")), area(54, interactive=False)))[0] == "Credits remaining " + "─" * 36
    )


def test_an_empty_balance_has_an_empty_bar() -> None:
    assert shown(draw(view_of(demo("paused")), area(54)))[-1] == "─" * 54


@pytest.mark.parametrize(("cells", "rows"), [(54, 5), (38, 8)])
def test_while_loading_the_card_has_the_height_it_will_have(cells: int, rows: int) -> None:
    assert len(draw(balance_view(demo("loading")), area(cells))) == rows
    assert len(draw(view_of(state_with("3759.5", "6250.25")), area(cells))) == rows


def test_a_period_over_new_year_names_both_years() -> None:
    state = put(demo(), summary=replace(known(demo().summary.value), period=YEARS))
    assert "Nov 16, 2026 – Nov 15, 2027" in "\n".join(shown(draw(view_of(state), area(54))))


def test_what_was_refunded_to_no_grant_is_no_negative_overage() -> None:
    view = view_of(state_with("1", "2", "0", "-4.5"))
    assert view.parts[-1][:3] == ("Refunded", "4.50", "to no grant")


def form(view: BalanceView, cells: int) -> int:
    """How full the card is: with ends, beside its parts, with its unit, in large digits, or none of it."""
    lines = shown(draw(view, area(cells)))
    text = "\n".join(lines)
    large = large_number(lines[1:4], HEAVY) == view.total
    beside = "Included" in lines[1]
    return large and 1 + ("credits" in lines[3]) + beside + ("ends Dec 1" in text)


@pytest.mark.parametrize(
    "amounts", [("3759.5", "6250.25"), ("100000", "1.125"), ("6666666666", "3333333333")]
)
def test_the_large_number_gives_way_last(amounts: tuple[str, str]) -> None:
    view = view_of(state_with(*amounts))
    forms = [form(view, cells) for cells in range(38, 119)]
    assert forms == sorted(forms)
    assert forms[-1] == 4


AMOUNTS = st.integers(0, 10**16).map(lambda micro: str(Credits(micro)))
OVERAGES = st.integers(-(10**16), 10**16).map(lambda micro: str(Credits(micro)))


@settings(max_examples=80)
@given(AMOUNTS, AMOUNTS, AMOUNTS, OVERAGES, st.integers(38, 220), st.sampled_from(["unicode", "ascii"]))
def test_any_amounts_stand_whole_in_any_width(
    included: str, purchased: str, locked: str, overage: str, cells: int, glyphs: str
) -> None:
    view = view_of(state_with(included, purchased, locked, overage))
    lines = draw(view, area(cells, glyphs=glyphs))
    assert max(map(width, lines)) <= cells
    text = "\n".join(text_of(row) for row in lines)
    assert all(part.amount in text for part in view.parts)
    digits = GLYPHS[glyphs].digits
    if max(map(width, figure(view.total, "", "strong", digits))) <= cells:
        assert large_number([text_of(row) for row in lines[1:4]], digits) == view.total
    else:
        assert text_of(lines[1]).startswith(view.total)
