"""Recordings of a client that does not tell everything: they say why, agree, and show the same screen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cards.states import REASONS, vendor
from tests.clients.recordings import with_header, with_line
from tests.schema import faults
from usage_tui.cards.page import page
from usage_tui.cards.typeset.glyphs import MONOCHROME
from usage_tui.clients.base import InvalidRecording, NotOffered, Slice
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.dollars import dollars
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.header import Missing, recording_schema
from usage_tui.models import Allowances, EventQuery
from usage_tui.state.loading import load_all
from usage_tui.state.recorder import record
from usage_tui.state.reducers import initial
from usage_tui.state.usage import UsageState

VENDOR = vendor()
SENTENCES = {Slice.GRANTS: "OpenAI does not report grants.", Slice.ALLOWANCES: "OpenAI has no allowances."}


def vendor_client() -> DemoClient:
    """A client that tells what `vendor` shows."""
    state, scenario = VENDOR, dollars()
    summary, sources, daily = state.summary.value, state.sources.value, state.daily.value
    page_ = state.recent.value
    assert summary is not None
    assert sources is not None
    assert daily is not None
    assert page_ is not None
    as_of, revision = summary.as_of, summary.revision
    statement = scenario.statement._replace(
        summary=summary,
        sources=replace(sources, total=sources.total),
        daily=daily,
        allowances=Allowances(as_of=as_of, revision=revision, items=()),
    )
    return DemoClient(scenario._replace(statement=statement, events=page_.items, not_offered=SENTENCES))


class Store:
    """The state, and nothing else."""

    def __init__(self, client: DemoClient | RecordingClient) -> None:
        self.state: UsageState = initial("OpenAI", client.not_offered)


async def shown(client: DemoClient | RecordingClient) -> str:
    store = Store(client)
    await load_all(store, client)
    return page(store.state, 100, MONOCHROME)


async def recorded(folder: Path, *, redact: bool = False) -> Path:
    path = folder / "vendor.jsonl"
    await record(vendor_client(), path, redact=redact)
    return path


async def test_a_recording_shows_the_screen_of_its_client(tmp_path: Path) -> None:
    client = await RecordingClient.open(await recorded(tmp_path))
    await client.check()
    assert await shown(client) == await shown(vendor_client())
    assert "OpenAI does not report grants." in await shown(client)
    nobody = "This recording has daily totals, which do not tell who used what."
    assert client.not_offered == {**SENTENCES, Slice.PEOPLE: nobody}
    with pytest.raises(NotOffered, match=r"^OpenAI does not report grants\.$"):
        await client.grants()
    await client.aclose()


async def test_nothing_that_is_missing_is_written_as_zero(tmp_path: Path) -> None:
    header, *events = map(json.loads, (await recorded(tmp_path)).read_text("utf-8").splitlines())
    summary = header["summary"]
    for name in ("balance", "period", "included", "subscription", "state", "capabilities"):
        assert summary[name] is None, name
    assert summary["usage"] == {
        "total": "62.53275",
        "from_included": None,
        "from_purchased": None,
        "uncovered": None,
        "event_count": None,
    }
    assert summary["not_offered"] == {str(part): reason for part, reason in REASONS.items()}
    assert header["grants"] == {"not_offered": "OpenAI does not report grants."}
    assert {source["count"] for source in header["sources"]["items"]} == {None}
    assert all("ends_at" in event and "quantity" not in event for event in events)


async def test_every_line_meets_the_schema(tmp_path: Path) -> None:
    schema = recording_schema()
    for line in (await recorded(tmp_path)).read_text("utf-8").splitlines():
        assert not faults(json.loads(line), {"oneOf": schema["oneOf"]}, schema["$defs"])


async def test_numbers_that_are_told_are_still_compared(tmp_path: Path) -> None:
    path = await recorded(tmp_path)
    with_header(path, lambda data: data["summary"]["usage"].update(total="62.54"))
    client = await RecordingClient.open(path)
    with pytest.raises(
        InvalidRecording, match=r"sources, total: 62\.53275, but summary, usage, total is 62\.54"
    ):
        await client.check()
    await client.aclose()


async def test_a_total_of_a_day_is_found_by_the_filters(tmp_path: Path) -> None:
    client = await RecordingClient.open(await recorded(tmp_path))
    (every, _, third, *_) = [(await client.events(EventQuery(), limit=10)).items] * 3
    day = every[2]
    found = await client.events(EventQuery(starts_at=day.occurred_at, ends_at=day.ends_at), limit=10)
    assert found.items == (third[2],)
    await client.aclose()


async def test_a_redacted_recording_says_that_it_is_not_offered_in_its_own_words(tmp_path: Path) -> None:
    path = await recorded(tmp_path, redact=True)
    assert "OpenAI" not in path.read_text("utf-8")
    client = await RecordingClient.open(path)
    await client.check()
    assert client.not_offered[Slice.GRANTS] == "This recording has no credit grants."
    assert "Not offered by OpenAI." in await shown(client)  # the origin, as this store names it
    await client.aclose()


async def test_a_reason_is_made_harmless(tmp_path: Path) -> None:
    path = await recorded(tmp_path)
    with_line(path, 1, lambda data: data["grants"].update(not_offered="No \x1b[31mgrants."))
    client = await RecordingClient.open(path)
    assert client.not_offered[Slice.GRANTS] == "No �[31mgrants."
    assert client._recording.header.grants == Missing(not_offered="No �[31mgrants.")
    await client.aclose()
