"""Several files as one history: each row once, and every row once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.tables import Sums, read_files, sums, write

OPENAI = "start_time,end_time,amount_value,amount_currency,line_item,project_id\n"
CURSOR = "Date,Kind,Model,Input (w/ Cache Write),Output Tokens,Total Tokens,Cost\n"


def cursor(hour: int, cost: str) -> str:
    return f"2026-11-02T{hour:02}:00:00.000Z,On-Demand,auto,0,1,1,{cost}\n"


def openai(day: int, cost: str, item: str = "input") -> str:
    start = 1793491200 + 86400 * (day - 1)
    return f"{start},{start + 86400},{cost},usd,{item},p1\n"


def both_orders(first: Path, second: Path) -> Sums:
    found, other = sums(first, second), sums(second, first)
    assert (found.total, found.days) == (other.total, other.days)
    assert [entry.use for entry in found.reading.entries] == [entry.use for entry in other.reading.entries]
    return found


def test_overlapping_exports_count_each_row_once_and_every_row_once(tmp_path: Path) -> None:
    # Newest first, so that every row has another line in the second export.
    shared = cursor(3, "40") + cursor(2, "1") + cursor(2, "1")
    old = write(tmp_path, CURSOR + shared + cursor(1, "5"), "old.csv")
    new = write(tmp_path, CURSOR + cursor(5, "7") + cursor(4, "2") + shared, "new.csv")
    found = both_orders(old, new)
    assert (found.total, found.reading.repeated, found.bad_lines) == ("56", 3, [])
    assert "3 rows that came again were counted once." in found.read_as


def test_two_equal_rows_of_a_file_are_two(tmp_path: Path) -> None:
    path = write(tmp_path, CURSOR + cursor(2, "1") * 3)
    assert sums(path).total == "3"
    assert both_orders(path, write(tmp_path, path.read_text(), "again.csv")).total == "3"


def test_an_order_of_columns_and_how_a_number_is_written_make_no_other_row(tmp_path: Path) -> None:
    one = write(tmp_path, "date,cost,model\n2026-11-01,1.50,a\n2026-11-02,2e-7,a\n", "one.csv")
    two = write(tmp_path, "model;cost;date\na;0.0000002;2026-11-02\na;1.5;2026-11-01\n", "two.csv")
    assert both_orders(one, two).total == "1.5"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "date,username,product,sku,model,quantity,unit_type\n2026-11-02,m,copilot,s,gpt,2,ai-credits\n",
            "date,username,product,sku,model,quantity,unit_type,repository,cost_center_name\n"
            "2026-11-02,m,copilot,s,gpt,2,ai-credits,,\n",
        ),
        (
            "start_time,end_time,amount_value,amount_currency,line_item,project_id\n1793577600,1793664000,2,usd,a,p\n",
            "start_time,end_time,amount_value,amount_currency,line_item,api_key_id,project_id\n"
            "1793577600,1793664000,2,usd,a,,p\n",
        ),
        (
            "identity/LineItemId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageType,"
            "lineItem/UnblendedCost\na1,Usage,2026-11-02T05:00:00Z,Tokens,2\n",
            "identity/LineItemId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageType,"
            "lineItem/UnblendedCost\nzz,Usage,2026-11-02T05:00:00Z,Tokens,2\n",
        ),
    ],
    ids=["more-columns", "another-column", "other-line-ids"],
)
def test_a_later_export_with_more_columns_or_other_line_ids_has_the_same_rows(
    tmp_path: Path, one: str, two: str
) -> None:
    found = both_orders(write(tmp_path, one, "one.csv"), write(tmp_path, two, "two.csv"))
    assert (found.total, found.reading.repeated, found.bad_lines) == ("2", 1, [])


def test_the_last_day_of_an_earlier_export_was_not_over(tmp_path: Path) -> None:
    old = write(tmp_path, OPENAI + openai(1, "1") + openai(2, "0.5"), "old.csv")
    new = write(tmp_path, OPENAI + openai(1, "1") + openai(2, "0.75") + openai(3, "2"), "new.csv")
    found = both_orders(old, new)
    assert (found.days, found.bad_lines) == ({"11-01": "1", "11-02": "0.75", "11-03": "2"}, [])
    assert found.reading.replaced == 1
    assert "1 sum of a day that was not over was replaced by the later file." in found.read_as


@pytest.mark.parametrize("later", [openai(3, "2"), ""])
def test_two_exports_that_differ_about_a_day_are_not_added_up(tmp_path: Path, later: str) -> None:
    old = write(tmp_path, OPENAI + openai(1, "1") + (openai(2, "5") if later else ""), "old.csv")
    new = write(tmp_path, OPENAI + openai(1, "1.5") + later, "new.csv")
    assert sums(old, new).bad_lines == [
        "new.csv, line 2: says 1.5, but old.csv, line 2, says 1 of the same; export one of the two again"
    ]


def test_rows_of_one_day_and_source_are_told_apart_by_their_amounts(tmp_path: Path) -> None:
    old = write(tmp_path, OPENAI + openai(1, "1") + openai(1, "3") + openai(2, "9"), "old.csv")
    new = write(tmp_path, OPENAI + openai(2, "9") + openai(1, "3") + openai(1, "1"), "new.csv")
    assert both_orders(old, new).total == "13"


def test_ids_of_a_table_are_compared_over_files(tmp_path: Path) -> None:
    one = write(tmp_path, "id,time,cost\na,2026-11-01T10:00Z,1\nb,2026-11-01T11:00Z,2\n", "one.csv")
    two = write(tmp_path, "id,time,cost\nb,2026-11-01T11:00Z,2\nc,2026-11-01T12:00Z,4\n", "two.csv")
    assert both_orders(one, two).total == "7"
    three = write(tmp_path, "id,time,cost\nb,2026-11-01T11:00Z,3\n", "three.csv")
    assert sums(one, three).bad_lines == [
        "three.csv, line 2: says 3, but one.csv, line 3, says 2 of the same; export one of the two again"
    ]


def test_files_of_other_periods_and_formats_go_together(tmp_path: Path) -> None:
    one = write(tmp_path, OPENAI + openai(1, "1"), "openai.csv")
    two = write(tmp_path, CURSOR + cursor(3, "2"), "cursor.csv")
    assert both_orders(one, two).total == "3"


def test_equal_rows_of_one_file_split_over_two_stay_what_they_were(tmp_path: Path) -> None:
    rows = [cursor(hour, "1") for hour in (5, 4, 4, 3, 2)]
    whole = sums(write(tmp_path, CURSOR + "".join(rows)))
    one = write(tmp_path, CURSOR + "".join(rows[:4]), "one.csv")
    two = write(tmp_path, CURSOR + "".join(rows[1:]), "two.csv")
    assert both_orders(one, two).total == whole.total == "5"


def test_ids_do_not_depend_on_the_zone_of_the_organization(tmp_path: Path) -> None:
    path = write(tmp_path, OPENAI + openai(1, "1") + openai(2, "2"))
    ids = [[entry.use.id for entry in read_files(path, zone=zone).entries] for zone in ("UTC", "Asia/Tokyo")]
    assert ids[0] == ids[1]


def test_a_day_of_an_unknown_table_that_was_not_over_is_not_counted_twice(tmp_path: Path) -> None:
    old = write(tmp_path, "date,model,cost\n2026-11-01,a,1\n2026-11-02,a,0.5\n", "old.csv")
    new = write(tmp_path, "date,model,cost\n2026-11-03,a,2\n2026-11-02,a,0.75\n2026-11-01,a,1\n", "new.csv")
    found = both_orders(old, new)
    assert (found.days, found.bad_lines) == ({"11-01": "1", "11-02": "0.75", "11-03": "2"}, [])
    assert found.reading.replaced == 1
    other = write(tmp_path, "date,model,cost\n2026-11-01,a,1.25\n2026-11-03,a,2\n", "other.csv")
    assert len(sums(new, other).bad_lines) == 1


def test_two_projects_of_one_vendor_and_day_are_added_up(tmp_path: Path) -> None:
    one = write(tmp_path, OPENAI + openai(1, "1"), "one.csv")
    two = write(tmp_path, OPENAI + openai(1, "2").replace("p1", "p2") + openai(2, "4"), "two.csv")
    assert both_orders(one, two).days == {"11-01": "3", "11-02": "4"}
