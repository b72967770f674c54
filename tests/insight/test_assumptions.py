"""What is assumed, as a line of text."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.insight.organization import NOW, credits_of, grant, grants
from usage_tui.insight.assumptions import Assumptions, InvalidAssumption
from usage_tui.insight.what_if import NOTHING_ASSUMED, Cut, TopUp, WhatIf
from usage_tui.ledger.days import Calendar
from usage_tui.models import Grants

SOURCES = {"tool_code": "Code completion", "tool_review": "Code review", "chat": "Agent chat"}
BOUGHT = grants(grant("auto", "purchased", 10, original=2500, origin="auto_recharge", expires_at=None))


def read(text: str, *, sources: dict[str, str] | None = SOURCES, items: Grants | None = BOUGHT) -> WhatIf:
    calendar = Calendar("America/New_York")
    return Assumptions(sources=sources, grants=items, calendar=calendar, now=NOW).read(text)


@pytest.mark.parametrize("text", ["", "  ", " ; "])
def test_nothing_is_assumed_by_an_empty_line(text: str) -> None:
    assert read(text) == NOTHING_ASSUMED


@pytest.mark.parametrize("text", ["top-up 5000", "Top-Up 5,000", "topup 5000.000"])
def test_a_purchase(text: str) -> None:
    assert read(text) == WhatIf(top_ups=(TopUp(amount=credits_of(5000)),))


def test_a_purchase_that_expires_at_midnight_in_the_organization_s_zone() -> None:
    (top_up,) = read("top-up 12.5 until 2027-06-01").top_ups
    assert top_up.expires_at == datetime(2027, 6, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("cut 12.5%", None),
        ("cut tool_code 12.5%", "tool_code"),
        ('cut "code COMPLETION" 12.5%', "tool_code"),
        ("cut completion 12.5%", "tool_code"),
        ("cut chat 12.5%", "chat"),
    ],
)
def test_a_cut(text: str, source: str | None) -> None:
    assert read(text) == WhatIf(cuts=(Cut(part=Fraction(1, 8), source_id=source),))


@pytest.mark.parametrize("separator", [" ", ", ", "; ", ";", " and "])
def test_several_at_once(separator: str) -> None:
    found = read(separator.join(["top-up 1", "cut 20%", 'cut "Agent chat" 50%', "recharge 10000"]))
    assert (len(found.top_ups), len(found.cuts)) == (1, 2)
    assert found.recharge is not None
    assert (found.recharge.threshold, found.recharge.amount) == (10_000_000_000, 2_500_000_000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("buy 5", '"buy" is not understood; use top-up 5000'),
        ("top-up", "an amount is missing at the end"),
        ("top-up five", '"five" is not an amount; use one such as 5000'),
        ("top-up 0", "an amount must be more than 0"),
        ("top-up -5", "an amount must be more than 0"),
        ("top-up 1.2345678", "is not an amount"),
        ("top-up 5 until", "a date is missing at the end"),
        ("top-up 5 until soon", '"soon" is not a date; use one such as 2027-06-01'),
        ("top-up 5 until 2027-02-30", "is not a date"),
        ("top-up 5 until 9999-12-31", "is not a date"),
        ("top-up 5 until 2026-11-01", "has passed"),
        ("cut", "what is cut is missing at the end"),
        ("cut 20", "a cut needs a percentage from 0% to 100%, such as cut 20%"),
        ("cut 20 50%", "a cut needs a percentage"),
        ("cut twenty 5%", 'no source is called "twenty"; use one such as "Code completion"'),
        ("cut 120%", "from 0% to 100%"),
        ("cut chat 5", "from 0% to 100%"),
        ("cut code 5%", '"code" may mean Code completion, Code review; write more of the name'),
        ('cut "Agent chat 5%', 'a closing " is missing'),
        ("recharge 1 recharge 2", "once only"),
        ("top-up 1 " * 6, "at most 5 purchases"),
        ("top-up \x1b[31m", "is not an amount"),
    ],
)
def test_a_mistake_is_named_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InvalidAssumption) as caught:
        read(text)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


def test_what_is_not_known_is_said() -> None:
    with pytest.raises(InvalidAssumption, match="what a single source uses is not known here"):
        read("cut chat 5%", sources=None)
    with pytest.raises(InvalidAssumption, match="without the grants it is not known"):
        read("recharge 5", items=None)
    with pytest.raises(InvalidAssumption, match="it never bought"):
        read("recharge 5", items=grants())
    assert read("cut 5%", sources=None).cuts == (Cut(part=Fraction(1, 20)),)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    said = ""
    try:
        read(text)
    except InvalidAssumption as error:
        said = str(error)
    assert "\n" not in said
