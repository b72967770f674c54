"""The first line of every screen: organization, viewer, origin, time zone, and the time of the data."""

from __future__ import annotations

from datetime import date

from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.organizations import distinct_name
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, cut, line, spread, width
from usage_tui.config.commands import key_of
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.access import has_others
from usage_tui.state.periods import shown_period
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.words import spoken

OVERVIEW = ("overview", "All")
USAGE = "usage"
_MARK = "names hidden"
_LEAST, _NUMBERED = 8, 16
"""Cells of an organization's name that go before the rest, and of its pseudonym, which ends in a number."""
SCREENS = ((USAGE, "Usage"), ("history", "History"), ("grants", "Grants"), ("runway", "Runway"))


class HeaderView(NamedTuple):
    """The parts of the first line; empty while unknown.

    Attributes:
        switch: Whether there are other organizations.
        overview: Whether a screen shows several organizations or profiles.
        redacted: Whether names are hidden.
        period: First and last day of the earlier billing period that is looked at; None for the current one.
    """

    organization: str
    switch: bool
    role: str
    origin: str
    zone: str
    place: str
    as_of: str
    overview: bool = False
    redacted: bool = False
    period: tuple[date, date] | None = None


def header_view(state: UsageState, *, overview: bool = False) -> HeaderView:
    """What the first line says.

    Args:
        state: What is known.
        overview: Whether there is a screen of several organizations or profiles.
    """
    summary, membership, zone = state.summary.value, state.membership, state.time_zone
    org = summary.org if summary else membership
    others = state.me.value.organizations if state.me.value else ()
    past = shown_period(state).past
    return HeaderView(
        organization=distinct_name(org, others) if org and org.name else "usage-tui",
        switch=has_others(state),
        role=spoken(membership.role) if membership else "",
        origin=state.origin,
        zone=dates.zone_words(zone) if org else "",
        place=dates.place(zone) if org else "",
        as_of=dates.moment(summary.as_of, zone) if summary else "",
        overview=overview,
        redacted=state.redacted,
        period=(past.period.start_date, past.period.end_date) if past else None,
    )


def draw(view: HeaderView, active: str, area: Area) -> Line:
    """The line in the fullest form that fits. The organization is cut before anything else goes."""
    margin = " " if area.interactive else ""
    cells = area.width - 2 * len(margin)
    period = view.period if active in (USAGE, "") else None
    for short, end in _past_forms(view, period, area) if period else _forms(view, f" {area.glyphs.dot} "):
        gap = "  " if short else "   "
        switch = line(gap[1:], *key_hint("organization", "switch", area)) if view.switch else EMPTY
        tabs = (
            line(*switch, gap, *_tabs(active, area, short=short, overview=view.overview))
            if area.interactive
            else EMPTY
        )
        mark = line(gap[1:], Span(_MARK, "muted")) if view.redacted else EMPTY
        room = cells - width(mark) - width(tabs) - width(end) - 2
        least = _NUMBERED if view.redacted else _LEAST
        if room >= min(least, len(view.organization)) or not end:
            name = Span(cut(view.organization, max(room, 1), area.glyphs), "strong")
            return line(margin, *spread(line(name, *mark, *tabs), end, cells, area.glyphs), margin)
    raise AssertionError("the barest form has no right end")


def _forms(view: HeaderView, gap: str) -> list[tuple[bool, Line]]:
    """Whether the tabs are short, and the right end, from the fullest form to the barest."""
    as_of = f"as of {view.as_of}" if view.as_of else ""
    viewer = (view.role, view.origin, view.place)
    return [
        (False, _end("   ", view.role, view.origin, view.zone, as_of)),
        (False, _end(gap, *viewer, as_of)),
        (False, _end(gap, *viewer, view.as_of)),
        # Names of screens say more than a zone, which is usually the viewer's own.
        (False, _end(gap, view.role, view.origin, view.as_of)),
        (True, _end(gap, *viewer, view.as_of)),
        (True, _end(gap, view.role, view.origin, view.as_of)),
        (True, _end(gap, view.role, view.as_of)),
        (True, _end(gap, view.as_of)),
        (True, ()),
    ]


def _past_forms(view: HeaderView, period: tuple[date, date], area: Area) -> list[tuple[bool, Line]]:
    """The same with the earlier period between its keys; the words "Past period" are dropped last."""
    start, end = period
    dash = area.glyphs.dash
    back, on = (key_hint(command, "", area) for command in ("previous_period", "next_period"))

    def dated(word: str, text: str) -> Line:
        chip = line(Span(f" {word} " if word else " ", "chip-strong"), Span(f"{text} ", "chip"))
        return joined([back, chip, on], " ") if word and area.interactive else chip

    full, brief = dates.span(start, end, dash), f"{dates.day(start)} {dash} {dates.day(end)}"
    now = f"now {view.as_of}" if view.as_of else ""
    forms: list[tuple[bool, str, str, tuple[str, ...]]] = [
        (False, "Past period", full, (view.role, view.origin, view.zone, now)),
        (False, "Past period", full, (view.origin, now)),
        (False, "Past period", full, ()),
        (False, "Past", brief, ()),
        (True, "Past period", full, ()),
        (True, "Past", brief, ()),
        (True, "", brief, ()),
    ]
    gap = f" {area.glyphs.dot} "
    shown = [
        (short, joined([_end(gap, *beside), dated(word, text)], "   ")) for short, word, text, beside in forms
    ]
    return [*shown, (True, EMPTY)]


def _end(gap: str, *parts: str) -> Line:
    return line(Span(gap.join(part for part in parts if part), "muted"))


def _tabs(active: str, area: Area, *, short: bool, overview: bool) -> Line:
    spans: list[Span | str] = []
    for command, name in (OVERVIEW, *SCREENS) if overview else SCREENS:
        key = key_of(command, area.keys, area.glyphs)
        gap = "" if not spans else " " if short else "   "
        if command == active:
            spans += [gap, Span(key, "key", command), " ", Span(name, "tab", command)]
        else:
            spans += [gap, Span(key if short else f"{key} {name}", "muted", command)]
    return line(*spans)
