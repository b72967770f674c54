"""Writing files: all of one or nothing, and for its owner alone."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it, where they are missing: for their owner alone.

    Raises:
        OSError: It cannot be made.
    """
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes the place of another once it is whole; until then nothing has changed.

    Only its owner can read it. A link keeps leading to where it led.

    Args:
        path: Where; a file that lies there is replaced.

    Raises:
        OSError: It cannot be written, or what lies there is no regular file.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EEXIST, "it is no regular file")
    target = path.resolve()  # or a link such as /dev/stdout would be replaced
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".usage-tui-")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink()
        raise
