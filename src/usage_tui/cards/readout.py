"""The daily chart in words: one bar, or the highest, and the average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.days import ONE_DAY, Bucket, Range, peak
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cut, line, width
from usage_tui.models import Credits
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, noun_after

_LEAST_WIDTH = 20
_NOTHING = "No usage yet"


class Reading(NamedTuple):
    """What is read out.

    Attributes:
        buckets: The days, or weeks, of the range.
        average: The amount a day.
        unit: The code of the unit of every amount.
        decimals: Those of every amount; None if each has its own.
        cursor: The index of the bucket that is read out; None for the highest.
    """

    buckets: Sequence[Bucket]
    average: str
    unit: str
    decimals: int | None
    cursor: int | None = None


class _Readout(NamedTuple):
    """One bar in words; `amount` is empty for upcoming days, `top` and `share` if no source is known."""

    when: Span
    short: Span
    amount: str
    noun: str
    top: str
    share: str
    spike: Line


def _readout(reading: Reading, area: Area) -> _Readout | None:
    """The days under the cursor, or the peak; None if there is neither."""
    buckets, _, unit, decimals, cursor = reading
    index = peak(buckets) if cursor is None else cursor
    if index is None:
        return None
    bucket = buckets[index]
    when = dates.weekday(bucket.start) if bucket.days == 1 else _days(bucket, area.glyphs.dash)
    short = dates.day(bucket.start) if bucket.days == 1 else when
    tone: Tone = "muted" if cursor is None else "strong"
    if cursor is None:
        when = f"Peak on {when}" if bucket.days == 1 else f"Peak {when}"
    return _Readout(
        when=Span(when, tone),
        short=Span(short, tone),
        amount=_bucket_text(bucket, unit, decimals),
        noun=noun_after(bucket.credits or Credits.ZERO, unit),
        top=bucket.top,
        share=f" {bucket.top_percent}" if bucket.top_percent else "",
        spike=_spike(area) if bucket.spike else EMPTY,
    )


def _spike(area: Area) -> Line:
    """That a day sticks out, and the key that explains it."""
    return line(
        Span("spike", "warning"), *(["  "] if area.interactive else []), *key_hint("why", "why", area)
    )


def _bucket_text(bucket: Bucket, unit: str, decimals: int | None) -> str:
    """The amount of a bar; empty for upcoming days."""
    return "" if bucket.credits is None else amount_text(bucket.credits, unit, decimals)


def _amount(text: str, noun: str = "", cells: int = 0) -> Line:
    """An amount, with its unit if there is room; an upcoming day has no amount."""
    if not text:
        return line(Span("upcoming", "muted"))
    after = f" {noun}" if noun and len(text) + 1 + len(noun) <= cells else ""
    return line(Span(text, "strong"), Span(after, "muted"))


def _source(readout: _Readout, cells: int, area: Area) -> Line:
    """The top source, cut if necessary, and its share of the day."""
    if not readout.top:
        return EMPTY
    name = cut(readout.top, max(1, cells - len(readout.share)), area.glyphs)
    return line(name, Span(readout.share, "muted"))


def width_beside(days: Range, unit: str, decimals: int | None) -> int:
    """As wide as the longest amount of any day, so that nothing moves with the cursor."""
    amounts = [_bucket_text(bucket, unit, decimals) for bucket in days.buckets]
    return max(_LEAST_WIDTH, *(len(text) for text in (days.average, *amounts)))


def beside(reading: Reading, cells: int, area: Area, rows: int) -> list[Line]:
    """The readout in lines, then the average: in two lines, in one, or none, as `rows` allow."""
    readout = _readout(reading, area)
    if readout is None:
        return [line(Span(_NOTHING, "muted"))]
    amount = _amount(readout.amount, readout.noun, cells)
    lines = [line(readout.when), amount, _source(readout, cells, area)]
    if readout.spike and len(lines) < rows:
        lines.append(readout.spike)
    average = _amount(reading.average, noun_after(Credits.ZERO, reading.unit), cells)
    in_two = [EMPTY, line(Span("Average a day", "muted")), average]
    in_one = [EMPTY, line(Span("average ", "muted"), Span(reading.average, "strong"))]
    forms = (in_two, in_one, in_one[1:]) if readout.spike else (in_two, in_one)
    ends = (end for end in forms if len(lines) + len(end) <= rows)
    return [*lines, *next(ends, [])]


def below(reading: Reading, area: Area) -> Line:
    """The readout in one line.

    The average gives way first, then the weekday, that it is a spike, and the source's name.
    """
    readout = _readout(reading, area)
    if readout is None:
        return line(Span(_NOTHING, "muted"))
    amount, source = _amount(readout.amount), _source(readout, _LEAST_WIDTH, area)
    average = line(Span(f" average {reading.average} a day", "muted"))
    said, short = [line(readout.when), amount, source], line(readout.short)
    # Where nothing can be pressed, the average says more: the mark above the bar is there too.
    second = [*said, readout.spike] if area.interactive else [*said, average]
    in_short = [[short, *said[1:], readout.spike]] if readout.spike else []
    for parts in ([*said, readout.spike, average], second, *in_short, said):
        if width(joined(parts)) <= area.width:
            return joined(parts)
    start = joined([short, amount])
    room = area.width - width(start) - 2
    return joined([start, _source(readout, room, area)]) if room > len(readout.share) + 1 else start


def behind(shown: Line, reading: Reading, area: Area) -> Line:
    """A row of bars, and behind it as much of the peak and the average as fits."""
    readout = _readout(reading, area)
    if readout is None:
        return shown
    highest = line(Span("peak ", "muted"), readout.short.text, "  ", Span(readout.amount, "strong"))
    average = line(Span("average ", "muted"), reading.average)
    forms = [[shown, highest, average], [shown, highest], [shown]]
    return next((joined(form) for form in forms if width(joined(form)) <= area.width), shown)


def _days(bucket: Bucket, dash: str = "–") -> str:
    end = bucket.start + ONE_DAY * (bucket.days - 1)
    return f"{dates.day(bucket.start)} {dash} {dates.day(end)}"


def day_text(days: Range, index: int, unit: str) -> str:
    """One bar as a line of text: date, exact amount, top source."""
    bucket = days.buckets[index]
    when = dates.weekday(bucket.start, year=True) if bucket.days == 1 else _days(bucket)
    if bucket.credits is None:
        return f"{when}\tupcoming"
    return "\t".join([when, amount_text(bucket.credits, unit), *([bucket.top] if bucket.top else [])])
