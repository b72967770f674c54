"""What is on the terminal before the app starts."""

from __future__ import annotations

from typing import Any, Protocol


class Shown(Protocol):
    """What is on the terminal before the app starts.

    Attributes:
        attributes: How the terminal was set before; None if nothing is shown.
        is_intact: Whether the terminal still shows it.
        size: The bytes that show it.
        is_complete: Whether it stays until the app has its own first screen complete.
    """

    attributes: list[Any] | None
    is_intact: bool
    size: int
    is_complete: bool

    @property
    def cells(self) -> Any:
        """The frame, as `frame.as_data` describes it; None if it is not intact."""

    def taken_over(self) -> None:
        """From now on the app gives the terminal back."""

    def give_back(self) -> None:
        """Leave the terminal as it was, unless the app does."""
