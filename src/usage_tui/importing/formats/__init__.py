"""The exports that are known by their header. Each is declared in the module of its vendor, as data."""

from __future__ import annotations

from functools import cache

from usage_tui.importing.formats import (
    anthropic,
    clouds,
    cursor,
    deepseek,
    gateways,
    github,
    grants,
    openai,
    openrouter,
    others,
)
from usage_tui.importing.formats.declaration import Empty, Format

__all__ = ["Empty", "Format", "known_formats"]


@cache
def known_formats() -> dict[str, Format]:
    """Every format by its name. Of two that fit a header, the one that asks for more columns comes first."""
    modules = (
        openai,
        anthropic,
        openrouter,
        github,
        cursor,
        gateways,
        clouds,
        deepseek,
        others,
        grants,
    )
    return {one.name: one for module in modules for one in module.FORMATS}
