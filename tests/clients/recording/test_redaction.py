"""Redaction: no name is left, the same one is always replaced alike, and no number changes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients.recordings import EVENTS, HEADER
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.file import write_recording
from usage_tui.clients.recording.redaction import Redaction
from usage_tui.models import Links, Me, Notice, Ranking
from usage_tui.state.recorder import record

NAMES = {"name", "label", "actor", "description", "source_id", "user", "organizations", "org", "top"}
SKIPPED = {"loading", "failed", "stale"}


def numbers(value: Any) -> Any:
    """What is left of a line without the places where names stand."""
    if isinstance(value, dict):
        dropped = NAMES | {"links", "notices", "access_notice", "not_offered"}
        return {name: numbers(inner) for name, inner in value.items() if name not in dropped}
    return [numbers(one) for one in value] if isinstance(value, list) else value


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("scenario", sorted(set(SCENARIOS) - SKIPPED))
async def test_nothing_but_names_changes_and_the_recording_still_agrees_with_itself(
    tmp_path: Path, scenario: str
) -> None:
    plain, redacted = tmp_path / "plain.jsonl", tmp_path / "redacted.jsonl"
    await record(open_demo(scenario), plain)
    await record(open_demo(scenario), redacted, redact=True)
    await (await RecordingClient.open(redacted)).check()
    assert numbers(lines(redacted)) == numbers(lines(plain))


@pytest.mark.parametrize("scenario", ["acme", "member"])
async def test_no_name_is_left_anywhere(tmp_path: Path, scenario: str) -> None:
    path = tmp_path / "redacted.jsonl"
    await record(open_demo(scenario), path, redact=True)
    text = path.read_text(encoding="utf-8")
    names = {"Acme", "acme", "Maria", "maria", "usr_"}
    names |= {grant.description for grant in acme().statement.grants.items}
    names |= {part.label for meter in acme().statement.allowances.items for part in meter.lines or ()}
    for event in acme().events:
        names |= {event.label, event.actor or "Acme", f'"{event.source_id}"'}
    for name in names - {"Agent chat", "Browser sessions", '"agent_chat"'}:
        assert name not in text, name
    assert "https://" not in text


def test_the_same_name_has_the_same_pseudonym_in_header_and_events() -> None:
    redaction = Redaction()
    header = redaction.header(HEADER)
    events = [redaction.event(event) for event in EVENTS]
    labels = dict(zip((e.source_id for e in EVENTS), ((e.source_id, e.label) for e in events), strict=True))
    assert isinstance(HEADER.sources, Ranking)
    assert isinstance(header.sources, Ranking)
    assert isinstance(header.me, Me)
    for before, after in zip(HEADER.sources.items, header.sources.items, strict=True):
        assert (after.source_id, after.label) == labels[before.source_id]
    assert len(set(labels.values())) == len(labels)
    assert header.summary.org.id == header.me.organizations[0].id
    assert header.summary.org.name == header.me.organizations[0].name


def test_two_people_stay_two_people() -> None:
    redaction = Redaction()
    ann, bob = (replace(EVENTS[0], actor=actor) for actor in ("ann@acme.example", "bob@acme.example"))
    actors = [redaction.event(event).actor for event in (ann, bob, ann)]
    assert actors == ["Person 1", "Person 2", "Person 1"]
    assert redaction.event(replace(ann, actor=None)).actor is None


def test_links_and_sentences_of_the_service_are_left_out() -> None:
    summary = replace(
        HEADER.summary,
        links=Links(buy_credits="https://billing.example/acme"),
        notices=(Notice(code="note", text="Maria asks you to save."),),
        access_notice="Ask Maria.",
    )
    redacted = Redaction().header(HEADER._replace(summary=summary)).summary
    assert (redacted.links, redacted.notices, redacted.access_notice) == (None, (), None)


def test_a_pseudonym_tells_nothing_of_the_name(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.jsonl", Redaction().header(HEADER), [])
    (line,) = lines(tmp_path / "a.jsonl")
    for row in line["sources"]["items"]:
        assert re.fullmatch(r"source_\d+", row["source_id"])
        assert re.fullmatch(r"Source \d+|Agent chat", row["label"])
