from __future__ import annotations

import pytest

from usage_tui.importing.columns import ALIASES, REQUIRED, find_columns, plain, unit_of_column
from usage_tui.importing.faults import ImportFailed


def found(header: str, **chosen: str) -> dict[str, str]:
    return find_columns(header.split(","), chosen)


@pytest.mark.parametrize(("field", "name"), [(field, name) for field in ALIASES for name in ALIASES[field]])
def test_every_usual_name_is_found(field: str, name: str) -> None:
    header = [name, *(other for other in REQUIRED if other != field)]
    assert found(",".join(header))[field] == name


def test_no_name_stands_for_two_fields() -> None:
    names = [plain(name) for aliases in ALIASES.values() for name in dict.fromkeys(map(plain, aliases))]
    assert len(names) == len(set(names))


def test_capitals_spaces_dashes_and_underscores_make_no_difference() -> None:
    assert found("Occurred At,CREDITS,Parent-Id, Source_ID ") == {
        "occurred_at": "Occurred At",
        "credits": "CREDITS",
        "parent_id": "Parent-Id",
        "source_id": " Source_ID ",
    }


def test_the_better_of_two_names_is_taken() -> None:
    assert found("time,occurred_at,cost,credits,amount") == {
        "occurred_at": "occurred_at",
        "credits": "credits",
    }


@pytest.mark.parametrize("name", ["Cost (EUR)", "Cost [EUR]", "cost_eur", "Total Cost EUR ", "Amount (EUR)"])
def test_an_amount_may_have_its_currency_in_its_name(name: str) -> None:
    assert found(f"date,{name}") == {"occurred_at": "date", "credits": name}
    assert unit_of_column(name) == "EUR"


def test_any_currency_in_brackets_is_one() -> None:
    assert found("date,Cost (CHF)")["credits"] == "Cost (CHF)"
    assert unit_of_column("Cost (CHF)") == "CHF"
    assert unit_of_column("Cost (all)") == ""


def test_one_amount_in_two_currencies_is_refused_unless_one_is_chosen() -> None:
    with pytest.raises(ImportFailed, match=r"two currencies, 'Cost \(CHF\)' and 'Cost \(EUR\)'; choose one"):
        found("date,Cost (CHF),Cost (EUR)")
    assert found("date,Cost (CHF),Cost (EUR)", credits="Cost (EUR)")["credits"] == "Cost (EUR)"


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ImportFailed, match="has two columns of one name, 'credits' and 'Credits'"):
        found("time,credits,Credits")


def test_a_chosen_column_is_taken_in_place_of_a_usual_one() -> None:
    columns = found("time,credits,cost,Tool Name", credits="cost", label="tool name")
    assert columns == {"occurred_at": "time", "credits": "cost", "label": "Tool Name"}


def test_a_chosen_column_serves_no_other_field() -> None:
    assert found("time,credits,name", actor="name") == {
        "occurred_at": "time",
        "credits": "credits",
        "actor": "name",
    }


def test_nothing_chosen_leaves_a_field_out() -> None:
    assert found("time,credits,count", quantity="") == {"occurred_at": "time", "credits": "credits"}


@pytest.mark.parametrize(
    ("header", "chosen", "message"),
    [
        (
            "when,cost",
            {},
            "no column for the time; choose with --map occurred_at=COLUMN from: when, cost",
        ),
        (
            "time,price",
            {"credits": "fee"},
            "no column 'fee'; choose with --map credits=COLUMN from: time, price",
        ),
        (
            "tme,\x1b[2J",
            {"label": "modl"},
            "no column 'modl' and no column for the time and no column for the amount; choose with "
            "--map label=COLUMN --map occurred_at=tme --map credits=COLUMN from: tme, �[2J",
        ),
    ],
)
def test_all_that_is_missing_is_named_with_the_columns_that_are_there(
    header: str, chosen: dict[str, str], message: str
) -> None:
    with pytest.raises(ImportFailed) as caught:
        find_columns(header.split(","), chosen)
    assert str(caught.value) == message
