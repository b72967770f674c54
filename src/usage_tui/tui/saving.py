"""Writing a file without keeping the screen waiting: disks and networks can hang."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from queue import SimpleQueue
from typing import TypeAlias

from usage_tui.files import replacing


class _Abandoned(Exception):
    """The rest does not come."""


_Pieces: TypeAlias = SimpleQueue[bytes | _Abandoned | None]
"""What is to be written; None after the last piece."""


async def save(path: Path, texts: AsyncIterator[str], *, exclusive: bool) -> None:
    """Write a file that is there once it is whole; if it is cancelled or fails, nothing has changed.

    Args:
        path: Where.
        texts: What it holds, piece by piece.
        exclusive: Whether to fail if the file exists.

    Raises:
        FileExistsError: A file lies there, and none may be replaced.
        OSError: It cannot be written.
    """
    pieces: _Pieces = SimpleQueue()
    writing = asyncio.create_task(asyncio.to_thread(_write, path, pieces, exclusive=exclusive))
    try:
        async for text in texts:
            if writing.done():
                break  # it has failed
            pieces.put(text.encode())
        pieces.put(None)
        await asyncio.shield(writing)
    except BaseException:
        pieces.put(_Abandoned())
        await asyncio.wait([writing])
        writing.exception()  # or asyncio would complain that nobody has looked at it
        raise


def _write(path: Path, pieces: _Pieces, *, exclusive: bool) -> None:
    with replacing(path, exclusive=exclusive) as file:
        while (piece := pieces.get()) is not None:
            if isinstance(piece, _Abandoned):
                raise piece
            file.write(piece)
