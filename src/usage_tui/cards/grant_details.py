"""The details of one credit grant: what it gave, exactly, when it ends and what of it lapses."""

from __future__ import annotations

from decimal import Decimal

from usage_tui.cards import words
from usage_tui.cards.card import flowing, head, joined
from usage_tui.cards.grants import GrantsView, ends_soon
from usage_tui.cards.typeset import bars
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, line, width, wrap
from usage_tui.models import Grant
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, estimated_text, exact_places


def draw_details(view: GrantsView, grant: Grant, area: Area) -> list[Line]:
    """How the grant was used, exactly; the parts add up to the original."""
    parts = {
        "used": grant.used,
        "expired": grant.expired_amount,
        "voided": grant.voided_amount,
        "remaining": grant.remaining,
    }
    decimals = exact_places([grant.original, *parts.values()], view.unit)
    whole = Decimal(grant.original.micro)
    bar = bars.progress(Decimal((grant.original - grant.remaining).micro), whole, area.width, area.glyphs)
    amounts = {label: amount_text(amount, view.unit, decimals) for label, amount in parts.items()}
    sums = _equation(amount_text(grant.original, view.unit, decimals), amounts, area)
    return [head("Grant details", EMPTY, area), *_name(grant, area), bar, *sums, *_when(view, grant, area)]


def _name(grant: Grant, area: Area) -> list[Line]:
    """What it is and where it comes from, in one line if that fits."""
    name, origin = Span(grant.description, "strong"), words.grant_origin(grant.bucket, grant.origin)
    whole = line(name, Span(f"   {origin}", "muted"))
    if width(whole) <= area.width:
        return [whole]
    return [*_note(grant.description, "strong", area), *_note(origin, "muted", area)]


def _equation(original: str, parts: dict[str, str], area: Area) -> list[Line]:
    """The original and its parts; an equation if it fits."""
    terms = [line(Span(amount, "strong"), Span(f" {label}", "muted")) for label, amount in parts.items()]
    whole = line(Span(original, "strong"), Span(" original", "muted"))
    forms = [
        joined([whole, joined(terms, "  +  ")], "  =  "),
        joined([*terms, line(Span("of ", "muted"), original)], "  "),
    ]
    return next(([form] for form in forms if width(form) <= area.width), flowing([whole, *terms], area))


def _when(view: GrantsView, grant: Grant, area: Area) -> list[Line]:
    """When it ends, and what is left if that is soon; when it was granted."""
    zone = view.time_zone
    granted = f"Granted {dates.day_of(grant.granted_at, zone, year=True)}"
    if grant.effective_at != grant.granted_at:
        granted += f", usable from {dates.day_of(grant.effective_at, zone, year=True)}"
    if grant.expires_at is None:
        return _note(f"{granted}. It does not expire.", "muted", area)
    on = dates.day_of(grant.expires_at, zone, year=True)
    at = f"{on}, {dates.clock(grant.expires_at, zone, seconds=False)} {dates.zone_words(zone)}"
    days = ends_soon(grant, view)
    if days is None:
        ends = "Expired" if grant.expires_at <= view.as_of else "Expires"
        return _note(f"{granted}. {ends} {at}.", "muted", area)
    lapse = f"! Ends {at}, {dates.ahead(grant.expires_at, view.as_of, zone)}. {_loses(view, grant)}"
    return [*_note(lapse, "warning", area), *_note(f"{granted}.", "muted", area)]


def _loses(view: GrantsView, grant: Grant) -> str:
    """What of it is lost, as far as known."""
    if view.lapsing is None:
        return f"{amount_text(grant.remaining, view.unit)} left to use by then."
    return f"About {estimated_text(view.lapsing[grant.id], view.unit)} lapse unused at the usual pace."


def _note(text: str, tone: Tone, area: Area) -> list[Line]:
    return [line(Span(row, tone)) for row in wrap(text, area.width)]
