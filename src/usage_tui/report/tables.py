"""The tables of the page: sources, days and grants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from usage_tui.cards.grants import OVER, GrantsView
from usage_tui.cards.ranked import RankedRow
from usage_tui.cards.ranking_table import RankingView
from usage_tui.models import Credits, DailyUsage, Day, Grant
from usage_tui.report.markup import Html, amount, element, hundredths, name, part_of
from usage_tui.report.overview import section
from usage_tui.text import dates
from usage_tui.text.amounts import heading, places, spoken_amount
from usage_tui.text.numbers import share_text
from usage_tui.text.words import count_noun, spoken

_NUMBER, _WIDE, _WIDE_NUMBER = "number", "wide", "wide number"
_TONES = {"active": "success", "scheduled": "included", "locked": "warning"}
_CHART = (1000, 100)
"""Width and height of the chart in units of its own; it is stretched to the page."""


def ranking(title: str, view: RankingView) -> Html:
    """Where the usage went, highest first; the last row is the sum."""
    if not view.sources and not view.unlisted[0]:
        return section(title, "", element("p", "Nothing used in this period.", class_="muted"))
    most = max((row.credits.micro for row in view.sources), default=0)
    rows = [_ranked(row, view, most) for row in view.sources]
    number, beyond, share = view.unlisted
    if number:
        other = RankedRow("Other", "", beyond, share, number, "source", None)
        rows.append(_ranked(other, view, most))
    heads = (
        ("Source", ""),
        ("Category", _WIDE),
        (heading(view.unit), _NUMBER),
        ("Share", _NUMBER),
        ("", "bar"),
        ("Count" if any(row.uses for row in view.sources) else "", _WIDE_NUMBER),
    )
    total = [
        ("Total", ""),
        ("", _WIDE),
        (amount(view.total, view.unit, view.decimals), _NUMBER),
        ("", ""),
        ("", "bar"),
        ("", _WIDE),
    ]
    return section(title, "", _table(heads, rows, total))


def _ranked(row: RankedRow, view: RankingView, most: int) -> Html:
    bar = (
        element("i", style=f"width:{part_of(row.credits.micro, most)}") if row.credits > Credits.ZERO else ""
    )
    uses = "" if row.uses is None else count_noun(row.uses, row.noun)
    return _row(
        [
            (name(row.label), ""),
            (row.category, "wide muted"),
            (amount(row.credits, view.unit, view.decimals), _NUMBER),
            (share_text(row.share), _NUMBER),
            (bar, "bar"),
            (uses, _WIDE_NUMBER),
        ]
    )


def daily(title: str, usage: DailyUsage, last: date, unit: str) -> Html:
    """A bar for each day up to the last of the period, and each day in numbers."""
    if not usage.items:
        return section(title, "", element("p", "No days yet.", class_="muted"))
    tops = [day.top.credits for day in usage.items if day.top is not None]
    decimals = places([usage.total, *(day.credits for day in usage.items), *tops], unit)
    counted = any(day.count for day in usage.items)  # a day without use is known to have none
    named = any(day.top is not None for day in usage.items)
    heads = [("Day", ""), (heading(unit), _NUMBER)]
    heads += [("Count", _NUMBER)] if counted else []
    heads += [("Highest source", _WIDE), ("Its amount", _WIDE_NUMBER)] if named else []
    rows = [_day(day, unit, decimals, counted=counted, named=named) for day in usage.items]
    total: list[tuple[str, str]] = [("Total", ""), (amount(usage.total, unit, decimals), _NUMBER)]
    total += [("", "")] * counted + [("", _WIDE)] * 2 * named
    return section(title, "", _chart(usage, last, unit), _table(heads, rows, total))


def _day(day: Day, unit: str, decimals: int, *, counted: bool, named: bool) -> Html:
    so_far = "" if day.complete else element("span", " so far", class_="muted")
    cells: list[tuple[str, str]] = [
        (element("span", dates.weekday(day.date), so_far), "nowrap"),
        (amount(day.credits, unit, decimals), _NUMBER),
    ]
    if counted:
        cells.append(("" if day.count is None else f"{day.count:,}", _NUMBER))
    if named:
        top = day.top
        cells.append((name(top.label or top.source_id) if top else "", _WIDE))
        cells.append((amount(top.credits, unit, decimals) if top else "", _WIDE_NUMBER))
    return _row(cells, "" if day.credits else "unused")


def _chart(usage: DailyUsage, last: date, unit: str) -> Html:
    first = usage.items[0].date
    days = max((last - first).days + 1, len(usage.items))
    width, height = _CHART
    most = max(day.credits.micro for day in usage.items)
    bars = []
    for number, day in enumerate(usage.items):
        if day.credits <= Credits.ZERO:
            continue
        tall = max(day.credits.micro * height * 100 // most, 50)  # little is more than nothing
        left, step = number * width * 100 // days, width * 100 // days
        told = f"{dates.weekday(day.date)}: {spoken_amount(day.credits, unit)}"
        box = {
            "x": hundredths(left + step // 10),
            "width": hundredths(step * 8 // 10),
            "y": hundredths(height * 100 - tall),
            "height": hundredths(tall),
        }
        kind = {} if day.complete else {"class_": "open"}
        bars.append(element("rect", element("title", told), **box, **kind))
    peak = max(usage.items, key=lambda day: day.credits.micro)
    told = f"{dates.weekday(peak.date)}, {spoken_amount(peak.credits, unit)}"
    label = f"Usage a day; the highest is {told}"
    svg = element(
        "svg",
        *bars,
        viewBox=f"0 0 {width} {height}",
        preserveAspectRatio="none",
        role="img",
        aria_label=label,
    )
    axis = [
        element("span", dates.day(first)),
        element("span", f"peak {told}") if most > 0 else "",
        element("span", dates.day(last)),
    ]
    return element("figure", svg, element("div", *axis, class_="axis"), class_="chart")


def grants(view: GrantsView, end: str) -> Html:
    """Every grant, first the usable ones in the order in which they are spent."""
    if not view.grants:
        return section(view.title, end, element("p", "No grants yet.", class_="muted"))
    decimals = places([one for grant in view.grants for one in (grant.original, grant.remaining)], view.unit)
    heads = (
        ("Status", ""),
        ("Description", ""),
        ("Granted", _WIDE),
        ("Expires", _WIDE),
        ("Original", _WIDE_NUMBER),
        ("Remaining", _NUMBER),
    )
    total = [
        ("All", ""),
        (count_noun(len(view.grants), "grant"), ""),
        ("", _WIDE),
        ("", _WIDE),
        (amount(Credits.total(grant.original for grant in view.grants), view.unit, decimals), _WIDE_NUMBER),
        (amount(Credits.total(grant.remaining for grant in view.grants), view.unit, decimals), _NUMBER),
    ]
    return section(
        view.title, end, _table(heads, [_grant(one, view, decimals) for one in view.grants], total)
    )


def _grant(grant: Grant, view: GrantsView, decimals: int) -> Html:
    ends = "" if grant.expires_at is None else dates.day_of(grant.expires_at, view.time_zone, year=True)
    return _row(
        [
            (element("span", spoken(grant.status), class_=_TONES.get(grant.status, "muted")), ""),
            (name(grant.description), ""),
            (dates.day_of(grant.granted_at, view.time_zone, year=True), "wide nowrap"),
            (ends or "never", "wide nowrap"),
            (amount(grant.original, view.unit, decimals), _WIDE_NUMBER),
            (amount(grant.remaining, view.unit, decimals), _NUMBER),
        ],
        "over" if grant.status in OVER else "",
    )


def _table(heads: Iterable[tuple[str, str]], rows: Sequence[Html], total: Sequence[tuple[str, str]]) -> Html:
    return element(
        "table",
        element("thead", _row(heads, tag="th")),
        element("tbody", *rows),
        element("tfoot", _row(total)),
    )


def _row(cells: Iterable[tuple[str, str]], kind: str = "", tag: str = "td") -> Html:
    made = (element(tag, text, **({"class_": look} if look else {})) for text, look in cells)
    return element("tr", *made, **({"class_": kind} if kind else {}))
