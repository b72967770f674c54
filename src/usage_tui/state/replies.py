"""The replies of a client by name: where each of them is in the state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from usage_tui.clients.base import Slice
from usage_tui.models import (
    Allowances,
    BillingPeriods,
    DailyUsage,
    EventPage,
    Grants,
    Me,
    Ranking,
    SourceDays,
    Summary,
)
from usage_tui.state.remote import Remote, Status
from usage_tui.state.usage import UsageState

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Change(Protocol):
    """A change that any reply can go through, whatever its value."""

    def __call__(self, remote: Remote[T], /) -> Remote[T]:
        """The reply after the change."""


class AnyReply(Protocol[T_co]):
    """Any reply; all that is known of its value is its type."""

    @property
    def name(self) -> str:
        """The field of the state."""

    @property
    def slice(self) -> Slice:
        """What the client is asked for."""

    def of(self, state: UsageState, /) -> Remote[T_co]:
        """The reply in this state."""

    def changed(self, state: UsageState, change: Change, /) -> UsageState:
        """The state after a change of this reply; the same object if nothing changes."""


@dataclass(frozen=True, eq=False)
class Reply(Generic[T]):
    """One reply, and the type of its value."""

    name: str
    slice: Slice
    _get: Callable[[UsageState], Remote[T]]
    _put: Callable[[UsageState, Remote[T]], UsageState]

    def of(self, state: UsageState) -> Remote[T]:
        """The reply in this state."""
        return self._get(state)

    def put(self, state: UsageState, remote: Remote[T]) -> UsageState:
        """The state with this reply in it; the same object if it is equal."""
        return state if remote == self._get(state) else self._put(state, remote)

    def changed(self, state: UsageState, change: Change) -> UsageState:
        """The state after a change of this reply; the same object if nothing changes."""
        return self.put(state, change(self._get(state)))


ME = Reply[Me]("me", Slice.ME, lambda state: state.me, lambda state, remote: replace(state, me=remote))
SUMMARY = Reply[Summary](
    "summary",
    Slice.SUMMARY,
    lambda state: state.summary,
    lambda state, remote: replace(state, summary=remote),
)
SOURCES = Reply[Ranking](
    "sources",
    Slice.SOURCES,
    lambda state: state.sources,
    lambda state, remote: replace(state, sources=remote),
)
DAILY = Reply[DailyUsage](
    "daily", Slice.DAILY, lambda state: state.daily, lambda state, remote: replace(state, daily=remote)
)
RECENT = Reply[EventPage](
    "recent", Slice.EVENTS, lambda state: state.recent, lambda state, remote: replace(state, recent=remote)
)
EVENTS = Reply[EventPage](
    "events", Slice.EVENTS, lambda state: state.events, lambda state, remote: replace(state, events=remote)
)
GRANTS = Reply[Grants](
    "grants", Slice.GRANTS, lambda state: state.grants, lambda state, remote: replace(state, grants=remote)
)
ALLOWANCES = Reply[Allowances](
    "allowances",
    Slice.ALLOWANCES,
    lambda state: state.allowances,
    lambda state, remote: replace(state, allowances=remote),
)
PERIODS = Reply[BillingPeriods](
    "periods",
    Slice.PERIODS,
    lambda state: state.periods,
    lambda state, remote: replace(state, periods=remote),
)
DAYS = Reply[DailyUsage](
    "days", Slice.DAYS, lambda state: state.days, lambda state, remote: replace(state, days=remote)
)
SOURCE_DAYS = Reply[SourceDays](
    "source_days",
    Slice.SOURCE_DAYS,
    lambda state: state.source_days,
    lambda state, remote: replace(state, source_days=remote),
)
PEOPLE = Reply[Ranking](
    "people", Slice.PEOPLE, lambda state: state.people, lambda state, remote: replace(state, people=remote)
)
PEOPLE_DAYS = Reply[SourceDays](
    "people_days",
    Slice.PEOPLE,
    lambda state: state.people_days,
    lambda state, remote: replace(state, people_days=remote),
)
"""Asked for with people; without it they are shown all the same."""

OF_DASHBOARD: tuple[AnyReply[object], ...] = (ME, SUMMARY, SOURCES, DAILY, RECENT, GRANTS, ALLOWANCES)
"""Those that the dashboard asks for at once."""

OF_PAST: tuple[AnyReply[object], ...] = (PERIODS, DAYS, SOURCE_DAYS)
"""Those that only answers need, asked for after the dashboard."""

OF_FACTS: tuple[AnyReply[object], ...] = (SOURCES, DAILY, RECENT, GRANTS, *OF_PAST)
"""Those that answers are made of, beside the summary."""

REPLIES: tuple[AnyReply[object], ...] = (*OF_DASHBOARD, EVENTS, *OF_PAST, PEOPLE)
"""All of them."""

OF_ACCESS: tuple[AnyReply[object], ...] = (ME, SUMMARY)
"""Those that say what the viewer may see."""

OF_EVENTS: tuple[AnyReply[EventPage], ...] = (RECENT, EVENTS)
"""Those that are pages of events."""

FOR_BILLING: tuple[AnyReply[object], ...] = (*OF_EVENTS, GRANTS, PEOPLE, PEOPLE_DAYS)
"""Those that only a viewer with billing access may see."""


class Revised(Protocol):
    """A value that says which revision of the data it is from."""

    @property
    def revision(self) -> int:
        """A later one is greater."""


def is_current(remote: Remote[Revised], revision: int) -> bool:
    """Whether a reply has been answered, and its value is of this revision."""
    return remote.status is Status.READY and remote.value is not None and remote.value.revision == revision


OF_ONE_REVISION: tuple[AnyReply[Revised], ...] = (SUMMARY, SOURCES, DAILY, RECENT, GRANTS, ALLOWANCES)
"""Those on the dashboard, which should all be from one revision."""
