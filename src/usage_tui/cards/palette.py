"""The palette: every command that acts now, and what the data have to go to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from usage_tui.cards.card import Placeholder
from usage_tui.cards.choices import Choice, matching
from usage_tui.cards.grants import grants_view
from usage_tui.cards.panel import GrantToShow
from usage_tui.cards.ranking import ranking_view
from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.config.commands import COMMANDS, key_of
from usage_tui.models import EventQuery
from usage_tui.state.access import allowed
from usage_tui.state.replies import EVENTS
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, places

Target = str | EventQuery | GrantToShow
"""What a row leads to: a command, events, or a grant."""

Row = Choice[Target]


class Palette(NamedTuple):
    """What there is to choose from.

    Attributes:
        commands: In the order and the groups of the help.
        data: Sources, people, grants, periods, if the viewer may see them.
    """

    commands: tuple[Row, ...]
    data: tuple[Row, ...]

    @property
    def kinds(self) -> str:
        """What can be found: ``Command, source, person, grant, or period``."""
        nouns = {"Sources": "source", "People": "person", "Grants": "grant", "Periods": "period"}
        found = ["Command", *dict.fromkeys(nouns[row.group] for row in self.data)]
        if len(found) < 3:
            return " or ".join(found)
        return f"{', '.join(found[:-1])}, or {found[-1]}"

    def find(self, query: str) -> list[Row]:
        """What has these words; without any, all commands."""
        return matching([*self.commands, *self.data], query) if query.strip() else [*self.commands]


def palette(state: UsageState, active: Collection[str], keys: Mapping[str, str], glyphs: Glyphs) -> Palette:
    """What can be done and found now.

    Args:
        state: What is known.
        active: The ids of the commands that act now.
        keys: Keys that the user has set, by command.
        glyphs: The symbols of arrow keys.
    """
    commands = (
        Choice[Target](one.section, one.label, key_of(one.id, keys, glyphs), one.id, "key", one.help)
        for one in COMMANDS.values()
        if one.id in active and one.id != "palette"
    )
    data = (*_sources(state), *_people(state), *_grants(state), *_periods(state, glyphs))
    return Palette(tuple(commands), data)


def _sources(state: UsageState) -> Iterator[Row]:
    """The sources of the period, each with its amount."""
    view = ranking_view(state)
    if not isinstance(view, Placeholder):
        for row in view.sources:
            if row.query is not None:
                amount = amount_text(row.credits, view.unit, view.decimals)
                yield Choice("Sources", row.label, amount, row.query, words=row.category)


def _people(state: UsageState) -> Iterator[Row]:
    """Whoever used something in the events that are known, which withheld ones are not."""
    pages = (remote.value for remote in (state.recent, state.events) if remote.value is not None)
    actors = {event.actor for page in pages for event in page.items if event.actor}
    for actor in sorted(actors):
        yield Choice("People", actor, "events", EventQuery(text=actor))


def _grants(state: UsageState) -> Iterator[Row]:
    """Every grant, with what remains of it."""
    view = grants_view(state)
    if not isinstance(view, Placeholder):
        decimals = places([grant.remaining for grant in view.grants], view.unit)
        for grant in view.grants:
            remaining = amount_text(grant.remaining, view.unit, decimals)
            yield Choice("Grants", grant.description, remaining, GrantToShow(grant.id), words=grant.status)


def _periods(state: UsageState, glyphs: Glyphs) -> Iterator[Row]:
    """The billing periods that are known, newest first; the events of each are there for who may see them."""
    summary, past = state.summary.value, state.periods.value
    if summary is None or not allowed(state, EVENTS):
        return
    known = [one.period for one in past.items] if past is not None else []
    current = summary.period
    if current is not None and current.id not in {one.id for one in known}:
        known.insert(0, current)
    for period in known:
        query = EventQuery(starts_at=period.starts_at, ends_at=period.ends_at)
        name = dates.span(period.start_date, period.end_date, glyphs.dash)
        end = "current" if current is not None and period.id == current.id else "events"
        yield Choice("Periods", name, end, query, words="billing period")
