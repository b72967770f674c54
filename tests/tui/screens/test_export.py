"""Export from the screen: the bytes of the command, whole or not at all, and only what the viewer may see."""

from __future__ import annotations

import asyncio
import errno
import os
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.cli.hostile import record_hostile
from tests.clients.recordings import record_acme
from tests.tui.clients import Slow, demo
from tests.tui.hostile import is_harmless
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.cli import main
from usage_tui.cli.ending import DONE
from usage_tui.clients.base import UsageClient, Withheld
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.config.started import Started
from usage_tui.config.terminal import MOST_COPIED
from usage_tui.models import EventPage, EventQuery
from usage_tui.tui.app import UsageApp
from usage_tui.tui.screens.export import ExportDialog

SUFFIXES = {"CSV": "csv", "JSON": "json", "NDJSON": "ndjson", "Markdown": "md"}


pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file, so that every look at it is of the same moment."""
    return record_acme(tmp_path_factory.mktemp("recording"))


async def app_of(path: Path) -> UsageApp:
    """The dashboard of a recording."""
    how = Started(source=(str(path),), title="recording", file=path)
    return make_app(await RecordingClient.open(path), started=how)


@asynccontextmanager
async def exporting(
    app: UsageApp, *keys: str, size: tuple[int, int] = WIDE, answered: bool = True
) -> AsyncIterator[Session]:
    """The dialog, after some keys before it opens."""
    async with running(app, size, answered=answered) as ui:
        await ui.press(*keys, "e")
        assert isinstance(ui.app.screen, ExportDialog)
        yield ui


def copying(app: UsageApp) -> list[str]:
    sent: list[str] = []
    setattr(app, "copy_to_clipboard", sent.append)  # noqa: B010 - mypy takes no method for another
    return sent


def dialog(ui: Session) -> str:
    return ui.shown("#export")


def said(ui: Session) -> str:
    """What the dialog says, as one line."""
    return " ".join(dialog(ui).replace("│", "").split())


async def choose(ui: Session, label: str) -> None:
    """Click an alternative, unless it is chosen."""
    if f"● {label}" not in dialog(ui):
        await ui.click(f"○ {label}")
    assert f"● {label}" in dialog(ui)


async def write_to(ui: Session, path: Path | str) -> None:
    """Type a path, and export."""
    ui.app.screen.query_one(Input).value = str(path)
    await ui.settle()
    await ui.press("enter")


async def command(*words: str) -> None:
    """Run a command as the shell would."""
    assert await asyncio.to_thread(main, words) == DONE


def folder_of(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir())


def contents_of(home: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in home.iterdir()}


# The same bytes

VIEWS = {
    "all events": (["2"], "all 471 events", ["history"]),
    "a page": (["2"], "these ", ["history", "--limit", "N"]),
    "sources": (["tab", "tab", "tab"], "sources", ["sources"]),
    "categories": (["tab", "tab", "tab", "c"], "categories", ["sources", "--by", "kind"]),
    "days": ([], "days", ["daily"]),
    "a week": (
        ["tab", "tab", "tab", "tab", "d"],
        "these 7 days",
        ["daily", "--from", "2026-11-16", "--to", "2026-11-22"],
    ),
    "grants": (["3"], "grants", ["grants"]),
    "allowances": ([], "allowances", ["allowances"]),
}


@pytest.mark.parametrize("view", VIEWS)
async def test_a_file_holds_what_the_command_exports(
    view: str, recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, label, words = VIEWS[view]
    async with running(await app_of(recording)) as ui:
        await ui.press(*keys)
        page = ui.app.state.events.value
        for form, suffix in SUFFIXES.items():
            await ui.press("e")
            await choose(ui, label)
            await choose(ui, form)
            await write_to(ui, tmp_path / f"mine.{suffix}")
            assert not isinstance(ui.app.screen, ExportDialog)
            assert f"mine.{suffix}" in ui.footer
    rows = len(page.items) if page else 0
    what, *options = [word.replace("N", str(rows)) for word in words]
    for suffix in SUFFIXES.values():
        mine, theirs = (tmp_path / f"{name}.{suffix}" for name in ("mine", "theirs"))
        await command("export", what, str(recording), *options, "-o", str(theirs))
        assert mine.read_bytes() == theirs.read_bytes()
        assert mine.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("label", ["all 676 events", "these "])
async def test_names_are_left_out_as_the_command_does(label: str, tmp_path: Path) -> None:
    ways: list[list[str]] = [[], ["--no-people"], ["--redact"]]
    async with running(make_app()) as ui:
        await ui.press("2")
        shown = len(ui.app.state.events.value.items) if ui.app.state.events.value else 0
        for presses in range(len(ways)):
            await ui.press("e")
            await choose(ui, label)
            await ui.press(*["p"] * presses)
            await write_to(ui, tmp_path / f"mine-{presses}.csv")
    limit = ["--limit", str(shown)] if label == "these " else []
    for presses, options in enumerate(ways):
        mine, theirs = (tmp_path / f"{name}-{presses}.csv" for name in ("mine", "theirs"))
        await command("export", "history", "--demo", *limit, *options, "-o", str(theirs))
        assert mine.read_bytes() == theirs.read_bytes()
        assert (b"maria@" in mine.read_bytes()) == (presses == 0)


@pytest.mark.parametrize(("presses", "options"), [(0, []), (1, ["--no-people"]), (2, ["--redact"])])
async def test_focus_is_that_of_the_command(presses: int, options: list[str], tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.csv", tmp_path / "theirs.csv"
    async with exporting(make_app("dollars")) as ui:
        await choose(ui, "FOCUS")
        assert "JSON" not in dialog(ui)
        await ui.press(*["p"] * presses)
        await write_to(ui, mine)
    await command("export", "focus", "--demo", "dollars", *options, "-o", str(theirs))
    assert mine.read_bytes() == theirs.read_bytes()
    assert (b"@" in mine.read_bytes()) == (presses == 0)


async def test_focus_is_of_the_period_that_usage_shows(tmp_path: Path) -> None:
    table, made = tmp_path / "costs.csv", tmp_path / "costs.jsonl"
    table.write_text("date,model,cost ($)\n2026-10-01,alpha,1.5\n2026-10-02,beta,2\n2026-11-02,beta,7\n")
    await command("import", str(table), "-o", str(made))
    mine, theirs = tmp_path / "mine.csv", tmp_path / "theirs.csv"
    async with exporting(await app_of(made), "left_square_bracket") as ui:
        await choose(ui, "FOCUS")
        await write_to(ui, mine)
    await command("export", "focus", str(made), "--period", "last", "-o", str(theirs))
    assert mine.read_bytes() == theirs.read_bytes()
    assert mine.read_text().count("2026-10-0") > 2


async def test_focus_is_offered_for_money_alone() -> None:
    async with exporting(make_app()) as ui:
        assert "FOCUS" not in dialog(ui)


async def test_a_filter_with_a_name_has_no_command_without_names() -> None:
    async with exporting(make_app(), "2", "slash", *"source:contract", "enter") as ui:
        await choose(ui, "all ")
        assert "--filter source:contract" in ui.text
        await ui.press("p", "p")
        assert "No command exports just this." in ui.text


@pytest.mark.parametrize("options", [[], ["--redact"]])
async def test_the_report_is_that_of_the_command(options: list[str], recording: Path, tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.html", tmp_path / "theirs.html"
    async with exporting(await app_of(recording)) as ui:
        await choose(ui, "report")
        assert "HTML" in dialog(ui)
        assert "clipboard" not in dialog(ui)
        if options:
            await ui.press("p")
        await write_to(ui, mine)
    await command("export", "report", str(recording), *options, "-o", str(theirs))
    assert mine.read_bytes() == theirs.read_bytes()


async def test_hostile_names_are_what_the_command_makes_of_them(at_home: Path, tmp_path: Path) -> None:
    path = Path(record_hostile(tmp_path))
    suggested = []
    async with running(await app_of(path)) as ui:
        await ui.press("tab", "tab", "tab")
        for form in SUFFIXES:
            await ui.press("e")
            await choose(ui, form)
            suggested.append(ui.app.screen.query_one(Input).value.removeprefix("~/"))
            assert shlex.quote(suggested[-1]) == suggested[-1]
            assert is_harmless(ui.text.replace("\n", ""))
            await ui.press("enter")
    for name, suffix in zip(suggested, SUFFIXES.values(), strict=True):
        theirs = tmp_path / f"theirs.{suffix}"
        await command("export", "sources", str(path), "-o", str(theirs))
        assert (at_home / name).read_bytes() == theirs.read_bytes()
        assert b"cmd()" in theirs.read_bytes()


@pytest.mark.parametrize("view", VIEWS)
async def test_the_command_that_is_shown_writes_the_same(
    view: str, recording: Path, at_home: Path, tmp_path: Path
) -> None:
    keys, label, _ = VIEWS[view]
    app = await app_of(recording)
    sent = copying(app)
    async with exporting(app, *keys) as ui:
        await choose(ui, label)
        await ui.press("p", "Y")
        shown = " ".join(
            row.strip(" │\\") for row in dialog(ui).split("The same later:")[1].splitlines()[1:-1]
        )
        assert shlex.split(shown) == shlex.split(sent[0])
        await ui.press("enter")
    written = at_home / folder_of(at_home)[0]
    mine = written.read_bytes()
    written.unlink()
    program, *words = [word.replace("~", str(at_home)) for word in shlex.split(sent[0])]
    assert program == "usage-tui"
    await command(*words)
    assert written.read_bytes() == mine


async def test_an_older_page_has_no_command_of_its_own(recording: Path) -> None:
    async with exporting(await app_of(recording), "2", "n") as ui:
        assert "No command exports just this." in dialog(ui)
        await choose(ui, "all 471 events")
        assert "usage-tui export history" in dialog(ui)


@pytest.mark.parametrize("keys", [["tab"] * 3, [*["tab"] * 3, "c"], ["tab"] * 4, [*["tab"] * 4, "d"]])
async def test_an_earlier_period_is_exported_as_it_is_shown(keys: list[str], at_home: Path) -> None:
    app = make_app()
    sent = copying(app)
    async with exporting(app, "left_square_bracket", *keys) as ui:
        assert ui.app.state.looked_at is not None
        await ui.press("Y", "enter")
    written = at_home / folder_of(at_home)[0]
    mine = written.read_bytes()
    written.unlink()
    words = [word.replace("~", str(at_home)) for word in shlex.split(sent[0])]
    assert {"--period", "--from"} & set(words) or "sources" not in words
    await command(*words[1:])
    assert written.read_bytes() == mine


@pytest.mark.parametrize("label", ["all ", "these "])
async def test_a_filtered_history_is_exported_as_filtered(label: str, recording: Path, at_home: Path) -> None:
    app = await app_of(recording)
    sent = copying(app)
    async with running(app) as ui:
        await ui.press("tab", "tab", "tab", "down", "enter")
        assert ui.app.current_mode == "history"
        for form in SUFFIXES:
            await ui.press("e")
            assert "that match" in dialog(ui)
            await choose(ui, label)
            await choose(ui, form)
            await ui.press("Y", "enter")
    mine = contents_of(at_home)
    assert sorted(file.suffix for file in mine) == sorted(f".{suffix}" for suffix in SUFFIXES.values())
    for file in mine:
        file.unlink()
    for shown in sent:
        words = [word.replace("~", str(at_home)) for word in shlex.split(shown)]
        assert "--filter" in words
        await command(*words[1:])
    assert contents_of(at_home) == mine


# Files


async def test_a_file_that_exists_is_replaced_only_when_that_is_chosen(at_home: Path) -> None:
    path = at_home / "kept.csv"
    path.write_text("kept", encoding="utf-8")
    async with exporting(make_app(), "3") as ui:
        assert "Exists" not in dialog(ui)
        await write_to(ui, path)
        await ui.press("enter", "enter")
        assert "This file exists. Enter does not replace it." in dialog(ui)
        assert path.read_text(encoding="utf-8") == "kept"
        await choose(ui, "replace it")
        await write_to(ui, at_home / "other.csv")  # another path is asked about anew
        assert folder_of(at_home) == ["kept.csv", "other.csv"]
        await ui.press("e")
        await write_to(ui, path)
        await choose(ui, "replace it")
        await ui.press("enter")
    assert path.read_text(encoding="utf-8").startswith("id,description")


@pytest.mark.parametrize("place", ["missing/x.csv", "file/x.csv", "folder"])
async def test_what_cannot_be_written_is_said_in_a_line(place: str, at_home: Path) -> None:
    (at_home / "file").touch()
    (at_home / "folder").mkdir()
    async with exporting(make_app(), "3") as ui:
        await write_to(ui, at_home / place)
        assert "cannot be written: " in said(ui)
        assert isinstance(ui.app.screen, ExportDialog)
    assert folder_of(at_home) == ["file", "folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_folder_that_is_read_only(at_home: Path) -> None:
    await asyncio.to_thread(at_home.chmod, 0o500)
    async with exporting(make_app(), "3") as ui:
        await ui.press("enter")
        assert "Permission denied" in dialog(ui)


async def test_a_full_disk_leaves_nothing(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("usage_tui.files.os.fsync", full)
    async with exporting(make_app(), "2") as ui:
        await ui.press("enter")
        assert "No space left on device" in said(ui)
    assert folder_of(at_home) == []


async def test_the_source_itself_is_never_replaced(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    before = path.read_bytes()
    async with exporting(await app_of(path), "3") as ui:
        await write_to(ui, path)
        assert "come from this file" in dialog(ui)
        await ui.press("enter")
    assert path.read_bytes() == before


async def test_without_a_home_the_file_goes_where_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.chdir(tmp_path)
    async with exporting(make_app(), "3") as ui:
        await ui.press("enter")
    assert (tmp_path / "usage-acme-2026-11-22-grants.csv").is_file()


async def test_an_empty_path_becomes_the_suggested_one(at_home: Path) -> None:
    async with exporting(make_app(), "3") as ui:
        await write_to(ui, "")
    assert folder_of(at_home) == ["usage-acme-2026-11-22-grants.csv"]


# While it runs


async def test_an_export_is_counted_and_can_be_canceled(at_home: Path) -> None:
    client = Slow()
    async with exporting(make_app(client), "2", answered=False) as ui:
        await choose(ui, "all 676 events")
        await ui.press_only("enter")
        await ui.wait_for("200 of 676", "Esc cancel")
        assert [name[:11] for name in folder_of(at_home)] == [".usage-tui-"]
        await ui.press_only("right")
        await ui.press("escape")
        assert "Canceled. Nothing was written." in dialog(ui)
        assert folder_of(at_home) == []
        client.answer()
        await ui.press("enter")
    assert folder_of(at_home) == ["usage-acme-2026-11-22-history.csv"]
    assert len((at_home / folder_of(at_home)[0]).read_text(encoding="utf-8").splitlines()) == 677


class Closing(DemoClient):
    """Acme, whose viewer loses access after the first page."""

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        if cursor is not None:
            raise Withheld("An owner or a billing admin can see this.")
        return await super().events(query, cursor=cursor, limit=limit)


async def test_an_export_whose_access_ends_leaves_no_file(at_home: Path) -> None:
    async with exporting(make_app(Closing(acme()))) as ui:
        await ui.press("enter")
        assert "The export ended after 200 events: An owner or a billing admin can see this." in said(ui)
    assert folder_of(at_home) == []


# The clipboard


async def test_the_clipboard_takes_tsv_and_markdown(recording: Path, at_home: Path, tmp_path: Path) -> None:
    app = await app_of(recording)
    sent = copying(app)
    async with exporting(app, "3") as ui:
        await choose(ui, "clipboard")
        assert "File" not in dialog(ui)
        await ui.press("enter")
        assert ui.footer.startswith("Sent to your terminal's clipboard: 2 rows")
        await ui.press("e")
        await choose(ui, "clipboard")
        await choose(ui, "Markdown")
        await ui.press("enter")
    tabbed, markdown = sent
    assert tabbed.splitlines()[0].split("\t")[:2] == ["id", "description"]
    assert len(tabbed.splitlines()) == 3
    await command("export", "grants", str(recording), "-o", str(tmp_path / "x.md"))
    assert markdown == (tmp_path / "x.md").read_text(encoding="utf-8")
    assert folder_of(at_home) == []


async def test_what_is_too_large_for_a_clipboard_is_not_sent() -> None:
    app = make_app()
    sent = copying(app)
    async with exporting(app) as ui:
        await choose(ui, "clipboard")
        await ui.press("enter")
        assert "This is more than 64 kB, the most that terminals take. Nothing was sent." in said(ui)
        assert isinstance(ui.app.screen, ExportDialog)
    assert sent == []
    assert MOST_COPIED == 64 * 1024


# Where the viewer sits


async def test_over_ssh_the_host_is_said_and_the_clipboard_comes_first(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.setattr("socket.gethostname", lambda: "bastion")
    app = make_app()
    sent = copying(app)
    async with exporting(app, "3") as ui:
        where = ui.line("Where")
        assert where.index("● clipboard") < where.index("○ file on bastion")
        await ui.press("enter")
        assert len(sent) == 1
        await ui.press("1", "e")  # all events are too many for it
        assert ui.line("Where").index("● file on bastion") < ui.line("Where").index("○ clipboard")
        await ui.press("enter")
        assert ui.footer.startswith(f"bastion:{at_home}"[:80])
        assert folder_of(at_home) == ["usage-acme-2026-11-22-history.csv"]


@pytest.mark.parametrize("keys", [(), ("2",), ("3",)])
async def test_a_restricted_dashboard_offers_the_clipboard_alone(
    keys: tuple[str, ...], at_home: Path
) -> None:
    app = make_app(restricted=True)
    sent = copying(app)
    async with exporting(app, *keys) as ui:
        shown = dialog(ui)
        assert "clipboard" in shown
        assert "File" not in shown
        assert " file" not in shown
        assert "report" not in shown
        await choose(ui, "grants")
        await ui.press("enter")
    assert len(sent) == 1
    assert folder_of(at_home) == []


async def test_a_member_is_offered_only_what_they_may_see() -> None:
    client: UsageClient = demo("member")
    async with exporting(make_app(client)) as ui:
        offered = dialog(ui).split("As ")[0]
        assert "sources" in offered
        assert "days" in offered
        assert "events" not in offered
        assert "grants" not in offered
        await ui.press("escape", "2", "e", "escape", "3", "e")
        assert "events" not in dialog(ui).split("As ")[0]
    assert not {"events", "grants"} & set(client.asked)  # type: ignore[attr-defined]


async def test_without_data_there_is_nothing_to_export() -> None:
    async with running(make_app("loading"), answered=False) as ui:
        await ui.press_only("e")
        assert ui.footer == "Nothing to export yet."


# Keys and mouse


@pytest.mark.parametrize("size", [NARROW, NORMAL, WIDE])
async def test_arrows_go_through_the_form_and_nothing_is_cut(size: tuple[int, int]) -> None:
    async with exporting(make_app(), "2", size=size) as ui:
        names = []
        for _ in range(5):
            names.append(ui.app.focused.id if ui.app.focused else None)
            await ui.press("down")
        assert names == ["what", "format", "place", None, "names"]
        await ui.press("down")  # back at the path's field
        assert "…" not in dialog(ui)


async def test_letters_are_text_in_the_path() -> None:
    async with exporting(make_app(), "3") as ui:
        await ui.press("down", "down", "down", "end", "p", "q", "e")
        assert ui.app.screen.query_one(Input).value.endswith(".csvpqe")
        assert "● as they are" in dialog(ui)
        await ui.press("escape")
        assert not isinstance(ui.app.screen, ExportDialog)
