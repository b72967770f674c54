"""Exports of gateways and of what observes models: LiteLLM, Langfuse, Helicone."""

from __future__ import annotations

from usage_tui.importing.formats.declaration import Empty, Format

FORMATS = (
    Format(
        name="litellm",
        title="LiteLLM spend logs",
        seller="LiteLLM",
        found_at="GET /spend/logs of the proxy, or the table LiteLLM_SpendLogs",
        headers=(("request_id", "spend", "startTime", "model"),),
        fields={
            "id": ("request_id",),
            "occurred_at": ("startTime",),
            "credits": ("spend",),
            "label": ("model_group", "model"),
            "kind": ("call_type",),
            "actor": ("user", "metadata.user_api_key_alias"),
        },
        unit="USD",
        counts=True,
        empty=Empty.ZERO,
    ),
    Format(
        name="langfuse",
        title="Langfuse traces",
        found_at="Langfuse, Tracing, Export",
        headers=(
            ("id", "timestamp", "name", "userId", "totalCost"),
            ("id", "timestamp", "name", "totalCost"),
        ),
        fields={
            "id": ("id",),
            "occurred_at": ("timestamp",),
            "credits": ("totalCost",),
            "label": ("name",),
            "actor": ("userId",),
        },
        unit="USD",
        counts=True,
        empty=Empty.ZERO,
    ),
    Format(
        name="helicone",
        title="Helicone requests",
        found_at="Helicone, Requests, Export",
        headers=(("response_id", "request_created_at", "model", "cost"),),
        fields={
            "id": ("response_id",),
            "occurred_at": ("request_created_at", "response_created_at"),
            "credits": ("cost",),
            "label": ("model",),
            "actor": ("request_user_id",),
        },
        unit="USD",
        counts=True,
        empty=Empty.ZERO,
    ),
)
