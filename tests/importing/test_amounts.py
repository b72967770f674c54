"""Amounts, alone and as a column."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.importing.tables import exact_total, read_files, write
from usage_tui.importing.amounts import Odd, plain_amount
from usage_tui.importing.faults import ImportFailed


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("0.055", "0.055"),
        ("5e-05", "0.00005"),
        ("1E2", "100"),
        ("+2", "2"),
        (".5", "0.5"),
        ("2.", "2"),
        ("-0", "0"),
        ("0.10000000", "0.1"),
        ("0.8958740000000000", "0.895874"),
        ("9223372036854.775807", "9223372036854.775807"),
    ],
)
def test_whole_millionths_are_exact_in_every_form_that_programs_write(text: str, exact: str) -> None:
    assert plain_amount(text) == int(Decimal(exact) * 10**6)


@pytest.mark.parametrize("text", ["0.0000001", "1.25e-06", "0.12345678901234567890", "-7.5E-9"])
def test_a_finer_amount_keeps_all_its_digits(text: str) -> None:
    found = plain_amount(text)
    assert found == (Decimal(text) if Decimal(text) % Decimal("0.000001") else int(Decimal(text) * 10**6))


@pytest.mark.parametrize("text", ["", "abc", "NaN", "inf", "١", "1_000", "0x1", "1e", "--1"])
def test_what_is_no_plain_amount_is_looked_at_with_its_column(text: str) -> None:
    with pytest.raises(Odd):
        plain_amount(text)


@pytest.mark.parametrize("text", ["1e999", "9223372036855", "1" * 60, f"0.5{'0' * 60}1", "1e-90"])
def test_an_amount_has_bounds(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        plain_amount(text)


def column(folder: Path, *amounts: str) -> tuple[Decimal, str]:
    quoted = (f'2026-11-01,"{amount}"\n' for amount in amounts)
    found = read_files(write(folder, "date,cost\n" + "".join(quoted)))
    assert found.bad_lines == []
    return exact_total(found), found.unit


@pytest.mark.parametrize(
    ("amounts", "total", "unit"),
    [
        (["$1,234.50", "$0.49", "3"], "1237.99", "USD"),
        (["1.50 USD", "2 USD"], "3.5", "USD"),
        (["(1.50)", "2.5"], "1", ""),
        (["-$1.50", "$-1", "1.50-", "−1"], "-5", "USD"),
        (["1,5", "2"], "3.5", ""),
        (["1.234,50", "1.000"], "2234.5", ""),
        (["1,234,567", "1,000"], "1235567", ""),
        (["1 234,50", "0,5"], "1235", ""),
        (["1'234.50"], "1234.5", ""),
        (["€1.234,5", "€ 0,125"], "1234.625", "EUR"),
        (["0,125"], "0.125", ""),
        (["1,234", "12.50"], "1246.5", ""),
        (["1,234", "0,5"], "1.734", ""),
        (["$1,234.12345678", "1e-05"], "1234.12346678", "USD"),
    ],
)
def test_a_column_is_read_as_it_is_written_as_a_whole(
    tmp_path: Path, amounts: list[str], total: str, unit: str
) -> None:
    assert column(tmp_path, *amounts) == (Decimal(total), unit)


@pytest.mark.parametrize(
    ("amounts", "message"),
    [
        (["1,234"], "the amount '1,234' could be thousands or have a decimal comma"),
        (["1.5", "1,5"], "the amounts '1.5' and '1,5' are written in two ways"),
        (["$1", "€1"], r"has amounts in USD, EUR, which are never added up\."),
        (["1 USD", "1 EUR"], r"has amounts in USD, EUR, which are never added up\."),
    ],
)
def test_a_column_that_can_be_read_in_two_ways_is_refused(
    tmp_path: Path, amounts: list[str], message: str
) -> None:
    with pytest.raises(ImportFailed, match=message):
        column(tmp_path, *amounts)


@pytest.mark.parametrize("amount", ["1,23,4.5", "1_000", "$", "1.5 XX", "(1.5", "-(1)", "$1,2345.50", "5%"])
def test_what_is_no_amount_is_a_bad_line_with_its_text(tmp_path: Path, amount: str) -> None:
    found = read_files(write(tmp_path, f'date,cost\n2026-11-01,"{amount}"\n2026-11-01,1.5\n'))
    assert list(map(str, found.bad_lines)) == [
        f"costs.csv, line 2: credits: invalid amount {amount!r}: use a number such as 1234.5"
    ]
