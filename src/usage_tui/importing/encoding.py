"""The encoding of a text that does not say which it is."""

from __future__ import annotations

import codecs
from typing import IO

UTF_8 = "utf-8"
WINDOWS = "cp1252"
"""What spreadsheets on Windows save in Western Europe and America."""

_CHUNK = 2**20
_LONE = range(0xDC80, 0xDD00)
"""What a byte becomes that is not UTF-8."""


def unmarked_encoding(data: IO[bytes]) -> str:
    """UTF-8, or Windows-1252 for a text that has no letter beyond ASCII in UTF-8 and is not valid as such.

    A text with letters in UTF-8 is UTF-8 even if some of its bytes are damaged: those lines are named, not
    guessed at.

    Args:
        data: The text from its start.
    """
    decode = codecs.getincrementaldecoder(UTF_8)("surrogateescape").decode
    windows = codecs.getincrementaldecoder(WINDOWS)().decode
    damaged = False
    while chunk := data.read(_CHUNK):
        text = decode(chunk)
        beyond = set[int]() if text.isascii() else {ord(sign) for sign in set(text) if sign > "\x7f"}
        if any(code not in _LONE for code in beyond):
            return UTF_8
        damaged = damaged or bool(beyond)
        try:
            windows(chunk)
        except UnicodeDecodeError:
            return UTF_8
    return WINDOWS if damaged or decode(b"", True) else UTF_8
