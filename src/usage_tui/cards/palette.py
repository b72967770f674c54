"""The palette: every command that acts now, and what the data have to go to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from usage_tui import models
from usage_tui.cards.card import Placeholder
from usage_tui.cards.choices import Choice, matching
from usage_tui.cards.grants import grants_view
from usage_tui.cards.panel import GrantToShow, PeriodToShow
from usage_tui.cards.ranking import ranking_view
from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.config.commands import COMMANDS, key_of
from usage_tui.models import EventQuery, Name
from usage_tui.state.periods import why_no_earlier
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, places

Target = str | EventQuery | GrantToShow | PeriodToShow
"""What a row leads to: a command, events, a grant, or a billing period."""

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
    """Whoever used something as far as that is known, which is not told where events are withheld."""
    pages = (remote.value for remote in (state.recent, state.events) if remote.value is not None)
    actors = {event.actor for page in pages for event in page.items if event.actor}
    if state.people.value is not None:
        actors |= {one.source_id for one in state.people.value.items if one.source_id}
    for actor in sorted(actors):
        name = Name(actor, whole=True)
        yield Choice("People", actor, "events", EventQuery(actors=models.Choice((name,))))


def _grants(state: UsageState) -> Iterator[Row]:
    """Every grant, with what remains of it."""
    view = grants_view(state)
    if not isinstance(view, Placeholder):
        decimals = places([grant.remaining for grant in view.grants], view.unit)
        for grant in view.grants:
            remaining = amount_text(grant.remaining, view.unit, decimals)
            yield Choice("Grants", grant.description, remaining, GrantToShow(grant.id), words=grant.status)


def _periods(state: UsageState, glyphs: Glyphs) -> Iterator[Row]:
    """The billing periods that Usage can show, newest first, each with its amount."""
    known, summary = state.periods.value, state.summary.value
    if known is None or summary is None or summary.period is None or why_no_earlier(state):
        return
    decimals = places([one.usage.total for one in known.items], state.unit)
    for one in known.items:
        name = dates.span(one.period.start_date, one.period.end_date, glyphs.dash)
        amount = amount_text(one.usage.total, state.unit, decimals)
        now = " current" if one.period.id == summary.period.id else ""
        yield Choice("Periods", name, amount, PeriodToShow(one.period.id), words=f"billing period{now}")
