"""Which events of a recording match a query, without keeping more of them than their numbers."""

from __future__ import annotations

from array import array
from asyncio import sleep
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from json import dumps

from usage_tui.clients.recording.file import TURN, RecordingFile
from usage_tui.models import Credits, EventQuery, InvalidCredits, SortKey, Totals
from usage_tui.named_tuple import NamedTuple

ADDED_UP = 10_000
"""The most events that are read only to add them up."""


class Found(NamedTuple):
    """The events that match.

    Attributes:
        ordinals: Their numbers, in the order of the query.
        totals: None for a query without conditions.
    """

    ordinals: Sequence[int]
    totals: Totals | None


async def find_events(recording: RecordingFile, query: EventQuery) -> Found:
    """The events that match. Other work gets its turn meanwhile.

    A span of time is found by bisection, for the events lie in order of time; only for other conditions, or
    to sort by amount, each line of the span is looked at.

    Raises:
        InvalidRecording: A line is no event, the file was written over, or the amounts have no sum.
    """
    span = find_span(recording, query.starts_at, query.ends_at)
    is_span = query.conditions == EventQuery(starts_at=query.starts_at, ends_at=query.ends_at)
    if is_span and query.sort is SortKey.OCCURRED_AT:
        totals = await _totals_of_span(recording, span) if query.has_conditions else None
        return Found(span[::-1] if query.ascending else span, totals)
    ordinals, amounts = await _scan(recording, span, query)
    totals = _totals(recording, len(amounts), amounts) if query.has_conditions else None
    if query.sort is SortKey.CREDITS:
        # Sorting keeps the order of equal amounts, also in reverse.
        ordinals = array("I", [ordinals[at] for at in _descending(amounts)])
    return Found(ordinals[::-1] if query.ascending else ordinals, totals)


async def _scan(recording: RecordingFile, span: range, query: EventQuery) -> tuple[array[int], array[int]]:
    """The numbers of the events that match, newest first, and their amounts in millionths."""
    may_match = _prefilter([query.kinds.any_of, query.source_ids.any_of, query.activities.any_of])
    ordinals, amounts = array("I"), array("q")
    for start in range(span.start, span.stop, TURN):
        for ordinal, line in recording.lines(span[start - span.start :][:TURN]):
            if may_match(line) and query.matches(event := recording.parse(ordinal, line)):
                ordinals.append(ordinal)
                amounts.append(event.credits.micro)
        await sleep(0)
    return ordinals, amounts


async def _totals_of_span(recording: RecordingFile, span: range) -> Totals:
    """How many events there are, and what they cost; of a long span, what the newest ones cost."""
    newest = span[:ADDED_UP]
    _, amounts = await _scan(recording, newest, EventQuery())
    totals = _totals(recording, len(span), amounts)
    return replace(totals, credits_complete=len(newest) == len(span))


def _totals(recording: RecordingFile, events: int, amounts: Iterable[int]) -> Totals:
    try:
        return Totals(events=events, credits=Credits(sum(amounts)))
    except InvalidCredits:
        raise recording.fault("the amounts of these events are too large to add up") from None


def _descending(amounts: Sequence[int]) -> Sequence[int]:
    return sorted(range(len(amounts)), key=amounts.__getitem__, reverse=True)


def find_span(recording: RecordingFile, starts_at: datetime | None, ends_at: datetime | None) -> range:
    """The numbers of the events between two times, the second exclusive; newest first.

    Raises:
        InvalidRecording: A line is no event, or the file was written over.
    """
    ordinals = range(recording.count)

    def first_before(at: datetime) -> int:
        return bisect_left(ordinals, True, key=lambda ordinal: _time(recording, ordinal) < at)

    start = first_before(ends_at) if ends_at is not None else 0
    stop = first_before(starts_at) if starts_at is not None else recording.count
    return range(start, max(start, stop))


def _time(recording: RecordingFile, ordinal: int) -> datetime:
    return next(recording.events([ordinal])).occurred_at


def _prefilter(choices: Iterable[Sequence[str]]) -> Callable[[bytes], bool]:
    """Whether a line may hold one text of each choice; much faster than to read it.

    A line with an escape, or with anything that `clean` may change, can say them in other bytes.
    """
    needles = [[dumps(value).encode() for value in values] for values in choices if values]

    def may_match(line: bytes) -> bool:
        for choice in needles:
            if not any(needle in line for needle in choice):
                return b"\\" in line or b"\x7f" in line or not line.isascii()
        return True

    return may_match
