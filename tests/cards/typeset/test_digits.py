"""Large digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.cards.states import large_number
from usage_tui.cards.typeset.digits import HEAVY, HEIGHT, SEGMENTS, Digits, large

EACH = pytest.mark.parametrize("digits", [HEAVY, SEGMENTS], ids=["heavy", "segments"])


def test_digits_are_drawn_in_three_rows() -> None:
    assert large("10,009", HEAVY) == (
        "╺┓  ┏━┓  ┏━┓ ┏━┓ ┏━┓",
        " ┃  ┃ ┃  ┃ ┃ ┃ ┃ ┗━┫",
        "╺┻╸ ┗━┛ ,┗━┛ ┗━┛ ╺━┛",
    )
    assert large("-246,738", HEAVY) == (
        "    ╺━┓ ╻ ╻ ┏━╸  ╺━┓ ╺━┓ ┏━┓",
        "╺━╸ ┏━┛ ┗━┫ ┣━┓    ┃  ━┫ ┣━┫",
        "    ┗━╸   ╹ ┗━┛ ,  ╹ ╺━┛ ┗━┛",
    )


def test_in_ascii_they_are_segments() -> None:
    assert large("-1,234,567,890", SEGMENTS) == (
        "          _   _        _   _   _    _   _   _ ",
        " _    |   _|  _| |_|  |_  |_    |  |_| |_| | |",
        "      | ,|_   _|   | , _| |_|   | ,|_|  _| |_|",
    )


@EACH
@given(number=st.integers(-(2**63), 2**63 - 1))
def test_the_rows_of_any_number_are_equally_wide_and_read_as_it(digits: Digits, number: int) -> None:
    text = f"{number:,}"
    rows = large(text, digits)
    assert len(rows) == HEIGHT
    assert {cell_len(row) for row in rows} == {4 * (len(text) - text.count(",")) - 1 + text.count(",")}
    assert large_number(rows, digits) == text


@EACH
def test_no_two_digits_look_alike(digits: Digits) -> None:
    assert len({large(digit, digits) for digit in "0123456789"}) == 10
