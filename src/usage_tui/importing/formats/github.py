"""GitHub's exports."""

from __future__ import annotations

from collections.abc import Mapping

from usage_tui.importing.formats.declaration import Format

_AI_CREDITS = ("ai-credits", "aicredits", "ai credits", "ai_credits")


def ai_credits(row: Mapping[str, str]) -> dict[str, str]:
    """The amount of a row in AI credits: its quantity, or what a row in requests states beside it."""
    unit = row["unit_type"].lower()
    if unit in _AI_CREDITS:
        return {"credits": row["quantity"], "unit": "credit"}
    if row["aic_quantity"]:
        return {"credits": row["aic_quantity"], "unit": "credit"}
    return {"credits": row["quantity"], "unit": unit}


FORMATS = (
    Format(
        name="github-ai",
        title="GitHub AI usage",
        seller="GitHub",
        found_at="github.com, Billing and licensing, Usage, Get usage report, AI usage",
        headers=(("date", "username", "product", "sku", "model", "quantity", "unit_type"),),
        fields={
            "occurred_at": ("date",),
            "credits": ("quantity",),
            "unit": ("unit_type",),
            "label": ("model", "sku"),
            "kind": ("product",),
            "actor": ("username",),
        },
        days=True,
        is_summed=True,
        told_apart_by=("sku", "organization", "repository", "cost_center_name"),
        computed="usage_tui.importing.formats.github:ai_credits",
        computed_from=("quantity", "unit_type", "aic_quantity"),
        trait="AI credits, before any discount; rows in requests by their aic_quantity",
    ),
    Format(
        name="github-metered",
        title="GitHub metered usage",
        seller="GitHub",
        found_at="github.com, Billing and licensing, Usage, Get usage report",
        headers=(("date", "product", "sku", "quantity", "unit_type", "gross_amount", "net_amount"),),
        without=("model",),
        fields={
            "occurred_at": ("date",),
            "credits": ("net_amount",),
            "label": ("sku",),
            "kind": ("product",),
            "actor": ("username",),
        },
        unit="USD",
        days=True,
        is_summed=True,
        told_apart_by=("unit_type", "organization", "repository", "workflow_path", "cost_center_name"),
        trait="net_amount; --map credits=gross_amount for what it was before discounts",
    ),
    Format(
        name="github-premium",
        title="GitHub premium requests",
        seller="GitHub",
        found_at="github.com, Billing and licensing, Usage, premium requests (before AI credits)",
        headers=(("Timestamp", "User", "Model", "Requests Used"),),
        fields={
            "occurred_at": ("Timestamp",),
            "credits": ("Requests Used",),
            "label": ("Model",),
            "actor": ("User",),
        },
        unit="request",
    ),
)
