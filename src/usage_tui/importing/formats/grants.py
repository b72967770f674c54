"""Exports of what was granted: Stripe, Lago, and a table of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from usage_tui.importing.formats.declaration import Format

_WITHOUT_CENTS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_ORIGINS = {"paid": "purchase", "promotional": "promotion"}


def stripe_grant(row: Mapping[str, str]) -> dict[str, str]:
    """The amount of a grant, which Stripe states in the smallest unit of its currency.

    Raises:
        ValueError: It is not a number.
    """
    currency, text = row["amount.monetary.currency"].upper(), row["amount.monetary.value"]
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"amount.monetary.value: must be a number, not {text[:40]!r}") from None
    amount = value if currency in _WITHOUT_CENTS else value.scaleb(-2)
    return {
        "credits": f"{amount:f}",
        "unit": currency,
        "origin": _ORIGINS.get(row["category"], row["category"]),
    }


FORMATS = (
    Format(
        name="stripe-grants",
        title="Stripe credit grants",
        found_at="stripe billing credit_grants list (the API's GET /v1/billing/credit_grants)",
        headers=(("id", "amount.monetary.currency", "amount.monetary.value"),),
        grant_fields={
            "id": ("id",),
            "description": ("name", "category"),
            "granted_at": ("effective_at", "created"),
            "effective_at": ("effective_at",),
            "expires_at": ("expires_at",),
            "voided_at": ("voided_at",),
        },
        fixed={"description": "Credit grant"},
        computed="usage_tui.importing.formats.grants:stripe_grant",
        computed_from=("amount.monetary.currency", "amount.monetary.value", "category"),
        trait="grants; amounts are in the smallest unit of the currency",
    ),
    Format(
        name="lago-wallet",
        title="Lago wallet transactions",
        found_at="the API's GET /wallets/:id/wallet_transactions",
        headers=(("transaction_type", "transaction_status", "credit_amount", "settled_at"),),
        fields={
            "id": ("lago_id", "id"),
            "occurred_at": ("settled_at",),
            "credits": ("credit_amount",),
            "label": ("name", "transaction_status"),
        },
        grants_where={"transaction_type": ("inbound",)},
        grant_fields={
            "id": ("lago_id", "id"),
            "description": ("name", "transaction_status"),
            "credits": ("credit_amount",),
            "granted_at": ("settled_at",),
            "expires_at": ("expiration_at",),
            "origin": ("transaction_status",),
        },
        unit="credit",
        no_use={"status": ("pending", "failed")},
        trait="what comes in is a grant, what goes out is use",
    ),
    Format(
        name="grants",
        title="table of grants",
        found_at="a table of your own with these columns",
        headers=(
            ("description", "credits", "granted_at"),
            ("description", "credits", "expires_at"),
            ("bucket", "credits", "granted_at"),
        ),
        grant_fields={
            "id": ("id",),
            "description": ("description",),
            "credits": ("credits",),
            "granted_at": ("granted_at", "effective_at"),
            "effective_at": ("effective_at", "granted_at"),
            "expires_at": ("expires_at",),
            "bucket": ("bucket",),
            "origin": ("origin",),
            "unit": ("unit", "currency"),
        },
        in_utc=False,
        trait="grants; bucket is purchased (default) or included",
    ),
)
