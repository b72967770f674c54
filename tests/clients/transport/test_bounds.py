"""What is taken in of an answer: so many bytes, so many values, and of packed data no more than that."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.clients.transport.bounds import TooLarge, read_body

MIB = 2**20


class Chunks(httpx.AsyncByteStream):
    """A body in pieces, which counts those that were read."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.read += 1
            yield chunk


def answer(*chunks: bytes, packed: bool = True) -> tuple[httpx.Response, Chunks]:
    stream = Chunks(*chunks)
    return httpx.Response(200, headers={"Content-Encoding": "gzip"} if packed else {}, stream=stream), stream


@given(st.binary(max_size=300), st.integers(1, 50), st.booleans())
def test_a_body_is_read_whole_however_it_is_cut_and_packed(body: bytes, size: int, packed: bool) -> None:
    body = body.translate(None, b",[{")
    sent = gzip.compress(body) if packed else body
    response, _ = answer(*(sent[start : start + size] for start in range(0, len(sent), size)), packed=packed)
    assert asyncio.run(read_body(response, 300)) == body


@pytest.mark.parametrize("packed", [False, True])
async def test_one_byte_more_than_the_most_is_too_much(packed: bool) -> None:
    def sent(size: int) -> bytes:
        return gzip.compress(b"x" * size) if packed else b"x" * size

    assert len(await read_body(answer(sent(1000), packed=packed)[0], 1000)) == 1000
    with pytest.raises(TooLarge, match=r"^1,000 bytes$"):
        await read_body(answer(sent(1001), packed=packed)[0], 1000)


async def test_of_a_small_answer_that_unpacks_to_much_only_the_limit_is_unpacked() -> None:
    bomb = gzip.compress(bytes(64 * MIB), 9)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match=r"^1 MiB$"):
            await read_body(answer(bomb)[0], MIB)
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()


async def test_what_follows_the_packed_data_is_not_read_to_its_end() -> None:
    response, stream = answer(gzip.compress(b"x"), *[b"y" * 1000] * 50)
    assert await read_body(response, 1000) == b"x"
    assert stream.read == 2


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(b"x" * 1000)[:-9]], ids=["other", "cut short"])
async def test_what_cannot_be_unpacked_is_told(body: bytes) -> None:
    with pytest.raises(httpx.DecodingError):
        await read_body(answer(body)[0], MIB)


@pytest.mark.parametrize(
    ("body", "more_than"),
    [
        (b"[" + b"1," * 40_000 + b"1]", "32,768 values"),
        (b"[" + b"[]" * 6_000, "5,242 lists and objects"),
        (b"[" + b"{}" * 6_000, "5,242 lists and objects"),
    ],
    ids=["values", "lists", "objects"],
)
async def test_more_values_than_so_many_bytes_hold_are_too_much(body: bytes, more_than: str) -> None:
    with pytest.raises(TooLarge, match=f"^{more_than}$"):
        await read_body(answer(body, packed=False)[0], MIB)
