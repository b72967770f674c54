"""Which events are wanted, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from usage_tui.frozen import frozen
from usage_tui.models.credits import Credits
from usage_tui.models.events import Event

T = TypeVar("T")


class SortKey(StrEnum):
    """What events are sorted by."""

    OCCURRED_AT = "occurred_at"
    CREDITS = "credits"


@dataclass(frozen=True)  # with slots, `Choice[str]()` fails
class Choice(Generic[T]):
    """Values of which one is wanted, and values that are not wanted. Without any, everything is."""

    any_of: tuple[T, ...] = ()
    none_of: tuple[T, ...] = ()

    @property
    def only(self) -> T | None:
        """The value, if the choice is exactly one value; else None."""
        return self.any_of[0] if len(self.any_of) == 1 and not self.none_of else None

    def __bool__(self) -> bool:
        return bool(self.any_of or self.none_of)

    def allows(self, fits: Callable[[T], bool]) -> bool:
        """Whether something is wanted, given whether it fits a value."""
        return (not self.any_of or any(map(fits, self.any_of))) and not any(map(fits, self.none_of))


@dataclass(frozen=True, slots=True)
class Name:
    """A condition on a name: a text that is a part of it, or all of it. Upper and lower case are the same."""

    text: str
    whole: bool = False

    def fits(self, *names: str | None) -> bool:
        """Whether one of the names is meant."""
        if self.whole:
            wanted = self.text.casefold()
            return any(name.casefold() == wanted for name in names if name is not None)
        return _is_part(self.text, names)


@frozen
class EventQuery:
    """Which events to list: those that meet every condition; and their order, the newest first by default.

    Attributes:
        kinds: Categories.
        source_ids: Exact ids of sources.
        sources: Names of sources; a name is compared with the label and the id.
        actors: Names of people. An event without an actor has no name.
        activities: What was done, as in `Event.activity`.
        starts_at: Inclusive.
        ends_at: Exclusive.
        least: The smallest amount.
        most: The largest amount.
        words: Each is part of the label, of the source's id or of the actor.
        without_words: None of these is.
        sort: Of equal amounts, the newest is first, or last in ascending order.
    """

    kinds: Choice[str]
    source_ids: Choice[str]
    sources: Choice[Name]
    actors: Choice[Name]
    activities: Choice[str]
    starts_at: datetime | None
    ends_at: datetime | None
    least: Credits | None
    most: Credits | None
    words: tuple[str, ...]
    without_words: tuple[str, ...]
    sort: SortKey
    ascending: bool

    def __init__(
        self,
        *,
        kind: str | None = None,
        source_id: str | None = None,
        text: str | None = None,
        kinds: Choice[str] = Choice(),
        source_ids: Choice[str] = Choice(),
        sources: Choice[Name] = Choice(),
        actors: Choice[Name] = Choice(),
        activities: Choice[str] = Choice(),
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
        least: Credits | None = None,
        most: Credits | None = None,
        words: tuple[str, ...] = (),
        without_words: tuple[str, ...] = (),
        sort: SortKey = SortKey.OCCURRED_AT,
        ascending: bool = False,
    ) -> None:
        """Set the conditions. `kind`, `source_id` and `text` are short for a choice of one value."""
        values = {
            "kinds": kinds if kind is None else Choice((kind,)),
            "source_ids": source_ids if source_id is None else Choice((source_id,)),
            "sources": sources,
            "actors": actors,
            "activities": activities,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "least": least,
            "most": most,
            "words": words if text is None else (text,),
            "without_words": without_words,
            "sort": sort,
            "ascending": ascending,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def kind(self) -> str | None:
        """The category, if exactly one is wanted."""
        return self.kinds.only

    @property
    def source_id(self) -> str | None:
        """The source's id, if exactly one is wanted."""
        return self.source_ids.only

    @property
    def text(self) -> str | None:
        """The word, if exactly one is wanted."""
        return self.words[0] if len(self.words) == 1 and not self.without_words else None

    @property
    def conditions(self) -> EventQuery:
        """The same conditions in the default order. Equal to `EventQuery()` if there are none."""
        return replace(self, sort=SortKey.OCCURRED_AT, ascending=False)

    @property
    def has_conditions(self) -> bool:
        """Whether there are any conditions."""
        return self.conditions != EventQuery()

    @property
    def is_newest_first(self) -> bool:
        """Whether the events are in the default order."""
        return self.sort is SortKey.OCCURRED_AT and not self.ascending

    def matches(self, event: Event) -> bool:
        """Whether the event meets every condition."""
        return (
            (self.starts_at is None or self.starts_at <= event.occurred_at)
            and (self.ends_at is None or event.occurred_at < self.ends_at)
            and self.matches_facts(event.kind, event.source_id, event.activity, event.credits)
            and self.matches_names(event.label, event.source_id, event.actor)
        )

    def matches_facts(self, kind: str, source_id: str, activity: str, amount: Credits) -> bool:
        """Whether an event of this kind, source, activity and amount meets the conditions on these."""
        return (
            (self.least is None or self.least <= amount)
            and (self.most is None or amount <= self.most)
            and self.kinds.allows(kind.__eq__)
            and self.source_ids.allows(source_id.__eq__)
            and self.activities.allows(activity.__eq__)
        )

    @property
    def has_names(self) -> bool:
        """Whether there is a condition on names, which `matches_names` decides."""
        return bool(self.sources or self.actors or self.words or self.without_words)

    @property
    def holds_names(self) -> bool:
        """Whether a name stands in it, or the id of a source, which pseudonyms replace too."""
        return self.has_names or bool(self.source_ids)

    def matches_names(self, label: str, source_id: str, actor: str | None) -> bool:
        """Whether an event with these names meets the conditions on names."""
        names = (label, source_id, actor)
        return (
            self.sources.allows(lambda name: name.fits(label, source_id))
            and self.actors.allows(lambda name: name.fits(actor))
            and all(_is_part(word, names) for word in self.words)
            and not any(_is_part(word, names) for word in self.without_words)
        )

    def select(self, newest_first: Sequence[Event]) -> Sequence[Event]:
        """Those of the events that match, in the order of the query."""
        found = [event for event in newest_first if self.matches(event)]
        if self.sort is SortKey.CREDITS:
            found.sort(key=lambda event: event.credits, reverse=True)  # keeps the order of equal ones
        return found[::-1] if self.ascending else found


def _is_part(text: str, names: Sequence[str | None]) -> bool:
    wanted = text.casefold()
    return any(wanted in name.casefold() for name in names if name is not None)
