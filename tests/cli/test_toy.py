"""Another package's provider of data: every command knows it by its name, as one of ours."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import toy
from tests.cli.program import refused
from tests.clients.transport.service import serving
from usage_tui.cli import main, opening
from usage_tui.cli.ending import FAILED
from usage_tui.clients.read_ahead import ReadAhead
from usage_tui.clients.registry import USAGE_API
from usage_tui.config import paths
from usage_tui.config.settings import read_settings
from usage_tui.state.cache import Cache
from usage_tui.state.loading import load_all
from usage_tui.state.reducers import initial

KEY = "toy_5up3r-s3cr3t-key"
COSTS = {
    "all": {"small": 0.07, "large-<b>": 41.2, "middling": 1.5e-05},
    "ops": {"small": 0.02},
}


class Toy(NamedTuple):
    """A running service of it.

    Attributes:
        url: Its address.
        asked: The targets of the requests so far.
    """

    url: str
    asked: list[str]


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a package with this entry point were installed."""
    folder = tmp_path / "site" / "usage_tui_toy-1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: usage-tui-toy\nVersion: 1\n")
    (folder / "entry_points.txt").write_text("[usage_tui.providers]\ntoy = tests.toy:PROVIDER\n")
    monkeypatch.syspath_prepend(str(folder.parent))


@pytest.fixture
def service() -> Iterator[Toy]:
    """It answers who has the key, and names the key to all others, as some vendors do."""
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        status = 200
        reply: dict[str, object] = {"at": "2026-11-22T20:30:00+00:00"}
        given = request.headers["Authorization"]
        if given != f"Bearer {KEY}":
            status, reply = 401, {"error": {"message": f"Incorrect key: {given[-8:]}", "type": "bad_key"}}
        else:
            reply["models"] = COSTS[parse_qs(urlsplit(request.path).query)["team"][0]]
        body = json.dumps(reply).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    with serving(answer) as url:
        yield Toy(url, asked)


@pytest.fixture
def profile(service: Toy, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Write the profile `toy` with further lines. The key is in a variable."""

    def write(lines: str = "") -> None:
        paths.config_file().parent.mkdir(parents=True, exist_ok=True)
        paths.config_file().write_text(
            f'[profiles.toy]\nprovider = "toy"\nurl = "{service.url}"\ntoken_variable = "MY_KEY"\n{lines}'
        )
        monkeypatch.setenv("MY_KEY", KEY)

    write()
    return write


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words, "--print"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.usefixtures("profile")
def test_its_cards_are_shown_and_the_rest_has_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "-p", "toy")
    assert "Toy Ltd" in out
    assert "$41.2" in out
    assert "large-<b>" in out
    assert "included, runway, daily usage, historical usage,\ngrants, allowances\n" in out
    assert out.count(toy.SENTENCE) == 2  # below the cost, and once for all that is not offered


def test_a_setting_of_its_own_reaches_it(
    profile: Callable[[str], None], service: Toy, capsys: pytest.CaptureFixture[str]
) -> None:
    profile('team = "ops"\n')
    assert "$0.02" in printed(capsys, "-p", "toy")
    assert set(service.asked) == {"/costs?team=ops"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('taem = "ops"', "unknown key profiles.toy.taem; did you mean team?"),
        ('organization = "ops"', "unknown key profiles.toy.organization; "),
        ("team = 5", "profiles.toy.team: must be text in quotes"),
    ],
)
def test_a_setting_that_it_does_not_know_is_refused(
    line: str, fault: str, profile: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    profile(f"{line}\n")
    assert refused(capsys, "-p", "toy", "--print").startswith(f"{paths.config_file()}: {fault}")


@pytest.mark.usefixtures("profile")
def test_an_option_that_it_does_not_know_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    message = refused(capsys, "-p", "toy", "--print", "--organization", "ops")
    assert message == "--organization does not apply to Toy"


@pytest.mark.usefixtures("profile")
async def test_it_is_cached_and_looked_at_no_more_often_than_it_wants(tmp_path: Path) -> None:
    profile = read_settings(paths.config_file()).profiles["toy"]
    assert profile.seconds_between_looks == 300
    source = await asyncio.to_thread(opening.open_client, profile)
    assert isinstance(source.profile.provider.pages(source.client), ReadAhead)
    assert source.cache_key is not None
    shown = [
        SimpleNamespace(state=initial(source.client.origin, source.client.not_offered)) for _ in range(2)
    ]
    first, second = (Cache(tmp_path / "cache", source.cache_key, None) for _ in range(2))
    await load_all(shown[0], source.client)
    await source.client.aclose()
    first.follow(shown[0].state)
    await first.aclose()
    await second.fill(shown[1])
    await second.aclose()
    assert shown[1].state.summary.value == shown[0].state.summary.value
    assert shown[1].state.sources.value.items == shown[0].state.sources.value.items
    assert shown[1].state.grants.reason == toy.SENTENCE


@pytest.mark.usefixtures("profile")
def test_doctor_checks_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "-p", "toy"]) == 0
    out, err = capsys.readouterr()
    lines = {line.split()[2]: line for line in out.splitlines()}
    assert "Toy; amounts in USD; days in UTC." in lines["provider"]
    assert lines["connection"].startswith("✓ ok")
    assert "daily usage" in lines["not"]
    assert "Toy Ltd" in lines["organization"]
    assert KEY not in out + err


@pytest.mark.usefixtures("profile")
def test_a_recording_of_it_shows_the_same_screen(
    tmp_path: Path, service: Toy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    live = printed(capsys, "-p", "toy")
    monkeypatch.setenv("MY_KEY", KEY)
    assert main(["record", "-p", "toy", "-o", "toy.jsonl"]) == 0
    assert capsys.readouterr().out.startswith("toy.jsonl: 0 events, as of 2026-11-22T20:30:00Z.")
    recorded = printed(capsys, "toy.jsonl")
    host = service.url.removeprefix("http://")
    assert [line.split() for line in recorded.replace("toy.jsonl", host).splitlines()] == [
        line.split() for line in live.splitlines()
    ]


def test_login_by_its_name_writes_the_profile(
    service: Toy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{KEY}\n"))
    assert main(["login", "toy", "--url", service.url]) == 0
    out = capsys.readouterr().out
    assert "Wrote the profile toy to " in out
    assert "Account: Toy Ltd. It shows: usage by source." in out
    assert f"Not shown: {toy.SENTENCE}" in out
    assert paths.config_file().read_text() == (
        f'profile = "toy"\n\n[profiles.toy]\nprovider = "toy"\nurl = "{service.url}"\n'
        'token_file = "tokens/toy"\n'
    )
    assert paths.token_file("toy").read_text() == f"{KEY}\n"
    assert "Toy Ltd" in printed(capsys)


def test_login_with_a_wrong_key_writes_nothing_and_shows_no_part_of_it(
    service: Toy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "toy_wr0ng-k3y-8c7d"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{wrong}\n"))
    assert main(["login", "toy", "--url", service.url]) == FAILED
    out, err = capsys.readouterr()
    assert err.startswith(f"usage-tui: {service.url.removeprefix('http://')} does not accept the token")
    assert not any(wrong[at : at + 4] in err for at in range(4, len(wrong) - 3))
    assert out == ""
    assert not paths.config_file().exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["toi"], "unknown provider 'toi'; did you mean toy?, or the address of a Usage API"),
        (["demo"], "demo needs no login: usage-tui -p demo"),
        (["usage-api"], "Usage API needs an address: usage-tui login usage-api --url URL"),
        (["toy", "--organization", "ops"], "--organization does not apply to Toy"),
        (["toy", "--url", "https://me:s3cr3t@toy.example"], "the address must be https:// with host"),
    ],
)
def test_what_can_never_be_logged_in_to_is_refused_before_the_token_is_asked_for(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refused(capsys, "login", *words).startswith(message)


def test_by_its_name_alone_it_takes_its_usual_address_and_variable(
    service: Toy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(capsys, "-p", "toy", "--print") == "There is no token. Set TOY_KEY to a toy key."
    monkeypatch.setenv("TOY_KEY", KEY)
    monkeypatch.setattr(toy, "PROVIDER", toy.PROVIDER._replace(url=service.url))
    assert "Toy Ltd" in printed(capsys, "-p", "toy")


def test_ours_are_opened_by_name_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "-p", "demo") == printed(capsys, "--demo")
    message = refused(capsys, "-p", USAGE_API.name)
    assert message == 'Usage API needs url: write a profile with provider = "usage-api"'


def test_profiles_of_demos_and_recordings_are_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["record", "--demo", "low", "-o", str(tmp_path / "low.jsonl")]) == 0
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text(
        '[profiles.tour]\nprovider = "demo"\nscenario = "low"\n'
        f'[profiles.old]\nprovider = "recording"\nfile = "{tmp_path / "low.jsonl"}"\n'
    )
    capsys.readouterr()
    tour, old = printed(capsys, "-p", "tour"), printed(capsys, "-p", "old")
    assert tour == printed(capsys, "--demo", "low")
    assert old == printed(capsys, str(tmp_path / "low.jsonl"))
    assert main(["profiles"]) == 0
    assert "tour" in capsys.readouterr().out
    assert main(["doctor", "-p", "old"]) == 0
    assert "consistent." in capsys.readouterr().out
