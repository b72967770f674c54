"""Waiting for the network, and stopping at once when interrupted."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine as `asyncio.run` does, but end at once when it is done or interrupted.

    Otherwise a host name lookup would be waited for, without a network for half a minute.
    """
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)


class _Loop(asyncio.SelectorEventLoop):
    """Looks up host names in threads that nobody waits for: the system's resolver cannot be interrupted."""

    async def getaddrinfo(self, *place: Any, **kind: Any) -> Any:
        found: asyncio.Future[Any] = self.create_future()

        def tell(result: Any, error: Exception | None) -> None:
            if not found.done():
                found.set_result(result) if error is None else found.set_exception(error)

        def look_up() -> None:
            result, failed = None, None
            try:
                result = socket.getaddrinfo(*place, **kind)
            except (OSError, ValueError) as error:
                failed = error
            with suppress(RuntimeError):  # the loop has ended
                self.call_soon_threadsafe(tell, result, failed)

        Thread(target=look_up, daemon=True).start()
        return await found
