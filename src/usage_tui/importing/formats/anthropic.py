"""Anthropic's exports."""

from __future__ import annotations

from usage_tui.importing.formats.declaration import Format

FORMATS = (
    Format(
        name="anthropic-cost",
        title="Claude Console cost",
        seller="Anthropic",
        found_at="platform.claude.com, Cost, Export",
        headers=(("usage_date_utc", "model", "cost_usd"),),
        fields={
            "occurred_at": ("usage_date_utc",),
            "credits": ("cost_usd",),
            "label": ("model", "cost_type", "usage_type"),
            "kind": ("cost_type", "usage_type"),
            "actor": ("api_key",),
        },
        unit="USD",
        is_summed=True,
        told_apart_by=("workspace", "token_type", "usage_type", "context_window"),
        trait="cost_usd, not the list price; a row for each type of token",
    ),
    Format(
        name="anthropic-tokens",
        title="Claude Console usage in tokens",
        seller="Anthropic",
        found_at="platform.claude.com, Usage, Export",
        headers=(
            ("usage_date_utc", "model_version", "usage_input_tokens_no_cache"),
            ("usage_date_utc", "usage_input_tokens_no_cache"),
            ("usage_date_utc", "usage_output_tokens"),
        ),
        without=("cost_usd",),
        cost_export="Claude Console cost (Cost, Export)",
    ),
)
