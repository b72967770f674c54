"""What one row says, field by field."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.importing.tables import read_files, write
from usage_tui.importing.columns import ALIASES
from usage_tui.importing.entry_list import Entry
from usage_tui.ledger.ledger import Use
from usage_tui.models import Credits

GIVEN = {"occurred_at": "2026-11-22T20:30:00Z", "credits": "1.5"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def rows(folder: Path, *each: dict[str, str]) -> tuple[list[Entry], list[str]]:
    """The entries and bad lines of a table of rows."""
    names = [name for name in ALIASES if any(name in one for one in each)]
    lines = [names, *([_quoted(one.get(name, "")) for name in names] for one in each)]
    path = write(folder, "\n".join(map(",".join, lines)) + "\n", "events.csv")
    found = read_files(path, zone="America/New_York")
    return list(found.entries), list(map(str, found.bad_lines))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def use(folder: Path, **values: str) -> Use:
    entries, bad_lines = rows(folder, GIVEN | values)
    assert bad_lines == []
    return entries[0].use


def reason(folder: Path, **values: str) -> str:
    entries, (bad,) = rows(folder, GIVEN | values)
    assert entries == []
    return bad.removeprefix("events.csv, line 2: ")


def test_time_and_credits_are_enough(folder: Path) -> None:
    assert use(folder)._replace(id="") == Use(
        id="",
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


def test_every_field_is_taken_over(folder: Path) -> None:
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
    assert {name: getattr(use(folder, **values), name) for name in values} == expected


def test_empty_fields_count_as_missing_and_spaces_around_are_dropped(folder: Path) -> None:
    found = use(folder, id=" ", kind="", label="\t", actor=" ana ", quantity=" ")
    assert found.actor == "ana"
    assert found._replace(actor=None, id="") == use(folder)._replace(id="")


def test_a_known_kind_names_its_source_and_what_it_counts(folder: Path) -> None:
    chat = use(folder, kind="agent_chat")
    assert (chat.source_id, chat.label, chat.activity) == ("agent_chat", "Agent chat", "message")


def test_a_source_is_named_by_its_label_or_its_id(folder: Path) -> None:
    digest, workflow = use(folder, label="Digest"), use(folder, source_id="wf_1")
    assert (digest.source_id, digest.label) == ("Digest", "Digest")
    assert (workflow.source_id, workflow.label) == ("wf_1", "wf_1")


def test_texts_are_made_harmless(folder: Path) -> None:
    assert use(folder, id="a\x1b[2J", label="x\u202ey\x07", actor="\x9b").id == "a�[2J"
    assert use(folder, label="x\u202ey\x07").label == "xy�"


@pytest.mark.parametrize(("text", "count"), [("10.0", 10), ("3", 3), ("0", 0)])
def test_a_count_may_be_written_as_a_decimal(folder: Path, text: str, count: int) -> None:
    assert use(folder, quantity=text).quantity == count


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"credits": ""}, "credits: is missing"),
        ({"credits": "abc"}, "credits: invalid amount 'abc': use a number such as 1234.5"),
        ({"credits": "1_000"}, "credits: invalid amount '1_000': use a number such as 1234.5"),
        ({"credits": "9" * 30}, "credits: the amount is too large: the limit is 9,223,372,036,854.775807"),
        ({"occurred_at": "0001-01-01"}, "occurred_at: the year is out of range"),
        (
            {"occurred_at": "yesterday"},
            "occurred_at: invalid time 'yesterday': use one like 2026-11-22T20:30:00Z",
        ),
        (
            {"occurred_at": "2027-02-02"},
            "occurred_at: 2027-02-02T05:00:00+00:00 lies in the future; if that is right, "
            "import it with usage-tui import --as-of TIME",
        ),
        (
            {"quantity": "1.5"},
            "quantity: must be a whole number, not '1.5'; --map quantity= reads no quantities",
        ),
        (
            {"quantity": "-1"},
            "quantity: must be a whole number, not '-1'; --map quantity= reads no quantities",
        ),
        ({"label": "x" * 10_001}, "label: has more than 10,000 characters"),
        ({"credits": "1", "reverses": "e1"}, "credits: must be negative, because it reverses an event"),
    ],
)
def test_a_bad_line_says_which_field_and_why(folder: Path, values: dict[str, str], expected: str) -> None:
    assert reason(folder, **values) == expected


def test_a_damaged_letter_in_utf_8_is_a_bad_line(folder: Path) -> None:
    path = folder / "events.csv"
    path.write_bytes("time,cost,name\n2026-11-01,1,caf#\n2026-11-01,2,ö\n".encode().replace(b"#", b"\xe9"))
    found = read_files(path)
    assert list(map(str, found.bad_lines)) == ["events.csv, line 2: label: not UTF-8"]
    assert len(found.entries) == 1


def test_a_reversal_names_what_it_gives_back(folder: Path) -> None:
    (entry,), _ = rows(folder, GIVEN | {"credits": "-1.5", "reverses": "e1"})
    assert entry.reverses == "e1"
    assert entry.use.credits == Credits.parse("-1.5")


def test_a_negative_amount_that_names_no_event_is_an_adjustment(folder: Path) -> None:
    (entry,), _ = rows(folder, GIVEN | {"credits": "-0.5", "label": "Digest", "quantity": "4"})
    assert (entry.reverses, entry.use.activity, entry.use.quantity) == (None, "adjustment", 0)


def test_an_id_stands_once(folder: Path) -> None:
    entries, bad_lines = rows(folder, *(GIVEN | {"id": one} for one in "aba"))
    assert [entry.use.id for entry in entries] == ["a", "b"]
    assert bad_lines == ["events.csv, line 4: id: already used in line 2"]
