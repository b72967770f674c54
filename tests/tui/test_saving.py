"""Writing beside the screen: whole or not at all, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from usage_tui.tui.saving import save


def texts(folder: Path) -> list[str]:
    """What the files hold."""
    return [one.read_text(encoding="utf-8") for one in folder.iterdir()]


async def until_there(folder: Path, count: int) -> None:
    """Wait for the thread that writes."""
    async with asyncio.timeout(60):
        while len(texts(folder)) < count:  # noqa: ASYNC110 - the thread tells nobody
            await asyncio.sleep(0)


async def pieces(*texts: str, until: asyncio.Event | None = None) -> AsyncIterator[str]:
    for text in texts:
        yield text
    if until is not None:
        await until.wait()


async def test_all_pieces_are_in_the_file(tmp_path: Path) -> None:
    await save(tmp_path / "x", pieces("a", "ä", "c"), exclusive=True)
    assert (tmp_path / "x").read_bytes() == "aäc".encode()


async def test_a_file_that_appears_on_the_way_is_not_replaced(tmp_path: Path) -> None:
    path, never = tmp_path / "x", asyncio.Event()
    saving = asyncio.create_task(save(path, pieces("mine", until=never), exclusive=True))
    await until_there(tmp_path, 1)
    path.write_text("theirs", encoding="utf-8")
    never.set()
    with pytest.raises(FileExistsError):
        await saving
    assert texts(tmp_path) == ["theirs"]


async def test_what_is_canceled_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("before", encoding="utf-8")
    saving = asyncio.create_task(save(path, pieces("half", until=asyncio.Event()), exclusive=False))
    await until_there(tmp_path, 2)
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert texts(tmp_path) == ["before"]


async def test_a_source_that_fails_leaves_nothing(tmp_path: Path) -> None:
    async def failing() -> AsyncIterator[str]:
        yield "half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await save(tmp_path / "x", failing(), exclusive=True)
    assert texts(tmp_path) == []
