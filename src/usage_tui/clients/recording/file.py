"""The file of a recording: lines are read in place, and written all or not at all.

Of an open recording, memory holds the header and the offset of every 50th event.
"""

from __future__ import annotations

import os
import stat
import weakref
from array import array
from asyncio import sleep
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import IO, cast

from usage_tui import wire
from usage_tui.clients.base import InvalidRecording
from usage_tui.clients.recording.header import Extent, Header, dump_header, parse_header
from usage_tui.files import replacing
from usage_tui.models import Event, clean
from usage_tui.named_tuple import NamedTuple

STRIDE = 50
"""Events between two offsets that are kept; what is read at once to reach one of them."""

TURN = 10 * STRIDE
"""Events read before other work gets its turn: a few milliseconds."""

_CHUNK = 2**18
"""Bytes read before other work gets its turn: about a millisecond."""
_LONGEST_HEADER = 2**24
_GZIP_MAGIC = b"\x1f\x8b"
_RECORD_AGAIN = "Record or import it again."
_IMPORT_FIRST = "To make a recording from a table of events, use usage-tui import."
_OURS = b'"usage-tui/recording/'


class FileState(NamedTuple):
    """By what a changed file is recognized."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileState:
        """What the file system says of a file."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class RecordingFile:
    """An open recording; make one with `open_recording`.

    It stays readable as it was when another file takes its name.

    Attributes:
        name: The file's name, made harmless.
        state: What the file system said of it when it was opened.
        header: Its first line.
        count: How many lines of events follow.
    """

    def __init__(
        self,
        name: str,
        state: FileState,
        header: Header,
        *,
        descriptor: int,
        content_state: FileState,
        offsets: array[int],
        count: int,
    ) -> None:
        self.name = name
        self.state = state
        self.header = header
        self.count = count
        self._descriptor = descriptor
        self._content_state = content_state
        self._offsets = offsets
        # With the last reader at the latest, so that a check may outlive the view it was started for.
        self._close = weakref.finalize(self, os.close, descriptor)

    def lines(self, ordinals: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Lines of events by number, the newest being 0. A run of numbers is read block by block.

        Raises:
            InvalidRecording: The file was written over since it was opened, or is closed.
        """
        block, lines = -1, list[bytes]()
        for ordinal in ordinals:
            if ordinal // STRIDE != block:
                block = ordinal // STRIDE
                lines = self._block(block)
            yield ordinal, lines[ordinal % STRIDE]

    def events(self, ordinals: Iterable[int]) -> Iterator[Event]:
        """Events by number, the newest being 0.

        Raises:
            InvalidRecording: A line is no event, or the file was written over since it was opened.
        """
        return (self.parse(ordinal, line) for ordinal, line in self.lines(ordinals))

    def parse(self, ordinal: int, line: bytes) -> Event:
        """Read what `lines` gave.

        Raises:
            InvalidRecording: It is no event.
        """
        try:
            return wire.parse(Event, line)
        except wire.InvalidShape as error:
            raise self.fault(f"{place(ordinal)}: {error}") from None

    def contains(self, text: bytes) -> bool:
        """Whether the line of any event has these bytes."""
        start, end = self._offsets[0], self._offsets[-1]
        pieces = (os.pread(self._descriptor, _CHUNK + len(text), at) for at in range(start, end, _CHUNK))
        return any(text in piece for piece in pieces)

    def fault(self, what: str, advice: str = _RECORD_AGAIN) -> InvalidRecording:
        """The error that says what is wrong with this file."""
        return InvalidRecording(f"{self.name}: {what}.", advice=advice)

    def close(self) -> None:
        """Release the file."""
        self._close()

    def _block(self, block: int) -> list[bytes]:
        if not self._close.alive:  # the number of the descriptor may be another file's by now
            raise self.fault("the file was closed", "Open it again.")
        start, end = self._offsets[block], self._offsets[block + 1]
        data = os.pread(self._descriptor, end - start, start)
        if FileState.of(os.fstat(self._descriptor)) != self._content_state:
            raise self.fault("the file changed while it was open", "Refresh to read it again.")
        return data.split(b"\n")


def place(ordinal: int) -> str:
    """Where the event of that number stands in the file."""
    return f"line {ordinal + 2}"


async def open_recording(path: Path) -> RecordingFile:
    """Open a recording, check its header and find its lines. Other work gets its turn meanwhile.

    Raises:
        InvalidRecording: The file cannot be read, or is no recording that was written to its end.
    """
    name = clean(path.name)
    with _readable(name), _open_file(path) as original:
        state = FileState.of(os.fstat(original.fileno()))
        with await _plain(name, original) as file:
            return await _index(name, state, file)


def state_of(path: Path) -> FileState:
    """What the file system says of the file now.

    Raises:
        InvalidRecording: There is none, or it cannot be looked at.
    """
    with _readable(clean(path.name)):
        return FileState.of(path.stat())


def write_recording(path: Path, header: Header, events: Iterable[Event]) -> int:
    """Write a recording whose events are at hand, as `new_recording` does.

    Args:
        path: Where; a file that lies there is replaced.
        header: Every slice but the events.
        events: Newest first.

    Returns:
        How many events were written.

    Raises:
        OSError: It cannot be written.
    """
    return write_lines(path, header, map(event_line, events))


def write_lines(path: Path, header: Header, lines: Iterable[bytes]) -> int:
    """Write a recording whose events are lines already; see `write_recording`."""
    count = 0
    with _new_lines(path, header) as file:
        for count, event in enumerate(lines, start=1):  # noqa: B007  the last number is the count
            file.write(event)
    return count


def event_line(event: Event) -> bytes:
    """The line of an event in a recording."""
    return wire.dump(event, omit_null=True) + b"\n"


@contextmanager
def new_recording(path: Path, header: Header) -> Iterator[Callable[[Event], object]]:
    """A recording that is written event by event, and takes its place on the disk once it is whole.

    It is packed where the name ends with ``.gz``, and only its owner can read it.

    Args:
        path: Where; a file that lies there is replaced.
        header: Every slice but the events.

    Yields:
        What writes the next event; the newest comes first.

    Raises:
        OSError: It cannot be written.
    """
    with _new_lines(path, header) as lines:
        yield lambda event: lines.write(event_line(event))


@contextmanager
def _new_lines(path: Path, header: Header) -> Iterator[IO[bytes]]:
    with replacing(path) as file, _packing(path, file) as lines:
        lines.write(dump_header(header) + b"\n")
        yield lines


def _packing(path: Path, file: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    if path.suffix != ".gz":
        return nullcontext(file)
    import gzip  # a plain recording needs none of it

    return cast(IO[bytes], gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0))


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Turn what can go wrong between a path and its bytes into one line."""
    try:
        yield
    except FileNotFoundError:
        raise InvalidRecording(f"{name} does not exist.", advice="Check the path.") from None
    except IsADirectoryError:
        raise InvalidRecording(f"{name} is a folder.", advice="Choose a file in it.") from None
    except PermissionError:
        raise InvalidRecording(
            f"{name} cannot be read: permission denied.", advice="Ask its owner, or change its mode."
        ) from None
    except OSError as error:
        raise InvalidRecording(f"{name} cannot be read: {error.strerror}.") from None


def _open_file(path: Path) -> IO[bytes]:
    # Without waiting: a named pipe would block until someone writes to it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError
        raise InvalidRecording(f"{clean(path.name)} is not a regular file.", advice="Choose another one.")
    return os.fdopen(descriptor, "rb")


async def _plain(name: str, original: IO[bytes]) -> IO[bytes]:
    """The file itself, or its plain content in a temporary file without a name."""
    magic = original.read(len(_GZIP_MAGIC))
    original.seek(0)
    if magic != _GZIP_MAGIC:
        return original
    import gzip  # a plain recording needs none of it
    import zlib

    try:
        return await _unpacked(original)
    except EOFError:
        raise InvalidRecording(f"{name}: is cut short.", advice=_RECORD_AGAIN) from None
    except (gzip.BadGzipFile, zlib.error):
        raise InvalidRecording(f"{name}: the compressed data are damaged.", advice=_RECORD_AGAIN) from None


async def _unpacked(original: IO[bytes]) -> IO[bytes]:
    import gzip
    import tempfile

    plain = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
    try:
        with gzip.GzipFile(fileobj=original) as packed:
            for chunk in iter(partial(packed.read, _CHUNK), b""):
                plain.write(chunk)
                await sleep(0)
        plain.seek(0)
    except BaseException:
        plain.close()
        raise
    return plain


async def _index(name: str, state: FileState, file: IO[bytes]) -> RecordingFile:
    content_state = FileState.of(os.fstat(file.fileno()))
    header = _header(name, file.readline(_LONGEST_HEADER))
    offsets, count, end, last = array("Q"), 0, file.tell(), b""
    while lines := file.readlines(_CHUNK):
        starts = list(accumulate(map(len, lines), initial=end))
        offsets.extend(starts[-count % STRIDE : -1 : STRIDE])
        count += len(lines)
        end, last = starts[-1], lines[-1]
        await sleep(0)
    offsets.append(end)
    recording = RecordingFile(
        name,
        state,
        header,
        descriptor=os.dup(file.fileno()),
        content_state=content_state,
        offsets=offsets,
        count=count,
    )
    try:
        _check_ends(recording, last)
    except InvalidRecording:
        recording.close()
        raise
    return recording


def _header(name: str, line: bytes) -> Header:
    try:
        return parse_header(line)
    except wire.InvalidShape as error:
        what = f"line 1: {error}" if line else "the file is empty"
        # Whoever meant to open something else is not helped by another recording of it.
        advice = _RECORD_AGAIN if _OURS in line else _IMPORT_FIRST
        raise InvalidRecording(f"{name}: {what}.", advice=advice) from None


def _check_ends(recording: RecordingFile, last: bytes) -> None:
    if last and not isinstance(recording.header.events, Extent):
        raise recording.fault("line 2: has an event, but the header says that this viewer may see none")
    if last and not last.endswith(b"\n"):
        try:
            wire.parse(Event, last)
        except wire.InvalidShape:
            raise recording.fault(
                f"{place(recording.count - 1)}: is cut short", "Wait until it is complete, or copy it again."
            ) from None
    for _ in recording.events(range(min(recording.count, STRIDE))):
        pass
