"""What stands first: what the period used, what remains, and how far the included amount is used."""

from __future__ import annotations

from usage_tui.cards.balance import BalanceView
from usage_tui.cards.included import IncludedView
from usage_tui.models import Balance, Credits, IncludedProgress, PeriodUsage
from usage_tui.report.markup import Html, amount, element, joined, part_of
from usage_tui.text.amounts import noun_after, places

_PAID_BY = ("included", "purchased", "error")


def section(title: str, end: str, *content: str) -> Html:
    """A part of the page under its title, with what stands at the right end of that."""
    right = element("span", end, class_="muted") if end else ""
    return element("section", element("div", element("h2", title), right, class_="title"), *content)


def spent(title: str, usage: PeriodUsage, unit: str) -> Html:
    """What the period used, and who paid."""
    named = (
        ("Paid by included", usage.from_included),
        ("Paid by purchased", usage.from_purchased),
        ("Overage", usage.uncovered),
    )
    told = [
        (label, paid, tone)
        for (label, paid), tone in zip(named, _PAID_BY, strict=True)
        if paid is not None and (paid or tone != "error")
    ]
    decimals = places([usage.total, *(paid for _, paid, _ in told)], unit)
    rows = [_legend_row(label, amount(paid, unit, decimals), "", tone, paid) for label, paid, tone in told]
    parts = [(paid.micro, tone) for _, paid, tone in told]
    bar = [track(parts, usage.total.micro)] if told else []
    legend = [element("dl", *rows, class_="legend")] if rows else []
    return section(title, "", _figure(usage.total, unit, decimals), *bar, *legend)


def remaining(view: BalanceView, balance: Balance, state: str, unit: str, end: str) -> Html:
    """What can be spent, and what it is made of."""
    amounts = [Credits(int(part.filled)) for part in view.parts]
    decimals = places([balance.total, *amounts], unit)
    rows = [
        _legend_row(part.label, amount(one, unit, decimals), part.ends, part.tone, one)
        for part, one in zip(view.parts, amounts, strict=True)
    ]
    spendable = [
        (one, tone) for one, tone in ((balance.included, "included"), (balance.purchased, "purchased")) if one
    ]
    parts = [(one.micro, tone) for one, tone in spendable] or [(balance.total.micro, "included")]
    legend = [element("dl", *rows, class_="legend")] if rows else []
    figure = _figure(balance.total, unit, decimals, state)
    return section(view.title, end, figure, track(parts, balance.total.micro), *legend)


def included(view: IncludedView, progress: IncludedProgress, unit: str) -> Html:
    """How far what the plan includes is used."""
    if not view.granted:
        return section(view.title, "", element("p", view.nothing, class_="muted"))
    decimals = places((progress.used, progress.remaining), unit)
    expired = Credits(int(view.granted_micro)) - progress.granted
    terms = [("used", progress.used), ("remaining", progress.remaining)]
    terms += [("expired", expired)] if expired else []
    sums = [element("span", amount(one, unit, decimals), f" {word}") for word, one in terms]
    whole = amount(Credits(int(view.granted_micro)), unit)
    sums.append(element("span", "of ", whole, class_="muted"))
    return section(
        view.title,
        view.end,
        element("p", view.percent, element("small", " used"), class_="figure"),
        track([(int(view.used_micro), "included")], int(view.granted_micro)),
        element("p", *_spaced(sums), class_="sum"),
    )


def _figure(total: Credits, unit: str, decimals: int, state: str = "") -> Html:
    noun = noun_after(total, unit)
    shown = amount(total, unit, decimals if places((total,), unit) else 0)
    known = state if state in ("low", "paused", "locked") else ""
    return element("p", shown, element("small", f" {noun}") if noun else "", class_=f"figure {known}".strip())


def track(parts: list[tuple[int, str]], whole: int) -> Html:
    """A bar: parts of a whole, each with its color."""
    filled = [
        element("i", class_=tone, style=f"width:{part_of(one, whole)}") for one, tone in parts if one > 0
    ]
    return element("div", *filled, class_="track", aria_hidden="true")


def _legend_row(label: str, shown: Html, ends: str, tone: str, one: Credits) -> Html:
    kind = tone.removesuffix("-strong") if one > Credits.ZERO else "zero"
    return joined(
        [
            element("dt", element("span", label), class_=kind),
            element("dd", shown),
            element("dd", ends, class_="muted"),
        ]
    )


def _spaced(parts: list[Html]) -> list[str]:
    """A blank between parts, for whoever copies them as text."""
    return [text for part in parts for text in (part, " ")][:-1]
