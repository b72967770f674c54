"""Events that come oldest first, as a ledger books them, kept on the disk until they are written."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import IO

from usage_tui.clients.recording.file import event_line
from usage_tui.models import Event

_AT_ONCE = 1000
"""Events read back at once."""


class OldestFirst:
    """The lines of events, in a file without a name beside the recording that they are for.

    Memory holds where each begins.
    """

    def __init__(self, path: Path) -> None:
        """Keep nothing yet.

        Args:
            path: The recording.

        Raises:
            OSError: There is nowhere to write.
        """
        self._file = _temporary(path.parent)
        self._ends = array("Q", [0])

    def __enter__(self) -> OldestFirst:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, event: Event) -> None:
        """Keep the next event.

        Raises:
            OSError: It cannot be written.
        """
        line = event_line(event)
        self._file.write(line)
        self._ends.append(self._ends[-1] + len(line))

    def newest_first(self) -> Iterator[bytes]:
        """The lines, the last one first."""
        for end in range(len(self), 0, -_AT_ONCE):
            ends = self._ends[max(end - _AT_ONCE, 0) : end + 1]
            self._file.seek(ends[0])
            text = self._file.read(ends[-1] - ends[0])
            lines = [text[start - ends[0] : stop - ends[0]] for start, stop in pairwise(ends)]
            yield from reversed(lines)


def _temporary(folder: Path) -> IO[bytes]:
    """A file without a name, in this folder unless none can be there, such as in /dev."""
    try:
        return tempfile.TemporaryFile(dir=folder)
    except OSError:
        return tempfile.TemporaryFile()
