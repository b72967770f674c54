"""Any table that we write, in any dialect, is the same usage."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.importing.tables import read_files, sums
from usage_tui.models import Credits

START = datetime(2026, 11, 1, tzinfo=UTC)


class Row(NamedTuple):
    second: int
    model: str
    user: str
    cost: Decimal


class Dialect(NamedTuple):
    delimiter: str
    quoting: Any
    end: str
    encoding: str
    decimal_comma: bool
    time: str
    packing: str
    titles: int
    sep: bool
    trailing: bool
    seed: int


times: dict[str, Callable[[datetime], str]] = {
    "iso": lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "offset": lambda at: (at + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S+05:00"),
    "utc": lambda at: at.strftime("%Y-%m-%d %H:%M:%S UTC"),
    "naive": lambda at: at.strftime("%Y/%m/%d %H:%M:%S"),
    "seconds": lambda at: f"{int(at.timestamp())}",
    "milliseconds": lambda at: f"{int(at.timestamp())}000",
    "mail": lambda at: at.strftime("%a, %d Nov %Y %H:%M:%S +0000"),
    "day first": lambda at: at.strftime("%d/%m/%Y %H:%M:%S"),
    "month first": lambda at: at.strftime("%m/%d/%Y %I:%M:%S %p"),
}
costs = st.decimals("0", "500", places=2) | st.decimals("0", "0.01", places=9)
rows = st.builds(
    Row,
    st.integers(0, 28 * 86_400),
    st.sampled_from(["gpt-5, input", 'the "big" one', "Sonnet – 200k", "a\nb", "x;y"]),
    st.sampled_from(["ana", "bö", ""]),
    costs,
)
dialects = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]),
    decimal_comma=st.booleans(),
    time=st.sampled_from(sorted(times)),
    packing=st.sampled_from(["plain", "gzip", "zip", "zstandard", "json", "ndjson", "wrapped", "indented"]),
    titles=st.integers(0, 2),
    sep=st.booleans(),
    trailing=st.booleans(),
    seed=st.integers(0, 1000),
)


def amount(cost: Decimal, dialect: Dialect) -> str:
    text = f"{cost:f}"
    return text.replace(".", ",") if dialect.decimal_comma else text


def text_of(table: Sequence[Row], dialect: Dialect) -> bytes:
    order = random.Random(dialect.seed)
    names = ["time", "model", "user", "cost", "note"]
    order.shuffle(names)
    records = [
        {
            "time": times[dialect.time](START + timedelta(seconds=row.second)),
            "model": row.model,
            "user": row.user,
            "cost": amount(row.cost, dialect),
            "note": "",
        }
        for row in table
    ]
    order.shuffle(records)
    ordered = [{name: record[name] for name in names} for record in records]
    match dialect.packing:
        case "json":
            return json.dumps(ordered).encode()
        case "indented":
            return json.dumps(ordered, indent=2, ensure_ascii=False).encode()
        case "wrapped":
            return json.dumps({"object": "list", "data": ordered}).encode()
        case "ndjson":
            return "\n".join(map(json.dumps, ordered)).encode()
    file = io.StringIO()
    if dialect.sep:
        file.write(f"sep={dialect.delimiter}{dialect.end}")
    file.write(f"A title{dialect.end}" * (dialect.titles if not dialect.sep else 0))
    writer = csv.writer(
        file, delimiter=dialect.delimiter, quoting=dialect.quoting, lineterminator=dialect.end
    )
    rest = ["", ""] if dialect.trailing else []
    writer.writerows([names + rest, *([*record.values(), *rest] for record in ordered)])
    return file.getvalue().encode(dialect.encoding)


def written(folder: Path, number: int, table: Sequence[Row], dialect: Dialect) -> Path:
    content = text_of(table, dialect)
    path = folder / f"table-{number}.csv"
    if dialect.packing == "gzip":
        content = gzip.compress(content)
    if dialect.packing == "zstandard":
        content = zstandard.compress(content)
    if dialect.packing == "zip":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("inside.csv", content)
        content = file.getvalue()
    path.write_bytes(content)
    return path


def dashboard(*paths: Path) -> Any:
    found = sums(*paths)
    assert found.bad_lines == []
    uses = [entry.use for entry in found.reading.entries]
    return found.total, found.sources, found.days, uses


def plain(seed: int = 0) -> Dialect:
    return Dialect(",", csv.QUOTE_MINIMAL, "\n", "utf-8", False, "iso", "plain", 0, False, False, seed)


# Something that says which is the decimal sign, and whether the day comes first.
TELLING = [Row(27 * 86_400 + 5, "gpt-5, input", "ana", Decimal("1.25"))]


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(rows, min_size=1, max_size=12), dialects)
def test_the_dialect_makes_no_difference(table: list[Row], dialect: Dialect) -> None:
    table = [*table, *TELLING]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = dashboard(written(folder, 0, table, plain()))
        assert dashboard(written(folder, 1, table, dialect)) == expected
    assert expected[0] == str(
        Credits(int(sum((row.cost for row in table), Decimal(0)).quantize(Decimal("0.000001")) * 10**6))
    )


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(rows, min_size=2, max_size=14, unique_by=lambda row: row.second),
    st.lists(st.integers(0, 14), min_size=2, max_size=2),
    st.integers(0, 1000),
    st.integers(1, 3),
)
def test_overlapping_files_in_any_order_make_no_difference(
    table: list[Row], cuts: list[int], seed: int, equal: int
) -> None:
    first, last = sorted(min(cut, len(table)) for cut in cuts)
    table = sorted([row for row in table for _ in range(equal)])
    first, last = first * equal, last * equal
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = dashboard(written(folder, 0, [*table, *TELLING], plain()))
        pieces = [
            written(folder, 1, table[:last], plain(seed)),
            written(folder, 2, [*table[first:], *TELLING], plain(seed + 1)),
        ]
        pieces = [path for path in pieces if read_files(path).entries]
        assert dashboard(*pieces) == whole
        assert dashboard(*reversed(pieces)) == whole
