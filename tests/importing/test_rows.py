from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from usage_tui.importing.columns import ALIASES
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.rows import Row, open_table

FIELDS = list(ALIASES)


def rows(path: Path, content: str | bytes, **chosen: str) -> list[tuple[int, dict[str, str]] | BadLine]:
    """The rows of a file as their line and what they hold."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_table(path, chosen) as table:
        return [
            (row.line, {name: value for name, value in zip(FIELDS, row.values, strict=True) if value})
            if isinstance(row, Row)
            else row
            for row in table.rows
        ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.csv"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_may_have_any_of_three_delimiters(path: Path, delimiter: str) -> None:
    content = "time,cost,name\n2026-11-01,1.5,A\n2026-11-02,2,B\n".replace(",", delimiter)
    assert rows(path, content) == [
        (2, {"occurred_at": "2026-11-01", "credits": "1.5", "label": "A"}),
        (3, {"occurred_at": "2026-11-02", "credits": "2", "label": "B"}),
    ]


def test_quoted_fields_may_hold_delimiters_and_line_breaks(path: Path) -> None:
    content = 'time,credits,label\nt1,1,"a, ""b""\nc"\nt2,2,d\n'
    assert rows(path, content) == [
        (2, {"occurred_at": "t1", "credits": "1", "label": 'a, "b"\nc'}),
        (4, {"occurred_at": "t2", "credits": "2", "label": "d"}),
    ]


def test_a_byte_order_mark_windows_line_breaks_and_empty_lines_are_read_over(path: Path) -> None:
    content = b"\xef\xbb\xbftime,credits\r\n\r\nt1,1\r\n\r\nt2,2"
    assert rows(path, content) == [
        (3, {"occurred_at": "t1", "credits": "1"}),
        (5, {"occurred_at": "t2", "credits": "2"}),
    ]


def test_a_line_of_another_width_is_bad_and_the_next_is_read(path: Path) -> None:
    assert rows(path, "time,credits\nt1\nt2,2,3\nt3,3\n") == [
        BadLine(2, "has 1 fields, but the header has 2"),
        BadLine(3, "has 3 fields, but the header has 2"),
        (4, {"occurred_at": "t3", "credits": "3"}),
    ]


def test_broken_quotes_are_a_bad_line(path: Path) -> None:
    bad, good = rows(path, 'time,credits\n"t1"x,1\nt2,2\n')
    assert isinstance(bad, BadLine)
    assert (bad.line, bad.reason[:13]) == (2, "invalid CSV: ")
    assert good == (3, {"occurred_at": "t2", "credits": "2"})


def test_a_quote_that_is_never_closed_is_a_bad_line(path: Path) -> None:
    (bad,) = rows(path, 'time,credits\n"t1,1\nt2,2\n')
    assert isinstance(bad, BadLine)
    assert bad.line == 2


def test_ndjson_is_known_by_its_first_brace(path: Path) -> None:
    content = '\ufeff{"time":"t1","credits":0.1,"count":3}\n\n{"credits":"2","time":"t2","user":null}\n'
    assert rows(path, content) == [
        (1, {"occurred_at": "t1", "credits": "0.1", "quantity": "3"}),
        (3, {"occurred_at": "t2", "credits": "2"}),
    ]


def test_a_number_in_json_keeps_every_digit(path: Path) -> None:
    found = rows(path, '{"time":"t","credits":9007199254740993.000001}')
    assert found == [(1, {"occurred_at": "t", "credits": "9007199254740993.000001"})]


def test_a_json_field_may_come_later_than_in_the_first_object(path: Path) -> None:
    content = '{"time":"t","credits":1}\n{"time":"t","credits":1,"who":"ana"}\n'
    with pytest.raises(ImportFailed, match="no column 'who'"):
        rows(path, content, actor="who")
    assert rows(path, content.replace('"who"', '"user"'))[1] == (
        2,
        {"occurred_at": "t", "credits": "1", "actor": "ana"},
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "invalid JSON"),
        ("[" * 100_000, "invalid JSON"),
        ("[1]", "must be an object"),
        ('{"time":"t","credits":1,"kind":["x"]}', "kind: must be text or a number"),
        ('{"time":"t","credits":NaN}', "credits: must be text or a number"),
        ('{"time":"t","credits":1,"label":true}', "label: must be text or a number"),
    ],
)
def test_a_bad_line_of_json_is_told(path: Path, line: str, reason: str) -> None:
    assert rows(path, f'{{"time":"t","credits":1}}\n{line}\n')[1] == BadLine(2, reason)


def test_a_packed_file_is_known_by_its_content(path: Path) -> None:
    assert rows(path, gzip.compress(b"time,credits\nt1,1\n")) == [(2, {"occurred_at": "t1", "credits": "1"})]


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe_is_read(packed: bool) -> None:
    content = b"time,credits\nt1,1\n"
    reader, writer = os.pipe()
    try:
        os.write(writer, gzip.compress(content) if packed else content)
        os.close(writer)
        with open_table(Path(f"/dev/fd/{reader}"), {}) as table:
            assert [row.line for row in table.rows] == [2]
            assert table.size == 0
    finally:
        os.close(reader)


def test_how_far_a_file_is_read_ends_at_its_size(path: Path) -> None:
    path.write_text("time,credits\n" + "2026-11-01,1\n" * 5000)
    with open_table(path, {}) as table:
        assert table.position() < table.size
        assert len(list(table.rows)) == 5000
        assert table.position() == table.size == path.stat().st_size


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "events.csv: is empty."),
        ("time,credits\n".encode("utf-16"), "events.csv: is not UTF-8 text; save it as CSV in UTF-8."),
        (b"time,cr\xe9dits\n", "events.csv: is not UTF-8 text; save it as CSV in UTF-8."),
        (
            b'time,"credits\nt1,1\n',
            "events.csv: the header is not valid CSV: unexpected end of data; correct it.",
        ),
        (
            gzip.compress(b"time,credits\n" + b"t1,1\n" * 9000, mtime=0)[:-20],
            "events.csv: the compressed data are damaged or cut short; copy it again.",
        ),
        (
            b'{"schema":"usage-tui/recording/1"}',
            "events.csv: no column for occurred_at; "
            "choose one of these with --map occurred_at=COLUMN: schema",
        ),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        rows(path, content)
    assert str(caught.value) == message


def test_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(ImportFailed) as caught, open_table(path, {}):
        pass
    assert str(caught.value) == "events.csv: cannot be read: No such file or directory."
