"""Hidden names: on no screen, in no copy and in no export is any left, and the same one stays the same."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from tests.clients.providers.month import month
from tests.clients.recordings import record_acme
from tests.terminal import Terminal, environment, usage_tui
from tests.tui.clients import Noted, Scripted
from tests.tui.hostile import is_harmless, record_poisoned
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.cards.overview import OverviewView, draw_details
from usage_tui.cards.typeset.lines import Area, plain
from usage_tui.cli import main
from usage_tui.cli.ending import DONE
from usage_tui.clients.base import Unreachable, UsageClient
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.redaction import PSEUDONYMS
from usage_tui.clients.registry import DEMO
from usage_tui.config.profiles import Profile
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.models import Choice, Credits, Event, EventQuery, Name
from usage_tui.state.cache import Cache
from usage_tui.state.digest import digest_of
from usage_tui.state.overview import Row, Target
from usage_tui.state.overview_profiles import overview_profiles
from usage_tui.state.redacted import Redacted
from usage_tui.state.remote import Status
from usage_tui.state.reported_alerts import ReportedAlerts
from usage_tui.tui.app import UsageApp
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.screens.event import EventDialog
from usage_tui.tui.screens.link import LinkDialog

OF_THE_PRODUCT = {"Agent chat", "Browser sessions", "agent_chat", "Auto-recharge"}
"""Names that are also words of the program."""
MARK = "names hidden"

WALK: tuple[tuple[str, ...], ...] = (
    (),
    *(("tab",) for _ in range(7)),
    ("tab", "c"),
    ("c",),
    ("c",),
    ("question_mark",),
    ("escape", "ctrl+p"),
    tuple("sour"),
    ("escape", "escape", "v"),
    ("escape", "w"),
    ("escape", "P"),
    ("escape", "t"),
    ("escape", "b"),
    ("escape", "a"),
    ("escape", "left_square_bracket"),
    ("left_square_bracket",),
    ("right_square_bracket", "right_square_bracket"),
    ("d", "d"),
    ("2",),
    ("down", "down", "enter"),
    ("escape", "escape", "2", "n"),
    ("n", "G"),
    ("s",),
    ("slash",),
    ("escape", "3"),
    ("down", "down"),
    ("4",),
    ("tab", "down"),
    ("0",),
    ("o",),
    ("escape", "e"),
    ("escape", "1"),
)
"""Keys between looks: every screen, every card of it, and every dialog."""


pytestmark = pytest.mark.usefixtures("at_home")


def held(value: Any) -> Iterator[str]:
    """Every name that a value holds."""
    if isinstance(value, (tuple, list)):
        for one in value:
            yield from held(one)
    elif isinstance(value, dict):
        yield from held(tuple(value.values()))
    elif is_dataclass(value) and not isinstance(value, (type, Credits)):
        for name in PSEUDONYMS.get(type(value), {}):
            text = getattr(value, name)
            if text and text not in OF_THE_PRODUCT:
                yield text
        for field in fields(value):
            yield from held(getattr(value, field.name))


class Looks:
    """What a viewer has seen, copied and exported."""

    def __init__(self, app: UsageApp) -> None:
        self.app = app
        self.seen: list[str] = []
        self.copied: list[str] = []
        setattr(app, "copy_to_clipboard", self.copied.append)  # noqa: B010 - mypy takes no method for another

    async def walk(self, ui: Session) -> None:
        for keys in WALK:
            await ui.press(*keys)
            self.seen.append(ui.text)
            await ui.press("y")
            self.seen.append(ui.text)
            await ui.press("Y")
            self.seen.append(ui.text)

    def prove_nameless(self, *more: str) -> None:
        """Nothing of it has a name that the app knows. Names of few letters may stand in other words."""
        told = {self.app.started.title}  # as the kind of source, whatever is called the same
        names = {name for name in held(self.app.known.state) if len(name) > 3} - told | set(more)
        assert len(names) > 3
        for text in (*self.seen, *self.copied):
            kept = re.sub(r"--demo \w+", "", text)  # a scenario is named by the program
            there = [name for name in names if name in kept]
            found = [name for name in there if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", kept)]
            assert not found, f"{found}\n{text}"
        assert any(self.copied)


async def app_of(kind: str, folder: Path) -> UsageApp:
    if kind == "recording":
        path = record_acme(folder, "october of Acme.jsonl")
        how = Started(source=(str(path),), title="recording", file=path)
        return make_app(await RecordingClient.open(path), started=how, redacted=True)
    if kind == "vendor":
        return make_app(
            await asyncio.to_thread(month, "openai"),
            started=Started(("-p", "work"), title="OpenAI"),
            redacted=True,
        )
    return make_app(kind, redacted=True)


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("acme", NORMAL),
        ("organizations", NORMAL),
        ("member", NORMAL),
        ("not-offered", WIDE),
        ("recording", WIDE),
        ("recording", NORMAL),
        ("vendor", WIDE),
    ],
)
async def test_no_name_is_on_any_screen_or_in_any_copy(
    kind: str, size: tuple[int, int], tmp_path: Path
) -> None:
    app = await app_of(kind, tmp_path)
    looks = Looks(app)
    async with running(app, size) as ui:
        await looks.walk(ui)
        looks.prove_nameless(*(["october of Acme"] if kind == "recording" else []))
    commands = [text for text in looks.copied if text.startswith("usage-tui ")]
    assert commands
    assert all("--redact" in command for command in commands)


# On and off


SCREENS = (
    ("1",),
    ("tab", "tab", "tab", "down", "down"),
    ("2", "n", "down", "down"),
    ("3", "down"),
    ("4", "right"),
)


@pytest.mark.parametrize("keys", SCREENS)
async def test_r_hides_and_shows_in_place_and_asks_for_nothing(keys: tuple[str, ...]) -> None:
    client = Noted(open_demo("acme"))
    async with running(make_app(cast(UsageClient, client)), NORMAL) as ui:
        await ui.press(*keys)
        before, focus, asked = ui.lines[:-1], ui.app.focused, list(client.asked)
        await ui.press("R")
        assert MARK in ui.lines[0]
        assert ui.footer.startswith("Names are hidden.")
        assert ui.app.focused is focus
        for row, other in zip(before[1:], ui.lines[1:-1], strict=True):
            assert amounts(other) == amounts(row)
        hidden = ui.lines[:-1]
        await ui.press("R")
        assert ui.lines[:-1] == before
        await ui.press("R")
        assert ui.lines[:-1] == hidden
        assert client.asked == asked


def amounts(row: str) -> list[str]:
    """The numbers of a row but those of pseudonyms."""
    return re.findall(r"[\d,.]*\d", re.sub(r"(?:Source|Person|Grant|Organization) \d+", "", row))[-1:]


DIALOGS = {
    "help": ("acme", ("question_mark",)),
    "allowance": ("acme", ("v",)),
    "organizations": ("organizations", ("o",)),
    "not offered": ("not-offered", ("shift+tab", "enter")),
    "why": ("acme", ("w", "left")),
    "plan": ("acme", ("P", *"200", "tab", "right")),
    "event": ("acme", ("2", "enter")),
    "export": ("acme", ("2", "e")),
}


@pytest.mark.parametrize("what", DIALOGS)
async def test_r_hides_and_shows_names_in_a_dialog_too(what: str) -> None:
    scenario, keys = DIALOGS[what]
    app = make_app(scenario)
    async with running(app, NORMAL) as ui:
        await ui.press(*keys)
        opened: object = app.screen
        assert isinstance(opened, Dialog)
        frame = f"#{opened.FRAME_ID}"
        before = ui.shown(frame).splitlines()
        await ui.press("R")
        assert app.screen is opened
        assert app.state.redacted
        looks = Looks(app)
        looks.seen, looks.copied = [ui.shown(frame)], [" "]
        looks.prove_nameless()
        await ui.press("R")
        after = ui.shown(frame).splitlines()
        assert [row for row in before if "╰" not in row] == [row for row in after if "╰" not in row]


async def test_r_closes_an_address() -> None:
    app = make_app()
    async with running(app, NORMAL) as ui:
        await ui.press("b")
        assert isinstance(app.screen, LinkDialog)
        await ui.press("R")
        assert not isinstance(app.screen, LinkDialog)
        assert "https://" not in ui.text
        assert ui.footer.startswith("Names are hidden.")


async def test_r_in_a_plan_forgets_what_is_assumed_of_a_name() -> None:
    app = make_app()
    async with running(app, NORMAL) as ui:
        await ui.press("P", *"200", "tab", "tab", *'cut "Contract review" 50%', "enter")
        assert "Contract review" in ui.text
        await ui.press("R")
        assert "Contract" not in ui.text
        assert "200" in ui.text


async def test_r_shows_the_event_that_the_details_led_to_without_names() -> None:
    app = make_app()
    async with running(app, NORMAL) as ui:
        page = app.state
        await ui.press("2", "enter")
        assert isinstance(app.screen, EventDialog)
        assert page.recent.value is not None
        other = page.recent.value.items[-1]
        app.screen.show(other)
        await ui.settle()
        assert other.label in ui.text
        await ui.press("R")
        shown = app.screen.other
        assert shown is not None
        assert shown.id == other.id
        assert shown.label.startswith("Source ")
        assert other.label not in ui.shown("#event")


async def test_the_same_name_is_the_same_everywhere() -> None:
    app = make_app()
    async with running(app, WIDE) as ui:
        await ui.press("R")
        ranked = shown_as(app)
        await ui.press("tab", "tab", "tab", "down", "enter")
        assert {event.label for event in shown_events(app)} == {"Source 1"}
        await ui.press("x", "n", "n")
        paged = {event.source_id: event.label for event in shown_events(app)}
        await ui.press("escape", "left_square_bracket")
        assert app.state.looked_at is not None
        earlier = app.state.earlier[app.state.looked_at].sources.value
        assert earlier is not None
        past = {item.source_id: item.label for item in earlier.items}
        for later in (paged, past):
            assert {one: later[one] for one in later if one in ranked}.items() <= ranked.items()
            assert len(set(later) & set(ranked)) >= 3
        await ui.press("R", "r", "R", "1")
        assert shown_as(app) == ranked


def shown_as(app: UsageApp) -> dict[str, str]:
    ranking = app.state.sources.value
    assert ranking is not None
    return {item.source_id: item.label for item in ranking.items}


def shown_events(app: UsageApp) -> tuple[Event, ...]:
    page = app.state.events.value
    assert page is not None
    return page.items


async def test_a_filter_means_what_its_pseudonym_stands_for() -> None:
    app = make_app()
    async with running(app, WIDE) as ui:
        await ui.press("R", "2", "slash", *'source:="source 1" who', "enter")
        assert "who is not one of the names shown" in ui.footer
        assert "-filtering" in ui.app.screen.classes
        await ui.press(*["backspace"] * 4, "enter")
        label = app.known.state.sources.value.items[1].label  # type: ignore[union-attr]
        assert app.known.state.query == EventQuery(sources=Choice((Name(label, whole=True),)))
        assert 'source:="Source 1"' in ui.line("x clear")
        total = ui.line("x clear")
        await ui.press("R")
        assert label in ui.line("x clear")
        assert re.findall(r"[\d,.]+ credits", ui.line("x clear")) == re.findall(r"[\d,.]+ credits", total)


async def test_a_filter_from_before_is_hidden_and_still_holds() -> None:
    app = make_app()
    async with running(app, WIDE) as ui:
        await ui.press("2", "slash", *"source:contract -maria", "enter")
        before = ui.text
        query = app.known.state.query
        await ui.press("R")
        assert "contract" not in ui.text.lower()
        assert "maria" not in ui.text.lower()
        await ui.press("slash", "enter")  # as it stands in the line
        assert app.known.state.query == query
        await ui.press("s", "s")
        assert app.known.state.query == query
        await ui.press("R", "y")
        assert ui.lines[:-1] == before.splitlines()[:-1]


async def test_a_filter_with_names_has_no_command_and_another_one_has() -> None:
    app = make_app()
    looks = Looks(app)
    async with running(app, WIDE) as ui:
        await ui.press("R", "2", "slash", *'source:="Source 1"', "enter", "Y")
        assert ui.footer == "No command prints this. The filter has names, and they are hidden."
        await ui.press("slash", *["backspace"] * 40, *"credits:>5", "enter", "Y")
    (command,) = looks.copied
    assert re.fullmatch(r"usage-tui history --demo acme --filter 'credits:>5' --limit \d+ --redact", command)


async def test_what_is_assumed_of_a_source_goes_with_its_name() -> None:
    async with running(make_app(), WIDE) as ui:
        await ui.press("4", "i", *'cut "Contract review" 50%', "enter")
        assert "Contract review" in ui.text
        await ui.press("R")
        assert "Contract" not in ui.text
        await ui.press("i", *'cut "Source 1" 50%', "enter")
        assert "Source 1" in ui.text
        await ui.press("R")
        assert "Source 1" not in ui.text


# What leaves the screen


def written(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.mark.parametrize("what", ["all", "these", "sources", "days", "grants", "allowances", "report"])
async def test_an_export_has_the_pseudonyms_of_the_screen(what: str, at_home: Path) -> None:
    app = make_app()
    looks = Looks(app)
    async with running(app, (120, 50)) as ui:
        await ui.press("2", "R", "e")
        assert "as they are" not in ui.text
        chosen = next(row for row in ui.lines if f"○ {what}" in row or f"● {what}" in row)
        if f"○ {what}" in chosen:
            await ui.click(f"○ {what}")
        looks.seen.append(ui.text)
        await ui.press("enter")
        (file,) = written(at_home)
        text = file.read_text(encoding="utf-8")
        looks.copied.append(text)
        looks.seen.append(file.name)
        looks.prove_nameless()
        if what in ("all", "sources", "report"):
            assert "Source 1" in shown_as(app).values()
            assert "Source 1" in text
        if what == "all":
            rows = {line.partition(",")[0]: line for line in text.splitlines()}
            assert all(event.label in rows[event.id] for event in shown_events(app))


async def test_an_export_over_ssh_names_neither_host_nor_folder(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.setattr("socket.gethostname", lambda: "login.acme.example")
    app = make_app(redacted=True)
    async with running(app, (160, 50)) as ui:
        await ui.press("2", "e")
        await ui.click("○ file on the other computer")
        assert "acme.example" not in ui.text
        await ui.press("enter")
        (file,) = written(at_home)
        assert file.name in ui.text
        assert "acme.example" not in ui.text
        assert str(at_home) not in ui.text


async def test_the_clipboard_of_a_restricted_dashboard(at_home: Path) -> None:
    app = make_app(restricted=True, redacted=True)
    looks = Looks(app)
    async with running(app, WIDE) as ui:
        await ui.press("e")
        await ui.click("○ sources")
        looks.seen.append(ui.text)
        await ui.press("enter")
    assert "Source 1" in looks.copied[0]
    looks.prove_nameless()


async def test_the_overview_has_no_names_of_organizations_profiles_or_failures() -> None:
    def profile(name: str | None, scenario: str) -> Profile:
        return Profile(name, provider=DEMO, options={"scenario": scenario})

    first, others = (
        profile(None, "organizations"),
        [profile("work-at-acme", "dollars"), profile("down-at-acme", "failed")],
    )
    sources = overview_profiles(
        first, None, Started(("--demo",)), others, keeps=False, restricted=False, refresh_seconds=0
    )
    app = UsageApp(open_demo("organizations"), Settings(redacted=True), sources=sources)
    looks = Looks(app)
    async with running(app, WIDE) as ui:
        await ui.press("0")
        for _ in app.overview.rows:
            looks.seen.append(ui.text)
            await ui.press("y", "down")
            looks.seen.append(ui.text)
        names = {row.name for row in app.overview.rows} | {"at-acme"}
        await ui.press("g")
        while ui.app.screen.table.row.target.profile != "work-at-acme":  # type: ignore[attr-defined]
            await ui.press("down")
        await ui.press("enter")
        assert app.current_mode == "usage"
        looks.seen.append(ui.text)
        await ui.press("Y")
        looks.seen.append(ui.text)
        looks.prove_nameless(*filter(None, names))
    assert looks.copied[-1] == "usage-tui -p PROFILE --print --redact"


async def test_a_row_of_the_overview_does_not_say_where_its_digest_came_from() -> None:
    app = make_app()
    async with running(app, WIDE):
        state = app.known.state
    digest = replace(digest_of(state, fetched_at=datetime.now(UTC)), origin="usage.acme.example")
    row = Row(target=Target("work", "acme"), source="work", name="Acme", status=Status.READY, digest=digest)
    shown = draw_details(Redacted().value(row), OverviewView((), has_profiles=True), Area(100))
    assert plain(shown[:1]) == f"Organization 1{'Profile 1':>86}"


async def test_an_organization_is_switched_by_its_pseudonym() -> None:
    app = make_app(open_demo("organizations"), started=Started(("-p", "work"), has_organizations=True))
    looks = Looks(app)
    async with running(app, WIDE) as ui:
        first = app.known.state.summary.value
        await ui.press("R", "o", "down", "enter")
        second = app.known.state.summary.value
        assert first is not None
        assert second is not None
        assert first.org.id != second.org.id
        assert "Organization 2" in ui.lines[0]
        await ui.press("Y")
    assert looks.copied == ["usage-tui -p PROFILE --organization ORGANIZATION --print --redact"]


@pytest.mark.parametrize("slice_", ["summary", "events", "sources", "grants", "me"])
async def test_a_failure_names_nobody(slice_: str) -> None:
    client = Scripted()
    app = make_app(client, redacted=True)
    async with running(app, WIDE) as ui:
        client.replies[slice_] = Unreachable("acme.example said that Maria is away.", advice="Ask Maria.")
        for keys in (
            ("r",),
            ("2", "r", "n"),
            ("3", "r"),
            ("left_square_bracket",),
            ("0",),
            ("w",),
            ("escape", "P"),
        ):
            await ui.press(*keys)
            assert "Maria" not in ui.text
            assert "acme.example" not in ui.text
        await ui.press("escape", "escape", "1", "r", "R")
        assert "Maria" in ui.text or slice_ != "summary"


async def test_hostile_names_are_hidden_like_any_other(tmp_path: Path) -> None:
    path = record_poisoned(tmp_path, codes=False)
    how = Started(source=(str(path),), title="recording", file=path)
    app = make_app(await RecordingClient.open(path), started=how, redacted=True)
    looks = Looks(app)
    async with running(app, WIDE) as ui:
        await looks.walk(ui)
    for text in (*looks.seen, *looks.copied):
        for name in ("Contract", "Maria", "maria", "Acme", "poisoned", "News", "Memory"):
            assert name not in text, text
        assert is_harmless(text.replace("\n", "").replace("\t", ""))


async def test_an_alert_that_was_dismissed_unseen_stays_away(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    async with running(make_app(told=ReportedAlerts(path), redacted=True)) as ui:
        assert "62% of" in ui.text
        await ui.press("escape")
        assert "62% of" not in ui.line("62%") or "dismiss" not in ui.text
    async with running(make_app(told=ReportedAlerts(path))) as ui:
        assert "dismiss" not in ui.text
        await ui.press("R")
        assert "dismiss" not in ui.text


# What is kept


async def test_the_cache_holds_the_data_and_no_frame_is_kept(tmp_path: Path) -> None:
    class Kept:
        frames = 0

        def settled(self, frame: object) -> None:
            self.frames += 1

        def cache_changed(self) -> None: ...

        async def aclose(self) -> None: ...

    for redacted, frames in ((True, 0), (False, 1)):
        cache = Cache(tmp_path / str(redacted), "key", None)
        app = UsageApp(open_demo("acme"), Settings(redacted=redacted), cache=cache)
        async with running(app, WIDE):
            pass
        text = cache.path.read_text(encoding="utf-8")
        assert "Contract" in text
        assert "Source 1" not in text
        again = UsageApp(
            open_demo("acme"),
            Settings(redacted=redacted),
            cache=Cache(tmp_path / str(redacted), "key", None),
        )
        kept = Kept()
        again.next_start = kept
        again.settled(cast(Any, None))
        assert kept.frames == 0  # nothing is known yet
        async with running(again, WIDE):
            again.known.state = replace(
                again.known.state, summary=replace(again.known.state.summary, cached=True)
            )
            again.settled(cast(Any, None))
        assert kept.frames == frames


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_the_header_says_so_at_every_size(ascii_only: bool) -> None:
    sizes = [(40, 12), NARROW, NORMAL, WIDE, (200, 60)]
    async with running(make_app(ascii=ascii_only)) as ui:
        for key in "1", "2", "3", "4":
            await ui.press(key)
            for size in sizes:
                await ui.resize(*size)
                assert MARK not in ui.text
                await ui.press("R")
                assert MARK in ui.lines[0]
                await ui.press("R")


async def test_every_copied_command_runs_and_prints_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    app = make_app(redacted=True)
    looks = Looks(app)
    async with running(app, WIDE) as ui:
        await looks.walk(ui)
    commands = {text for text in looks.copied if text.startswith("usage-tui ")}
    assert len(commands) > 4
    assert all("--redact" in command for command in commands)
    for command in commands:
        capsys.readouterr()
        assert await asyncio.to_thread(main, shlex.split(command)[1:]) == DONE
        looks.copied.append(capsys.readouterr().out)
    looks.prove_nameless()


@pytest.mark.parametrize(("options", "starts"), [((), 2), (("--restricted",), 1), (("--stock-display",), 1)])
def test_a_terminal_never_gets_a_name_from_the_first_byte_on(
    options: tuple[str, ...], starts: int, tmp_path: Path
) -> None:
    command = usage_tui("--demo", "acme", "--redact", *options)
    for _ in range(starts):  # the second one might show what the first one kept; the others keep nothing
        with Terminal(command, environment=environment(tmp_path)) as terminal:
            terminal.wait_for("Organization 1")
            terminal.press("2")
            terminal.wait_for("Historical usage", "Rows")
            raw = terminal.raw
            terminal.press("R")  # names are wanted now
            terminal.wait_for("Contract review")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
        assert MARK.encode() in raw
        assert not {name for name in (b"Acme", b"Contract", b"maria", b"Top-up") if name in raw}
