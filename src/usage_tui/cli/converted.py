"""A table that is opened directly: it is made into a recording once, which is kept in the cache folder."""

from __future__ import annotations

import argparse
import atexit
import json
import os
import zlib
from contextlib import suppress
from pathlib import Path

from usage_tui import __version__
from usage_tui.cli.ending import Failure
from usage_tui.config import paths
from usage_tui.files import make_private_folder, writable_by_others

STDIN = "-"
_OURS = b'"usage-tui/recording/'
_HEAD = 2**16
_BEGINNING = 2**10
"""Bytes; a recording says within these that it is one."""
_MOST_FILES = 16


def is_table(path: Path) -> bool:
    """Whether a file could be a table, because it is there and no recording."""
    if str(path) == STDIN:
        return True
    try:
        if not path.exists() or path.is_dir():
            return False
        if not path.is_file():
            # A shell's <(command) has a writer; any other pipe may be waited for in vain.
            return path.is_fifo() and path.parent.name == "fd"
        return not is_recording(path)
    except OSError:
        return False


def is_recording(path: Path) -> bool:
    """Whether a file says that it is a recording.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return _OURS in _unpacked(file.read(_HEAD))[:_BEGINNING]


def converted(path: Path, options: argparse.Namespace) -> Path:
    """The recording that a table was made into; it is made where it is not there yet.

    Raises:
        Failure: The table cannot be read.
    """
    keep = path.is_file() and not getattr(options, "no_cache", False) and str(path) != STDIN
    folder = paths.cache_folder() / "exports"
    target = folder / f"{_key(path, options)}.jsonl" if keep and not _refused(folder) else None
    if target is not None and target.is_file():
        with suppress(OSError):
            os.utime(target)
        return target
    if target is not None:
        try:
            make_private_folder(folder)
            _drop_oldest(folder)
        except OSError:
            target = None
    made = target or _temporary()
    _make(path, options, made)
    return made


def _make(path: Path, options: argparse.Namespace, made: Path) -> None:
    from usage_tui.cli.make_recording import Order, make_recording
    from usage_tui.cli.table_options import choices_of
    from usage_tui.importing.faults import ImportFailed
    from usage_tui.models import InvalidCredits

    order = Order((path,), choices_of(options), skip_bad_lines=options.skip_bad_lines)
    try:
        make_recording(order, made)
    except ImportFailed as error:
        raise Failure(str(error)) from None
    except InvalidCredits as error:
        raise Failure(f"the amounts cannot be added up: {error}") from None


def _key(path: Path, options: argparse.Namespace) -> str:
    """What tells one reading of a file from another: the file as it is now, and what was said of it."""
    from hashlib import sha256  # loads OpenSSL, and most files are not tables

    from usage_tui.cli.table_options import words_of

    status = path.stat()
    with path.open("rb") as file:
        head = sha256(file.read(_HEAD)).hexdigest()
    seen = [str(path.resolve()), status.st_size, status.st_mtime_ns, head, __version__, words_of(options)]
    return sha256(json.dumps(seen).encode()).hexdigest()[:32]


def _unpacked(head: bytes) -> bytes:
    """The beginning of what may be compressed with gzip."""
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _BEGINNING)
    except zlib.error:
        return b""


def _refused(folder: Path) -> bool:
    """Whether another user could change what is kept there."""
    try:
        return writable_by_others(folder) is not None
    except OSError:
        return True


def _drop_oldest(folder: Path) -> None:
    """Make room for one more file."""
    ours = (one for one in folder.iterdir() if paths.is_cache_name(one.name))
    kept = sorted(ours, key=lambda one: one.stat().st_mtime)
    for one in kept[: len(kept) - _MOST_FILES + 1] if len(kept) >= _MOST_FILES else ():
        one.unlink(missing_ok=True)


def _temporary() -> Path:
    """A file that is deleted at the end of the program."""
    import tempfile  # a status line reads what is kept

    folder = tempfile.TemporaryDirectory(prefix="usage-tui-")
    atexit.register(folder.cleanup)
    return Path(folder.name) / "table.jsonl"
