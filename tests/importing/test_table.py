"""Tables in every dialect and shape: where the header is, and what each row holds."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import zipfile
from pathlib import Path

import pytest
import zstandard

from usage_tui.importing.content import open_content
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.plan import Choices, plan_table

FIELDS = {"occurred_at": 1, "label": 4, "credits": 7}
Found = list[tuple[int, dict[str, str]] | BadLine]


def rows(path: Path, content: str | bytes, **chosen: str) -> Found:
    """The rows of a file as their line and what they hold."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return rows_of(path, **chosen)


def rows_of(path: Path, **chosen: str) -> Found:
    with open_content(path) as file:
        plan = plan_table(file, Choices(columns=chosen))
        return [
            row
            if isinstance(row, BadLine)
            else (row[0], {name: text for name, place in FIELDS.items() if (text := row[1][place])})
            for row in plan.table.rows(plan.columns)
        ]


def row(line: int, time: str, amount: str, label: str = "") -> tuple[int, dict[str, str]]:
    return line, {"occurred_at": time, "credits": amount} | ({"label": label} if label else {})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.csv"


TWO_ROWS = [row(2, "2026-11-01", "1.5", "A"), row(3, "2026-11-02", "2", "B")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_may_have_any_of_four_delimiters(path: Path, delimiter: str) -> None:
    content = "time,cost,name\n2026-11-01,1.5,A\n2026-11-02,2,B\n".replace(",", delimiter)
    assert rows(path, content) == TWO_ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_may_have_any_encoding_with_a_mark_and_any_line_end(
    path: Path, encoding: str, end: str
) -> None:
    content = "time,cost,name\n2026-11-01,1.5,Ä\n2026-11-02,2,≤ B\n".replace("\n", end)
    assert rows(path, content.encode(encoding)) == [
        row(2, "2026-11-01", "1.5", "Ä"),
        row(3, "2026-11-02", "2", "≤ B"),
    ]


def test_a_text_with_no_letter_in_utf_8_is_read_as_windows_saves_it(path: Path) -> None:
    content = "time,cost,name\n2026-11-01,1.5,Ä\n2026-11-02,2,B – € 5\n"
    assert rows(path, content.encode("cp1252")) == [
        row(2, "2026-11-01", "1.5", "Ä"),
        row(3, "2026-11-02", "2", "B – € 5"),
    ]


def test_letters_far_behind_the_start_say_the_encoding_too(path: Path) -> None:
    lines = "".join(f"2026-11-01,{number},x\n" for number in range(300_000))
    for encoding in ("utf-8", "cp1252"):
        found = rows(path, f"time,cost,name\n{lines}2026-11-02,2,Ä\n".encode(encoding))
        assert found[-1] == row(300_002, "2026-11-02", "2", "Ä")


def test_quoted_fields_may_hold_delimiters_and_line_breaks(path: Path) -> None:
    content = 'time,credits,label\nt1,1,"a, ""b""\nc"\nt2,2,d\n'
    assert rows(path, content) == [row(2, "t1", "1", 'a, "b"\nc'), row(4, "t2", "2", "d")]


def test_empty_lines_are_read_over(path: Path) -> None:
    assert rows(path, "time,credits\r\n\r\nt1,1\r\n , \r\nt2,2") == [row(3, "t1", "1"), row(5, "t2", "2")]


def test_titles_above_the_header_and_empty_columns_behind_it_are_read_over(path: Path) -> None:
    content = 'Cost report\n"Acme, Inc."\n\ntime,cost,,\nt1,1,,\nt2,2\n'
    assert rows(path, content) == [row(5, "t1", "1"), row(6, "t2", "2")]


def test_a_first_line_may_name_the_separator(path: Path) -> None:
    assert rows(path, "sep=;\ntime;cost;name\nt1;1;a,b\n") == [row(3, "t1", "1", "a,b")]


def test_a_line_of_another_width_is_bad_and_the_next_is_read(path: Path) -> None:
    assert rows(path, "time,credits\nt1\nt2,2,3\nt3,3\n") == [
        BadLine(2, "has 1 field, but the header has 2"),
        BadLine(3, "has 3 fields, but the header has 2"),
        row(4, "t3", "3"),
    ]


def test_broken_quotes_are_a_bad_line(path: Path) -> None:
    bad, good = rows(path, 'time,credits\n"t1"x,1\nt2,2\n')
    assert isinstance(bad, BadLine)
    assert (bad.line, bad.reason[:13]) == (2, "invalid CSV: ")
    assert good == row(3, "t2", "2")


def test_a_quote_that_is_never_closed_is_an_error_and_no_long_field(path: Path) -> None:
    with pytest.raises(ImportFailed) as caught:
        rows(path, 'time,credits\nt0,1\n"t1,1\nt2,2\n' + "t3,3\n" * 100_000)
    assert str(caught.value) == "events.csv: line 3: a quote is opened and never closed; correct it."


def test_a_quote_that_swallows_the_next_row_is_an_error(path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"line 2: a quote is opened, and closed only in a later row"):
        rows(path, 'time,name,cost\n2026-11-01,"m,1\n2026-11-02,m",1\n2026-11-03,m,5\n')
    content = 'time,name,cost\n2026-11-01,"a letter,\nin two lines, of text",1\n'
    assert len(rows(path, content)) == 1


def test_a_cell_may_have_megabytes(path: Path) -> None:
    assert rows(path, f'time,credits,body\nt1,1,"{"x" * 3_000_000}"\n') == [row(2, "t1", "1")]


EVENT = {"time": "t1", "credits": 0.1}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(EVENT),
        json.dumps(EVENT) + "\n",
        "\ufeff\n" + json.dumps(EVENT),
        json.dumps([EVENT]),
        json.dumps([EVENT], indent=2),
        json.dumps(EVENT, indent=2),
        json.dumps({"object": "list", "data": [EVENT], "has_more": False}),
        json.dumps({"data": [EVENT], "total": [1, 2], "more": {"a": []}}, indent=4),
    ],
)
def test_json_is_read_in_every_shape(path: Path, content: str) -> None:
    ((line, cells),) = [found for found in rows(path, content) if not isinstance(found, BadLine)]
    assert line >= 1
    assert cells == {"occurred_at": "t1", "credits": "0.1"}


def test_the_lines_of_json_are_counted(path: Path) -> None:
    content = '[\n {"time": "t1",\n  "credits": 1},\n {"time": "t2", "credits": 2}\n]'
    assert rows(path, content) == [row(2, "t1", "1"), row(4, "t2", "2")]
    assert rows(path, '{"time":"t1","credits":1}\n\n{"time":"t2","credits":2}') == [
        row(1, "t1", "1"),
        row(3, "t2", "2"),
    ]


def test_a_long_list_of_json_is_read_in_pieces(path: Path) -> None:
    content = json.dumps({"data": [{"time": f"t{number}", "cost": number} for number in range(20_000)]})
    found = rows(path, content)
    assert len(found) == 20_000
    assert found[-1] == row(1, "t19999", "19999")


def test_a_number_in_json_keeps_every_digit(path: Path) -> None:
    found = rows(path, '{"time":"t","credits":9007199254740993.000000000000000001}')
    assert found == [row(1, "t", "9007199254740993.000000000000000001")]


def test_a_path_leads_into_an_object(path: Path) -> None:
    content = '{"at": "t", "data": {"cost": {"amount": "1.5"}}}\n'
    assert rows(path, content, occurred_at="at", credits="data.cost.amount") == [row(1, "t", "1.5")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "invalid JSON"),
        ("[" * 100_000, "invalid JSON"),
        ("[1]", "must be an object"),
        ('{"time":"t","credits":1,"name":["x"]}', "name: must be text or a number"),
        ('{"time":"t","credits":NaN}', "credits: must be text or a number"),
        ('{"time":"t","credits":1,"name":true}', "name: must be text or a number"),
        ('{"time":"t","credits":1,"credits":2}', "'credits' appears twice in an object"),
        ('{"time":"t","cost":{"usd":1,"usd":1}}', "'usd' appears twice in an object"),
    ],
)
def test_a_bad_line_of_json_is_told(path: Path, line: str, reason: str) -> None:
    assert rows(path, f'{{"time":"t","credits":1,"name":"a"}}\n{line}\n')[1] == BadLine(2, reason)


def test_a_first_line_with_a_name_twice_spoils_no_other(path: Path) -> None:
    bad, good = '{"time":"t","credits":1,"credits":2}', '{"time":"t","credits":3}'
    assert rows(path, f"{bad}\n{good}\n")[0] == BadLine(1, "'credits' appears twice in an object")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"time":"t","credits":1},\n{"time":', "line 2: invalid JSON; correct it, or copy the file again."),
        (
            '[{"time":"t","credits":1} {"time":"t"}]',
            "line 1: invalid JSON after the row of line 1; correct it.",
        ),
        (
            '[{"time":"t","credits":1},\n{"time":"t","credits":1,"credits":2}]',
            "line 2: 'credits' appears twice in an object; keep one of them.",
        ),
        (
            '{"unit":"USD",\n"unit":"EUR","rows":[{"time":"t","credits":1}]}',
            "line 2: 'unit' appears twice in an object; keep one of them.",
        ),
        ('[{"time":"t","credits":1}] 5', "line 1: invalid JSON; there is more after the end."),
        (
            '{"data": [{"time":"t","credits":1}], "has_more": true}',
            "is one page of several (has_more is true); export all of them.",
        ),
        (
            '{"data": [{"time":"t","credits":1}], "page": 1, "total_pages": 9}',
            "is one page of several (total_pages is 9); export all of them.",
        ),
        (
            '{"next_page": "p2", "data": [{"time":"t","credits":1}]}',
            "is one page of several (next_page is p2); export all of them.",
        ),
        (
            '{"data": [{"time":"t","credits":1}], "pagination": {"hasMore": true, "nextCursor": "c"}}',
            "is one page of several (hasMore is true); export all of them.",
        ),
        (
            '{"a": [{"time":"t","credits":1}], "b": [{"time":"t","credits":1}]}',
            "has two lists of rows, 'a' and 'b'; keep one of them.",
        ),
    ],
)
def test_broken_or_partial_json_is_an_error(path: Path, content: str, message: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        rows(path, content)
    assert str(caught.value) == f"events.csv: {message}"


CONTENT = b"time,credits\nt1,1\n"


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [gzip.compress(CONTENT), lzma.compress(CONTENT), zipped(costs_csv=CONTENT)],
    ids=["gzip", "xz", "zip"],
)
def test_a_packed_file_is_known_by_its_content(path: Path, content: bytes) -> None:
    assert rows(path, content) == [row(2, "t1", "1")]


def test_of_an_archive_the_table_with_the_cost_is_read(path: Path) -> None:
    amounts = b"user_id,utc_date,model,type,price,amount\nu,20261101,m,input,1,5\n"
    costs = b"user_id,utc_date,model,wallet_type,cost,currency\nu,20261101,m,Paid,2,USD\n"
    assert rows(path, zipped(amount_csv=amounts, cost_csv=costs)) == [row(2, "20261101", "2", "m")]
    with pytest.raises(ImportFailed, match=r"has several tables \(a\.csv, b\.csv\); unpack it"):
        rows(path, zipped(a_csv=CONTENT, b_csv=CONTENT))
    with pytest.raises(ImportFailed, match="which has no cost"):
        rows(path, zipped(amount_csv=amounts))


class TestZstandard:
    rows_packed = b"time,credits\n" + b"".join(b"2026-11-01,%d\n" % number for number in range(100_000))

    def test_frame_after_frame(self, path: Path) -> None:
        path.write_bytes(zstandard.compress(self.rows_packed) + zstandard.compress(b"2026-11-02,2\n"))
        found = rows_of(path)
        assert len(found) == 100_001
        assert found[-1] == row(100_002, "2026-11-02", "2")

    @pytest.mark.parametrize("cut", [3, 10_000])
    def test_one_cut_short_is_refused(self, path: Path, cut: int) -> None:
        path.write_bytes(zstandard.compress(self.rows_packed)[:-cut])
        with pytest.raises(ImportFailed, match="damaged or cut short; copy it again"):
            rows_of(path)

    def test_damaged_data_are_refused(self, path: Path) -> None:
        path.write_bytes(zstandard.compress(self.rows_packed)[:20] + b"\xff" * 50)
        with pytest.raises(ImportFailed, match="damaged or cut short; copy it again"):
            rows_of(path)


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe_is_read(packed: bool) -> None:
    reader, writer = os.pipe()
    try:
        os.write(writer, gzip.compress(CONTENT) if packed else CONTENT)
        os.close(writer)
        assert rows_of(Path(f"/dev/fd/{reader}")) == [row(2, "t1", "1")]
    finally:
        os.close(reader)


def test_how_far_a_file_is_read_ends_at_its_size(path: Path) -> None:
    path.write_text("time,credits\n" + "2026-11-01,1\n" * 50_000)
    with open_content(path) as file:
        plan = plan_table(file, Choices())
        found = iter(plan.table.rows(plan.columns))
        next(found)
        assert file.position() < file.size
        assert len(list(found)) == 49_999
        assert file.position() == file.size == path.stat().st_size


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty."),
        (zipped(), "is a ZIP archive without a table."),
        (b"[]", "has no rows."),
        (b'{"daily": [], "totals": {"totalCost": 0}}', "has no rows."),
        ("time,credits\n".encode("utf-16-le"), "is not text in UTF-8; save it as CSV in UTF-8."),
        ("time,crädits#\n".encode().replace(b"#", b"\xe9"), "is not text in UTF-8; save it as CSV in UTF-8."),
        (b"time,cr\x81dits\n", "is not text in UTF-8; save it as CSV in UTF-8."),
        (
            gzip.compress(CONTENT * 9000, mtime=0)[:-20],
            "the compressed data are damaged or cut short; copy it again.",
        ),
        (b"PAR1....", "is a Parquet file, which is not read; save it as CSV and open that."),
        (
            zipped(**{"xl/workbook_xml": b"<x/>"}),
            "is an Excel workbook, which is not read; save it as CSV and open that.",
        ),
        (b"time,cost,Cost\nt,1,2\n", "has two columns of one name, 'cost' and 'Cost'; rename or delete one."),
        (
            b"when,price,model\nt,1,m\n",
            "no column for the time and no column for the amount; "
            "choose with --map occurred_at=COLUMN --map credits=COLUMN from: when, price, model",
        ),
        (
            b"timestmp,costs\nt,1\n",
            "no column for the time and no column for the amount; "
            "choose with --map occurred_at=timestmp --map credits=costs from: timestmp, costs",
        ),
        (
            b"time,input_tokens\nt,1\n",
            "no column for the amount; tokens are not an amount, so export the cost instead; "
            "choose with --map credits=COLUMN from: time, input_tokens",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",  # an archive says when it was made
)
def test_what_is_no_table_is_refused_in_one_line(path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        rows(path, content)
    assert str(caught.value) == f"events.csv: {message}"


def test_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(ImportFailed) as caught, open_content(path):
        pass
    assert str(caught.value) == "events.csv: cannot be read: No such file or directory."
