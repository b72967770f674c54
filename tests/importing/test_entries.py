from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from usage_tui.importing.columns import ALIASES
from usage_tui.importing.entries import Entry, read_entries
from usage_tui.importing.faults import BadLine
from usage_tui.importing.rows import Row
from usage_tui.ledger.ledger import Use
from usage_tui.models import Credits

NEW_YORK = ZoneInfo("America/New_York")


def row(line: int = 17, **values: str) -> Row:
    given = {"occurred_at": "2026-11-22T20:30:00Z", "credits": "1.5", **values}
    return Row(line, [given.get(field) for field in ALIASES])


def read(*rows: Row | BadLine) -> list[Entry | BadLine]:
    return list(read_entries(rows, NEW_YORK))


def use(**values: str) -> Use:
    (entry,) = read(row(17, **values))
    assert isinstance(entry, Entry)
    return entry.use


def reason(**values: str) -> str:
    (bad,) = read(row(17, **values))
    assert isinstance(bad, BadLine)
    assert bad.line == 17
    return bad.reason


def test_time_and_credits_are_enough() -> None:
    assert use() == Use(
        id="line-17",
        occurred_at=datetime(2026, 11, 22, 20, 30, tzinfo=UTC),
        kind="other",
        source_id="other",
        label="other",
        activity="use",
        credits=Credits.parse("1.5"),
        quantity=1,
        actor=None,
        parent_id=None,
    )


def test_every_field_is_taken_over() -> None:
    values = {
        "id": "e1",
        "kind": "workflow",
        "source_id": "wf_1",
        "label": "Weekly digest",
        "activity": "retry",
        "quantity": "3",
        "actor": "ana@acme.example",
        "parent_id": "e0",
    }
    expected = {**values, "quantity": 3}
    assert {name: getattr(use(**values), name) for name in values} == expected


def test_empty_fields_count_as_missing_and_spaces_around_are_dropped() -> None:
    assert use(id=" ", kind="", label="\t", actor=" ana ", quantity=" ")._replace(actor=None) == use()
    assert use(actor=" ana ").actor == "ana"


def test_a_known_kind_names_its_source_and_what_it_counts() -> None:
    chat = use(kind="agent_chat")
    assert (chat.source_id, chat.label, chat.activity) == ("agent_chat", "Agent chat", "message")


def test_a_source_is_named_by_its_label_or_its_id() -> None:
    assert (use(label="Digest").source_id, use(label="Digest").label) == ("Digest", "Digest")
    assert (use(source_id="wf_1").source_id, use(source_id="wf_1").label) == ("wf_1", "wf_1")


def test_texts_are_made_harmless() -> None:
    assert use(id="a\x1b[2J", label="x\u202ey\x07", actor="\x9b").id == "a�[2J"
    assert use(label="x\u202ey\x07").label == "xy�"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T20:30:00Z", datetime(2026, 11, 22, 20, 30)),  # noqa: DTZ001
        ("2026-11-22T15:30:00-05:00", datetime(2026, 11, 22, 20, 30)),  # noqa: DTZ001
        ("2026-11-22 15:30:00", datetime(2026, 11, 22, 20, 30)),  # noqa: DTZ001
        ("2026-11-22 15:30", datetime(2026, 11, 22, 20, 30)),  # noqa: DTZ001
        ("2026-07-01", datetime(2026, 7, 1, 4)),  # noqa: DTZ001
        ("2026-11-16 18:15:46.6805909", datetime(2026, 11, 16, 23, 15, 46, 680_590)),  # noqa: DTZ001
        ("2026-11-01T01:30:00", datetime(2026, 11, 1, 5, 30)),  # noqa: DTZ001
    ],
)
def test_a_time_without_a_zone_is_read_by_the_organizations_clocks(text: str, expected: datetime) -> None:
    assert use(occurred_at=text).occurred_at == expected.replace(tzinfo=UTC)
    assert use(occurred_at=text).occurred_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("0.055", "0.055"),
        ("5e-05", "0.00005"),
        ("1E2", "100"),
        ("+2", "2"),
        (".5", "0.5"),
        ("0.10000000", "0.1"),
        ("0", "0"),
        ("9223372036854.775807", "9223372036854.775807"),
    ],
)
def test_an_amount_is_exact_in_every_form_that_programs_write(text: str, exact: str) -> None:
    assert str(use(credits=text).credits) == exact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1,5",
        "0.0000001",
        "1e-7",
        "NaN",
        "inf",
        "1e999999",
        "9223372036855",
        "١",
        "1" * 60,
        f"0.5{'0' * 40}1",
    ],
)
def test_what_is_no_exact_amount_is_a_bad_line(text: str) -> None:
    assert reason(credits=text).startswith("credits: ")
    assert len(reason(credits=text)) < 120


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"credits": ""}, "credits: is missing"),
        ({"occurred_at": ""}, "occurred_at: is missing"),
        (
            {"occurred_at": "22.11.2026"},
            "occurred_at: invalid time '22.11.2026': use one like 2026-11-22T20:30:00Z",
        ),
        ({"occurred_at": "0001-01-01"}, "occurred_at: the year is out of range"),
        ({"quantity": "1.5"}, "quantity: must be a whole number, not '1.5'"),
        ({"quantity": "-1"}, "quantity: must be a whole number, not '-1'"),
        ({"label": "caf\udce9"}, "label: not UTF-8"),
        ({"id": "\udcff"}, "id: not UTF-8"),
        ({"credits": "1", "reverses": "e1"}, "credits: must be negative, because it reverses an event"),
    ],
)
def test_a_bad_line_says_which_field_and_why(values: dict[str, str], expected: str) -> None:
    assert reason(**values) == expected


def test_a_reversal_names_what_it_gives_back() -> None:
    (entry,) = read(row(credits="-1.5", reverses="e1"))
    assert isinstance(entry, Entry)
    assert entry.reverses == "e1"
    assert entry.use.credits == Credits.parse("-1.5")


def test_an_id_stands_once() -> None:
    first, second, third = read(row(2, id="a"), row(3, id="b"), row(4, id="a"))
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert third == BadLine(4, "id: already used in line 2")


def test_a_bad_row_stays_in_its_place() -> None:
    bad = BadLine(3, "no valid CSV")
    assert read(row(2, id="a"), bad, row(4, id="b"))[1] == bad
