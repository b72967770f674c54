"""The organizations that the viewer may switch between."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cards.card import Placeholder
from usage_tui.cards.panel import Cursor, Panel, Place
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.models import Membership, Organization
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.usage import UsageState
from usage_tui.text.words import spoken

HEADS = 1
"""Lines above the rows."""
_COLUMNS = (
    Column("Organization", weight=1),
    Column("Role"),
    Column("Billing access", from_width=44),
    Column("", from_width=36),
)


class OrganizationsView(NamedTuple):
    """What there is to choose from.

    Attributes:
        memberships: In the order of the service.
        current: The id of the one on the screen; None while it is not known.
    """

    memberships: tuple[Membership, ...]
    current: str | None


def organizations_view(state: UsageState) -> OrganizationsView:
    """Every organization of the viewer."""
    memberships = state.me.value.organizations if state.me.value else ()
    return OrganizationsView(memberships, state.membership.id if state.membership else None)


def distinct_name(one: Organization | Membership, others: Sequence[Membership]) -> str:
    """What an organization is called, with its id where another one of the viewer's is called the same."""
    name = one.name or one.id
    alike = any(
        other.id != one.id and (other.name or other.id).casefold() == name.casefold() for other in others
    )
    return f"{name} ({one.id})" if alike else name


def draw(view: OrganizationsView, area: Area) -> list[Line]:
    """Column heads, and a row for each."""
    rows = tuple(
        (
            line(Span(distinct_name(one, view.memberships), "strong")),
            line(spoken(one.role)),
            line("yes" if one.billing_access else "no"),
            line(Span("current" if one.id == view.current else "", "muted")),
        )
        for one in view.memberships
    )
    heads, lines = draw_table(Table(_COLUMNS, rows), area)
    return [heads, *lines]


class OrganizationsPanel(Panel[OrganizationsView]):
    """A row for each organization; the dialog around them scrolls."""

    id = "organization-rows"
    title = "Organizations"
    cursor = Cursor.ROWS
    heads = HEADS

    def draw(self, view: OrganizationsView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Column heads and all rows."""
        return [] if isinstance(view, Placeholder) else draw(view, area)

    def row_count(self, view: OrganizationsView, at: Place, height: int) -> int:
        """All organizations."""
        return len(view.memberships)
