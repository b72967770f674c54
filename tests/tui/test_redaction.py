"""Hidden names: on no screen, in no copy and in no export is any left, and the same one stays the same."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.clients.providers.month import month
from tests.clients.recordings import record_acme
from tests.tui.hostile import HOSTILE, is_harmless, record_poisoned
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running, settled
from usage_tui.clients.base import Unreachable
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.redaction import PSEUDONYMS
from usage_tui.clients.registry import DEMO
from usage_tui.config.profiles import Profile
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.models import Credits
from usage_tui.state.overview_sources import overview_sources
from usage_tui.state.told import Told
from usage_tui.tui.app import UsageApp
from usage_tui.tui.screens.history import HistoryScreen

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


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, on the computer in front of the viewer."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    for name in ("SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    return home


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
            found = [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", kept)]
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


@pytest.mark.parametrize("size", [WIDE, NORMAL])
@pytest.mark.parametrize("kind", ["acme", "organizations", "recording", "vendor"])
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
