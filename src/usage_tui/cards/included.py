"""Included credits: how far what the plan includes, or a budget, is used. Other spending is not in it."""

from __future__ import annotations

from decimal import Decimal

from usage_tui.cards.arrangement import Layout, Needs, Slot
from usage_tui.cards.card import Age, Placeholder, age, draw_placeholder, head, joined, missing, view_of
from usage_tui.cards.panel import Card, Opening, Place
from usage_tui.cards.typeset import bars
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, line, right, width
from usage_tui.cards.words import marked
from usage_tui.ledger.spending import INCLUDED
from usage_tui.models import BUDGET, Credits, IncludedProgress, Part, Summary
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import CREDIT, amount_text, copied_text, is_money, places
from usage_tui.text.numbers import percent
from usage_tui.text.words import days_left, spoken

TITLE = "Included credits"


class IncludedView(NamedTuple):
    """The progress of what is included; `granted` is empty if nothing is included.

    Attributes:
        title: What it is the progress of.
        nothing: The sentence for a plan that includes nothing.
        expired: What lapsed unused in this period; empty if nothing did, or if that is unknown.
        end: When it ends or resets: ``9 days left``, ``resets Dec 1``; empty if not reported.
        exact: Used, remaining and whole as a line of text, not rounded.
    """

    title: str
    nothing: str
    used: str
    remaining: str
    expired: str
    granted: str
    percent: str
    end: str
    exact: str
    used_micro: Decimal
    granted_micro: Decimal
    age: Age


def included_view(state: UsageState) -> IncludedView | Placeholder:
    """What the card says."""
    view = view_of(state.summary, lambda summary: _view(state, summary))
    return missing(state, Part.INCLUDED, title(state.unit)) if view is None else view


def title(unit: str, kind: str = INCLUDED) -> str:
    """The card's title; the one for credits while the unit is unknown."""
    if kind != INCLUDED:
        return spoken(kind)
    return TITLE if unit in (CREDIT, "") else "Included"


def _view(state: UsageState, summary: Summary) -> IncludedView | None:
    progress, unit = summary.included, state.unit
    if progress is None:
        return None
    expired = _expired(state, summary, progress)
    whole = progress.granted + expired
    decimals = places((progress.used, progress.remaining, expired), unit)
    used, granted = Decimal(progress.used.micro), Decimal(whole.micro)
    return IncludedView(
        title=marked(title(unit, progress.kind), state, Part.INCLUDED),
        nothing="This plan has no included credits." if unit == CREDIT else "This plan includes nothing.",
        used=amount_text(progress.used, unit, decimals),
        remaining=amount_text(progress.remaining, unit, decimals),
        expired=amount_text(expired, unit, decimals) if expired else "",
        granted=_whole(whole, unit, decimals) if whole else "",
        percent=percent(used, granted),
        end=_end(state, summary, progress) if whole else "",
        exact=_exact(progress, expired, unit, decimals),
        used_micro=used,
        granted_micro=granted,
        age=age(state, state.summary),
    )


def _expired(state: UsageState, summary: Summary, progress: IncludedProgress) -> Credits:
    """What included grants lost by expiring in this period, if the viewer may know it."""
    period, grants = summary.period, state.grants.value
    if progress.kind != INCLUDED or period is None or grants is None:
        return Credits.ZERO
    return Credits.total(
        grant.expired_amount
        for grant in grants.items
        if grant.bucket == "included"
        and grant.expires_at is not None
        and period.starts_at < grant.expires_at <= summary.as_of
    )


def _whole(whole: Credits, unit: str, decimals: int) -> str:
    """The whole has decimals of its own because it is usually round; money has those of its line."""
    own = places((whole,), unit)
    return amount_text(whole, unit, max(own, decimals) if is_money(unit) else own)


def _exact(progress: IncludedProgress, expired: Credits, unit: str, decimals: int) -> str:
    parts = {"used": progress.used, "remaining": progress.remaining, "expired": expired}
    texts = [
        f"{copied_text(amount, unit, decimals)} {word}"
        for word, amount in parts.items()
        if amount or word != "expired"
    ]
    return "\t".join([*texts, f"of {amount_text(progress.granted + expired, unit)}"])


def _end(state: UsageState, summary: Summary, progress: IncludedProgress) -> str:
    """When it is over: by a reset of its own, with the term of the plan, or with the period."""
    plan = summary.subscription
    if plan is not None and plan.ends_at is not None and plan.ends_at <= summary.as_of:
        return f"ended {dates.day_of(plan.ends_at, state.time_zone)}"
    if progress.resets_at is not None:
        return f"resets {dates.day_of(progress.resets_at, state.time_zone)}"
    if progress.kind == BUDGET or summary.period is None:
        return ""
    return days_left(summary.period.days_left)


def draw(view: IncludedView | Placeholder, area: Area) -> list[Line]:
    """Head, bar with percentage, one line of numbers."""
    empty_bar = line(Span(area.glyphs.rest * max(1, area.width - 6), "rule"))
    if isinstance(view, Placeholder):
        first, *rest = draw_placeholder(TITLE, view, area)
        return [first, *rest] if view.status is Status.NOT_OFFERED else [first, empty_bar, *rest]
    lines = [head(view.title, line(Span(view.end, "muted")), area, view.age)]
    if not view.granted:
        return [*lines, line(view.nothing), EMPTY]
    bar = bars.progress(view.used_micro, view.granted_micro, max(1, area.width - 6), area.glyphs)
    return [*lines, line(*bar, Span(right(view.percent, 6), "strong")), _numbers(view, area)]


def _numbers(view: IncludedView, area: Area) -> Line:
    """Used, remaining and the whole, in fewer words if the card is narrow; no number is cut."""
    used = line(Span(view.used, "strong"), Span(" used", "muted"))
    remaining = line(Span(view.remaining, "strong"), Span(" remaining", "muted"))
    whole = line(Span("of ", "muted"), view.granted)
    left = line(Span(view.remaining, "strong"), Span(" left", "muted"))
    expired = line(Span(view.expired, "strong"), Span(" expired", "muted")) if view.expired else EMPTY
    forms = [
        joined([used, remaining, expired, whole], "   "),
        joined([used, remaining, expired, whole]),
        *([joined([used, left, expired, whole])] if expired else []),
        joined([line(Span(view.used, "strong"), " ", *whole, Span(" used", "muted")), left]),
        joined([used, left]),
    ]
    return next((form for form in forms if width(form) <= area.width), remaining)


class IncludedCard(Card[IncludedView]):
    """How far what is included is used."""

    id = "included"
    title = TITLE
    slot = Slot.UPPER_LEFT

    def view(self, state: UsageState) -> IncludedView | Placeholder:
        """The progress of what is included."""
        return included_view(state)

    def draw(self, view: IncludedView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, bar, numbers."""
        return draw(view, area)

    def needs(self, view: IncludedView | Placeholder, area: Area, layout: Layout) -> Needs:
        """Three lines, whatever the data."""
        return Needs.exactly(3)

    def copy_text(self, view: IncludedView, at: Place) -> str:
        """Used, remaining and whole, not rounded."""
        return view.exact

    def opens(self, view: IncludedView | Placeholder, at: Place) -> Opening:
        """All grants."""
        return "grants"
