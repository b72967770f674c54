"""The page: one file without scripts, that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from usage_tui.cards import allowance, balance, daily, grants, included, ranking, ranking_table, runway
from usage_tui.cards.card import Placeholder
from usage_tui.cards.runway_screen import screen_view
from usage_tui.cards.typeset.lines import plain
from usage_tui.cards.words import balance_title
from usage_tui.models import PastPeriod, Period, PeriodUsage, Summary
from usage_tui.report import allowances, overview, tables
from usage_tui.report.markup import Html, element, name, style_sheet, void
from usage_tui.report.runway import runway_section
from usage_tui.state.usage import UsageState
from usage_tui.text import dates

_STYLE = Path(__file__).with_name("style.css")
_DASH = "–"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_PERIOD_USAGE = "Period usage"


class Report(NamedTuple):
    """What the page is about.

    Attributes:
        state: What is known; its sources and days are those of the period.
        summary: How the organization stands now.
        past: The period, if it is over; None for the current one.
    """

    state: UsageState
    summary: Summary
    past: PastPeriod | None

    @property
    def period(self) -> Period | None:
        """Which one; None if the source tells none."""
        return self.past.period if self.past else self.summary.period

    @property
    def usage(self) -> PeriodUsage | None:
        """What it cost; None if the source does not report it."""
        return self.past.usage if self.past else self.summary.usage


def page(report: Report) -> str:
    """The whole file."""
    summary, period = report.summary, report.period
    when = dates.span(period.start_date, period.end_date, _DASH) if period else ""
    head = element(
        "head",
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        void("meta", name="color-scheme", content="light dark"),
        element("title", " · ".join(filter(None, (summary.org.name, "Usage", when)))),
        style_sheet(_STYLE.read_text(encoding="utf-8")),
    )
    body = element("body", _header(report, when), element("main", *_sections(report)))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _header(report: Report, when: str) -> Html:
    summary, zone = report.summary, report.summary.org.time_zone
    about = f"As of {_moment(summary.as_of, zone)}, {dates.zone_words(zone)} · from "
    return element(
        "header",
        element("h1", name(summary.org.name or summary.org.id)),
        element("p", "Usage", f", {when}" if when else "", class_="period"),
        element("p", about, name(report.state.origin), class_="about"),
    )


def _moment(at: datetime, zone: str) -> str:
    return f"{dates.day_of(at, zone, year=True)}, {dates.clock(at, zone, seconds=False)}"


def _sections(report: Report) -> Iterator[Html]:
    """The parts that the source offers, in the order of the dashboard, and why the others are missing."""
    state, missing = report.state, list[tuple[str, str]]()
    as_of = f"as of {dates.day_of(report.summary.as_of, state.time_zone)}" if report.past else ""
    if report.past is not None and report.usage is not None:
        yield overview.spent("Used", report.usage, state.unit)
    yield from _balance_and_included(report, as_of, missing)
    if report.past is None:
        yield from _runway(state, missing)
    match ranking.ranking_view(state):
        case Placeholder() as view:
            missing.append((ranking_table.TITLE, plain(view.notes)))
        case ranked:
            yield tables.ranking(_PERIOD_USAGE if report.past else ranking_table.TITLE, ranked)
    days = state.daily.value
    if days is None:
        view_of_days = daily.daily_view(state)
        missing.append((daily.TITLE, _why(view_of_days)))
    else:
        yield tables.daily(daily.TITLE, days, _last_day(report, days.range.end_date), state.unit)
    match grants.grants_view(state):
        case Placeholder() as view:
            missing.append((view.title or grants.TITLE, plain(view.notes)))
        case granted:
            yield tables.grants(granted, as_of)
    if report.past is None:
        match allowance.details_view(state):
            case Placeholder() as view:
                missing.append((allowance.TITLE, plain(view.notes)))
            case meters:
                yield allowances.allowances(meters)
    if missing:
        yield _missing(missing)


def _balance_and_included(report: Report, as_of: str, missing: list[tuple[str, str]]) -> Iterator[Html]:
    """Side by side if there is room. How far the included amount is used is told of now alone."""
    state, summary, shown = report.state, report.summary, list[Html]()
    left = balance.balance_view(state)
    if summary.balance is None or isinstance(left, Placeholder):
        reason = _why(left) if isinstance(left, Placeholder) else left.note
        missing.append((balance_title(state.unit), reason))
        if report.past is None and report.usage is not None:
            shown.append(overview.spent(balance.USED_TITLE, report.usage, state.unit))
    else:
        shown.append(overview.remaining(left, summary.balance, summary.state or "", state.unit, as_of))
    if report.past is None:
        progress = included.included_view(state)
        if summary.included is None or isinstance(progress, Placeholder):
            missing.append((included.title(state.unit), _why(progress)))
        else:
            shown.append(overview.included(progress, summary.included, state.unit))
    if shown:
        yield element("div", *shown, class_="pair")


def _runway(state: UsageState, missing: list[tuple[str, str]]) -> Iterator[Html]:
    chart = screen_view(state).chart
    if isinstance(chart, Placeholder):
        missing.append((runway.TITLE, _why(chart)))
    else:
        yield runway_section(chart)


def _last_day(report: Report, told: date) -> date:
    return max(report.period.end_date, told) if report.period else told


def _why(view: object) -> str:
    return plain(view.notes) if isinstance(view, Placeholder) else ""


def _missing(parts: list[tuple[str, str]]) -> Html:
    rows = [element("li", f"{title}: ", element("span", name(why), class_="muted")) for title, why in parts]
    return overview.section("Not in this report", "", element("ul", *rows, class_="reasons"))
