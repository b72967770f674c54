"""What is wrong with a filter, and where."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.named_tuple import NamedTuple


class Mistake(NamedTuple):
    """A mistake in a filter.

    Attributes:
        start: Where the term begins, in characters of the filter.
        end: Where it ends; exclusive.
        text: The term and what is wrong with it: ``credits:>x: "x" is not an amount``.
    """

    start: int
    end: int
    text: str


class InvalidFilter(ValueError):
    """The text is not a filter.

    Attributes:
        mistakes: At least one, in order of place.
    """

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(mistake.text for mistake in self.mistakes))


class InvalidTerm(ValueError):
    """A value means nothing for its key, in words."""
