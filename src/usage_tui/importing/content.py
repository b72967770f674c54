"""The text of a file, whatever it is packed in and encoded as, from its start as often as it is asked for."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import os
import shutil
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from usage_tui.importing.encoding import unmarked_encoding
from usage_tui.importing.faults import ImportFailed
from usage_tui.importing.zstandard import unpacker
from usage_tui.text.clean import clean

STDIN = "-"
_HEAD = 2**16
_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_PARQUET, _SQLITE, _PDF = b"PAR1", b"SQLite format 3\0", b"%PDF"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_AS_CSV = "save it as CSV and open that"
_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Content:
    """An open file.

    Attributes:
        name: Its name, made harmless.
        size: Its bytes, as they are on the disk.
        members: The tables in it, where it is a ZIP archive; otherwise one without a name.
    """

    def __init__(self, name: str, file: IO[bytes]) -> None:
        self.name = name
        self._file = file
        self._encodings: dict[str, str] = {}
        self.size = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(_HEAD)
        self._open, self.members = _packing(head, file)

    def position(self) -> int:
        """How many of the bytes on the disk were read."""
        return min(self._file.tell(), self.size)

    def text(self, member: str = "") -> io.TextIOWrapper:
        """The text from its start. A byte that is not in UTF-8 becomes a lone surrogate.

        Raises:
            ImportFailed: It is empty or no text.
        """
        encoding = self.encoding(member)
        errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
        return io.TextIOWrapper(self._data(member), encoding, errors=errors, newline="")

    def encoding(self, member: str = "") -> str:
        """What the text is encoded as: what its first bytes say, otherwise UTF-8 or Windows-1252.

        Raises:
            ImportFailed: It is empty or no text.
        """
        if member not in self._encodings:
            head = self._data(member).peek(_HEAD)[:_HEAD]
            if not head.strip():
                raise ImportFailed("is empty.")
            marked = next((name for mark, name in _ENCODINGS if head.startswith(mark)), "")
            if not marked.startswith("utf-16") and not marked.startswith("utf-32") and b"\0" in head:
                raise ImportFailed("is not text in UTF-8; save it as CSV in UTF-8.")
            self._encodings[member] = marked or unmarked_encoding(self._data(member))
        return self._encodings[member]

    def _data(self, member: str) -> io.BufferedReader:
        self._file.seek(0)
        return io.BufferedReader(cast(Any, self._open(member)), _HEAD)


@contextmanager
def open_content(path: Path) -> Iterator[Content]:
    """Open a file; ``-`` is standard input.

    Raises:
        ImportFailed: It cannot be read. Raised in the block too, with the file's name in front.
    """
    name = "stdin" if str(path) == STDIN else clean(path.name)
    try:
        with _readable(path) as file:
            yield Content(name, file)
    except ImportFailed as error:
        raise ImportFailed(f"{name}: {error}") from None
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile):
        raise ImportFailed(f"{name}: the compressed data are damaged or cut short; copy it again.") from None
    except UnicodeDecodeError:
        raise ImportFailed(
            f"{name}: is not text in the encoding that it begins with; save it in UTF-8."
        ) from None
    except OSError as error:
        raise ImportFailed(f"{name}: cannot be read: {error.strerror or error}.") from None


@contextmanager
def _readable(path: Path) -> Iterator[IO[bytes]]:
    """A file that can be read again from its start: a pipe is copied to a temporary file without a name."""
    with sys.stdin.buffer if str(path) == STDIN else path.open("rb") as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            yield file
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            yield copy


def _packing(head: bytes, file: IO[bytes]) -> tuple[Callable[[str], Any], list[str]]:
    """How the bytes are unpacked, and the names of the tables in them.

    Raises:
        ImportFailed: It is a kind of file that is not read.
    """
    whole = [""]
    if head.startswith(b"\x1f\x8b"):
        return lambda _: gzip.GzipFile(fileobj=file), whole
    if head.startswith(b"\xfd7zXZ\0"):
        return lambda _: lzma.LZMAFile(file), whole
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        unpack = unpacker()
        return lambda _: unpack(file), whole
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return _zip(file)
    for mark, kind in ((_PARQUET, "a Parquet file"), (_OLD_EXCEL, "an Excel workbook"), (_PDF, "a PDF")):
        if head.startswith(mark):
            raise ImportFailed(f"is {kind}, which is not read; {_AS_CSV}.")
    if head.startswith(_SQLITE):
        raise ImportFailed("is an SQLite database; export its table as CSV and open that.")
    return lambda _: _Unclosed(file), whole


class _Unclosed(io.RawIOBase):
    """A file that stays open when whoever reads it is done."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _zip(file: IO[bytes]) -> tuple[Callable[[str], Any], list[str]]:
    archive = zipfile.ZipFile(file)
    names: Mapping[str, zipfile.ZipInfo] = {
        info.filename: info
        for info in archive.infolist()
        if not info.is_dir() and not Path(info.filename).name.startswith(".") and info.file_size
    }
    if any(name.startswith("xl/") for name in names):
        raise ImportFailed(f"is an Excel workbook, which is not read; {_AS_CSV}.")
    tables = [name for name in names if not name.startswith("__MACOSX/")]
    if not tables:
        raise ImportFailed("is a ZIP archive without a table.")
    if any(names[name].flag_bits & 1 for name in tables):
        raise ImportFailed("is a ZIP archive with a password; unpack it and open the table.")

    def unpack(name: str) -> Any:
        try:
            return archive.open(name)
        except NotImplementedError:
            raise ImportFailed("is packed in a way that is not read; unpack it and open the table.") from None

    return unpack, tables
