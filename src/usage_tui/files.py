"""Files that are written whole or not at all, and that are their owner's alone."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_MOST_PLACES = 1000
"""Files and folders on the way to a file; links that lead to each other have more."""


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it, where they are missing: for their owner alone.

    Raises:
        OSError: It cannot be made.
    """
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)


def writable_by_others(path: Path) -> Path | None:
    """Through what another user could change a file or folder: itself, or a folder on the way to it.

    The way is the path and that of each link in it. In a folder such as /tmp, where each may delete only what
    is theirs (its sticky bit), what belongs to the user is safe. What is not there yet is left out.

    Returns:
        The first of them that somebody may write who is neither its user nor root; None if all are safe.

    Raises:
        OSError: It cannot be looked at.
    """
    for place in (path, *_folders_to(path.absolute())):
        if not place.exists():
            continue
        status = place.stat()
        writable = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        sticky = place is not path and status.st_mode & stat.S_ISVTX
        if status.st_uid not in (os.geteuid(), 0) or (writable and not sticky):
            return place
    return None


def why_unsafe(folder: Path, variable: str) -> str:
    """Why nothing may be kept in a folder, one sentence with what to do; empty if it may.

    Another user who can change a file there would decide what is shown, or where is written.

    Args:
        folder: Where; it need not exist.
        variable: The environment variable that chooses another place.

    Raises:
        OSError: It cannot be looked at.
    """
    if folder.exists() and folder.stat().st_uid != os.geteuid():
        return f"{folder} does not belong to you. Set {variable}."
    place = writable_by_others(folder)
    if place is None:
        return ""
    return f"others can write to {place}. Run chmod go-w {place}, or set {variable}."


def _folders_to(path: Path) -> Iterator[Path]:
    """The folders in which the way to a file can be changed, those to where its links lead among them."""
    waiting, seen = [path], set[Path]()
    while waiting:
        way = waiting.pop()
        for place in (way, *way.parents):
            if place in seen:
                continue
            seen.add(place)
            if place != path:
                yield place if place.is_dir() else place.parent
            if place.is_symlink():
                waiting.append(place.parent / place.readlink())
        if len(seen) > _MOST_PLACES:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


@contextmanager
def replacing(path: Path, *, exclusive: bool = False) -> Iterator[IO[bytes]]:
    """A file to write to that takes the place of another once it is whole; until then nothing has changed.

    Only its owner can read it. A link keeps leading to where it led.

    Args:
        path: Where; a file that lies there is replaced.
        exclusive: Fail if the file exists, even if it appears meanwhile.

    Raises:
        FileExistsError: A file lies there, and none may be replaced.
        OSError: It cannot be written, or what lies there is not a regular file.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is not a regular file")
    if exclusive and path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    target = path.resolve()  # or a link such as /dev/stdout would be replaced
    temporary = target.with_name(f".usage-tui-{os.urandom(8).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        if exclusive and target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        temporary.replace(target)
    except BaseException:
        temporary.unlink()
        raise
