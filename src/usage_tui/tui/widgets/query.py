"""A line to type in."""

from __future__ import annotations

from textual.widgets import Input

from usage_tui.text.clean import clean


class Query(Input):
    """What is typed. Whatever is pasted is text, too."""

    def __init__(self, placeholder: str, id: str | None = None) -> None:  # noqa: A002 - as Textual has it
        """Start empty. A blinking cursor would send bytes forever."""
        super().__init__(placeholder=placeholder, compact=True, id=id)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """The value without control characters."""
        return clean(value)
