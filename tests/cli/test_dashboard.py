"""The dashboard from the command line: what it is opened with, what is printed and what is refused."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import refused, run
from tests.clients.recordings import record_euros
from usage_tui import cli
from usage_tui.cli import main, opening, plain
from usage_tui.cli.client_options import TOKEN_VARIABLE
from usage_tui.cli.ending import DONE, FAILED
from usage_tui.cli.opening import OpenProfile
from usage_tui.clients.base import InvalidRecording
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS
from usage_tui.clients.read_ahead import ReadAhead
from usage_tui.clients.transport import retries
from usage_tui.config import paths
from usage_tui.config.remembered import remember_theme
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.insight.findings import Finding, Level, Rule

SECRET = "tok_5up3r-s3cr3t"


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


class Dashboard:
    """The dashboard as it would have been opened.

    Attributes:
        settings: What it was given.
        hint: The quiet line.
        mouse: Whether it would listen to the mouse.
        origin: Where its data come from.
        reads_ahead: Whether the pages of its history are fetched before they are asked for.
        cache: Where it is kept for the next start; None where it is not.
        told: Where it is remembered what was dismissed.
        sources: What can be opened, the open one first.
        started: How the program was started.
    """

    return_code = 0
    settings = Settings()
    hint = ""
    mouse = False
    origin = ""
    reads_ahead = False
    cache: Any = None
    told: Any = None
    sources: Sequence[str] = ()
    started = Started()

    def __init__(
        self,
        client: Any,
        settings: Settings,
        *,
        hint: str,
        pages: Any,
        cache: Any,
        open_alerts: Any,
        started: Started,
        sources: Any,
        shown: Any,
    ) -> None:
        Dashboard.settings, Dashboard.hint, Dashboard.origin = settings, hint, client.origin
        Dashboard.reads_ahead = isinstance(pages, ReadAhead)
        Dashboard.cache, Dashboard.told = cache, open_alerts()
        Dashboard.sources = [source.name for source in sources]
        Dashboard.started = started

    async def run_async(self, *, mouse: bool) -> None:
        Dashboard.mouse = mouse


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Call it for a terminal in the place of the streams, and a dashboard that only notes what it gets."""

    def pretend() -> None:
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("usage_tui.tui.app.UsageApp", Dashboard)
    yield pretend
    gc.enable()


def opened(terminal: Callable[[], None], *words: str) -> type[Dashboard]:
    """What the dashboard was opened with."""
    terminal()
    assert main(words) == 0
    return Dashboard


# Plain text


@pytest.mark.parametrize("scenario", sorted(set(SCENARIOS) - {"loading", "failed", "stale", "not-offered"}))
def test_a_demo_is_printed(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo", scenario, "--print"]) == 0
    out, err = capsys.readouterr()
    assert ("Balance remaining" if scenario == "dollars" else "Credits remaining") in out
    assert err == ""


def test_without_anything_acme_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print"]) == 0
    expected = Path(__file__).parents[1] / "cards" / "acme-80.txt"
    assert capsys.readouterr().out == expected.read_text(encoding="utf-8")


def test_an_organization_in_dollars_is_printed_in_dollars(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo", "dollars", "--print"]) == 0
    printed = capsys.readouterr().out
    assert "Balance remaining" in printed
    assert "$200.00" in printed
    assert "redit" not in printed


def test_a_card_that_fails_makes_printing_fail(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo", "failed", "--print"]) == FAILED
    assert "The server answered 503" in capsys.readouterr().out


def test_data_that_contradict_themselves_make_printing_fail(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check() -> None:
        raise InvalidRecording("The days do not add up to the period.")

    client = open_demo()
    monkeypatch.setattr(client, "check", check)
    monkeypatch.setattr(opening, "open_client", lambda profile, **_: OpenProfile(profile, client, None))
    assert main(["--print"]) == FAILED
    assert "! Check  The days do not add up to the period." in capsys.readouterr().out


def test_what_is_not_offered_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo", "not-offered", "--print"]) == 0
    assert "This service does not offer credit grants." in capsys.readouterr().out


def test_replies_that_never_come_are_not_waited_for_without_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "TIMEOUT", 0.01)
    assert main(["--demo", "loading", "--print"]) == FAILED
    assert capsys.readouterr().out.count("took too long to answer") == 9


@pytest.mark.parametrize(("columns", "widest"), [("20", 40), ("60", 60), ("200", 120)])
def test_plain_text_is_as_wide_as_the_terminal_within_reason(
    columns: str, widest: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    main(["--print"])
    assert max(map(len, capsys.readouterr().out.splitlines())) == widest


def test_plain_text_in_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--ascii", "--print"]) == 0
    assert capsys.readouterr().out.isascii()


def test_a_currency_has_its_code_in_ascii(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(asyncio.run(record_euros(tmp_path)))
    assert main([path, "--print"]) == 0
    assert "€17.46725" in capsys.readouterr().out
    assert main([path, "--ascii", "--print"]) == 0
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert "200.00000 EUR" in printed


def test_where_the_output_cannot_say_more_it_is_ascii() -> None:
    assert run("--print", PYTHONIOENCODING="latin-1").stdout.isascii()
    assert "�" not in run("--demo", "labels", "--print", PYTHONIOENCODING="ascii").stdout


# What is refused


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--foo"], "unrecognized arguments: --foo (see usage-tui --help)"),
        (["a.jsonl", "b.jsonl"], "unrecognized arguments: b.jsonl (see usage-tui --help)"),
        (["--theme"], "argument --theme: expected one argument (see usage-tui --help)"),
        (
            ["--demo", "acme", "--url", "https://a.example"],
            "argument --url: not allowed with argument --demo (see usage-tui --help)",
        ),
        (["schema", "--foo"], "unrecognized arguments: --foo (see usage-tui schema --help)"),
        (
            ["import"],
            "the files to import and -o FILE.jsonl are needed (see usage-tui import --help)",
        ),
        (["--print", "--watch"], "--watch needs a recording: usage-tui FILE.jsonl --watch"),
        (
            ["--print", "--organization", "acme"],
            "--organization goes with a service: --profile or --url",
        ),
        (["--print", "--refresh", "5"], "--refresh goes with a service: --profile or --url"),
        (["--print", "--allow-plain-http"], "--allow-plain-http goes with a service: --profile or --url"),
        (
            ["--print", "--refresh", "1.5"],
            "argument --refresh: must be a whole number from 0 to 86400 (see usage-tui --help)",
        ),
        (
            ["-p", "work", "--demo"],
            "argument --demo: not allowed with argument -p/--profile (see usage-tui --help)",
        ),
        (["--print", "-p", ""], "the name of what to open is empty; is a shell variable not set?"),
        (["--print", "nowhere.jsonl"], "nowhere.jsonl does not exist. Check the path."),
        (["--print", "serve"], "write the command first: usage-tui serve ..., then its options"),
        (["--print", "./import"], "import does not exist. Check the path."),
    ],
)
def test_what_is_not_understood_is_refused_in_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, *words) == message


def test_without_a_terminal_the_way_to_plain_text_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    message = "the dashboard needs a terminal; usage-tui --print shows the same as plain text"
    assert refused(capsys) == message
    assert "unknown demo scenario 'nowhere'" in refused(capsys, "--demo", "nowhere")
    assert run().stderr == f"usage-tui: {message}\n"


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_has_no_screen(
    term: str,
    terminal: Callable[[], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal()
    monkeypatch.setenv("TERM", term)
    assert "--print" in refused(capsys)


def test_closed_streams_are_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert "--print" in refused(capsys)


def test_an_unknown_demo_is_answered_with_all_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    message = refused(capsys, "--print", "--demo", "nowhere")
    assert message == f"unknown demo scenario 'nowhere'; the scenarios are {', '.join(SCENARIOS)}"


def test_the_demos_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo", "?"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert dict(line.split(maxsplit=1) for line in lines) == dict(SCENARIOS)
    starts = {
        line.index(text, len(name)) for line, (name, text) in zip(lines, SCENARIOS.items(), strict=True)
    }
    assert len(starts) == 1


def test_settings_that_cannot_be_followed_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text("theme = 5")
    assert refused(capsys, "--print") == f"{paths.config_file()}: theme: must be text in quotes"


def test_an_unknown_theme_is_answered_with_all_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for words in ((), ("--print",)):
        message = refused(capsys, *words, "--theme", "sepia")
        assert message.startswith("unknown theme 'sepia'; the themes are ansi-dark, ")
        assert "usage-dark, usage-light" in message


def test_an_unknown_theme_in_the_settings_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text('theme = "sepia"')
    start = f"{paths.config_file()}: theme: unknown theme 'sepia'; the themes are "
    assert refused(capsys).startswith(start)


# A login of its own


def test_restricted_opens_the_dashboard_and_tells_it(terminal: Callable[[], None]) -> None:
    assert opened(terminal, "--restricted").settings.restricted
    assert opened(terminal, "--restricted").hint == ""
    assert not opened(terminal, "--demo").settings.restricted


def test_restricted_prints_where_there_is_no_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--restricted", "--demo"]) == 0
    assert "Credits remaining" in capsys.readouterr().out


@pytest.mark.parametrize(("word", "named"), [("usage.jsonl", "FILE"), ("--watch", "--watch")])
def test_restricted_refuses_a_way_out(word: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    message = f"--restricted shows only the dashboard: {named} is not allowed"
    assert refused(capsys, "--restricted", word) == message
    assert refused(capsys, word, "--restricted") == message


def test_restricted_knows_no_other_command(capsys: pytest.CaptureFixture[str]) -> None:
    for command in cli.COMMANDS:
        assert refused(capsys, "--restricted", command)
        assert refused(capsys, "--restricted", "--demo", "acme", command)


# The token


def test_a_missing_token_is_asked_for_by_the_name_of_its_variable(capsys: pytest.CaptureFixture[str]) -> None:
    message = refused(capsys, "--print", "--url", f"https://{SECRET}@usage.example.com")
    assert message == f"There is no token. Set {TOKEN_VARIABLE} to a token of the service."


@pytest.mark.parametrize(
    "url", ["usage.example.com", f"https://me:{SECRET}@usage.example.com", "http://usage.example.com"]
)
def test_an_address_that_cannot_be_used_is_refused_without_secrets(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, SECRET)
    assert SECRET not in refused(capsys, "--print", "--url", url)


def test_a_token_that_can_be_none_is_refused_without_showing_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, f"{SECRET} with spaces")
    assert SECRET not in refused(capsys, "--print", "--url", "https://usage.example.com")


def test_where_no_service_answers_the_page_says_so_and_the_token_is_nowhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setattr(retries, "_FIRST_PAUSE", 0.001)
    monkeypatch.setenv(TOKEN_VARIABLE, SECRET)
    assert main(["--print", "--url", f"http://127.0.0.1:{port}"]) == FAILED
    out, err = capsys.readouterr()
    assert "No data" in out
    assert SECRET not in out + err
    assert TOKEN_VARIABLE not in os.environ


# A service under a name


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings with two profiles, of which `work` is opened without being asked for."""
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text(
        'profile = "work"\n'
        '[profiles.work]\nurl = "https://office.example"\ntoken_variable = "TOKEN"\nrefresh_seconds = 30\n'
        '[profiles.home]\nurl = "https://home.example"\ntoken_variable = "TOKEN"\n'
    )
    monkeypatch.setenv("TOKEN", SECRET)
    return file


@pytest.mark.usefixtures("profiles")
@pytest.mark.parametrize(
    ("words", "origin", "refresh_seconds"),
    [
        ([], "office.example", 30),
        (["--profile", "home"], "home.example", 60),
        (["-p", "home", "--refresh", "5"], "home.example", 5),
        (["--refresh", "0"], "office.example", 0),
        (["--demo"], "demo", 0),
        (["--url", "https://other.example"], "other.example", 60),
    ],
)
def test_a_profile_is_opened_by_its_name_or_because_it_is_the_usual_one(
    words: list[str],
    origin: str,
    refresh_seconds: int,
    terminal: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, SECRET)
    dashboard = opened(terminal, *words)
    assert (dashboard.origin, dashboard.settings.refresh_seconds) == (origin, refresh_seconds)
    assert dashboard.reads_ahead == (origin != "demo")
    assert dashboard.hint == ""


@pytest.mark.usefixtures("profiles")
@pytest.mark.parametrize(
    ("words", "sources"),
    [
        ([], ["work", "home"]),
        (["--profile", "home"], ["home", "work"]),
        (["--demo"], ["demo", "work", "home"]),
        (["--url", "https://other.example"], ["other.example", "work", "home"]),
    ],
)
def test_the_open_source_and_every_profile_are_there_to_be_looked_at(
    words: list[str], sources: list[str], terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, SECRET)
    assert opened(terminal, *words).sources == sources


@pytest.mark.usefixtures("profiles")
def test_an_unknown_profile_is_answered_with_all_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    message = refused(capsys, "--print", "-p", "play")
    assert (
        message
        == "unknown profile 'play'; the profiles are work, home; usage-tui login URL -p NAME writes one"
    )


def test_what_keeps_a_profile_from_opening_names_file_and_table(
    profiles: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN")
    message = "There is no token. Set TOKEN to a token of the service."
    assert refused(capsys, "--print") == f"{profiles}: profiles.work: {message}"


def test_certificates_that_are_none_are_named(profiles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Correct ca_file." in refused(capsys, "--print", "--ca-file", str(profiles))


def test_a_login_of_its_own_runs_no_token_command(profiles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = profiles.read_text().replace('token_variable = "TOKEN"', 'token_command = ["pass"]')
    profiles.write_text(text)
    assert "token_command" in refused(capsys, "--restricted")


def test_only_a_service_is_kept_for_the_next_start_and_that_can_be_refused(
    terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = ("--url", "https://usage.example.com")
    for words, used in (((), True), (("--no-cache",), False), (("--restricted",), False)):
        monkeypatch.setenv(TOKEN_VARIABLE, "uat_1_secret")
        assert (opened(terminal, *url, *words).cache is not None) is used
    assert opened(terminal, "--demo").cache is None


def test_what_was_kept_for_one_token_is_not_shown_to_another(
    terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for token in ("uat_1_secret", "uat_2_secret", "uat_1_secret"):
        monkeypatch.setenv(TOKEN_VARIABLE, token)
        files.append(opened(terminal, "--url", "https://usage.example.com").cache.path)
    assert files[0] == files[2] != files[1]


# What the dashboard is opened with


def test_what_was_dismissed_is_remembered_for_each_source_but_not_under_restricted(
    terminal: Callable[[], None],
) -> None:
    finding = Finding(rule=Rule.STATE, threshold="low", level=Level.WARNING, about="")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    opened(terminal, "--demo").told.tell(finding, now)
    for words, forgotten in (("", False), ("spike", True)):
        told = opened(terminal, "--demo", *words.split()).told
        assert bool(told.untold([finding], judged=(), back={}, now=now)) == forgotten
    told = opened(terminal, "--restricted", "--demo").told
    assert told.untold([finding], judged=(), back={}, now=now)
    files = [*paths.state_file().parent.glob("alerts-*")]
    told.tell(finding, now)
    assert [*paths.state_file().parent.glob("alerts-*")] == files
    assert len(files) == 1


def test_without_data_of_ones_own_the_demo_says_how_to_open_them(terminal: Callable[[], None]) -> None:
    dashboard = opened(terminal)
    assert dashboard.origin == "demo"
    assert "FILE.jsonl" in dashboard.hint
    assert opened(terminal, "--demo").hint == ""


def test_flags_go_before_what_was_remembered_and_that_before_the_file(terminal: Callable[[], None]) -> None:
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text('theme = "nord"\nmouse = false\n[keys]\nrefresh = "f5"')
    assert opened(terminal).settings == Settings(theme="nord", mouse=False, keys={"refresh": "f5"})
    remember_theme(paths.state_file(), "usage-light")
    assert opened(terminal).settings.theme == "usage-light"
    assert opened(terminal, "--theme", "usage-dark").settings.theme == "usage-dark"


def test_the_mouse_is_left_to_the_terminal_where_that_is_asked(terminal: Callable[[], None]) -> None:
    assert not opened(terminal, "--no-mouse").mouse
    assert opened(terminal).mouse


@pytest.mark.parametrize(("value", "kept"), [("", False), ("1", True)])
def test_an_empty_wish_for_no_color_is_none(
    value: str, kept: bool, terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    opened(terminal)
    assert ("NO_COLOR" in os.environ) is kept


def test_far_away_the_keyboard_is_left_as_it_is(
    terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEXTUAL_DISABLE_KITTY_KEY", raising=False)
    opened(terminal)
    assert "TEXTUAL_DISABLE_KITTY_KEY" not in os.environ
    monkeypatch.setenv("SSH_TTY", "/dev/pts/0")
    opened(terminal)
    assert os.environ["TEXTUAL_DISABLE_KITTY_KEY"] == "1"
    monkeypatch.delenv("TEXTUAL_DISABLE_KITTY_KEY")


def test_the_dashboard_knows_how_it_was_started(terminal: Callable[[], None]) -> None:
    terminal()
    assert main([]) == DONE
    assert Dashboard.started.command(("grants",)) == "usage-tui grants --demo"
    assert main(["--demo", "low"]) == DONE
    assert Dashboard.started.command(("grants",)) == "usage-tui grants --demo low"
