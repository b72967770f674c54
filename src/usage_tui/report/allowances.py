"""The allowances: each meter with its bar and what its use consists of."""

from __future__ import annotations

from usage_tui.cards.allowance import (
    NONE,
    TITLE,
    AllowanceView,
    amount_line,
    left_text,
    resets_text,
    unit_after,
)
from usage_tui.cards.typeset.lines import plain
from usage_tui.models import Meter, MeterLine
from usage_tui.report.markup import Html, element, joined, name
from usage_tui.report.overview import section, track
from usage_tui.text.amounts import number_in_unit
from usage_tui.text.numbers import percent

_STEPS = 1_000_000
"""The steps of a whole bar."""


def allowances(view: AllowanceView) -> Html:
    """Every meter, side by side if there is room."""
    if not view.meters:
        return section(TITLE, "", element("p", NONE, class_="muted"))
    meters = [_meter(meter, view.time_zone) for meter in view.meters]
    return section(
        TITLE, f"not part of {view.apart_from.lower()}", element("div", *meters, class_="pair meters")
    )


def _meter(meter: Meter, zone: str) -> Html:
    head = [element("h3", name(meter.label)), element("span", plain((amount_line(meter),)))]
    parts = [element("div", *head, class_="meter")]
    about = [resets_text(meter.resets_at, zone)]
    if meter.included is not None:
        whole = max(meter.included, meter.used)
        steps = int(meter.used * _STEPS / whole) if whole > 0 else 0
        parts.append(track([(steps, "included")], _STEPS))
        about = [f"{percent(meter.used, meter.included)} used", left_text(meter), *about]
    parts.append(element("p", " · ".join(filter(None, about)), class_="muted"))
    rows = [_row(part, meter) for part in meter.lines or ()]
    return element("div", *parts, *([element("dl", *rows, class_="parts")] if rows else []))


def _row(part: MeterLine, meter: Meter) -> Html:
    used = f"{number_in_unit(part.used, meter.unit)}{unit_after(meter, part.used)}"
    return joined([element("dt", name(part.label)), element("dd", used)])
