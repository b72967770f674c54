"""`usage-tui allowances`: what is included apart from the credit pool."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from usage_tui.cards.allowance import DETAILS, details_view, draw_details
from usage_tui.cards.card import head as card_head
from usage_tui.cards.typeset.lines import EMPTY, Area, Line
from usage_tui.cli.answer.answer import Answer, Answered, head
from usage_tui.cli.answer.formats import print_table, under_header
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.ending import DONE
from usage_tui.models import Meter, PeriodReference
from usage_tui.state.replies import ALLOWANCES

SCHEMA = "usage-tui/allowances/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceRow:
    """A meter, or a part of what it counts.

    Attributes:
        part: What part; None for the whole meter.
        unit: The code of its unit.
        included: The whole allowance; None where it has no limit, and for a part.
    """

    id: str
    label: str
    part: str | None
    unit: str
    used: Decimal
    included: Decimal | None
    remaining: Decimal | None
    used_fraction: Decimal | None
    resets_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowancesAnswer(Answer):
    """Every meter, followed by its parts."""

    period: PeriodReference | None
    items: tuple[AllowanceRow, ...]


def run(words: Sequence[str]) -> int:
    """Print the allowances."""
    options = parser().parse_args(words)
    answer, text = answered(options, lambda session: ask(session, options))
    print_table(options.format, answer, AllowanceRow, answer.items, answer.unit, text)
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    return answer_parser(
        "allowances", "What is included apart from the credit pool, with the parts of each allowance."
    )


async def ask(session: Session, options: argparse.Namespace) -> Answered[AllowancesAnswer]:
    """The allowances."""
    await session.load({ALLOWANCES})
    meters, state = session.value(ALLOWANCES), session.state
    answer = AllowancesAnswer(
        **head(session, SCHEMA, meters.as_of),
        period=meters.period,
        items=tuple(row for meter in meters.items for row in _rows(meter)),
    )

    def text(area: Area) -> list[Line]:
        lines = [card_head(DETAILS, EMPTY, area), *draw_details(details_view(state), area)]
        return under_header(state, lines, area)

    return Answered(answer, text)


def _rows(meter: Meter) -> Iterator[AllowanceRow]:
    yield AllowanceRow(
        id=meter.id,
        label=meter.label,
        part=None,
        unit=meter.unit,
        used=meter.used,
        included=meter.included,
        remaining=meter.remaining,
        used_fraction=meter.used_fraction,
        resets_at=meter.resets_at,
    )
    for line in meter.lines or ():
        yield AllowanceRow(
            id=meter.id,
            label=meter.label,
            part=line.label,
            unit=meter.unit,
            used=line.used,
            included=None,
            remaining=None,
            used_fraction=None,
            resets_at=meter.resets_at,
        )
