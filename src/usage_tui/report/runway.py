"""How long what is left lasts: the facts of the card, and the balance over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from usage_tui.cards import runway, runway_frame
from usage_tui.cards.runway import Fact
from usage_tui.cards.runway_screen import ChartView, shown_dates
from usage_tui.cards.typeset.curves import Curve
from usage_tui.cards.typeset.lines import Area
from usage_tui.report.markup import Html, element, hundredths, joined, part_of
from usage_tui.report.overview import section
from usage_tui.text import dates
from usage_tui.text.amounts import axis_text

_CHART = (1000, 160)
"""Width and height of the chart in units of its own; it is stretched to the page."""
_CANVAS = Area(100, 24)
"""What the curves are made for; their points do not depend on it."""
_LEAST_PAST = 12
"""Percent of the width from which on the first date has room before today."""
_PACES = (("included", "usual pace"), ("warning", "busiest week"), ("purchased", "quietest week"))


def runway_section(chart: ChartView) -> Html:
    """The facts, and below them the chart where dates are told."""
    basis = next(iter(chart.words.basis), "")
    notes = [element("p", note, class_="muted") for note in chart.words.notes]
    facts = [element("dl", *map(_fact, chart.words.facts), class_="facts")] if chart.words.facts else []
    has_chart = any(amount for course in chart.paces for amount in course.starts)
    drawn = [_chart(chart)] if has_chart else []
    return section(runway.TITLE, basis, *notes, *facts, *drawn)


def _fact(fact: Fact) -> Html:
    kind = {"class_": "warning"} if fact.warns else {}
    beside = [element("span", f", {fact.beside}", class_="muted")] if fact.beside else []
    return joined([element("dt", fact.label), element("dd", element("span", fact.value, **kind), *beside)])


def _chart(view: ChartView) -> Html:
    shown = shown_dates(view, view.opening)
    frame = runway_frame.frame_of(view, shown, _CANVAS, _CANVAS.height)
    sketch, (width, height) = frame.sketch, _CHART

    def x(place: int) -> int:
        return place * width * 100 // sketch.right

    def y(micro: int) -> int:
        return height * 100 - max(micro, 0) * height * 100 // sketch.top

    def curve(one: Curve) -> Html:
        points = " ".join(f"{hundredths(x(place))},{hundredths(y(micro))}" for place, micro in one.points)
        return element("polyline", points=points, class_=one.tone)

    now = (view.today - frame.first).days * runway_frame.DAY + view.now
    at = hundredths(x(now))
    rule = element("line", x1=at, x2=at, y1="0", y2=str(height))
    middle = element("line", x1="0", x2=str(width), y1=str(height // 2), y2=str(height // 2))
    svg = element(
        "svg",
        middle,
        rule,
        *map(curve, sketch.curves),
        viewBox=f"0 0 {width} {height}",
        preserveAspectRatio="none",
        role="img",
        aria_label=f"What is left from {dates.day(shown[0])} to {dates.day(shown[-1])}",
    )
    scale = [axis_text(sketch.top, view.unit), axis_text(sketch.top // 2, view.unit), "0"]
    labels = element("div", *(element("span", text) for text in scale), class_="scale", aria_hidden="true")
    return element(
        "figure",
        element("div", labels, element("div", svg, _axis(shown, now, sketch.right)), class_="curves"),
        _legend(),
        class_="chart",
    )


def _axis(shown: Sequence[date], now: int, right: int) -> Html:
    """The first date, today where it is, and the last date."""
    before = part_of(now, right)
    first = dates.day(shown[0]) if now * 100 >= right * _LEAST_PAST else ""
    return element(
        "div",
        element("span", first, style=f"width:{before}"),
        element("span", "today"),
        element("span", dates.day(shown[-1], year=shown[-1].year != shown[0].year), class_="last"),
        class_="axis",
    )


def _legend() -> Html:
    told = (element("span", element("i", class_=tone), text) for tone, text in _PACES)
    return element("p", *(part for one in told for part in (one, " ")), class_="paces")
