from __future__ import annotations

import pytest

from usage_tui.importing.columns import ALIASES, REQUIRED, find_columns
from usage_tui.importing.faults import ImportFailed


def found(header: str, **chosen: str) -> dict[str, int]:
    indexes = find_columns(header.split(","), chosen)
    return {field: index for field, index in zip(ALIASES, indexes, strict=True) if index is not None}


@pytest.mark.parametrize(("field", "name"), [(field, name) for field in ALIASES for name in ALIASES[field]])
def test_every_usual_name_is_found(field: str, name: str) -> None:
    header = [name, *(other for other in REQUIRED if other != field)]
    assert found(",".join(header))[field] == 0


def test_capitals_spaces_and_dashes_make_no_difference() -> None:
    assert found("Occurred At,CREDITS,Parent-Id, Source_ID ") == {
        "occurred_at": 0,
        "credits": 1,
        "parent_id": 2,
        "source_id": 3,
    }


def test_the_better_of_two_names_is_taken_and_the_first_of_two_columns() -> None:
    assert found("time,occurred_at,cost,credits,amount,credits") == {"occurred_at": 1, "credits": 3}


def test_a_chosen_column_is_taken_in_place_of_a_usual_one() -> None:
    columns = found("time,credits,cost,Tool Name", credits="cost", label="tool name")
    assert columns == {"occurred_at": 0, "credits": 2, "label": 3}


def test_a_chosen_column_serves_no_other_field() -> None:
    assert found("time,credits,name", actor="name") == {"occurred_at": 0, "credits": 1, "actor": 2}


@pytest.mark.parametrize(
    ("header", "chosen", "message"),
    [
        (
            "when,cost",
            {},
            "no column for occurred_at; choose one of these with --map occurred_at=COLUMN: when, cost",
        ),
        (
            "time,price",
            {"credits": "fee"},
            "no column 'fee'; choose one of these with --map credits=COLUMN: time, price",
        ),
        (
            "time,\x1b[2J",
            {},
            "no column for credits; choose one of these with --map credits=COLUMN: time, �[2J",
        ),
    ],
)
def test_a_column_that_is_not_there_is_named_with_those_that_are(
    header: str, chosen: dict[str, str], message: str
) -> None:
    with pytest.raises(ImportFailed) as caught:
        find_columns(header.split(","), chosen)
    assert str(caught.value) == message
