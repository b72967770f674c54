"""A ranking as it is drawn: the highest rows, one row for the others, and what stands below all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from usage_tui.cards import ranked
from usage_tui.cards.card import HEADS, RULE, Age, Placeholder, draw_placeholder, head, joined, key_hint
from usage_tui.cards.carried import carried_lines
from usage_tui.cards.compared import ComparedView
from usage_tui.cards.past import Then, with_change
from usage_tui.cards.ranked import RankedRow
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, line, width, wrap
from usage_tui.models import Credits
from usage_tui.named_tuple import NamedTuple
from usage_tui.text.amounts import CREDIT, amount_text, copied_text, noun_after
from usage_tui.text.numbers import share_text
from usage_tui.text.words import count_noun

TITLE = "Current-period usage"
SOURCES, PEOPLE = "sources", "people"
"""What can be ranked, and the choices that rank them."""
_NOTHING_YET = "Chats, AI tools, workflows and browser sessions appear here."
_NOBODY = "No event of this period names a person."


class RankingView(NamedTuple):
    """The period's usage by source and by category.

    Attributes:
        sources: One row a source.
        categories: The same use, rolled up.
        unlisted: What the data sums up beyond the listed sources: how many, amount, share.
        total: Equal to the sum of either list and what is unlisted.
        unit: The code of the unit of every amount.
        decimals: Of every amount in the column and of the total.
        trends: Whether what each source used lately is known, or about to be.
        compared: The sources against what they used in the period before; None if there is none.
        then: The period, if it is not the current one.
        people: The same by person; None if the viewer may not see it, or the data do not tell.
        by: Which of the two this is, ``sources`` or ``people``; empty if there is no choice.
        row: What a row is.
        last: What stands below all rows, whatever it amounts to; None if there is none.
    """

    sources: tuple[RankedRow, ...]
    categories: tuple[RankedRow, ...]
    unlisted: tuple[int, Credits, Decimal | None]
    total: Credits
    unit: str
    decimals: int
    age: Age
    trends: bool
    compared: ComparedView | Placeholder | None
    then: Then | None = None
    people: RankingView | Placeholder | None = None
    by: str = ""
    row: str = "source"
    last: RankedRow | None = None

    def title(self, dash: str) -> str:
        """The card's title, which names an earlier period."""
        return f"Usage {self.then.name(dash)}" if self.then else TITLE


def draw(
    view: RankingView | Placeholder, area: Area, *, rolled_up: bool = False, first: int = 0
) -> list[Line]:
    """Head, column heads, one line a row, and one for all the rows that are not shown.

    Below a past period stands the balance carried through it, if there is room.
    """
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    lines = _draw(view, area, rolled_up=rolled_up, first=first)
    carried = view.then.carried if view.then is not None else None
    if carried is not None:
        lines += carried_lines(carried, view.unit, area.width, area.height - len(lines))
    return lines


def _draw(view: RankingView, area: Area, *, rolled_up: bool, first: int) -> list[Line]:
    rows, title = view.categories if rolled_up else view.sources, view.title(area.glyphs.dash)
    amount, noun = amount_text(view.total, view.unit, view.decimals), noun_after(view.total, view.unit)
    # The rule of the head shows the focus without color: the unit is dropped for it.
    roomy = bool(noun) and len(title) + len(amount) + len(noun) + 5 <= area.width
    total = line(amount, Span(f" {noun}", "muted") if roomy else "")
    if view.then is not None:
        total = with_change(view.then.change, total, title, area.width)
    total = _with_choice(view.by, total, title, area)
    if not rows and not view.unlisted[0] and (view.last is None or not view.last.credits):
        again = key_hint("refresh", "refresh", area)
        nothing = "No credits used" if view.unit == CREDIT else "Nothing used"
        if view.then is not None:
            return [head(title, EMPTY, area, view.age), line(f"{nothing} in this period.")]
        return [
            head(title, EMPTY, area, view.age),
            line(f"{nothing} in this period yet."),
            *(line(Span(row, "muted")) for row in wrap(_NOTHING_YET, area.width)),
            *([line(Span("After the first one: ", "muted"), *again)] if again else []),
        ]
    visible = visible_rows(view, area.height, rolled_up=rolled_up)
    shown, hidden = rows[first : first + visible], rows[:first] + rows[first + visible :]
    rest = [*_other(view, hidden, "category" if rolled_up else view.row), *([view.last] if view.last else [])]
    texts = [
        amount_text(used, view.unit, view.decimals)
        for used in (view.total, *(row.credits for row in (*rows, *rest)))
    ]
    sizes = ranked.Sizes.of([*rows, *rest], texts, view.unit, area, trends=view.trends)
    largest = max((row.credits.micro for row in rows), default=0)
    return [
        head(title, total, area, view.age),
        ranked.heads(sizes, view.unit, view.row.capitalize()),
        *(_row(row, largest, view, sizes, area) for row in shown),
        *(_row(row, 0, view, sizes, area) for row in rest),
        *([line(Span(_NOBODY, "muted"))] if not rows and view.last else []),
    ]


def _with_choice(chosen: str, end: Line, title: str, area: Area) -> Line:
    """The right end of a head with what can be ranked before it, if there is room for a rule."""
    if not chosen or not area.interactive:
        return end
    choices = [
        line(Span(one.capitalize(), "tab" if one == chosen else "muted", choice=one))
        for one in (SOURCES, PEOPLE)
    ]
    both = joined([joined(choices), end], "   ")
    return both if len(title) + width(both) + RULE + 2 <= area.width else end


def _row(row: RankedRow, largest: int, view: RankingView, sizes: ranked.Sizes, area: Area) -> Line:
    return ranked.draw_row(row, amount_text(row.credits, view.unit, view.decimals), largest, sizes, area)


def visible_rows(view: RankingView, height: int, *, rolled_up: bool) -> int:
    """How many rows fit, with one line reserved for the rest, if there is a rest."""
    rows = view.categories if rolled_up else view.sources
    room = max(1, height - HEADS - (view.last is not None))
    unlisted = bool(view.unlisted[0])
    return len(rows) if len(rows) + unlisted <= room else max(1, room - 1)


def _other(view: RankingView, hidden: Sequence[RankedRow], noun: str) -> list[RankedRow]:
    """The sum of what is not shown, so that the column adds up to the total; empty if all rows are shown."""
    sources, amount, share = view.unlisted
    if not hidden and not sources:
        return []
    parts = [*(row.share for row in hidden), share]
    known = [part for part in parts if part is not None]
    row = RankedRow(
        label="Other",
        category="",
        credits=Credits.total([amount, *(row.credits for row in hidden)]),
        share=sum(known, Decimal()) if len(known) == len(parts) else None,
        uses=sources + len(hidden),
        noun=noun if hidden else view.row,
        query=None,
    )
    return [row]


def row_text(view: RankingView, row: RankedRow) -> str:
    """One row as a line of text: source, exact amount, share, count if it is reported."""
    count = [] if row.uses is None else [count_noun(row.uses, row.noun)]
    return "\t".join(
        [row.label, copied_text(row.credits, view.unit, view.decimals), share_text(row.share), *count]
    )
