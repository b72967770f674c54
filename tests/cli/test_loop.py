"""Waiting for the network ends at once: whatever a name's look-up still does."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from usage_tui.cli import loop


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set it to let the system's resolver answer; after ten seconds it is set by itself."""
    answering = threading.Event()
    real = socket.getaddrinfo

    def late(*place: Any, **kind: Any) -> Any:
        if not answering.wait(10):
            answering.set()
        return real("127.0.0.1", *place[1:], **kind)

    monkeypatch.setattr(socket, "getaddrinfo", late)
    yield answering
    answering.set()


async def look_up(name: str) -> list[Any]:
    return await asyncio.get_running_loop().getaddrinfo(name, 443, type=socket.SOCK_STREAM)


def test_a_name_that_is_looked_up_is_not_waited_for_at_the_end(resolver: threading.Event) -> None:
    async def leave() -> str:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(look_up("usage.example"), 0)
        asyncio.get_running_loop().create_task(look_up("usage.example"))
        await asyncio.sleep(0)
        return "done"

    assert loop.run(leave()) == "done"
    assert not resolver.is_set()


def test_a_name_is_found(resolver: threading.Event) -> None:
    resolver.set()
    assert loop.run(look_up("usage.example"))[0][4] == ("127.0.0.1", 443)


def test_a_name_that_is_not_found_says_so() -> None:
    with pytest.raises(UnicodeError):
        loop.run(look_up("a" * 64))
