"""Every vendor in the real program: each way to fail ends in one clear line, and recordings agree with it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.clients.providers.live import KEY, VENDORS, Answer, Asked, LiveVendor, said, serving
from tests.forked import ForkedTerminal, run
from tests.terminal import Terminal, environment

JSON = {"Content-Type": "application/json"}
MOST_REQUESTS = 200
REFUSED = "doesn't accept the key"
WITHHELD = "doesn't let this key see that"

Reply = Callable[[Asked], Answer]


def error(status: int, **headers: str) -> Reply:
    """An answer in the shape of most vendors, whose text repeats a part of the key."""
    body = json.dumps({"error": {"message": f"no, {KEY[:9]}…{KEY[-4:]}", "type": "x"}, "message": "no"})
    return lambda _: Answer(status, body.encode(), {**JSON, **headers})


class Failure(NamedTuple):
    """One way to fail.

    Attributes:
        answer: To every request.
        says: What is on the screen then.
        elsewhere: What it says of some vendors instead.
    """

    answer: Reply
    says: str
    elsewhere: Mapping[str, str] = {}


FAILURES = {
    "401": Failure(error(401), REFUSED),
    "403": Failure(error(403), WITHHELD),
    "404": Failure(error(404), "found nothing at this address", {"github": WITHHELD}),
    "429": Failure(error(429, **{"Retry-After": "900"}), "is limiting requests"),
    "500": Failure(error(500), "failed (500"),
    "HTML": Failure(
        lambda _: Answer(200, b"<p>Sign in</p>", {"Content-Type": "text/html"}),
        "something other than JSON (text/html)",
    ),
    "broken off": Failure(lambda _: Answer(200, b'{"data": [', JSON, is_cut=True), "broke off"),
    "cut": Failure(lambda _: Answer(200, b'{"data": [', JSON), "is cut off"),
}


class Screen(NamedTuple):
    """A vendor, and the program that shows it."""

    vendor: LiveVendor
    terminal: Terminal


@pytest.fixture
def homes(tmp_path: Path) -> Callable[[LiveVendor], Path]:
    """Makes the home of somebody with a profile of a vendor."""

    def made(vendor: LiveVendor) -> Path:
        home = tmp_path / vendor.name
        config = home / ".config/usage-tui/config.toml"
        config.parent.mkdir(parents=True)
        key = home / "key"
        key.write_text(KEY)
        key.chmod(0o600)
        config.write_text(vendor.profile(key))
        return home

    return made


@pytest.fixture
def screens(homes: Callable[[LiveVendor], Path]) -> Iterator[list[Screen]]:
    """All vendors, each refusing the key, and the program on a terminal for each."""
    with ExitStack() as stack:
        made = []
        for name in VENDORS:
            vendor = stack.enter_context(serving(name))
            vendor.answer = FAILURES["401"].answer
            terminal = ForkedTerminal(["-p", name], environment=environment(homes(vendor)))
            made.append(Screen(vendor, stack.enter_context(terminal)))
        yield made


def unwrapped(text: str) -> str:
    return " ".join(text.replace("▌", " ").split())


def wait_for(screen: Screen, words: str) -> None:
    """Wait until the words are in the first lines of the screen, wherever they are wrapped."""
    terminal = screen.terminal
    while words not in unwrapped("\n".join(terminal.text.splitlines()[:6])):
        assert terminal.listen(30), f"{screen.vendor.name}: {words!r} is not on the screen\n{terminal.text}"


def test_each_way_to_fail_is_one_clear_line_and_in_the_end_the_dashboard_shows(screens: list[Screen]) -> None:
    for name, failure in FAILURES.items():
        for screen in screens:
            screen.vendor.answer = failure.answer
            screen.vendor.requests.clear()
            if name != "401":
                screen.terminal.press("r")
        for screen in screens:
            wait_for(screen, failure.elsewhere.get(screen.vendor.name, failure.says))
            assert len(screen.vendor.requests) <= (1 if name == "401" else 12), screen.vendor.name
    for vendor, terminal in screens:
        vendor.answer = VENDORS[vendor.name]
        terminal.press("r")
    for vendor, terminal in screens:
        terminal.wait_for(
            "Daily usage", "Historical usage", "Message" if vendor.name == "v0" else "nimbus-large"
        )
        assert not any(part.encode() in terminal.raw for part in (KEY, KEY[:9], KEY[-4:])), vendor.name
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def _endless(name: str) -> Reply:
    """The usual answers, but each page of a list claims another one behind it, which is the same again."""
    usual, numbers = VENDORS[name], count(1)

    def answer(asked: Asked) -> Answer:
        found = usual(asked._replace(query={**asked.query, "cursor": "0"}))
        if name == "litellm" and asked.path.endswith("/aggregated"):
            return Answer(404, b'{"detail": "Not Found"}', JSON)
        reply = json.loads(found.body)
        if "has_more" in reply:
            reply |= {"has_more": True, "next_page": f"p{next(numbers)}"}
        elif "metadata" in reply:
            reply["metadata"]["has_more"] = True
        elif "pagination" in reply:
            reply |= {
                "data": reply["data"][:3],
                "pagination": {"hasMore": True, "nextCursor": f"{next(numbers)}"},
            }
        return said(reply)

    return answer


@pytest.mark.parametrize("name", ["anthropic", "litellm", "openai", "v0"])
def test_pages_without_end_end_in_one_clear_line(name: str, homes: Callable[[LiveVendor], Path]) -> None:
    with serving(name) as vendor:
        vendor.answer = _endless(name)
        ended = record(homes(vendor), name)
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert "lead back to one that was read before" in ended.stderr
        assert len(vendor.requests) <= MOST_REQUESTS


PACED = ("Runway", "Runs out")
TREND = re.compile("[▁-█]+ ").sub


def record(home: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Record a vendor into ``it.jsonl``."""
    return run(["record", "-p", name, "-o", "it.jsonl"], environment=environment(home), folder=home)


@pytest.mark.parametrize("name", VENDORS)
def test_a_recording_shows_the_same_screen(name: str, homes: Callable[[LiveVendor], Path]) -> None:
    with serving(name) as vendor:
        home = homes(vendor)
        live = shown(home, "-p", name)
        recorded = record(home, name)
        assert (recorded.returncode, recorded.stderr) == (0, "")
        origin = f"127.0.0.1:{vendor.port}"
    assert KEY not in (home / "it.jsonl").read_text()
    again = shown(home, str(home / "it.jsonl"))
    if name == "v0":  # the account knows earlier days than those that are recorded
        live, again = (
            [TREND("", row) for row in rows if not row.startswith(PACED)] for rows in (live, again)
        )
    assert [row.replace("it.jsonl", origin) for row in again] == live


def shown(home: Path, *words: str) -> list[str]:
    """The screen between its first line and its last one, without the blanks between words."""
    with ForkedTerminal(words, environment=environment(home)) as terminal:
        terminal.wait_for("as of", "Historical usage", "Daily usage")
        terminal.wait_until_quiet(0.5)
        rows = terminal.text.splitlines()[1:-1]
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    return [" ".join(row.replace("─", " ").split()) for row in rows]
