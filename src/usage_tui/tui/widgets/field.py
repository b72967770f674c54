"""A field of a form on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from usage_tui.cards.field import Field, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.bindings import bindings
from usage_tui.tui.widgets.typeset import Typeset


class FieldWidget(Typeset, can_focus=True):
    """Shows a field; left and right, or a click, choose one of its alternatives."""

    BINDINGS = bindings(day_before="step(-1)", day_after="step(1)")

    class Chosen(Message):
        """Another alternative is chosen."""

        def __init__(self, field: FieldWidget, key: str) -> None:
            """Say which one, and where."""
            super().__init__()
            self.field = field
            self.key = key

        @property
        def control(self) -> FieldWidget:
            """Where it is."""
            return self.field

    def __init__(self, field: Field, id: str) -> None:  # noqa: A002 - as Textual calls it
        """Show this field."""
        super().__init__(id=id)
        self._field = field

    def show(self, field: Field) -> None:
        """Show this field from now on."""
        if field != self._field:
            self._field = field
            self.redraw()

    def draw(self, area: Area) -> Sequence[Line]:
        """Label and alternatives."""
        return draw(self._field, area)

    def action_step(self, by: int) -> None:
        """Choose the next alternative, or the one before."""
        self.choose(self._field.step(by))

    def choose(self, choice: str) -> None:
        """Choose an alternative."""
        self.focus()
        if choice != self._field.chosen:
            self.post_message(self.Chosen(self, choice))
