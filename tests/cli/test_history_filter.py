"""`history --filter` and `--sort`, and the same of `export history`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.clients.recordings import EVENTS, record_acme
from usage_tui.cli import main
from usage_tui.cli.ending import DONE, FAILED, MISUSED, WITHHELD
from usage_tui.clients.base import CannotFilter
from usage_tui.clients.demo.client import DemoClient
from usage_tui.models import Credits, Event


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(record_acme(tmp_path_factory.mktemp("recording")))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == DONE
    return capsys.readouterr().out


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(printed(capsys, *words, "--json"))


def contracts() -> Sequence[Event]:
    return [event for event in EVENTS if event.label == "Contract review" and event.credits.micro > 1_000_000]


def test_the_answer_has_the_filter_and_the_totals_of_all_that_match(
    recording: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = contracts()
    answer = told(capsys, "history", recording, "--filter", "credits:>1  source:contract", "--limit", "3")
    assert answer["filter"] == "source:contract credits:>1"
    assert [row["id"] for row in answer["items"]] == [event.id for event in found[:3]]
    assert answer["totals"] == {
        "events": len(found),
        "credits": str(Credits.total(event.credits for event in found)),
        "events_complete": True,
        "credits_complete": True,
    }
    assert (answer["sort"], answer["ascending"], answer["complete"]) == ("occurred_at", False, False)


def test_people_see_the_filter_and_the_totals(recording: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "history", recording, "--filter", "credits:>1 source:contract", "--limit", "2")
    assert f"2 of {len(contracts())}" in out
    assert "Filter  source:contract credits:>1\n" in out
    total = Credits.total(event.credits for event in contracts())
    assert f"Total   {len(contracts())} events, {Decimal(str(total)):,} credits" in out
    assert "Filter" not in printed(capsys, "history", recording)
    assert "No events match the filter." in printed(capsys, "history", recording, "--filter", "nothing")


@pytest.mark.parametrize(
    ("words", "reverse"), [(["--sort", "credits"], True), (["--sort", "credits", "--ascending"], False)]
)
def test_the_history_is_sorted_by_amount(
    words: list[str], reverse: bool, recording: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = told(capsys, "history", recording, "--limit", "all", *words)
    amounts = [Decimal(row["credits"]) for row in answer["items"]]
    assert amounts == sorted(amounts, reverse=reverse)
    assert len(amounts) == len(EVENTS)
    assert (answer["filter"], answer["totals"], answer["sort"]) == (None, None, "credits")


def test_days_are_counted_from_the_data(recording: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "history", recording, "--filter", "on:yesterday")
    assert answer["filter"] == "on:2026-11-21"
    assert {row["occurred_at"][:10] for row in answer["items"]} <= {"2026-11-21", "2026-11-22"}
    assert answer["totals"]["events"] == answer["total"] > 0


def test_the_last_period_is_asked_for_where_it_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "history", "--demo", "--filter", "on:last-period")
    assert answer["filter"] == "from:2026-10-01 to:2026-10-31"
    assert answer["items"]


def test_every_mistake_is_said_in_one_line(recording: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", recording, "--filter", "credits:>x sorce:y"]) == MISUSED
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        'usage-tui: --filter: credits:>x: "x" is not an amount; '
        'sorce:y: unknown key "sorce"; did you mean source?\n'
    )


@pytest.mark.parametrize("form", ["--csv", "--ndjson", "--markdown", "--json"])
def test_an_export_has_all_that_match(
    form: str, recording: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ["--filter", "source:contract credits:>1", "--sort", "credits"]
    out = printed(capsys, "history", recording, *chosen, "--limit", "all", form)
    file = tmp_path / "x"
    format_ = form.removeprefix("--").replace("markdown", "md")
    printed(capsys, "export", "history", recording, *chosen, "-o", str(file), "--format", format_)
    assert file.read_text() == out
    if form == "--csv":
        assert len([*csv.DictReader(io.StringIO(out))]) == len(contracts())


def test_an_export_of_a_period_stays_within_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.json"
    words = ["--period", "last", "--filter", "kind:workflow from:2026-10-20"]
    printed(capsys, "export", "history", "--demo", *words, "-o", str(file))
    answer = json.loads(file.read_text())
    assert answer["filter"] == "kind:workflow from:2026-10-20 to:2026-10-31"
    assert answer["totals"]["events"] == len(answer["items"]) > 0


def test_a_filter_goes_with_the_history_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = str(tmp_path / "x.csv")
    assert main(["export", "grants", "--demo", "--filter", "x", "-o", output]) == MISUSED
    assert "--filter and --sort go with history and focus, not with grants" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("key", "field"), [("source", "label"), ("actor", "actor"), ("source_id", "source_id")]
)
def test_where_names_are_replaced_a_filter_takes_them_as_they_are_shown(
    key: str, field: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every, hidden = (
        json.loads(printed(capsys, "history", "--demo", *words, "--limit", "all", "--json"))["items"]
        for words in ([], ["--redact"])
    )
    pseudonym, name = next(
        (two[field], one[field]) for one, two in zip(every, hidden, strict=True) if two[field] != one[field]
    )
    wanted = f"source_id:{pseudonym}" if key == "source_id" else f'{key}:="{pseudonym}"'
    file = tmp_path / "found.json"
    printed(capsys, "export", "history", "--demo", "--filter", wanted, "--redact", "-o", str(file))
    found = printed(capsys, "history", "--demo", "--filter", wanted, "--redact", "--limit", "all", "--json")
    for text in (found, file.read_text()):
        answer = json.loads(text)
        assert [one["id"] for one in answer["items"]] == [one["id"] for one in every if one[field] == name]
        assert {one[field] for one in answer["items"]} == {pseudonym}
        assert answer["filter"] == wanted
        assert name not in text


def test_where_names_are_replaced_a_real_one_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["history", "--demo", "--filter", "actor:maria", "--redact"]) == FAILED
    assert capsys.readouterr().err.splitlines() == [
        "usage-tui: Names are hidden, and maria is not one of the names shown. "
        'Filter by a name as it is shown, such as source:="Source 1", or show names.'
    ]


@pytest.mark.parametrize("what", ["sources", "daily", "why", "history"])
def test_every_command_calls_a_source_the_same(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    ranked = json.loads(printed(capsys, "sources", "--demo", "--json"))["items"]
    hidden = json.loads(printed(capsys, "sources", "--demo", "--redact", "--json"))["items"]
    called = {one["label"]: two["label"] for one, two in zip(ranked, hidden, strict=True)}
    assert called["Contract review"] == "Source 1"

    def labels(*words: str) -> list[str]:
        return re.findall(r'"label": "([^"]*)"', printed(capsys, what, "--demo", *words, "--json"))

    names, pseudonyms = labels(), labels("--redact")
    assert len(names) == len(pseudonyms)
    assert {
        one: two for one, two in zip(names, pseudonyms, strict=True) if one in called
    }.items() <= called.items()


def test_what_a_service_says_is_not_told_where_names_are_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grants", "--demo", "member", "--redact"]) == WITHHELD
    assert "Acme" not in capsys.readouterr().err


def test_who_may_not_see_events_asks_for_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def never(*_: object, **__: object) -> Any:
        raise AssertionError("asked for")

    monkeypatch.setattr(DemoClient, "_page", never)
    for words in (["--filter", "actor:maria"], ["--filter", "credits:>x"], ["--sort", "credits"]):
        assert main(["history", "--demo", "member", *words]) == WITHHELD
        assert capsys.readouterr().out == ""


def test_what_a_source_cannot_do_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = DemoClient.events

    async def refusing(self: DemoClient, query: Any, **options: Any) -> Any:
        if query.least is not None:
            raise CannotFilter("demo cannot filter by amount.")
        return await events(self, query, **options)

    monkeypatch.setattr(DemoClient, "events", refusing)
    assert main(["history", "--demo", "--filter", "credits:>1"]) == FAILED
    assert capsys.readouterr() == ("", "usage-tui: demo cannot filter by amount.\n")


def test_the_help_tells_the_terms(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["history", "--help"], ["export", "--help"]):
        with pytest.raises(SystemExit):
            main(words)
        assert "--filter FILTER" in capsys.readouterr().out
