"""What is on the terminal before the app starts."""

from __future__ import annotations

from typing import Any, Protocol


class Shown(Protocol):
    """What is on the terminal before the app starts.

    Attributes:
        attributes: How the terminal was set before; None if nothing is shown.
    """

    attributes: list[Any] | None

    @property
    def cells(self) -> Any:
        """The frame, as `frame.as_data` describes it; None if unknown what is shown."""

    def taken_over(self) -> None:
        """From now on the app gives the terminal back."""

    def give_back(self) -> None:
        """Leave the terminal as it was, unless the app does."""
