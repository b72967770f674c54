"""The help: every key, and what the marks mean, from the table of commands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, cut_line, line, width, wrap
from usage_tui.config.commands import COMMANDS, Command, group, key_name, keys_of
from usage_tui.state.comparing import why_not_comparable
from usage_tui.state.people import why_no_people
from usage_tui.state.periods import why_no_earlier
from usage_tui.state.usage import UsageState
from usage_tui.text import dates

_KEYS = 14
_MARKS = 10


class Here(NamedTuple):
    """What the keys do where the viewer is.

    Attributes:
        active: The ids of the commands that act now.
        words: Words for what commands do now, where they differ from those of the table.
    """

    active: Collection[str]
    words: Mapping[str, str] = {}


ANYWHERE = Here(COMMANDS)
"""Every key acts."""


class Missing(NamedTuple):
    """What a source leaves out.

    Attributes:
        commands: The ids of the commands that it does not have.
        notes: Why not, in sentences.
    """

    commands: frozenset[str]
    notes: tuple[str, ...]


def missing(state: UsageState) -> Missing:
    """The commands that the data of this state leave out, and why."""
    no_earlier, nobody = why_no_earlier(state), why_no_people(state)
    alone = "" if no_earlier else why_not_comparable(state)
    periods = {"previous_period", "next_period"} if no_earlier else set()
    reasons = {
        "No earlier billing periods here.": no_earlier,
        "No comparison here.": alone,
        "No ranking of people here.": nobody,
    }
    return Missing(
        frozenset(periods | ({"people"} if nobody else set())),
        tuple(f"{what} {why}" for what, why in reasons.items() if why),
    )


def zone_note(state: UsageState) -> str:
    """In which zone days and times are, a sentence: a narrow header has no room for it."""
    return f"Days and times are in {dates.zone_words(state.time_zone)}."


def draw(
    area: Area, here: Here = ANYWHERE, *, without: Collection[str] = (), notes: Sequence[str] = ()
) -> list[Line]:
    """Keys by section and the marks, in two columns if there is room for both; gray is what acts elsewhere.

    Args:
        area: Where it is drawn.
        here: What acts now.
        without: Commands that are not available.
        notes: Why some of them are not, in sentences.
    """
    rest = [EMPTY, *(line(Span(row, "muted")) for text in notes for row in wrap(text, area.width))]
    return [*_keys_and_marks(area, here, without), *(rest if notes else [])]


def _keys_and_marks(area: Area, here: Here, without: Collection[str]) -> list[Line]:
    sections: dict[str, list[Line]] = {}
    for command in (one for one in COMMANDS.values() if one.help and one.id not in without):
        sections.setdefault(command.section, []).append(_key(command, here, area, without))
    sections["Marks"] = _marks(area)
    blocks = [[line(Span(title, "title")), *rows] for title, rows in sections.items()]
    half = _best_split(blocks)
    left, right = _stacked(blocks[:half]), _stacked(blocks[half:])
    column = max(width(row) for row in left) + 2
    if column + max(width(row) for row in right) > area.width:
        return [cut_line(row, area.width, area.glyphs) for row in _stacked(blocks)]
    return _beside(left, right, column)


def _key(command: Command, here: Here, area: Area, without: Collection[str]) -> Line:
    """The first keys of the command and its companions, then their other ones."""
    together = [one.id for one in group(command.id) if one.id not in without]
    acts = any(one in here.active for one in together)
    each = [keys_of(one, area.keys) for one in together]
    names = [keys[0] for keys in each] + [keys[1] for keys in each if len(keys) > 1]
    shown = " ".join(key_name(name, area.glyphs) for name in names)
    does = here.words.get(command.id) or command.help
    if not acts:
        return line(Span(f"{shown:<{_KEYS}}{does}", "disabled"))
    return line(Span(f"{shown:<{_KEYS}}", "key", command.id), Span(does, command=command.id))


def _marks(area: Area) -> list[Line]:
    glyphs = area.glyphs
    marks = [
        (
            line(Span(glyphs.bar * 2, "included"), " ", Span(glyphs.purchased * 2, "purchased")),
            "included, purchased",
        ),
        (
            line(
                Span(glyphs.active, "success"),
                " ",
                Span(glyphs.scheduled, "included"),
                " ",
                Span(glyphs.locked, "warning"),
            ),
            "Active, Scheduled, Locked",
        ),
        (line(Span(f"{glyphs.used} {glyphs.expired} {glyphs.voided}", "muted")), "Used, Expired, Voided"),
        (line(Span(glyphs.next, "included"), " ", Span("!", "warning")), "spent next, ends soon"),
        (
            line(Span(f"0 {glyphs.day_to_come} ", "muted"), Span(glyphs.spike, "warning")),
            "no usage, upcoming, spike",
        ),
    ]
    return [line(*mark, " " * (_MARKS - width(mark)), meaning) for mark, meaning in marks]


def _stacked(blocks: list[list[Line]]) -> list[Line]:
    """One block below the other, a blank line between them."""
    rows: list[Line] = []
    for block in blocks:
        rows += [*([EMPTY] if rows else []), *block]
    return rows


def _best_split(blocks: list[list[Line]]) -> int:
    """The number of blocks for the left column that makes the higher column lowest."""

    def height(part: list[list[Line]]) -> int:
        return len(_stacked(part))

    return min(range(1, len(blocks)), key=lambda at: max(height(blocks[:at]), height(blocks[at:])))


def _beside(left: list[Line], right: list[Line], column: int) -> list[Line]:
    rows = max(len(left), len(right))
    left, right = left + [EMPTY] * (rows - len(left)), right + [EMPTY] * (rows - len(right))
    return [line(*one, " " * (column - width(one)), *other) for one, other in zip(left, right, strict=True)]
