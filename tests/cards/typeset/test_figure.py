"""The one large number of a card."""

from __future__ import annotations

import pytest

from tests.cards.states import shown
from usage_tui.cards.typeset.digits import HEAVY, SEGMENTS
from usage_tui.cards.typeset.figure import figure
from usage_tui.cards.typeset.lines import Span


@pytest.mark.parametrize(
    ("text", "noun", "rows"),
    [
        ("9.75", "credits", ["┏━┓ .75", "┗━┫", "╺━┛ credits"]),
        ("0", "credits", ["┏━┓", "┃ ┃", "┗━┛ credits"]),
        ("7.125", "", ["╺━┓ .125", "  ┃", "  ╹"]),
        ("$2.40", "", ["┏╋╸ ╺━┓ .40", "┗╋┓ ┏━┛", "╺╋┛ ┗━╸"]),
        ("2.40 CHF", "", ["╺━┓ .40", "┏━┛", "┗━╸ CHF"]),
    ],
)
def test_the_fraction_is_raised_and_the_unit_is_on_the_base_line(
    text: str, noun: str, rows: list[str]
) -> None:
    assert shown(figure(text, noun, "strong", HEAVY)) == rows


def test_a_symbol_without_a_large_form_stands_on_the_base_line() -> None:
    assert shown(figure("$2.40", "", "strong", SEGMENTS)) == ["  _  .40", "  _|", "$|_"]


def test_the_number_has_its_tone_and_the_unit_is_quiet() -> None:
    first, _, third = figure("2.40", "credits", "error-strong", HEAVY)
    assert {span.tone for span in first} == {"error-strong"}
    assert third[-1] == Span(" credits", "muted")
