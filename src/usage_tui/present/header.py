"""The first line of every screen: whose data, seen by whom, from where, on which clocks, of when."""

from __future__ import annotations

from typing import NamedTuple

from usage_tui.present import dates, words
from usage_tui.present.text import Area, Line, Span, cut, line, spread, width
from usage_tui.state.usage import UsageState

SCREENS = (("1", "Usage"), ("2", "History"), ("3", "Grants"))


class HeaderView(NamedTuple):
    """What the first line names; empty where not yet known."""

    organization: str
    role: str
    origin: str
    place: str
    as_of: str


def header_view(state: UsageState) -> HeaderView:
    """What the first line says."""
    summary, membership, zone = state.summary.value, state.membership, state.time_zone
    name = summary.org.name if summary else membership.name if membership else ""
    return HeaderView(
        organization=name or "Usage",
        role=words.spoken(membership.role) if membership else "",
        origin=state.origin,
        place=dates.place(zone) if zone else "",
        as_of=dates.moment(summary.as_of, zone) if summary and zone else "",
    )


def draw(view: HeaderView, active: str, area: Area) -> Line:
    """The line in the fullest form that fits; the age of the numbers is the last to go."""
    cells = area.width - 2
    for short_tabs, end in _forms(view):
        tabs = _tabs(active, short=short_tabs)
        room = cells - width(tabs) - width(end) - 4
        if room >= min(8, len(view.organization)):
            name = Span(cut(view.organization, max(room, 8), area.glyphs), "strong")
            return line(" ", *spread(line(name, "   ", *tabs), end, cells, area.glyphs), " ")
    tabs = _tabs(active, short=True)
    name = Span(cut(view.organization, max(1, cells - width(tabs) - 3), area.glyphs), "strong")
    return line(" ", *spread(line(name, "   ", *tabs), (), cells, area.glyphs), " ")


def _forms(view: HeaderView) -> list[tuple[bool, Line]]:
    """Short tabs or long ones, and the right end, from the fullest form to the barest."""
    long_zone = f"{view.place} time" if view.place and view.place != "UTC" else view.place
    as_of = f"as of {view.as_of}" if view.as_of else ""
    everything = (view.role, view.origin, view.place)
    return [
        (False, _end("   ", view.role, view.origin, long_zone, as_of)),
        (False, _end(" · ", *everything, as_of)),
        (False, _end(" · ", *everything, view.as_of)),
        (True, _end(" · ", *everything, view.as_of)),
        (True, _end(" · ", *everything)),
        (True, _end(" · ", view.role, view.origin)),
        (True, _end(" · ", view.role)),
    ]


def _end(gap: str, *parts: str) -> Line:
    return line(Span(gap.join(part for part in parts if part), "muted"))


def _tabs(active: str, *, short: bool) -> Line:
    spans: list[Span | str] = []
    for key, name in SCREENS:
        gap = "" if not spans else "  " if short else "   "
        if name == active:
            spans += [gap, Span(key, "key"), " ", Span(name, "tab")]
        else:
            spans += [gap, Span(key if short else f"{key} {name}", "muted")]
    return line(*spans)
