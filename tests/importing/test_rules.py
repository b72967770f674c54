"""What a table may hold that would give a wrong number if nobody looked: refused, or said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.tables import read_files, sums, write
from usage_tui.importing.faults import ImportFailed
from usage_tui.importing.plan import Choices

HEAD = "date,model,cost\n"
FOUR = "2026-11-01,a,1.25\n2026-11-02,b,2.5\n2026-11-03,a,0.5\n2026-11-04,c,3.75\n"


def table(folder: Path, text: str, choices: Choices | None = None) -> list[str]:
    return list(map(str, read_files(write(folder, text), choices=choices).bad_lines))


def test_units_are_never_added_up(tmp_path: Path) -> None:
    text = "date,model,amount,unit_type\n2026-11-01,a,3,ai-credits\n2026-11-01,a,2,requests\n"
    path = write(tmp_path, text)
    with pytest.raises(ImportFailed) as caught:
        read_files(path)
    assert str(caught.value) == (
        "costs.csv: has amounts in ai-credits, requests, which are never added up; choose one, such as "
        "--only unit_type=ai-credits."
    )
    chosen = sums(path, choices=Choices(only={"unit_type": ("ai-credits",)}))
    assert (chosen.total, chosen.reading.unit) == ("3", "credit")
    assert "--only left out 1 row." in chosen.read_as


def test_currencies_of_two_files_are_never_added_up(tmp_path: Path) -> None:
    rows = {code: f"date,cost,currency\n2026-11-01,1,{code}\n" for code in ("usd", "eur")}
    files = [write(tmp_path, text, f"{code}.csv") for code, text in rows.items()]
    with pytest.raises(ImportFailed, match=r"usd\.csv is in USD, and eur\.csv in EUR"):
        read_files(*files)


def test_tokens_are_no_amount(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="counts tokens, which are not an amount"):
        read_files(write(tmp_path, "date,amount,unit\n2026-11-01,5,tokens\n"))


def test_requests_of_github_without_their_credits_are_no_credits(tmp_path: Path) -> None:
    head = "date,username,product,sku,model,quantity,unit_type,aic_quantity\n"
    rows = "2026-11-01,m,copilot,s,GPT,4,requests,\n2026-11-01,m,copilot,s,Opus,3,ai-credits,3\n"
    path = write(tmp_path, head + rows)
    with pytest.raises(ImportFailed, match="--only unit_type="):
        read_files(path)
    assert sums(path, choices=Choices(only={"unit_type": ("ai-credits",)})).total == "3"


@pytest.mark.parametrize("total", ["Total,,8\n", ",,8.00\n", "Grand Total,,8\n", ",,8\n\n"])
def test_a_last_line_without_a_date_that_is_their_sum_is_their_total(tmp_path: Path, total: str) -> None:
    found = sums(write(tmp_path, HEAD + FOUR + total))
    assert (found.total, found.bad_lines) == ("8", [])
    assert "A line with their total is left out." in found.read_as


@pytest.mark.parametrize(
    ("amount", "total"),
    [
        ("1.2345678", "1.23"),
        ("2.345", "2.35"),
        ("2.345", "2.34"),
        ("3.75", "3.7500000000000004"),
        ("0.004", "0"),
    ],
)
def test_a_rounded_total_is_a_total_too(tmp_path: Path, amount: str, total: str) -> None:
    assert sums(write(tmp_path, HEAD + f"2026-11-01,a,{amount}\nTotal,,{total}\n")).bad_lines == []


@pytest.mark.parametrize("amount", ["10", "10.00", "1e1", "12.0", "12.03"])
def test_a_round_amount_near_the_sum_is_no_total(tmp_path: Path, amount: str) -> None:
    (bad,) = table(tmp_path, HEAD + f"2026-11-01,a,5.04\n2026-11-01,b,7\n,,{amount}\n")
    assert "as a total" in bad


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Total,,9\n", "line 6: occurred_at: is missing; as a total, 9 differs from 8"),
        (",a,\n", "line 6: occurred_at: is missing"),
    ],
)
def test_a_last_line_that_may_be_a_total_is_a_bad_line(tmp_path: Path, line: str, reason: str) -> None:
    (bad,) = table(tmp_path, HEAD + FOUR + line)
    assert bad.startswith(f"costs.csv, {reason}")


@pytest.mark.parametrize("line", ["2026-11-05,,8\n", "2026-11-05,,8.000\n"])
def test_a_last_line_with_a_date_that_is_the_sum_of_all_others_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        table(tmp_path, HEAD + FOUR + line)
    assert str(caught.value) == (
        "costs.csv: line 6: equals the sum of all rows above; if it is a total, delete it, "
        "and if it is not, move it up."
    )


def test_a_sum_that_may_be_chance_is_use(tmp_path: Path) -> None:
    assert sums(write(tmp_path, HEAD + "2026-11-01,a,1\n2026-11-02,b,2\n2026-11-03,c,3\n")).total == "6"


def test_a_line_without_a_date_in_the_middle_is_a_bad_line(tmp_path: Path) -> None:
    assert len(table(tmp_path, HEAD + "2026-11-01,a,1\n,a,1\n2026-11-01,a,1\n")) == 1


def test_a_repeated_header_is_read_over(tmp_path: Path) -> None:
    assert sums(write(tmp_path, HEAD + FOUR + HEAD + "2026-11-05,d,1\n")).total == "9"


def test_empty_amounts_are_bad_lines_where_no_format_says_what_they_are(tmp_path: Path) -> None:
    assert table(tmp_path, HEAD + "2026-11-01,a,\n") == ["costs.csv, line 2: credits: is missing"]


def test_a_time_in_the_future_is_a_bad_line(tmp_path: Path) -> None:
    (bad,) = table(tmp_path, HEAD + "2026-11-01,a,1\n2031-01-01,a,1\n")
    assert bad == (
        "costs.csv, line 3: occurred_at: 2031-01-01T00:00:00+00:00 lies in the future; "
        "if that is right, import it with usage-tui import --as-of TIME"
    )


def test_what_a_format_does_not_count_is_named_with_its_sum(tmp_path: Path) -> None:
    text = (
        "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ServiceName\n"
        "1,1,USD,Usage,2026-11-01T00:00:00Z,S\n0.5,0.25,USD,Tax,2026-11-01T00:00:00Z,S\n"
        "-0.2,-0.2,USD,Credit,2026-11-02T00:00:00Z,S\n"
    )
    found = sums(write(tmp_path, text))
    assert found.total == "0.8"
    assert "1 row of Tax ($0.25) is not usage and is left out." in found.read_as
    assert "1 adjustment (-$0.20) gives something back." in found.read_as
    counted = [entry.is_counted for entry in found.reading.entries]
    assert counted == [False, False], "the format counts nothing, so what it gives back is no count of 0"
    billed = sums(write(tmp_path, text), choices=Choices(columns={"credits": "BilledCost"}))
    assert "1 row of Tax ($0.50)" in billed.read_as


def test_a_format_can_be_named_where_the_header_does_not_say_it(tmp_path: Path) -> None:
    path = write(tmp_path, "usage_date_utc,cost_usd,extra\n2026-11-01,1.5,x\n")
    assert read_files(path).files[0].plan.is_known is False
    found = read_files(path, choices=Choices(format="anthropic-cost"))
    assert (found.files[0].plan.format.name, found.unit) == ("anthropic-cost", "USD")
    with pytest.raises(ImportFailed, match="unknown format 'antropic-cost'; did you mean anthropic-cost"):
        read_files(path, choices=Choices(format="antropic-cost"))
    with pytest.raises(ImportFailed, match="no column for the time and no column for the amount"):
        read_files(write(tmp_path, "a,b\n1,2\n"), choices=Choices(format="anthropic-cost"))


def test_a_known_table_can_be_read_as_any_other(tmp_path: Path) -> None:
    text = "usage_date_utc,model,cost_usd\n2026-11-01,m,1.5\n"
    found = read_files(write(tmp_path, text), choices=Choices(format="table"))
    assert (found.files[0].plan.is_known, found.unit) == (False, "USD")


def test_a_column_that_only_later_rows_of_json_have_is_read(tmp_path: Path) -> None:
    lines = ['{"time": "2026-11-01T10:00Z", "cost": 1}\n'] * 300
    lines.append('{"time": "2026-11-01T10:00Z", "cost": 1, "user": "ana"}\n')
    found = read_files(write(tmp_path, "".join(lines)))
    assert {entry.use.actor for entry in found.entries} == {None, "ana"}


def test_how_a_table_was_read_is_said_in_one_sentence(tmp_path: Path) -> None:
    known = "start_time,end_time,amount_value,amount_currency\n1793491200,1793577600,2344.12,usd\n"
    assert sums(write(tmp_path, known)).read_as == "Read as OpenAI costs: 1 row, UTC days, USD, $2,344.12."
    other = "time,cost,user\n2026-11-01 10:00,1.5,ana\n"
    assert sums(write(tmp_path, other), zone="Asia/Tokyo").read_as == (
        "Read as a table (time=time, amount=cost, person=user): 1 row, Asia/Tokyo times, unknown unit, 1.5."
    )


@pytest.mark.parametrize(
    ("table_of", "reason"),
    [
        (
            "date,model,amount,currency\n2026-11-01,a,$1.50,EUR\n",
            "has amounts in USD, but names EUR as their unit; correct it.",
        ),
        (
            "date,model,cost_usd,currency\n2026-11-01,a,1.50,EUR\n",
            "has amounts in EUR, but their column 'cost_usd' says USD; correct it, or read no unit with "
            "--map unit=",
        ),
        (
            "id,credits,startTime,endTime,kind,userName\n1,$1.50,2026-11-01T00:00:00Z,,w,m\n",
            "has amounts in USD, but those of Gitpod usage are in credit; correct it.",
        ),
    ],
)
def test_a_unit_that_is_told_in_two_ways_is_refused(tmp_path: Path, table_of: str, reason: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        table(tmp_path, table_of)
    assert str(caught.value) == f"costs.csv: {reason}"


def test_a_column_of_ids_is_named_where_no_other_names_the_source(tmp_path: Path) -> None:
    found = sums(write(tmp_path, "occurred_at,source_id,credits\n2026-11-01T01:30:00Z,a,1\n"))
    assert "Read as a table (time=occurred_at, amount=credits, source=source_id)" in found.read_as
