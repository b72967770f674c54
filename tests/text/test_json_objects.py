"""Objects of JSON: no member is lost."""

from __future__ import annotations

import json

import pytest

from usage_tui.text.json_objects import RepeatedName, unambiguous


def test_an_object_keeps_its_members_and_their_order() -> None:
    assert list(unambiguous([("b", 1), ("a", 2)]).items()) == [("b", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "b": 2, "a": 1}', "'a' appears twice in an object"),
        ('{"a": {"b": 1, "b": 2}}', "'b' appears twice in an object"),
        ('{"": 1, "": 2}', "'' appears twice in an object"),
        ('{"\\u001b[2J": 1, "\\u001b[2J": 2}', "'�[2J' appears twice in an object"),
    ],
)
def test_a_name_that_appears_twice_is_named_and_harmless(text: str, message: str) -> None:
    with pytest.raises(RepeatedName) as caught:
        json.loads(text, object_pairs_hook=unambiguous)
    assert str(caught.value) == message
