"""The rows of the ranking: their columns, which give way in order if there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from usage_tui.cards.typeset import bars
from usage_tui.cards.typeset.lines import Area, Line, Span, cell_len, fit, line, right
from usage_tui.cards.typeset.sparkline import sparkline
from usage_tui.ledger.shares import shares
from usage_tui.models import Credits, EventQuery, Ranking
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.people import TREND_DAYS
from usage_tui.state.periods import ShownPeriod
from usage_tui.state.usage import UsageState
from usage_tui.text.amounts import heading
from usage_tui.text.numbers import share_text
from usage_tui.text.words import plural

TREND, LONG_TREND = 14, TREND_DAYS
"""Days of the trend of a source: usually, and where there is much room."""

_WIDE_GAP_FROM = 70
_CATEGORY_FROM = 70
_COUNT_FROM = 56
_TREND_FROM = 60
_LONG_TREND_FROM = 100
_LONGEST_WORD = 16
"""Cells that a category or a noun takes at most."""
_SHARE_PLACES = 3
"""Digits of a share, which is shown as a percentage with one."""
_BAR = 4
"""Cells that the bar takes at least, with its gap."""
_BAR_BESIDE_TREND = 8
"""Cells that the bar takes at least where a trend stands beside it, or it is left out."""
_SOURCE = 10
"""Cells that are kept for the source before the bar is left out."""
_SOURCE_BESIDE_TREND = 16
"""Cells that are kept for the source before its trend is left out."""


class RankedRow(NamedTuple):
    """One source, category or person.

    Attributes:
        category: Empty if it would repeat the label.
        uses: None if the client reports no counts.
        trend: What each of the last days used, the newest last; empty while that is not known.
    """

    label: str
    category: str
    credits: Credits
    share: Decimal | None
    uses: int | None
    noun: str
    query: EventQuery | None
    trend: tuple[Credits, ...] = ()


def trend_days(width: int) -> int:
    """The days of a trend in a card of this width; 0 if there is no room for one."""
    return LONG_TREND if width >= _LONG_TREND_FROM else TREND if width >= _TREND_FROM else 0


def trend_head(days: int) -> str:
    """The head of the column of trends: ``14 days``."""
    return f"{days} days"


def trend_text(trend: Sequence[Credits], days: int, area: Area) -> str:
    """The trend of the last `days` days, today's at the right; blank if unknown."""
    return right(sparkline([amount.micro for amount in trend[-days:]], area.glyphs), days)


class Sizes(NamedTuple):
    """Column widths in cells; 0 leaves a column out."""

    gap: int
    source: int
    category: int
    amount: int
    share: int
    bar: int
    trend: int
    uses: int
    noun: int

    @classmethod
    def of(
        cls, rows: Sequence[RankedRow], amounts: Sequence[str], unit: str, area: Area, *, trends: bool
    ) -> Sizes:
        """The sizes that take all rows. Trend, category, count and bar give way to numbers, in this order.

        Args:
            rows: Those that are shown now or after scrolling.
            amounts: What stands in the column of amounts at some time.
            unit: The code of the unit of every amount.
            area: Where the rows are drawn.
            trends: Whether the column of trends is shown, also while it is loading.
        """
        gap = 2 if area.width >= _WIDE_GAP_FROM else 1
        amount = max(len(heading(unit)), *map(len, amounts))
        share = max(len("Share"), *(len(share_text(row.share)) for row in rows))
        widest = _optional_sizes(rows, area, trends=trends)
        for trend, category, uses, noun in (widest, (0, *widest[1:]), (0, 0, *widest[2:]), (0, 0, 0, 0)):
            columns = [size for size in (category, amount, share, trend, uses and uses + 1 + noun) if size]
            room = area.width - sum(columns) - gap * len(columns)
            if room >= (_SOURCE_BESIDE_TREND if trend else _SOURCE):
                break
        natural = max(len("Source"), *(cell_len(row.label) for row in rows))
        if trend:
            bar = min(room - natural, room // 2) - gap
            bar = bar if bar >= _BAR_BESIDE_TREND else 0
        else:
            bar = max(min(room - natural, room // 2), _BAR) - gap
            bar = bar if room - bar - gap >= _SOURCE else 0
        source = room - bar - (gap if bar else 0)
        return cls(gap, source, category, amount, share, bar, trend, uses, noun)


def _optional_sizes(rows: Sequence[RankedRow], area: Area, *, trends: bool) -> tuple[int, int, int, int]:
    """Trend, category, count and noun, if the area is wide enough."""
    trend = trend_days(area.width) if trends else 0
    category = max(cell_len(row.category) for row in rows)
    if category:
        category = min(max(category, len("Category")), _LONGEST_WORD) if area.width >= _CATEGORY_FROM else 0
    counts = [(row.uses, row.noun) for row in rows if row.uses is not None]
    if area.width < _COUNT_FROM or not counts:
        return trend, category, 0, 0
    uses = max(3, *(len(f"{count:,}") for count, _ in counts))
    noun = max(cell_len(plural(count, noun)) for count, noun in counts)
    return trend, category, uses, min(noun, _LONGEST_WORD)


def heads(sizes: Sizes, unit: str, first: str = "Source") -> Line:
    """The heads of the columns; the first says what a row is."""
    gap = " " * sizes.gap
    text = fit(first, sizes.source) + gap
    if sizes.category:
        text += fit("Category", sizes.category) + gap
    text += right(heading(unit), sizes.amount) + gap + right("Share", sizes.share)
    if sizes.bar and (sizes.trend or sizes.uses):
        text += gap + " " * sizes.bar
    if sizes.trend:
        text += gap + fit(trend_head(sizes.trend), sizes.trend)
    if sizes.uses:
        text += gap + right("Count", sizes.uses + 2)
    return (Span(text, "muted"),)


def draw_row(row: RankedRow, amount: str, largest: int, sizes: Sizes, area: Area) -> Line:
    """One row: the numbers, and what there is room for."""
    gap = " " * sizes.gap
    parts: list[Span | str] = [fit(row.label, sizes.source, area.glyphs), gap]
    if sizes.category:
        parts += [Span(fit(row.category, sizes.category, area.glyphs), "muted"), gap]
    parts += [right(amount, sizes.amount), gap, right(share_text(row.share), sizes.share)]
    if sizes.bar:
        bar = bars.relative(Decimal(row.credits.micro), Decimal(largest), sizes.bar, area.glyphs)
        parts += [gap, *bar]
    if sizes.trend:
        parts += [gap, Span(trend_text(row.trend, sizes.trend, area), "included")]
    if sizes.uses and row.uses is not None:
        noun = fit(plural(row.uses, row.noun), sizes.noun, area.glyphs)
        parts += [gap, right(f"{row.uses:,}", sizes.uses), Span(f" {noun}", "muted")]
    return line(*parts)


def shares_shown(ranking: Ranking, beyond: list[Credits]) -> Sequence[Decimal | None]:
    """The share of each row, and of what lies beyond them, at the digits shown."""
    amounts = [amount.micro for amount in [*(item.credits for item in ranking.items), *beyond]]
    return shares(amounts, _SHARE_PLACES) or (None,) * len(amounts)


def period_times(state: UsageState, shown: ShownPeriod) -> EventQuery | None:
    """The events of the period; all if the client reports no period; None while it is not known which."""
    if state.summary.value is None:
        return None
    period = shown.period
    return EventQuery(starts_at=period.starts_at, ends_at=period.ends_at) if period else EventQuery()
