"""OpenRouter's exports."""

from __future__ import annotations

from usage_tui.importing.formats.declaration import Empty, Format

FORMATS = (
    Format(
        name="openrouter",
        title="OpenRouter activity",
        seller="OpenRouter",
        found_at="openrouter.ai, Activity, Export, by generation",
        headers=(("generation_id", "created_at", "cost_total", "model_permaslug"),),
        fields={
            "id": ("generation_id",),
            "occurred_at": ("created_at",),
            "credits": ("cost_total",),
            "label": ("model_permaslug",),
            "kind": ("app_name",),
            "actor": ("user", "api_key_name"),
        },
        unit="USD",
        counts=True,
        trait="cost_total alone: the other costs are parts of it",
    ),
    Format(
        name="openrouter-daily",
        title="OpenRouter activity by day",
        seller="OpenRouter",
        found_at="openrouter.ai, Activity, Export, by day",
        headers=(("Date", "Slug", "Usage", "Requests"), ("date", "slug", "usage", "requests")),
        fields={
            "occurred_at": ("Date", "date"),
            "credits": ("Usage", "usage"),
            "label": ("Slug", "slug"),
            "quantity": ("Requests", "requests"),
        },
        unit="USD",
        days=True,
        is_summed=True,
        empty=Empty.ZERO,
    ),
)
