"""Copy as command: every view says which command prints it, and that command prints the same figures."""

from __future__ import annotations

import argparse
import asyncio
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.clients.recordings import record_acme
from tests.tui.session import WIDE, Session, make_app, running
from usage_tui.cards.balance import BalanceView
from usage_tui.cards.daily import DailyCard, DailyView
from usage_tui.cards.grants import GrantsView
from usage_tui.cards.history import HistoryView
from usage_tui.cards.panel import Panel, Place
from usage_tui.cards.ranking_table import RankingView
from usage_tui.cards.runway import RunwayView
from usage_tui.cli import main
from usage_tui.cli.dashboard import _parser
from usage_tui.cli.ending import DONE
from usage_tui.cli.started import started
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.registry import DEMO, RECORDING, find_provider
from usage_tui.config.profiles import Profile
from usage_tui.config.started import Started
from usage_tui.tui.app import UsageApp

SCENARIOS = ("acme", "low", "dollars", "annual", "huge", "not-offered", "member", "recording")
VIEWS = {
    "all cards": (),
    "categories": ("c",),
    "a shorter range": ("c", "c", "d"),
    "history": ("2",),
    "an older page": ("n",),
    "a source": ("1", "tab", "tab", "tab", "enter"),
    "a day": ("1", "tab", "enter"),
    "grants": ("3",),
}
"""The keys that lead to each from the one before."""
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?", re.ASCII)


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings and no cache; a wide terminal, which cuts nothing."""
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    monkeypatch.setenv("COLUMNS", "200")


def numbers(text: str) -> set[Decimal]:
    return {Decimal(number.replace(",", "")) for number in NUMBER.findall(text)}


def figures(panel: Panel[Any], view: object, at: Place) -> set[Decimal]:
    """The figures that a card shows, in full."""
    match view:
        case RankingView():
            rows = view.categories if at.choice == "categories" else view.sources
            amounts = [*(row.credits for row in rows), view.total]
        case HistoryView():
            amounts = [event.credits for event in view.events]
        case GrantsView():
            amounts = [one for grant in view.grants for one in (grant.original, grant.remaining)]
        case DailyView():
            assert isinstance(panel, DailyCard)
            chosen = panel.chosen(view, at)
            (buckets,) = (days.buckets for days in view.ranges if days.name == chosen)
            amounts = [one.credits for one in buckets if one.credits is not None and one.days == 1]
        case RunwayView():
            # The card adds up what lapses at once, and the command lists it grant by grant.
            told = [fact for fact in view.facts if fact.label == "Runs out" or fact.value.startswith("from ")]
            return numbers(" ".join(fact.value for fact in told))
        case BalanceView():
            return numbers(" ".join(part.amount for part in view.parts))  # the total is drawn in large digits
        case _:
            return numbers(panel.copy_text(view, at))
    return {Decimal(amount.micro) / 10**6 for amount in amounts}


_printed: dict[str, set[Decimal]] = {}
"""By command; many a view names the same one."""
TABLES = {"sources", "daily", "history", "grants"}


async def printed(command: str, capsys: pytest.CaptureFixture[str]) -> set[Decimal]:
    """The figures that the command prints, as in a shell; of a table all digits."""
    if command not in _printed:
        _printed[command] = await _print(command, capsys)
    return _printed[command]


async def _print(command: str, capsys: pytest.CaptureFixture[str]) -> set[Decimal]:
    program, *words = shlex.split(command)
    assert program == "usage-tui"
    capsys.readouterr()
    exact = ["--json"] if words[0] in TABLES else []
    assert await asyncio.to_thread(main, [*words, *exact]) == DONE
    return numbers(capsys.readouterr().out)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record_acme(tmp_path_factory.mktemp("recording"), "a recording; $(of) 'ours'.jsonl")


async def app_of(scenario: str, path: Path) -> UsageApp:
    if scenario != "recording":
        return make_app(scenario)
    how = Started(source=(str(path),), title="recording", file=path)
    return make_app(await RecordingClient.open(path), started=how)


def copying(app: UsageApp) -> list[str]:
    sent: list[str] = []
    setattr(app, "copy_to_clipboard", sent.append)  # noqa: B010 - mypy takes no method for another
    return sent


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_the_command_prints_the_figures_of_the_view(
    scenario: str, recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = await app_of(scenario, recording)
    sent, shown = copying(app), list[tuple[str, str, set[Decimal]]]()
    async with running(app, WIDE) as ui:
        for view, keys in VIEWS.items():
            await ui.press(*keys)
            first = app.focused
            while True:
                card = app.screen.card  # type: ignore[attr-defined]
                del sent[:]
                await ui.press("Y")
                if card.content is None:
                    assert (sent, ui.footer) == ([], "No command prints this."), view
                else:
                    (command,) = sent
                    assert ui.footer.startswith("Sent to your terminal's clipboard: usage-tui")
                    shown.append((view, command, figures(card.panel, card.content, card.place)))
                if app.current_mode != "usage":
                    break
                await ui.press("tab")
                if app.focused is first:
                    break
    # Afterwards: while the app runs, what is printed is its own.
    for view, command, wanted in shown:
        found = await printed(command, capsys)
        found |= {round(amount, 2) for amount in found}  # --print rounds nothing
        assert wanted <= found, (view, command, wanted - found)
    missing = VIEWS.keys() - {view for view, *_ in shown}
    assert not missing or scenario in ("member", "not-offered")


async def test_all_cards_are_printed_with_the_period_that_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = make_app("acme")
    sent = copying(app)
    async with running(app, WIDE) as ui:
        await ui.press("left_square_bracket", "Y")
    assert sent == ["usage-tui --demo acme --print --period 2026-10"]
    await printed(sent[0], capsys)


async def test_it_is_in_the_palette() -> None:
    app = make_app()
    sent = copying(app)
    async with running(app) as ui:
        await ui.press("2", "ctrl+p", *"as command", "enter")
        assert len(sent) == 1
        assert sent[0].startswith("usage-tui history --demo acme --limit ")


async def test_the_runway_screen_is_the_forecast() -> None:
    app = make_app()
    sent = copying(app)
    async with running(app) as ui:
        await ui.press("4", "Y")
    assert sent == ["usage-tui forecast --demo acme"]


async def test_another_organization_is_named_or_there_is_no_command() -> None:
    async def switched(how: Started) -> tuple[list[str], Session]:
        app = make_app(open_demo("organizations"), started=how)
        sent = copying(app)
        async with running(app) as ui:
            await ui.press("o", "down", "enter", "Y")
            return sent, ui

    sent, _ = await switched(Started(source=("-p", "work"), has_organizations=True))
    assert re.fullmatch(r"usage-tui -p work --organization \S+ --print", sent[0])
    assert (await switched(Started(source=("--demo", "organizations"))))[0] == []


# How the program was started


def words(line: str, profile: Profile, *, is_named: bool = True) -> tuple[Started, str]:
    options: argparse.Namespace = _parser().parse_args(shlex.split(line))
    how = started(options, profile, is_named=is_named)
    return how, how.command(("sources", "--by", "kind"))


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("-p 'my work'", "usage-tui sources -p 'my work' --by kind"),
        ("--profile work --organization org_2", "usage-tui sources -p work --organization org_2 --by kind"),
        (
            "--url https://usage.example --ca-file ca.pem --allow-plain-http",
            "usage-tui sources --url https://usage.example --ca-file ca.pem --allow-plain-http --by kind",
        ),
        ("", "usage-tui sources --by kind"),
        ("--restricted --refresh 60 --ascii -p work", "usage-tui sources -p work --by kind"),
    ],
)
def test_a_service_is_named_as_it_was(line: str, command: str) -> None:
    api = find_provider("usage-api")
    assert api is not None
    assert words(line, Profile(name=None, provider=api)) == (
        words(line, Profile(name=None, provider=api))[0],
        command,
    )


def test_the_demo_is_named_although_nobody_did() -> None:
    assert (
        words("", Profile(name=None, provider=DEMO), is_named=False)[1]
        == "usage-tui sources --demo --by kind"
    )
    assert (
        words("--demo low", Profile(name=None, provider=DEMO))[1] == "usage-tui sources --demo low --by kind"
    )


def test_a_file_is_named_with_how_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "it's.csv"
    path.touch()
    line = (
        f"{shlex.quote(str(path))} --as focus --map credits=BilledCost --time-zone Europe/Berlin "
        "--only 'Service Name=x y' --skip-bad-lines"
    )
    how, command = words(line, Profile(name=None, provider=RECORDING))
    assert how.file == path
    assert shlex.split(command) == [
        *("usage-tui", "sources", str(path), "--as", "focus", "--map", "credits=BilledCost"),
        *("--time-zone", "Europe/Berlin", "--only", "Service Name=x y", "--skip-bad-lines", "--by", "kind"),
    ]


def test_what_came_through_a_pipe_has_no_command() -> None:
    assert words("-", Profile(name=None, provider=RECORDING))[1] == ""


def test_no_token_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USAGE_TUI_TOKEN", "uat_secret")
    api = find_provider("usage-api")
    assert api is not None
    assert "secret" not in words("--url https://usage.example", Profile(name=None, provider=api))[1]
