"""Where an export goes: a file, or the terminal's clipboard; and how that ends, in words."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

from usage_tui.clients.base import ClientError
from usage_tui.config.terminal import MOST_COPIED, over_ssh
from usage_tui.text.clean import clean
from usage_tui.text.words import count_noun
from usage_tui.tui.exporting import NotExported
from usage_tui.tui.saving import save

_CLIPBOARD = "Sent to your terminal's clipboard"
_TOO_LARGE = f"This is more than {MOST_COPIED // 1024} kB, the most that terminals take. Nothing was sent."


class Listener(Protocol):
    """Is told how an export is going.

    Attributes:
        rows: How many are done.
    """

    rows: int

    def tell(self, rows: int, total: int | None) -> None:
        """How many rows are done, and of how many."""

    def done(self, said: str) -> None:
        """It is where it should be."""

    def failed(self, said: str) -> None:
        """It has ended, and nothing has changed."""

    def exists(self) -> None:
        """A file lies there that may not be replaced."""


async def deliver(
    pieces: AsyncIterator[str],
    path: Path | None,
    copy: Callable[[str], None],
    listener: Listener,
    *,
    exclusive: bool,
    names_host: bool,
) -> None:
    """Bring an export where it should be, and say how that went.

    Args:
        pieces: Its text.
        path: The file; None for the clipboard.
        copy: Sends a text to the clipboard.
        listener: Is told how it goes.
        exclusive: Whether to fail if the file exists.
        names_host: Whether to say on which host a file is, and in which folder.
    """
    where = _CLIPBOARD if path is None else _place(path, names_host=names_host)
    try:
        if path is None:
            await _copy(pieces, copy)
        else:
            await save(path, pieces, exclusive=exclusive)
    except FileExistsError:
        listener.exists()
    except OSError as error:
        listener.failed(f"{where if path else 'clipboard'}: cannot be written: {error.strerror}")
    except NotExported as error:
        listener.failed(str(error))
    except ClientError as error:
        listener.failed(f"The export ended after {count_noun(listener.rows, 'event')}: {error.full_text}")
    else:
        rows = f": {count_noun(listener.rows, 'row')}" if listener.rows else ""
        listener.done(f"{where}{rows}")


async def _copy(pieces: AsyncIterator[str], copy: Callable[[str], None]) -> None:
    """Send all to the clipboard.

    Raises:
        NotExported: It is too large.
    """
    whole, size = list[str](), 0
    async for piece in pieces:
        whole.append(piece)
        size += len(piece.encode())
        if size > MOST_COPIED:
            raise NotExported(_TOO_LARGE)
    copy("".join(whole))


def _place(path: Path, *, names_host: bool) -> str:
    if not names_host:
        return clean(path.name)
    return clean(f"{socket.gethostname()}:{path.absolute()}" if over_ssh() else str(path))
