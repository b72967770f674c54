"""What keeps the first screen for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from usage_tui.tui.display.writer import Frame


class NextStart(Protocol):
    """Keeps what the next start shows first."""

    def settled(self, frame: Frame) -> None:
        """This start has shown this first, from data that the next one may find unchanged."""

    def cache_changed(self) -> None:
        """The next start will find other data in the cache."""

    async def aclose(self) -> None:
        """Stop; the app ends."""
