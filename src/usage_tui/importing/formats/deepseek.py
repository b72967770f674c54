"""DeepSeek's exports."""

from __future__ import annotations

from usage_tui.importing.formats.declaration import Format

FORMATS = (
    Format(
        name="deepseek-cost",
        title="DeepSeek cost",
        seller="DeepSeek",
        found_at="platform.deepseek.com, Usage, Export (cost-*.csv in the archive)",
        headers=(
            ("start_time_iso", "model", "wallet_type", "cost", "currency"),
            ("utc_date", "model", "wallet_type", "cost", "currency"),
        ),
        fields={
            "occurred_at": ("start_time_iso", "utc_date"),
            "credits": ("cost",),
            "unit": ("currency",),
            "label": ("model",),
            "kind": ("wallet_type",),
        },
        days=True,
        is_summed=True,
        told_apart_by=("wallet_type", "user_id"),
    ),
    Format(
        name="deepseek-amount",
        title="DeepSeek usage in tokens",
        seller="DeepSeek",
        found_at="platform.deepseek.com, Usage, Export (amount-*.csv in the archive)",
        headers=(
            ("model", "type", "price", "amount", "start_time_iso"),
            ("model", "type", "price", "amount", "utc_date"),
        ),
        cost_export="DeepSeek cost (cost-*.csv of the same archive)",
    ),
)
