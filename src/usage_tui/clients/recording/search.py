"""Which events of a recording match a query, without keeping more of them than their numbers."""

from __future__ import annotations

from array import array
from asyncio import sleep
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from json import dumps

from usage_tui.clients.recording.file import TURN, RecordingFile
from usage_tui.models import EventQuery


async def find_events(recording: RecordingFile, query: EventQuery) -> Sequence[int]:
    """The numbers of the events that match, the newest first. Other work gets its turn meanwhile.

    A span of time is found by bisection, for the events lie in order of time; only for a kind, a
    source or a text is each line of the span looked at.

    Raises:
        InvalidRecording: A line is no event, or the file was written over.
    """
    span = _span(recording, query)
    if query == EventQuery(starts_at=query.starts_at, ends_at=query.ends_at):
        return span
    may_match = _prefilter([value for value in (query.kind, query.source_id) if value is not None])
    found = array("I")
    for start in range(span.start, span.stop, TURN):
        for ordinal, line in recording.lines(span[start - span.start :][:TURN]):
            if may_match(line) and query.matches(recording.parse(ordinal, line)):
                found.append(ordinal)
        await sleep(0)
    return found


def _span(recording: RecordingFile, query: EventQuery) -> range:
    """The numbers of the events between the query's two times."""
    ordinals = range(recording.count)

    def first_before(at: datetime) -> int:
        return bisect_left(ordinals, True, key=lambda ordinal: _time(recording, ordinal) < at)

    start = first_before(query.ends_at) if query.ends_at is not None else 0
    stop = first_before(query.starts_at) if query.starts_at is not None else recording.count
    return range(start, max(start, stop))


def _time(recording: RecordingFile, ordinal: int) -> datetime:
    return next(recording.events([ordinal])).occurred_at


def _prefilter(values: Sequence[str]) -> Callable[[bytes], bool]:
    """Whether a line may hold all these texts; much faster than to read it.

    A line with an escape, or with anything that `clean` may change, can say them in other bytes.
    """
    needles = [dumps(value).encode() for value in values]

    def may_match(line: bytes) -> bool:
        for needle in needles:
            if needle not in line:
                return b"\\" in line or b"\x7f" in line or not line.isascii()
        return True

    return may_match
