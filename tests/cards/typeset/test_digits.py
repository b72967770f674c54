"""Large digits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from usage_tui.cards.typeset.digits import HEIGHT, large
from usage_tui.models import Credits
from usage_tui.text.amounts import amount_text


def test_digits_are_drawn_in_three_rows() -> None:
    assert large("10,009.75") == (
        "╺┓  ┏━┓  ┏━┓ ┏━┓ ┏━┓  ╺━┓ ┏━╸",
        " ┃  ┃ ┃  ┃ ┃ ┃ ┃ ┗━┫    ┃ ┗━┓",
        "╺┻╸ ┗━┛ ,┗━┛ ┗━┛ ╺━┛ .  ╹ ╺━┛",
    )
    assert large("-246.38") == (
        "    ╺━┓ ╻ ╻ ┏━╸  ╺━┓ ┏━┓",
        "╺━╸ ┏━┛ ┗━┫ ┣━┓   ━┫ ┣━┫",
        "    ┗━╸   ╹ ┗━┛ .╺━┛ ┗━┛",
    )


@given(st.integers(-(2**63), 2**63 - 1))
def test_the_rows_of_any_amount_are_equally_wide(micro: int) -> None:
    text = amount_text(Credits(micro), "credit")
    rows = large(text)
    assert len(rows) == HEIGHT
    points = text.count(",") + text.count(".")
    assert {cell_len(row) for row in rows} == {4 * (len(text) - points) - 1 + points}


def test_no_two_digits_look_alike() -> None:
    assert len({large(digit) for digit in "0123456789"}) == 10
