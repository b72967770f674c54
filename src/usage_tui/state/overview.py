"""Every organization of every profile: each asked on its own, side by side, and never added up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from usage_tui.clients.base import ClientError, Slice, UsageClient
from usage_tui.frozen import frozen
from usage_tui.insight.runway import Runway
from usage_tui.models import Membership
from usage_tui.state import replies
from usage_tui.state.access import is_not_member
from usage_tui.state.digest import StatusAnswer, digest_of
from usage_tui.state.known_answers import known_answers
from usage_tui.state.loading import PlainStore, load, load_all, load_past
from usage_tui.state.overview_profiles import Opened, OverviewProfile
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState

AT_ONCE = 4
"""How many organizations are asked at the same time."""
_WANTED = (*replies.OF_ACCESS, replies.DAILY, replies.GRANTS)
_WANTED_OF_PAST = (replies.PERIODS, replies.DAYS)
"""What the runway is made of."""


class Target(NamedTuple):
    """What a row opens.

    Attributes:
        profile: The profile's name; None for the data source on the command line.
        organization: The organization's id; None while it is not known.
    """

    profile: str | None
    organization: str | None


@frozen
class Row:
    """How one organization stands.

    Attributes:
        target: What it opens.
        source: What its data source is called.
        name: What the organization is called; empty while unknown.
        status: How the newest look at it went.
        digest: How it stood when that was last known.
        runway: How long it lasts; None if that is unknown, or only by the digest.
        reason: Why it has failed, is withheld or not offered; or why it has no runway.
        current: Whether it is the one that the other screens show.
        cached: Whether the digest is from before the newest look.
    """

    target: Target
    source: str
    name: str = ""
    status: Status = Status.IDLE
    digest: StatusAnswer | None = None
    runway: Runway | None = None
    reason: str = ""
    current: bool = False
    cached: bool = False


def _now() -> datetime:
    return datetime.now(UTC)


class Overview:
    """The rows, and the look that fills them.

    Args:
        entries: What is looked at; the first one is open.
        clock: The time.

    Attributes:
        rows: One for each organization, in the order of the last complete look: the shortest runway first,
            unknown last. A row keeps its place while it loads.
        changed: Called when a row has changed.
    """

    def __init__(self, entries: Sequence[OverviewProfile], clock: Callable[[], datetime] = _now) -> None:
        self._entries = {entry.profile.name: entry for entry in entries}
        self._open = entries[0].profile.name
        self._clock = clock
        self._limit = asyncio.Semaphore(AT_ONCE)
        self._state: UsageState | None = None
        self._looks = 0
        self._looking = False
        self.rows = tuple(
            Row(target=Target(entry.profile.name, None), source=entry.name, current=entry is entries[0])
            for entry in entries
        )
        self.changed: Callable[[], None] = lambda: None

    @property
    def has_profiles(self) -> bool:
        """Whether there is more than one data source."""
        return len(self._entries) > 1

    @property
    def open_profile(self) -> str | None:
        """The name of the profile that the other screens show."""
        return self._open

    def follow(self, state: UsageState) -> None:
        """Show the organization of the other screens as they do."""
        self._state = state
        me, entry = state.me.value, self._entries[self._open]
        if me is not None:
            self._spread(entry, me.organizations)
        org = state.membership or (state.summary.value.org if state.summary.value else None)
        at = Target(self._open, org.id if org else self._rows_of(entry)[0].target.organization)
        if org is not None and all(row.target != at for row in self.rows):
            self._spread_one(entry, at, org.name or org.id)
        rows = tuple(replace(row, current=row.target == at) for row in self.rows)
        rows = tuple(_answered(row, state, self._clock()) if row.current else row for row in rows)
        if rows != self.rows:
            self.rows = rows if self._looking else in_order(rows)
            self.changed()

    async def look(self) -> None:
        """Ask every organization but the one on the other screens, and sort the rows when all have answered.

        Cancelling it closes what it has opened.
        """
        self._limit, self._looking = asyncio.Semaphore(AT_ONCE), True
        self._looks += 1
        number = self._looks
        self._replace(*(_loading(row) for row in self.rows if not row.current))
        try:
            async with asyncio.TaskGroup() as group:
                for entry in self._entries.values():
                    group.create_task(self._look_at(entry, group))
        finally:
            if number == self._looks:  # and no newer look has begun meanwhile
                self._looking = False
                self._replace(*(_given_up(row) for row in self.rows if not row.current))
        self.rows = in_order(self.rows)
        self.changed()

    async def open(self, target: Target) -> Opened:
        """Open what a row stands for, as the data source of the program.

        Raises:
            ClientError: It cannot be opened.
        """
        return await self._entries[target.profile].open(target.organization)

    def opened(self, profile: str | None) -> None:
        """The other screens show this profile now; nothing is known yet of what they will show."""
        self._open, self._state = profile, None

    async def _look_at(self, entry: OverviewProfile, group: asyncio.TaskGroup) -> None:
        """Find the organizations of a data source, and ask each."""
        is_open, me = entry.profile.name == self._open, self._state.me.value if self._state else None
        if is_open and me is not None:
            for row in self._rows_of(entry):
                if not row.current:
                    group.create_task(self._ask(entry, row.target))
            return
        try:
            async with self._limit:
                self._show_kept(entry, await entry.kept())
                client = await entry.client(None)
                async with aclosing(client):
                    await self._ask_all(entry, client, group)
        except ClientError as error:
            self._replace(*(_failed(row, error.full_text) for row in self._rows_of(entry)))

    async def _ask_all(self, entry: OverviewProfile, client: UsageClient, group: asyncio.TaskGroup) -> None:
        me = await load(PlainStore.of(client), replies.ME, client.me)
        organizations = me.organizations if me is not None else ()
        self._spread(entry, organizations)
        first = entry.profile.organization or (organizations[0].id if organizations else None)
        rows = self._rows_of(entry)
        mine = next((row for row in rows if row.target.organization == first), rows[0])
        for row in rows:
            if row is not mine and not row.current:
                group.create_task(self._ask(entry, row.target))
        if not mine.current:
            await self._fill(mine.target, client)

    async def _ask(self, entry: OverviewProfile, target: Target) -> None:
        """Ask one organization by a client of its own."""
        try:
            async with self._limit:
                client = await entry.client(target.organization)
                async with aclosing(client):
                    await self._fill(target, client)
        except ClientError as error:
            self._replace(*(_failed(row, error.full_text) for row in self.rows if row.target == target))

    async def _fill(self, target: Target, client: UsageClient) -> None:
        store = PlainStore.of(client)
        await load_all(store, client, _WANTED)
        await load_past(store, client, _WANTED_OF_PAST)
        self._replace(
            *(_answered(row, store.state, self._clock()) for row in self.rows if row.target == target)
        )

    def _show_kept(self, entry: OverviewProfile, kept: StatusAnswer | None) -> None:
        """What an earlier run knew, unless this one knows more."""
        if kept is None:
            return
        at, name = Target(entry.profile.name, kept.org.id), kept.org.name or kept.org.id
        if all(row.target != at for row in self.rows):
            self._spread_one(entry, at, name)
        self._replace(
            *(
                replace(row, digest=kept, cached=True)
                for row in self.rows
                if row.target == at and row.digest is None
            )
        )

    def _spread(self, entry: OverviewProfile, organizations: Sequence[Membership]) -> None:
        """A row for each organization of a data source; those that are there keep their places."""
        if not organizations:
            return
        rows = self._rows_of(entry)
        old = {row.target.organization: row for row in rows}
        names = {one.id: one.name or one.id for one in organizations}
        status = Status.LOADING if self._looking else Status.IDLE
        fresh = Row(target=Target(entry.profile.name, None), source=entry.name, status=status)
        known = [*(one for one in old if one in names), *(one for one in names if one not in old)]
        self._put_rows(
            entry,
            [
                replace(old.get(one, fresh), target=Target(entry.profile.name, one), name=names[one or ""])
                for one in known
            ],
        )

    def _spread_one(self, entry: OverviewProfile, at: Target, name: str) -> None:
        """A row for the organization that a data source begins with."""
        rows = self._rows_of(entry)
        new = replace(rows[0], target=at, name=name, digest=None, runway=None, cached=False)
        self._put_rows(entry, [new, *(row for row in rows if row.target.organization is not None)])

    def _put_rows(self, entry: OverviewProfile, new: Sequence[Row]) -> None:
        """Replace the rows of a data source; more of them follow the last of those that were there."""
        left = {row.target: row for row in new}
        last, rows = self._rows_of(entry)[-1], list[Row]()
        for row in self.rows:
            if row.target.profile != entry.profile.name:
                rows.append(row)
            elif row.target in left:
                rows.append(left.pop(row.target))
            if row is last:
                rows += left.values()
        if tuple(rows) != self.rows:
            self.rows = tuple(rows)
            self.changed()

    def _rows_of(self, entry: OverviewProfile) -> list[Row]:
        return [row for row in self.rows if row.target.profile == entry.profile.name]

    def _replace(self, *changed: Row) -> None:
        """Put rows where those with the same target are."""
        by_target = {row.target: row for row in changed}
        rows = tuple(by_target.get(row.target, row) for row in self.rows)
        if rows != self.rows:
            self.rows = rows
            self.changed()


def in_order(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The shortest runway first, unknown last; equal ones stay as they are."""
    return tuple(sorted(rows, key=_urgency))


def _urgency(row: Row) -> tuple[int, date, date]:
    digest = row.digest
    if digest is None or digest.pace is None:
        return 2, date.max, date.max
    if digest.runs_out is None:
        return 1, date.max, digest.earliest or date.max
    return 0, digest.runs_out, digest.earliest or date.max


def _loading(row: Row) -> Row:
    return replace(row, status=Status.LOADING, cached=row.digest is not None)


def _given_up(row: Row) -> Row:
    return replace(row, status=Status.IDLE) if row.status is Status.LOADING else row


def _failed(row: Row, reason: str) -> Row:
    return replace(row, status=Status.FAILED, reason=reason, cached=row.digest is not None)


def _answered(row: Row, state: UsageState, now: datetime) -> Row:
    """What a state says; what was known before stays where it only could not be asked."""
    summary = state.summary
    if summary.value is not None:
        error = summary.error.full_text if summary.error is not None else ""
        known = known_answers(state)
        return replace(
            row,
            name=row.name or summary.value.org.name or summary.value.org.id,
            status=summary.status,
            digest=_same_but_for_time(row.digest, digest_of(state, fetched_at=now)),
            runway=known.runway if known is not None and known.facts.known_days else None,
            reason=error or (known.facts.missing.get(Slice.DAYS, "") if known is not None else ""),
            cached=summary.stale,
        )
    lost = is_not_member(state) or summary.is_unavailable
    reason = summary.error.full_text if summary.error is not None else summary.reason
    status = Status.LOADING if summary.status is Status.IDLE else summary.status
    if lost:
        return replace(row, status=status, reason=reason, digest=None, runway=None, cached=False)
    return replace(row, status=status, reason=reason, cached=row.digest is not None)


def _same_but_for_time(old: StatusAnswer | None, new: StatusAnswer) -> StatusAnswer:
    """The old digest where the new one says the same, so that nothing is drawn again."""
    return old if old is not None and replace(old, fetched_at=new.fetched_at) == new else new
