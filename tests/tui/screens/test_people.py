"""People beside sources: one key for who used what, asked for when wanted, and only by who may see it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.tui.clients import Scripted, demo
from tests.tui.session import NARROW, NORMAL, WIDE, make_app, running
from usage_tui.cli import main
from usage_tui.clients.base import NotOffered, Unreachable
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.models import Ranking, SourceDays
from usage_tui.state.recorder import record
from usage_tui.tui.screens.history import HistoryScreen

BACK = "left_square_bracket"


@pytest.mark.parametrize("size", [NARROW, NORMAL, WIDE])
async def test_u_ranks_people_and_sources_again(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("u")
        assert "maria@acme.example" in ui.shown("#ranking")
        assert "Not attributed" in ui.shown("#ranking")
        assert "Contract review" not in ui.shown("#ranking")
        await ui.press("u")
        assert "Contract review" in ui.shown("#ranking")
        assert "maria@acme.example" not in ui.shown("#ranking")


async def test_the_words_of_the_head_can_be_clicked() -> None:
    async with running(make_app()) as ui:
        await ui.click("People")
        assert "sam@acme.example" in ui.shown("#ranking")
        await ui.click("Sources  People")
        assert "Contract review" in ui.shown("#ranking")


async def test_the_screen_says_what_the_command_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(main, ["sources", "--demo", "--by", "actor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["items"]
    async with running(make_app()) as ui:
        await ui.press("u")
        rows = [row for row in ui.shown("#ranking").splitlines()[2:] if row]
    assert len(rows) == len(told)
    for one, row in zip(told, rows, strict=True):
        assert row.startswith(one["label"])
        assert Decimal(row.removeprefix(one["label"]).split()[0].replace(",", "")) == Decimal(one["credits"])


async def test_people_are_asked_for_when_they_are_wanted_and_again_when_the_data_change() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        assert "people" not in client.asked
        await ui.press("u")
        assert client.asked.count("people") == 1
        await ui.press("tab", "u", "u", "c", "u")
        assert client.asked.count("people") == 1


async def test_a_member_never_causes_a_request_for_people() -> None:
    client = demo("member")
    async with running(make_app(client)) as ui:
        await ui.press("tab", "tab", "u", BACK, "u", "w", "u", "escape")
        assert "u people" not in ui.footer
        assert "People" not in ui.text
        assert not {"people", "people_days"} & {*client.asked}
        await ui.press("question_mark")
        assert "people or sources" not in ui.text
        assert "No ranking of people here." in ui.text


async def test_a_part_of_the_events_has_no_people_and_the_help_says_why(tmp_path: Path) -> None:
    path = tmp_path / "part.jsonl"
    await record(DemoClient(acme()), path, most=10)
    async with running(make_app(await RecordingClient.open(path))) as ui:
        assert "People" not in ui.shown("#ranking")
        await ui.press("u", "question_mark")
        assert "does not tell who used what" in " ".join(ui.text.split())


async def test_events_that_name_nobody_have_no_people_and_the_help_says_why(tmp_path: Path) -> None:
    path, nameless = tmp_path / "nameless.jsonl", acme()
    events = tuple(replace(event, actor=None) for event in nameless.events)
    await record(DemoClient(nameless._replace(events=events)), path)
    async with running(make_app(await RecordingClient.open(path)), WIDE) as ui:
        assert "People" not in ui.shown("#ranking")
        assert "u people" not in ui.footer
        await ui.press("u")
        assert "Contract review" in ui.shown("#ranking")
        await ui.press("w")
        assert "people" not in ui.shown("#why").splitlines()[-1]
        await ui.press("escape", "ctrl+p", *"people")
        assert "people" not in ui.shown("Choices").lower()
        await ui.press("escape", "question_mark")
        assert "No event of this recording names a person" in " ".join(ui.text.split())


async def test_one_old_event_that_names_a_person_is_enough(tmp_path: Path) -> None:
    path, script = tmp_path / "one.jsonl", acme()
    *newer, oldest = script.events
    events = (*(replace(event, actor=None) for event in newer), replace(oldest, actor="sam@acme.example"))
    await record(DemoClient(script._replace(events=events)), path)
    async with running(make_app(await RecordingClient.open(path)), WIDE) as ui:
        assert "People" in ui.shown("#ranking")


@pytest.mark.parametrize(("size", "days"), [(NORMAL, 14), ((220, 50), 28)])
async def test_people_have_a_trend_as_sources_have(size: tuple[int, int], days: int) -> None:
    client = demo()
    async with running(make_app(client), size) as ui:
        await ui.press("u")
        assert f"{days} days" in ui.shown("#ranking")
        (maria,) = (row for row in ui.shown("#ranking").splitlines() if "maria" in row)
        assert any(bar in maria for bar in "▁▂▃▅▆▇█")
        await ui.press("u", "u")
        assert client.asked.count("people_days") == 1
        await ui.press(BACK)
        assert f"{days} days" not in ui.shown("#ranking")


async def test_without_a_trend_people_are_ranked_all_the_same() -> None:
    class Undated(DemoClient):
        async def people_days(self, first: date, last: date) -> SourceDays:
            raise Unreachable("The service does not answer.")

    async with running(make_app(Undated(acme()))) as ui:
        await ui.press("u")
        assert "maria@acme.example" in ui.shown("#ranking")
        assert "14 days" not in ui.shown("#ranking")


async def test_a_service_that_does_not_tell_keeps_the_sources() -> None:
    async with running(
        make_app(Scripted(people=NotOffered("The service does not tell who used what.")))
    ) as ui:
        await ui.press("u")
        assert "Contract review" in ui.shown("#ranking")
        assert "People" not in ui.shown("#ranking")


async def test_a_failure_is_shown_in_the_card_and_r_asks_again() -> None:
    client = Scripted(people=Unreachable("The service does not answer."))
    async with running(make_app(client)) as ui:
        await ui.press("u")
        assert "The service does not answer." in ui.shown("#ranking")
        client.replies.clear()
        await ui.press("r")
        assert "maria@acme.example" in ui.shown("#ranking")


async def test_enter_leads_to_what_a_person_used_and_the_rest_leads_nowhere() -> None:
    async with running(make_app()) as ui:
        ui.app.screen.query_one("#ranking").focus()
        await ui.press("u", "down", "enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert "actor:=sam@acme.example" in ui.line("Filter")
        page = ui.app.state.events.value
        assert page is not None
        assert {event.actor for event in page.items} == {"sam@acme.example"}


async def test_people_are_those_of_the_period_that_is_looked_at() -> None:
    async with running(make_app()) as ui:
        await ui.press("u", BACK)
        assert "Usage Oct 1 – Oct 31" in ui.shown("#ranking")
        assert "423.50" in ui.shown("#ranking")
        await ui.press("escape")
        assert "1,025.25" in ui.shown("#ranking")


async def test_the_choice_stays_while_other_screens_are_shown() -> None:
    async with running(make_app()) as ui:
        await ui.press("u", "2", "1")
        assert "maria@acme.example" in ui.shown("#ranking")


async def test_a_period_that_names_nobody_says_so() -> None:
    class Nobody(DemoClient):
        async def people(self, period_id: str | None = None) -> Ranking:
            found = await self.sources(period_id)
            from usage_tui.ledger.people import person_total, rank_people

            rest = person_total("", found.total.micro, None)
            return rank_people([rest], as_of=found.as_of, revision=found.revision)

    async with running(make_app(Nobody(acme()))) as ui:
        await ui.press("u")
        assert "No event of this period names a person." in ui.shown("#ranking")
        assert "6,240.50" in ui.shown("#ranking")


async def test_what_is_exported_are_the_people_on_the_screen() -> None:
    async with running(make_app()) as ui:
        ui.app.screen.query_one("#ranking").focus()
        await ui.press("u", "Y")
        assert "sources --demo acme --by actor" in ui.footer
        await ui.press("e")
        assert "people" in ui.text


async def test_why_tells_people_by_the_same_key() -> None:
    async with running(make_app()) as ui:
        await ui.press("w", "u")
        assert "Person" in ui.text
        assert "Not attributed" in ui.text
        assert "u sources" in ui.text
        await ui.press("u")
        assert "Contract review" in ui.text


async def test_why_begins_with_people_where_they_are_ranked() -> None:
    async with running(make_app()) as ui:
        await ui.press("u", "w")
        assert "Not attributed" in ui.text
