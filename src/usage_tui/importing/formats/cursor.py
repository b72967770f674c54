"""Cursor's exports."""

from __future__ import annotations

from usage_tui.importing.formats.declaration import Empty, Format

_ZEROS = ("Included*", "Free", "No charge", "-", "–", "NaN", "N/A")
_TOKENS = ("Input (w/ Cache Write)", "Output Tokens")

FORMATS = (
    Format(
        name="cursor",
        title="Cursor usage events",
        seller="Cursor",
        found_at="cursor.com, Dashboard, Usage, Export CSV",
        headers=(("Date", "Model", "Cost", *_TOKENS), ("Date", "Model", "Cost to you", *_TOKENS)),
        fields={
            "occurred_at": ("Date",),
            "credits": ("Cost to you", "Cost"),
            "label": ("Model",),
            "kind": ("Kind",),
            "actor": ("User",),
        },
        unit="USD",
        counts=True,
        empty=Empty.ZERO,
        zeros=_ZEROS,
        told_apart_by=("Kind", "Total Tokens", "Cloud Agent ID"),
        trait="Included, Free and - cost nothing",
    ),
    Format(
        name="cursor-requests",
        title="Cursor usage events in requests",
        seller="Cursor",
        found_at="cursor.com, Dashboard, Usage, Export CSV",
        headers=(("Date", "Model", "Requests", *_TOKENS),),
        without=("Cost", "Cost to you"),
        fields={
            "occurred_at": ("Date",),
            "credits": ("Requests",),
            "label": ("Model",),
            "kind": ("Kind",),
            "actor": ("User",),
        },
        unit="request",
        counts=True,
        empty=Empty.ZERO,
        zeros=_ZEROS,
        told_apart_by=("Kind", "Total Tokens", "Cloud Agent ID"),
    ),
)
