"""Which column of a table holds which field of an event."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from usage_tui.importing.faults import ImportFailed
from usage_tui.text.clean import clean

ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "event_id"),
    "occurred_at": (
        *("occurred_at", "time", "timestamp", "datetime", "date", "created_at", "start_time", "startTime"),
        *(
            "start_time_iso",
            "started_at",
            "ChargePeriodStart",
            "usage_date_utc",
            "utc_date",
            "usage_date",
            "day",
        ),
    ),
    "kind": ("kind", "category", "type"),
    "source_id": ("source_id",),
    "label": (
        *("label", "source", "name", "model", "model_name", "model_permaslug", "slug", "sku", "line_item"),
        *("ServiceName", "service", "tool"),
    ),
    "activity": ("activity",),
    "quantity": ("quantity", "count"),
    "credits": (
        *("credits", "cost", "amount", "cost_usd", "cost_total", "total_cost", "spend", "totalCost"),
        *("amount_value", "EffectiveCost", "BilledCost", "CostInBillingCurrency"),
    ),
    "actor": ("actor", "user", "username", "userId", "user_id", "userName", "user_email", "email"),
    "parent_id": ("parent_id", "parent"),
    "reverses": ("reverses",),
    "unit": ("currency", "amount_currency", "BillingCurrency", "currency_code", "unit", "unit_type"),
}
"""The fields of an event in the order of a row, each with the names its column may have, best first."""

REQUIRED = ("occurred_at", "credits")
FIELD_NAMES = {"occurred_at": "the time", "credits": "the amount"}
_NAMES_SHOWN = 20
_CURRENCIES = {"usd": "USD", "$": "USD", "eur": "EUR", "€": "EUR", "gbp": "GBP", "£": "GBP"}
_match_currency = re.compile(
    r"(.*?)[\s_-]*[(\[]\s*([A-Z]{3})\s*[)\]]\s*|(.*?)[\s_-]+((?i:usd|eur|gbp))\s*", re.DOTALL
).fullmatch
_drop = re.compile(r"[\s_()\[\]-]").sub
_drop_symbols = re.compile(r"[$€£]").sub
_TOKENS = "token"


def find_columns(header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """The column of each field that the table has.

    Capitals, spaces, dashes, underscores, brackets and signs of currencies make no difference: ``Occurred
    at`` is ``occurred_at``, and ``Cost ($)`` is ``cost``.

    Args:
        header: The names of the columns.
        chosen: The name of the column by field; an empty one says that there is none.

    Raises:
        ImportFailed: A chosen or required column is missing, or appears twice.
    """
    places = {plain(name): name for name in reversed(header)}
    amounts = _amounts_in_currencies(header) | places
    found = {}
    taken = {plain(name) for name in chosen.values()}
    for field, aliases in ALIASES.items():
        names = (
            (chosen[field],) if field in chosen else tuple(one for one in aliases if plain(one) not in taken)
        )
        known = amounts if field == "credits" else places
        column = next((known[plain(name)] for name in names if name and plain(name) in known), None)
        if column is not None:
            found[field] = column
    require_columns(found, header, chosen)
    refuse_repeated(header)
    if "credits" not in chosen:
        _refuse_currencies(found["credits"], header)
    return found


def require_columns(found: Mapping[str, str], header: Sequence[str], chosen: Mapping[str, str]) -> None:
    """Refuse a table that lacks what it must have, with all that it lacks and the closest columns.

    Raises:
        ImportFailed: A chosen or required column is not there.
    """
    needed = [field for field in dict.fromkeys((*chosen, *REQUIRED)) if chosen.get(field) != ""]
    missing = [field for field in needed if field not in found]
    if not missing:
        return
    lacks = [
        f"no column {clean(chosen[field])!r}" if chosen.get(field) else f"no column for {FIELD_NAMES[field]}"
        for field in missing
    ]
    choose = " ".join(f"--map {field}={_closest(field, header, chosen)}" for field in missing)
    names = ", ".join(clean(name) for name in header[:_NAMES_SHOWN] if name)
    tokens = ""
    if "credits" in missing and any(_TOKENS in name.lower() for name in header):
        tokens = "; tokens are not an amount, so export the cost instead"
    raise ImportFailed(f"{' and '.join(lacks)}{tokens}; choose with {choose} from: {names}")


def _closest(field: str, header: Sequence[str], chosen: Mapping[str, str]) -> str:
    """The column that is most like what was looked for; COLUMN if none is."""
    plains = {plain(name): name for name in header if name and _TOKENS not in name.lower()}
    for wanted in (chosen.get(field), *ALIASES[field]):
        near = get_close_matches(plain(wanted or ""), plains, n=1, cutoff=0.7)
        if near:
            return clean(plains[near[0]])
    return "COLUMN"


def refuse_repeated(header: Sequence[str]) -> None:
    """Refuse a table with two columns of one name.

    Raises:
        ImportFailed: It has.
    """
    counts = Counter(plain(name) for name in header if name)
    twice = next((name for name in header if counts[plain(name)] > 1), None)
    if twice is not None:
        same = [name for name in header if plain(name) == plain(twice)]
        shown = " and ".join(repr(clean(name)) for name in same[:2])
        raise ImportFailed(f"has two columns of one name, {shown}; rename or delete one.")


def unit_of_column(name: str) -> str:
    """The currency that the name of a column of amounts says, as ``cost_usd`` and ``Cost (CHF)`` do.

    Empty if it says none.
    """
    match = _match_currency(name)
    if match is not None and match[2]:
        return match[2]
    word = _drop("", name.lower())
    return next((code for end, code in _CURRENCIES.items() if word.endswith(end)), "")


def _amounts_in_currencies(header: Sequence[str]) -> dict[str, str]:
    """The columns whose names end with a currency, by the plain name before it."""
    return {plain(_bare(name)): name for name in reversed(header) if _bare(name) != name}


def _bare(name: str) -> str:
    """The name of a column without the currency that it ends with."""
    match = _match_currency(name)
    return name if match is None else match[1] or match[3] or ""


def _refuse_currencies(column: str, header: Sequence[str]) -> None:
    """Refuse a table that has the amount in two currencies.

    Raises:
        ImportFailed: It has.
    """
    same = [name for name in header if unit_of_column(name) and plain(_bare(name)) == plain(_bare(column))]
    if len(same) > 1:
        names = " and ".join(repr(clean(name)) for name in same[:2])
        raise ImportFailed(
            f"has the amount in two currencies, {names}; choose one with --map credits={clean(same[0])!r}"
        )


def counts_credits(name: str) -> bool:
    """Whether the name of a column of amounts says credits."""
    return plain(name).endswith("credits")


def plain(name: str) -> str:
    """A name of a column without what makes no difference."""
    return _drop_symbols("", _drop("", name.lower()))
