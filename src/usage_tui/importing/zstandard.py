"""Unpacking Zstandard: by Python itself from 3.14 on, or by the library."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import import_module
from typing import IO, Any, cast

from usage_tui.importing.faults import ImportFailed

_CHUNK = 2**17


def unpacker() -> Callable[[IO[bytes]], Any]:
    """What makes a readable file of a packed one. It raises `EOFError` where that is damaged or cut short.

    Raises:
        ImportFailed: Nothing here can unpack it.
    """
    try:
        return cast(Callable[[IO[bytes]], Any], import_module("compression.zstd").ZstdFile)
    except ImportError:
        pass
    try:
        library = import_module("zstandard")
    except ImportError:
        raise ImportFailed(
            "is packed with Zstandard, which needs Python 3.14 or the library: pip install zstandard; "
            "or unpack it with zstd -d."
        ) from None
    return lambda file: _Unpacked(file, library)


class _Unpacked(io.RawIOBase):
    """A packed file as the library reads it. The library's own reader does not tell that one is cut short."""

    def __init__(self, file: IO[bytes], library: Any) -> None:
        self._file = file
        self._library = library
        self._frame = self._next_frame()
        self._ready = b""
        self._packed = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            packed = self._packed or self._file.read(_CHUNK)
            if not packed:
                if not self._frame.eof:
                    raise EOFError
                return 0
            if self._frame.eof:
                self._frame = self._next_frame()
            self._ready, self._packed = self._unpacked(packed), b""
            if self._frame.eof:
                self._packed = self._frame.unused_data
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _next_frame(self) -> Any:
        return self._library.ZstdDecompressor().decompressobj()

    def _unpacked(self, packed: bytes) -> bytes:
        try:
            return cast(bytes, self._frame.decompress(packed))
        except self._library.ZstdError:
            raise EOFError from None
