"""OpenAI's exports."""

from __future__ import annotations

from usage_tui.importing.formats.declaration import Empty, Format

FORMATS = (
    Format(
        name="openai-costs",
        title="OpenAI costs",
        seller="OpenAI",
        found_at="platform.openai.com, Usage, Export, Costs",
        headers=(
            ("start_time", "end_time", "amount_value", "amount_currency"),
            ("start_time_iso", "end_time_iso", "amount_value", "amount_currency"),
            ("start_time", "end_time", "start_time_iso", "end_time_iso"),
        ),
        without=("num_model_requests", "input_tokens", "num_requests"),
        fields={
            "occurred_at": ("start_time", "start_time_iso"),
            "ends_at": ("end_time", "end_time_iso"),
            "credits": ("amount_value",),
            "unit": ("amount_currency",),
            "label": ("line_item", "project_name", "project_id"),
        },
        fixed={"label": "API"},
        is_summed=True,
        empty=Empty.NO_USE,
        told_apart_by=("project_id", "api_key_id"),
        trait="an empty row is a day without use",
    ),
    Format(
        name="openai-usage",
        title="OpenAI usage in tokens",
        seller="OpenAI",
        found_at="platform.openai.com, Usage, Export, an activity",
        headers=(("start_time", "num_model_requests"), ("start_time_iso", "num_model_requests")),
        cost_export="OpenAI costs (Usage, Export, Costs)",
    ),
)
