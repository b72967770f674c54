"""A recording that changes while it is on the screen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.clients.recordings import EVENTS, HEADER, record_acme, with_header, with_line
from tests.known import known
from tests.tui.clients import Scripted, demo
from tests.tui.session import NORMAL, WIDE, make_app, running
from usage_tui.clients.base import Slice, Unreachable
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.file import write_recording
from usage_tui.clients.recording.header import Extent
from usage_tui.config.settings import Settings
from usage_tui.tui.app import UsageApp
from usage_tui.tui.widgets.events_table import EventsTable
from usage_tui.tui.widgets.table import TableWidget


async def watching(path: Path) -> UsageApp:
    """A dashboard that looks at a file again and again; here only when it is told to."""
    client = await RecordingClient.open(path)
    return UsageApp(client, Settings(theme="usage-dark", refresh_seconds=2))


def rename(path: Path, name: str) -> None:
    """Let the organization have another name."""
    with_header(path, lambda header: header["summary"]["org"].update(name=name))


async def test_a_file_that_has_not_changed_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await watching(record_acme(tmp_path))
    async with running(app) as ui:
        state = app.state
        app.check_origin()
        await ui.settle()
        assert app.state is state


async def test_a_file_that_has_changed_is_shown(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    app = await watching(path)
    async with running(app) as ui:
        rename(path, "Ohmega")
        assert "Ohmega" not in ui.text
        app.check_origin()
        await ui.settle()
        assert ui.lines[0].startswith(" Ohmega ")


async def test_cursor_page_and_focus_stay(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    app = await watching(path)
    async with running(app, NORMAL) as ui:
        await ui.press("tab", "tab", "tab", "down", "2", "n", "n", "down", "down", "down")
        table = ui.focused(EventsTable)
        rows, event = ui.line("Rows "), table.event
        rename(path, "Ohmega")
        app.check_origin()
        await ui.settle()
        assert ui.lines[0].startswith(" Ohmega ")
        assert (app.focused, ui.line("Rows "), table.event) == (table, rows, event)
        await ui.press("1")
        assert ui.focused(TableWidget).cursor == 1


async def test_newer_events_leave_the_page_where_it_is(tmp_path: Path) -> None:
    path, header = tmp_path / "acme.jsonl", HEADER._replace(events=Extent(complete=False))
    write_recording(path, header, EVENTS[2:])
    app = await watching(path)
    async with running(app, NORMAL) as ui:
        await ui.press("2", "n")
        items = known(app.state.events.value).items
        assert "Rows 14–26 of 469" in ui.text
        write_recording(path, header, EVENTS)
        app.check_origin()
        await ui.settle()
        assert known(app.state.events.value).items == items
        assert "of 471" in ui.line("Rows ")


async def test_a_dialog_stays_open(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    app = await watching(path)
    async with running(app, WIDE) as ui:
        await ui.press("question_mark")
        rename(path, "Ohmega")
        app.check_origin()
        await ui.settle()
        assert "next card or link" in ui.text
        await ui.press("escape")
        assert ui.lines[0].startswith(" Ohmega ")


async def test_a_half_written_file_keeps_the_old_view_and_says_so(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    app = await watching(path)
    async with running(app, WIDE) as ui:
        await ui.press("tab", "tab", "tab", "down")
        cards = [line for line in ui.lines if "Agent chat" in line]
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        app.check_origin()
        await ui.settle()
        assert "acme.jsonl: line " in ui.text
        assert "is cut short" in ui.text
        assert all(line in ui.lines for line in cards[:1])
        assert ui.focused(TableWidget).cursor == 1
        path.write_bytes(whole)
        app.check_origin()
        await ui.settle()
        assert "is cut short" not in ui.text


async def test_a_file_that_is_gone_keeps_the_old_view_and_says_so(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    app = await watching(path)
    async with running(app) as ui:
        before = app.state.sources.value
        path.unlink()
        app.check_origin()
        await ui.settle()
        assert "acme.jsonl does not exist." in ui.text
        assert app.state.sources.value is before


async def test_a_file_that_contradicts_itself_is_shown_with_a_warning(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    app = await watching(path)
    async with running(app) as ui:
        assert "Check" not in ui.text
        with_line(path, 3, lambda event: event.update(credits="1000000"))
        app.check_origin()
        await ui.settle()
        assert "! Check  acme.jsonl" in ui.text


async def test_only_who_asked_for_it_is_watching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    intervals: list[float] = []
    client = await RecordingClient.open(record_acme(tmp_path))
    for seconds in (0, 2):
        app = make_app(client, refresh_seconds=seconds)
        monkeypatch.setattr(app, "set_interval", lambda seconds, call: intervals.append(seconds))
        async with running(app):
            assert intervals == ([2] if seconds else [])


async def test_what_a_look_led_to_is_finished_before_the_next_look() -> None:
    class Slow(Scripted):
        looks = 0
        answering = asyncio.Event()

        async def refresh(self) -> bool:
            self.looks += 1
            return True

        async def _answer(self, name: Slice, reply: Any) -> Any:
            if self.looks:
                await self.answering.wait()
            return reply

    client = Slow()
    app = make_app(client)
    async with running(app) as ui:
        for _ in range(3):
            app.check_origin()
            await ui.pilot.pause()
        assert client.looks == 1
        client.answering.set()
        await ui.settle()
        app.check_origin()
        await ui.settle()
        assert client.looks == 2


async def test_a_process_that_was_stopped_looks_once_when_it_goes_on() -> None:
    client = demo()
    app = make_app(client, refresh_seconds=3600)
    async with running(app) as ui:
        app.app_resume_signal.publish(app)
        await ui.settle()
        assert client.asked.count("refresh") == 1


async def test_a_card_that_failed_is_loaded_by_the_next_look_although_nothing_has_changed() -> None:
    class Unchanged(Scripted):
        async def refresh(self) -> bool:
            return False

    client = Unchanged(sources=Unreachable("No answer."))
    app = make_app(client)
    async with running(app) as ui:
        assert "could not load" in ui.text
        client.replies = {}
        app.check_origin()
        await ui.settle()
        assert "could not load" not in ui.text


async def test_a_look_that_takes_long_is_not_begun_anew() -> None:
    class Slow(Scripted):
        looks = 0

        async def refresh(self) -> bool:
            self.looks += 1
            await asyncio.Event().wait()
            return True

    client = Slow()
    app = make_app(client)
    async with running(app) as ui:
        for _ in range(3):
            app.check_origin()
            await ui.pilot.pause()
        assert client.looks == 1


async def test_what_could_not_be_looked_at_is_forgotten_once_it_can() -> None:
    class Absent(Scripted):
        there = False

        async def refresh(self) -> bool:
            if not self.there:
                raise Unreachable("The service does not answer.")
            return False

    client = Absent()
    app = make_app(client)
    async with running(app) as ui:
        before = ui.text
        app.check_origin()
        await ui.settle()
        assert "The service does not answer." in ui.text
        client.there = True
        app.check_origin()
        await ui.settle()
        assert ui.text == before
