"""Text from outside is short enough to be laid out."""

from __future__ import annotations

import pytest

from usage_tui.text.clean import LONGEST, clean_bounded


def test_a_text_that_is_too_long_is_refused_and_any_other_is_cleaned() -> None:
    assert clean_bounded("a\x1b" + "b" * (LONGEST - 2)) == "a�" + "b" * (LONGEST - 2)
    with pytest.raises(ValueError, match=f"^has more than {LONGEST:,} characters$"):
        clean_bounded("b" * (LONGEST + 1))
