"""What all cards share: the head, and what stands in a card that has nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from itertools import groupby
from typing import Protocol, TypeVar

from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, indent, line, spread, width, wrap
from usage_tui.clients.base import ClientError
from usage_tui.config.commands import key_of
from usage_tui.models import Part
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.access import why_missing
from usage_tui.state.remote import Remote, Status
from usage_tui.state.usage import UsageState

HEADS = 2
"""Lines above the first row of a table: the head of its card, and those of its columns."""

RULE = 3
"""Cells of the head's rule that stay, for it shows the focus."""

T = TypeVar("T")
V = TypeVar("V")


class Dated(Protocol):
    """A value that says when it was true."""

    @property
    def as_of(self) -> datetime:
        """The instant."""


class Placeholder(NamedTuple):
    """A card without content.

    Attributes:
        status: Why there is none.
        notes: What to say instead, most important first.
        retry: Whether trying again may help.
        title: The card's title if it depends on the data; empty for the usual title.
    """

    status: Status
    notes: tuple[Line, ...]
    retry: bool = False
    title: str = ""


LOADING = Placeholder(Status.LOADING, ())


def view_of(remote: Remote[T], show: Callable[[T], V]) -> V | Placeholder:
    """The view of a reply: what `show` makes of its value, or else why there is none."""
    if remote.value is not None:
        return show(remote.value)
    match remote.status:
        case Status.FAILED:
            return _failed(remote.error)
        case Status.WITHHELD:
            return _withheld(remote.reason)
        case Status.NOT_OFFERED:
            return Placeholder(Status.NOT_OFFERED, (line(Span(remote.reason, "muted")),))
        case _:
            return LOADING


def missing(state: UsageState, part: Part, title: str) -> Placeholder:
    """The card of a part that the client does not offer: the reason, as a sentence."""
    return Placeholder(Status.NOT_OFFERED, (line(Span(why_missing(state, part), "muted")),), title=title)


def titled(view: V | Placeholder, title: str) -> V | Placeholder:
    """The view, under this title if it has nothing to show and is not loading."""
    return view._replace(title=title) if isinstance(view, Placeholder) and view != LOADING else view


def _failed(error: ClientError | None) -> Placeholder:
    notes = [line(Span("This card could not be loaded.", "strong"))]
    if error is not None:
        request = f"Request {error.request_id}." if error.request_id else ""
        notes += [line(Span(text, "muted")) for text in (error.message, error.advice, request) if text]
    return Placeholder(Status.FAILED, tuple(notes), retry=True)


def _withheld(reason: str) -> Placeholder:
    return Placeholder(Status.WITHHELD, (line(reason),))


class Age(Enum):
    """Whether the content of a card is what its source says now."""

    NEW = "new"
    CACHED = "from an earlier run, until the source answers"
    OLD = "older than an attempt that failed"
    NOW = "new, and of now, while other cards are of an earlier period"


def age(state: UsageState, remote: Remote[Dated], *, follows: bool = False) -> Age:
    """The age of a reply. If the summary cannot be refreshed, nothing of its time is new.

    Args:
        state: What is known.
        remote: The reply.
        follows: Whether the card shows the period that is looked at, not always what is so now.
    """
    value, summary = remote.value, state.summary
    if value is None:
        return Age.NEW
    of_its_time = summary.value is not None and value.as_of <= summary.value.as_of
    for one in (remote, summary) if of_its_time else (remote,):
        if one.stale:
            return Age.CACHED if one.error is None else Age.OLD
    return Age.NEW if follows or state.looked_at is None else Age.NOW


def _mark(old: Age, area: Area) -> Line:
    """The sign behind the title of a card that is not new, or not of the period of others; the header and a
    banner tell the time.
    """
    match old:
        case Age.OLD:
            return line(Span("! ", "warning-strong"))
        case Age.CACHED if area.interactive:  # in print, no newer answer follows
            return line(Span(f"{area.glyphs.cut} ", "muted"))
        case Age.NOW:
            return line(Span("now ", "muted"))
    return EMPTY


def head(title: str, end: Line, area: Area, old: Age = Age.NEW) -> Line:
    """Title, rule, right end. A focused card differs in color and in the weight of its rule."""
    tone: Tone = "focus" if area.focused else "title"
    glyph = area.glyphs.rule_focused if area.focused else area.glyphs.rule
    mark = _mark(old, area)
    start = line(Span(title, tone), " ", *mark)
    if width(start) + width(end) >= area.width:
        # Words go before the title does; keys stay, or what is said first.
        end = _keys_of(end) or end[:1]
    room = area.width - width(start) - width(end) - bool(end)
    if room < 1:
        sign = (" ", mark[0]) if mark and old is not Age.NOW else ()
        return spread(line(Span(title, tone), *sign), end, area.width, area.glyphs)
    rule = Span(glyph * room, "focus" if area.focused else "rule")
    return line(*start, rule, " " if end else "", *end)


def draw_placeholder(title: str, view: Placeholder, area: Area) -> list[Line]:
    """The card's lines while it has nothing to show; indented if something went wrong."""
    failed = view.status is Status.FAILED
    end = (Span("! could not load", "error"),) if failed else EMPTY
    lines = [head(view.title or title, end, area)]
    if view.status is Status.LOADING:
        lines.append(line(Span(f"Loading{area.glyphs.cut}", "muted")))
    margin = 3 if failed else 0
    for number, note in enumerate(view.notes):
        lines += _wrapped(note, area.width - margin, margin, bullet=failed and number == 0)
    if view.retry and area.interactive:
        lines.append(indent(key_hint("refresh", "try again", area), margin))
    return lines


def _keys_of(end: Line) -> Line:
    """What can be pressed, with a gap between two commands."""
    commands = groupby((span for span in end if span.command), key=lambda span: span.command)
    return joined([tuple(spans) for _, spans in commands])


def _wrapped(note: Line, cells: int, margin: int, *, bullet: bool) -> list[Line]:
    """The note in as many lines as it needs; a line that fits keeps its tones."""
    if width(note) <= cells:
        rows = [note]
    else:
        rows = [(Span(text, span.tone),) for span in note for text in wrap(span.text, cells)]
    start, blank = Span("!  ", "error-strong") if bullet else Span(" " * margin), Span(" " * margin)
    return [line(blank if number else start, *row) for number, row in enumerate(rows)]


def key_hint(command: str, label: str, area: Area) -> Line:
    """A command's key, beside it what it does; both can be clicked. Empty if there are no keys."""
    if not area.interactive:
        return EMPTY
    return line(
        Span(key_of(command, area.keys, area.glyphs), "key", command),
        Span(f" {label}" if label else "", "muted", command),
    )


def joined(parts: list[Line], gap: str = "  ") -> Line:
    """The parts in one line with a gap between them."""
    spans: list[Span | str] = []
    for part in parts:
        if part:
            spans += [*([gap] if spans else []), *part]
    return line(*spans)


def flowing(parts: Sequence[Line], area: Area) -> list[Line]:
    """The parts side by side, uncut, in as many lines as they need."""
    rows = [*parts[:1]]
    for part in parts[1:]:
        longer = joined([rows[-1], part], "  ")
        rows[-1:] = [longer] if width(longer) <= area.width else [rows[-1], part]
    return rows
