"""Random histories of one organization, played on a ledger, with what a person could see at each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from usage_tui.ledger.booked_grant import NothingLeft
from usage_tui.ledger.journal import Entry
from usage_tui.ledger.ledger import AlreadyReversed, Ledger, Use
from usage_tui.ledger.spending import Terms
from usage_tui.models import Credits, Event, Grant

START = datetime(2026, 11, 1, 4, tzinfo=UTC)
GRACE = timedelta(hours=72)


def hours(number: int) -> datetime:
    """So many hours after the start; whole hours, so that boundaries and ties are often hit."""
    return START + timedelta(hours=number)


def use(
    number: int, micro: int, occurred_at: datetime, *, kind: str = "ai_tool", source: str = "tool"
) -> Use:
    return Use(f"evt_{number:03}", occurred_at, kind, source, source.title(), "run", Credits(micro))


def terms(
    grant_id: str, bucket: str, micro: int, effective_at: datetime, expires_at: datetime | None
) -> Terms:
    return Terms(
        grant_id, grant_id.title(), bucket, "purchase", effective_at, effective_at, expires_at, Credits(micro)
    )


class Act(NamedTuple):
    """Something that happens `after` hours after the act before it; `pick` chooses what it is done to."""

    what: str
    after: int
    late: int
    micro: int
    pick: int


class Booked(NamedTuple):
    """An event, when it arrived, and what could have paid for it at that moment."""

    event: Event
    arrived_at: datetime
    grants: tuple[Grant, ...]
    locked: frozenset[str]
    after: tuple[Grant, ...]


@dataclass
class Played:
    """What came of a history."""

    ledger: Ledger
    journal: list[Entry]
    booked: list[Booked] = field(default_factory=list)
    reversals: list[Event] = field(default_factory=list)
    adjustments: list[Event] = field(default_factory=list)
    all: list[Event] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        """In the order in which they were booked."""
        return self.all


@st.composite
def grant_terms(draw: st.DrawFn, number: int) -> Terms:
    effective = draw(st.integers(0, 80))
    lasts = draw(st.none() | st.integers(1, 120))
    return terms(
        f"gr_{draw(st.integers(0, 9))}{number}",
        draw(st.sampled_from(["included", "purchased"])),
        draw(st.integers(1, 60)),
        hours(effective),
        None if lasts is None else hours(effective + lasts),
    )


grants = st.integers(0, 6).flatmap(lambda count: st.tuples(*(grant_terms(number) for number in range(count))))
acts = st.lists(
    st.builds(
        Act,
        what=st.sampled_from(["use", "use", "use", "use", "adjust", "reverse", "void", "lock", "unlock"]),
        after=st.integers(0, 30),
        late=st.sampled_from([0, 0, 0, 5, 40, 90]),
        micro=st.integers(0, 50),
        pick=st.integers(0, 9),
    ),
    max_size=25,
)


def source_of(act: Act) -> str:
    return f"tool_{act.pick % 3}"


def play(grants: tuple[Terms, ...], acts: list[Act]) -> Played:
    journal: list[Entry] = []
    ledger = Ledger(journal.append)
    for grant in grants:
        ledger.grant(grant)
    played = Played(ledger, journal)
    locked: set[str] = set()
    now = START
    for number, act in enumerate(acts):
        now += timedelta(hours=act.after)
        ledger.advance(now)
        if act.what == "use":
            before = ledger.grants()
            occurred_at = max(now - timedelta(hours=act.late), START)
            event = ledger.use(use(number, act.micro, occurred_at, source=source_of(act)), arrived_at=now)
            played.all.append(event)
            played.booked.append(Booked(event, now, before, frozenset(locked), ledger.grants()))
        elif act.what == "adjust":
            back = use(number, -act.micro, max(now - timedelta(hours=act.late), START), source=source_of(act))
            played.adjustments.append(ledger.adjust(back, arrived_at=now))
            played.all.append(played.adjustments[-1])
        elif act.what == "reverse":
            _reverse(played, act, now, number)
        elif grants:
            _change(ledger, grants[act.pick % len(grants)], act.what, now, locked)
    return played


def _reverse(played: Played, act: Act, now: datetime, number: int) -> None:
    if not played.booked:
        return
    event = played.booked[act.pick % len(played.booked)].event
    try:
        played.reversals.append(played.ledger.reverse(event, reversal_id=f"rev_{number:03}", at=now))
        played.all.append(played.reversals[-1])
    except AlreadyReversed:
        assert event.id in {reversal.reverses for reversal in played.reversals}


def _change(ledger: Ledger, grant: Terms, what: str, now: datetime, locked: set[str]) -> None:
    if what == "void":
        try:
            ledger.void(grant.id, at=now)
        except NothingLeft:
            assert {row.id: row.remaining for row in ledger.grants()}[grant.id] == Credits.ZERO
    elif grant.bucket == "purchased" and what == "lock":
        ledger.lock(grant.id, at=now)
        locked.add(grant.id)
    elif grant.bucket == "purchased":
        ledger.unlock(grant.id, at=now)
        locked.discard(grant.id)


def held_at(journal: Sequence[Entry], grant: Terms, at: datetime) -> int:
    """What a grant held just before a moment: all but what it had paid; nothing once it is over."""
    of_grant = [entry for entry in journal if entry.grant_id == grant.id]
    voided = [entry.at for entry in of_grant if entry.kind == "voided" and entry.event_id is None]
    ends = [end for end in (grant.expires_at, *voided) if end is not None]
    if grant.expires_at is not None and grant.expires_at <= at:
        return 0
    if grant.effective_at >= at or any(end < at for end in ends):
        return 0
    paid = {"used": 1, "reversed": -1}
    return grant.original.micro - sum(
        paid.get(entry.kind, 0) * entry.amount for entry in of_grant if entry.at < at
    )
