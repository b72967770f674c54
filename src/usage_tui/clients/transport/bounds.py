"""How much of an answer is taken in: bytes once it is unpacked, and values once it is read.

A value takes far more memory than the few bytes that stand for it: two million of them in 4 MB fill
gigabytes. They are counted before anything is read.
"""

from __future__ import annotations

import zlib

import httpx

LARGEST_PROBLEM = 2**16
"""Bytes of an answer that says why there is no reply."""
_BYTES_A_VALUE = 32
_BYTES_A_LIST = 200
"""How many bytes of the limit each comma, and each list or object, counts for: so many fit as stand in
real replies of that size, or more."""
_GZIP = 16 + zlib.MAX_WBITS


class TooLarge(Exception):
    """An answer has more than is taken in. The message says more than what, such as ``2 MiB``."""


async def read_body(response: httpx.Response, largest: int) -> bytes:
    """The whole body, unpacked step by step: what was packed well never fills the memory.

    Args:
        response: Whose body has not been read.
        largest: The most bytes.

    Raises:
        TooLarge: There are more, or more values than so many bytes usually hold.
        httpx.HTTPError: It breaks off, or cannot be unpacked.
    """
    assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - as an `AsyncClient` makes it
    body = bytearray()
    unpack = zlib.decompressobj(_GZIP) if _packing(response) == "gzip" else None
    async for chunk in response.stream:
        if unpack is None:
            body += chunk
        elif not unpack.eof:
            body += _unpacked(unpack, chunk, largest + 1 - len(body))
        elif chunk:
            break  # what follows the packed data may have no end
        if len(body) > largest:
            raise TooLarge(_size(largest))
    if unpack is not None and not unpack.eof and body:
        raise httpx.DecodingError("the packed data end too early")
    _check_values(body, largest)
    return bytes(body)


def is_as_asked(response: httpx.Response) -> bool:
    """Whether the body is packed in no way, or in the one that was asked for."""
    return _packing(response) in {"identity", "gzip"}


def _packing(response: httpx.Response) -> str:
    packing: str = response.headers.get("Content-Encoding", "identity").lower()
    return packing


def _unpacked(unpack: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    try:
        return unpack.decompress(chunk, most)
    except zlib.error as error:
        raise httpx.DecodingError(str(error)) from None


def _check_values(body: bytearray, largest: int) -> None:
    values, lists = largest // _BYTES_A_VALUE, largest // _BYTES_A_LIST
    if body.count(b",") > values:
        raise TooLarge(f"{values:,} values")
    if body.count(b"[") + body.count(b"{") > lists:
        raise TooLarge(f"{lists:,} lists and objects")


def _size(largest: int) -> str:
    return f"{largest // 2**20} MiB" if largest >= 2**20 else f"{largest:,} bytes"
