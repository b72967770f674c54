"""Words that depend on a number or a code."""

from __future__ import annotations

from decimal import Decimal

import pytest

from usage_tui.text.words import count_noun, plural, spoken


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (0, "run", "0 runs"),
        (1, "run", "1 run"),
        (-1, "run", "-1 run"),
        (1412, "message", "1,412 messages"),
        (2, "query", "2 queries"),
        (2, "day", "2 days"),
    ],
)
def test_a_noun_agrees_with_its_count(count: int, noun: str, text: str) -> None:
    assert count_noun(count, noun) == text


def test_a_noun_agrees_with_a_decimal() -> None:
    assert plural(Decimal("1.0"), "hour") == "hour"
    assert plural(Decimal("1.5"), "hour") == "hours"


@pytest.mark.parametrize(
    ("code", "words"), [("voice_call", "Voice call"), ("on-hold", "On hold"), ("", ""), ("SQL", "SQL")]
)
def test_an_unknown_code_is_spoken(code: str, words: str) -> None:
    assert spoken(code) == words
