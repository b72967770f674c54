"""The daily chart in words: one bar, or the highest, and the average."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.days import PARTS, Bucket, Part, Range, parts, peak
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cut, fit, line, right, width
from usage_tui.ledger.days import ONE_DAY
from usage_tui.models import Credits, SourceDays
from usage_tui.named_tuple import NamedTuple
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, exact_places, noun_after

_LEAST_WIDTH = 20
_NOTHING = "No usage yet"
_GIVEN_BACK = "More was given back than used"
_NAME = 16
"""Cells of the name of a source beside the chart."""
_LEAST_NAME = 12
"""Cells that its name keeps where its amount is told, too."""
_PERCENT = 5
"""Cells of its part of a day, with a gap."""


class Reading(NamedTuple):
    """What is read out.

    Attributes:
        buckets: The days, or weeks, of the range.
        average: The amount a day.
        unit: The code of the unit of every amount.
        decimals: Those of every amount; None if each has its own.
        cursor: The index of the bucket that is read out; None for the highest.
        sources: The days by source; None while they are not known.
    """

    buckets: Sequence[Bucket]
    average: str
    unit: str
    decimals: int | None
    cursor: int | None = None
    sources: SourceDays | None = None


class _Readout(NamedTuple):
    """One bar in words.

    Attributes:
        amount: Empty for upcoming days.
        before: What it is compared with; empty if nothing is.
        parts: The sources that used most of it.
    """

    when: Span
    short: Span
    amount: str
    noun: str
    before: str
    parts: tuple[Part, ...]
    spike: Line


def _readout(reading: Reading, area: Area) -> _Readout | None:
    """The days under the cursor, or the peak; None if there is neither."""
    buckets, _, unit, decimals, cursor, sources = reading
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
        before="" if bucket.former is None else amount_text(bucket.former, unit, decimals),
        parts=parts(bucket, sources),
        spike=_spike(area) if bucket.spike else EMPTY,
    )


def _without_peak(reading: Reading) -> Line:
    """Why no day stands out: nothing was used, or refunds took it all back."""
    is_used = any(bucket.credits for bucket in reading.buckets)
    return line(Span(_GIVEN_BACK if is_used else _NOTHING, "muted"))


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


def width_beside(days: Range, unit: str, decimals: int | None) -> int:
    """As wide as the longest amount of any day, so that nothing moves with the cursor."""
    return max(_LEAST_WIDTH, *(len(text) for text in (days.average, *_amounts(days, unit, decimals))))


def width_of_parts(days: Range, unit: str, decimals: int | None) -> int:
    """The same with room for a source, its part of the day, and what it used."""
    if decimals is None:
        decimals = exact_places((one.credits for one in days.buckets if one.credits is not None), unit)
    longest = max(map(len, _amounts(days, unit, decimals)))
    return max(width_beside(days, unit, decimals), _NAME + _PERCENT + 2 + longest)


def _amounts(days: Range, unit: str, decimals: int | None) -> list[str]:
    return [_bucket_text(bucket, unit, decimals) for bucket in days.buckets]


def beside(reading: Reading, cells: int, area: Area, rows: int) -> list[Line]:
    """The readout in lines, then the average: in two lines, in one, or none, as `rows` allow.

    For the peak the average comes before the second source; under the cursor all sources come first.
    """
    readout = _readout(reading, area)
    if readout is None:
        return [_without_peak(reading)]
    lines = [line(readout.when), _amount(readout.amount, readout.noun, cells)]
    before = _before(readout)
    if before and width(before) <= cells:
        lines.append(before)
    sources = _table(readout.parts, reading, cells, area)
    average = _amount(reading.average, noun_after(Credits.ZERO, reading.unit), cells)
    in_two = [EMPTY, line(Span("Average a day", "muted")), average]
    in_one = [EMPTY, line(Span("average ", "muted"), Span(reading.average, "strong"))]
    if readout.spike:
        sources.insert(min(1, len(sources)), readout.spike)
    # As many lines for every bar, so that the average stays where it is.
    spikes = any(bucket.spike for bucket in reading.buckets)
    planned = spikes + (PARTS if reading.sources is not None else 1)
    least = 1 + bool(readout.spike) if reading.cursor is None else planned
    room = rows - len(lines)
    forms = [(planned, in_two), (planned, in_one), (least, in_one)]
    forms += [(least, in_one[1:])] if spikes else []
    fitting = (form for form in forms if form[0] + len(form[1]) <= room and width(form[1][-1]) <= cells)
    _, end = next(fitting, (0, []))
    count = min(planned, max(1, room - len(end)))
    padding = [EMPTY] * (count - len(sources)) if end else []
    return [*lines, *sources[:count], *padding, *end]


def _table(sources: Sequence[Part], reading: Reading, cells: int, area: Area) -> list[Line]:
    """A source a line: its name, cut if necessary, its part of the day, and what it used if there is room."""
    known = [one.credits for one in sources if one.credits is not None]
    decimals = exact_places(known, reading.unit) if reading.decimals is None else reading.decimals
    amounts = [
        "" if one.credits is None else amount_text(one.credits, reading.unit, decimals) for one in sources
    ]
    amount = max(map(len, amounts), default=0)
    if cells < _LEAST_NAME + _PERCENT + 2 + amount:
        amount = 0
    name = min(_NAME, cells - _PERCENT - (2 + amount if amount else 0))
    return [
        line(
            fit(one.label, name, area.glyphs),
            Span(right(one.percent, _PERCENT), "muted"),
            f"  {right(text, amount)}" if amount else "",
        )
        for one, text in zip(sources, amounts, strict=True)
    ]


def _before(readout: _Readout) -> Line:
    """What the bar is compared with."""
    return line(Span("before ", "muted"), readout.before) if readout.before else EMPTY


def _in_line(one: Part, cells: int, area: Area) -> Line:
    """A source within the line, cut to so many cells, and its part of the day."""
    share = f" {one.percent}" if one.percent else ""
    return line(cut(one.label, max(1, cells - len(share)), area.glyphs), Span(share, "muted"))


def below(reading: Reading, area: Area) -> Line:
    """The readout in one line, as much as fits.

    For the peak the other sources give way first, then the average; under the cursor it is the other way
    round. Then the weekday gives way, that it is a spike, and the name of the first source is cut.
    """
    readout = _readout(reading, area)
    if readout is None:
        return _without_peak(reading)
    amount = _amount(readout.amount)
    before = _before(readout)
    sources = [_in_line(one, _LEAST_WIDTH, area) for one in readout.parts]
    average = line(Span(f" average {reading.average} a day", "muted"))
    start, short = [line(readout.when), amount, before], line(readout.short)
    counts = range(len(sources), 0, -1) if sources else range(1)
    ends = [[readout.spike, average]] if readout.spike else [[average]]
    if readout.spike:
        # Where nothing can be pressed, the average says more: the mark above the bar is there too.
        ends.append([readout.spike] if area.interactive else [average])
    forms = [[*start, *sources[:count], *end] for end in ends for count in counts]
    if reading.cursor is not None:
        forms = [[*start, *sources[:count], *end] for count in counts for end in (*ends, [])]
    if readout.spike:
        forms.append([short, amount, *sources[:1], readout.spike])
    forms += [[*start, *sources[:count]] for count in counts]
    for form in forms:
        if width(joined(form)) <= area.width:
            return joined(form)
    shortest = joined([short, amount])
    room = area.width - width(shortest) - 2
    if not readout.parts or room <= len(readout.parts[0].percent) + 2:
        return shortest
    return joined([shortest, _in_line(readout.parts[0], room, area)])


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
