"""The cell-diffing display shows what Textual's own does, on every screen and on every way between them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.minimal_diff import minimal_diff
from bench.recordings import write_demo
from tests.server.postgresql import missing
from tests.terminal import Emulator
from tests.tmux import Panes
from tests.tui.session import make_app, running
from tests.tui.test_snapshots import DASHBOARDS, DIALOGS, PAGES, STATES, STATES_ELSEWHERE, Picture, pictures
from tests.tui.witness import Witness, visible, witness_frames
from usage_tui.clients.recording.client import RecordingClient

EVERYTHING = DASHBOARDS + STATES + STATES_ELSEWHERE + PAGES + DIALOGS


def chosen(pictures: list[Picture]) -> list[Picture]:
    """Those that add a way to a screen, or a size in a theme: the display knows of nothing else.

    A way is looked at from its first key to its last, so the longest come first.
    """
    known: set[object] = set()
    found = []
    for picture in sorted(pictures, key=lambda picture: -len(picture.keys)):
        ways = {(picture.scenario, picture.keys[:steps]) for steps in range(len(picture.keys) + 1)}
        added = {*ways, (picture.size, picture.theme, picture.ascii)}
        if not added <= known:
            found.append(picture)
            known |= added
    return found


KEYS = [*"123cdgGnpNrvyxb", "tab", "shift+tab", "up", "down", "left", "right", "enter", "escape", "pagedown"]
KEYS += ["question_mark", "ctrl+p", "ctrl+l", "ctrl+t"]
SIZES = [(120, 40), (80, 24), (60, 30), (36, 10)]


async def look(picture: Picture, monkeypatch: pytest.MonkeyPatch, witness: Witness) -> None:
    """Get to a picture, and compare both terminals on every step of the way."""
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    if picture.theme == "nocolor":
        monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(picture.scenario, hint=picture.hint, theme=picture.theme, ascii=picture.ascii)
    async with running(app, picture.size, answered=picture.scenario != "loading") as session:
        witness.check()
        for key in picture.keys:
            await session.press(key)
            witness.check()


@pictures(chosen(EVERYTHING))
async def test_every_picture_is_the_same_in_every_cell_of_two_emulators(
    picture: Picture, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    witness = witness_frames(monkeypatch, picture.size)
    await look(picture, monkeypatch, witness)
    panes = request.getfixturevalue("panes")
    stock, ours = (b"".join(frames) for frames in zip(*witness.sent, strict=True))
    assert visible(panes.show(ours, picture.size)) == visible(panes.show(stock, picture.size))


@pytest.mark.parametrize("erases_in_color", [True, False])
@pytest.mark.parametrize("colors", ["256", "standard"])
async def test_it_is_with_fewer_colors_and_on_terminals_that_erase_without(
    colors: str, erases_in_color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = witness_frames(monkeypatch, (80, 24), colors=colors, erases_in_color=erases_in_color)
    await look(
        Picture("walk", (80, 24), keys=("2", "n", "down", "3", "1", "v", "escape")), monkeypatch, witness
    )


@settings(max_examples=8)
@given(st.lists(st.sampled_from(KEYS) | st.sampled_from(SIZES), min_size=4, max_size=10))
def test_it_is_after_any_keys_and_sizes(steps: list[str | tuple[int, int]]) -> None:
    async def walk(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
        witness = witness_frames(monkeypatch, SIZES[0])
        async with running(make_app(), SIZES[0]) as session:
            for step in steps:
                if isinstance(step, str):
                    await session.press(step)
                else:
                    witness.resize(*step)
                    await session.resize(*step)
                witness.check()

    with pytest.MonkeyPatch.context() as monkeypatch:
        asyncio.run(walk(monkeypatch))


@pytest.fixture(scope="module")
def panes() -> Iterator[Panes]:
    program = shutil.which("tmux")
    if program is None:
        missing("there is no tmux here; on Debian and Ubuntu: apt install tmux")
        return
    with Panes(program) as panes:
        yield panes


# The bytes


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_bytes_are_hardly_more_than_a_minimal_diff(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = witness_frames(monkeypatch, size)
    before = Emulator(*size).cells
    async with running(make_app(), size) as session:
        for key, most in (
            (None, 1.5),
            ("2", 1.2),
            ("down", 1.2),
            ("n", 1.2),
            ("p", 1.2),
            ("1", 1.2),
            ("r", 0),
        ):
            if key:
                before, witness.sent[:] = witness.ours.cells, []
                await session.press(key)
            sent = sum(len(ours) for _, ours in witness.sent)
            assert sent <= most * len(minimal_diff(before, witness.ours.cells)), key


async def test_a_look_at_the_same_data_sends_nothing_and_a_changed_number_little(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "demo.jsonl"
    await asyncio.to_thread(write_demo, path, storage="41.1")
    witness = witness_frames(monkeypatch, SIZES[0])
    async with running(make_app(await RecordingClient.open(path)), SIZES[0]) as session:
        witness.sent.clear()
        await session.press("r")
        assert not any(ours for _, ours in witness.sent)
        before = witness.ours.cells
        await asyncio.to_thread(write_demo, path, storage="41.2")
        await session.press("r")
        sent = b"".join(ours for _, ours in witness.sent)
        assert len(sent) <= 1.2 * len(minimal_diff(before, witness.ours.cells))
