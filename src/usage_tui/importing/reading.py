"""Files of usage as one history: what each is, how it was read, and what is said of its bad lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from usage_tui.importing.amounts import AmountStyle, Odd, survey_amounts
from usage_tui.importing.columns import unit_of_column
from usage_tui.importing.content import Content, open_content
from usage_tui.importing.dialect import Cells
from usage_tui.importing.entries import EntryReader, GrantEntry
from usage_tui.importing.entry_list import EntryList
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.json_rows import member
from usage_tui.importing.merging import Merger
from usage_tui.importing.plan import EVENT_FIELDS, Choices, Plan, needs_late, plan_table
from usage_tui.importing.tally import Tally
from usage_tui.importing.times import TimeReader, survey_times
from usage_tui.importing.units import same_unit
from usage_tui.text.clean import clean
from usage_tui.text.words import count_noun

_BAD_LINES_SHOWN = 20
_TOTAL_TOLERANCE = Decimal("0.0000005")
Track: TypeAlias = Callable[[Iterator[Any], str, int, Callable[[], int]], Iterator[Any]]
"""Passes rows on: rows, what is being done, where the position ends, the position."""


class FileReading(NamedTuple):
    """What one file holds.

    Attributes:
        name: Its name.
        plan: How it was read.
        tally: What was seen.
        times: Its times, with the zone of those without one.
        unit: The code of its unit; empty if it says none.
    """

    name: str
    plan: Plan
    tally: Tally
    times: TimeReader
    unit: str


class Reading(NamedTuple):
    """What files hold together.

    Attributes:
        entries: In order of time.
        grants: What they say of grants.
        bad_lines: The lines that could not be read.
        files: What is known of each file.
        repeated: How many rows were in more than one file.
        replaced: How many sums of a day that was not over were replaced by those of a later export.
    """

    entries: EntryList
    grants: list[GrantEntry]
    bad_lines: list[BadLine]
    files: tuple[FileReading, ...]
    repeated: int = 0
    replaced: int = 0

    @property
    def unit(self) -> str:
        """The code of the unit of all amounts; empty if no file says it."""
        return next((file.unit for file in self.files if file.unit), "")

    @property
    def until(self) -> datetime | None:
        """The end of the newest day or moment that a file tells of."""
        return max((file.tally.until for file in self.files if file.tally.until), default=None)


def read(
    paths: Sequence[Path], choices: Choices, zone: ZoneInfo, track: Track, latest: datetime | None
) -> Reading:
    """Read files of usage.

    Args:
        paths: The files, in any order; they may overlap.
        choices: What the user says of them.
        zone: The zone in which the organization counts its days.
        track: Passes the rows on, and shows how far it has come.
        latest: The present, after which there can be no usage; None to allow it.

    Raises:
        ImportFailed: A file cannot be read, has no amount or lacks a column, or units differ.
    """
    merger, grants, bad_lines = Merger(), list[GrantEntry](), list[BadLine]()
    files = []
    for path in paths:
        with open_content(path) as content:
            file, rows = _read_file(content, choices, zone, track, latest)
        files.append(file)
        bad_lines += rows.bad_lines
        grants += rows.grants
        merger.add(rows.entries, repeats=file.plan.format.repeats, is_known=file.plan.is_known)
    merger.finish()
    _refuse_other_units(files)
    return Reading(
        merger.entries.in_order(),
        grants,
        bad_lines + merger.bad_lines,
        tuple(files),
        merger.repeated,
        merger.replaced,
    )


def _read_file(
    content: Content, choices: Choices, zone: ZoneInfo, track: Track, latest: datetime | None
) -> tuple[FileReading, EntryReader]:
    plan = plan_table(content, choices)
    naive_zone = choices.time_zone or (ZoneInfo("UTC") if plan.format.in_utc else zone)
    times = TimeReader(naive_zone, zone, days=plan.format.days)
    style: AmountStyle | None = None
    while True:
        times.start()
        reader = EntryReader(plan, times, style, file=content.name, latest=latest)
        rows = plan.rows(plan.columns)
        try:
            reader.read(track(rows, "Reading", content.size, content.position))
        except Odd:
            if style is not None:
                raise AssertionError("the columns were looked at") from None
            times.day_first = survey_times(_column(plan, "occurred_at"))
            style = survey_amounts(_column(plan, "credits"))
            continue
        if not needs_late(plan, choices):
            break
        plan = plan_table(content, choices, late=plan.table.late)
    if not reader.bad_lines:
        _check_stated_total(plan, reader.tally)
    unit = _unit(plan, reader.tally)
    return FileReading(content.name, plan, reader.tally, times, unit), reader


def _column(plan: Plan, field: str) -> Iterator[str]:
    """Every text of the column of a field, and of those that fill it in."""
    index = EVENT_FIELDS.index(field)
    columns = [plan.columns[place] for place in (index, *plan.fallbacks.get(index, ()))]
    columns += [plan.columns[place] for place in plan.computed_from.values()] if field == "credits" else []
    for row in plan.rows(columns):
        if not isinstance(row, BadLine):
            cells: Cells = row[1]
            yield from (text for text in cells if text)


def _check_stated_total(plan: Plan, tally: Tally) -> None:
    """Compare the sum of the rows with what the file states beside them.

    Raises:
        ImportFailed: They differ.
    """
    stated = member(plan.table.beside, plan.format.total) if plan.format.total else None
    if not isinstance(stated, str):
        return
    try:
        total = Decimal(stated)
    except InvalidOperation:
        return
    if abs(total - tally.total) > _TOTAL_TOLERANCE:
        raise ImportFailed(
            f"its rows add up to {tally.total:f}, but {plan.format.total} is {total:f}; export it again."
        )


def _unit(plan: Plan, tally: Tally) -> str:
    """The unit of a file.

    Raises:
        ImportFailed: Its rows are in more than one.
    """
    found, beside = same_unit(tally.units, plan.column("unit")), same_unit(tally.currencies, "")
    if found and beside and found != beside:
        raise ImportFailed(f"has amounts in {beside}, but names {found} as their unit; correct it.")
    found, amounts = found or beside, plan.column("credits")
    stated = plan.format.unit or ("" if plan.is_known else unit_of_column(amounts))
    if found and stated and found != stated:
        if plan.is_known:
            of_format = f"those of {plan.format.title} are in {stated}"
            raise ImportFailed(f"has amounts in {found}, but {of_format}; correct it.")
        raise ImportFailed(
            f"has amounts in {found}, but their column {clean(amounts)!r} says {stated}; correct it, or read "
            "no unit with --map unit="
        )
    return found or stated


def _refuse_other_units(files: Sequence[FileReading]) -> None:
    units = {file.unit: file.name for file in files if file.unit and (file.tally.rows or file.plan.grant)}
    if len(units) > 1:
        (one, first), (other, second), *_ = units.items()
        raise ImportFailed(
            f"{first} is in {one}, and {second} in {other}; units are never added up: import each by itself."
        )


def report_bad_lines(bad_lines: list[BadLine], print_error: Callable[[str], None], *, skip: bool) -> None:
    """Print the bad lines, and stop unless they are to be left out.

    Raises:
        ImportFailed: There are some, and they are not to be skipped.
    """
    if not bad_lines:
        return
    print_bad_lines(bad_lines, print_error)
    lines = count_noun(len(bad_lines), "bad line")
    if not skip:
        them = "it" if len(bad_lines) == 1 else "them"
        raise ImportFailed(
            f"{lines}, so nothing was imported; correct {them}, or leave {them} out with --skip-bad-lines."
        )
    print_error(f"{lines} left out.")


def print_bad_lines(bad_lines: list[BadLine], print_error: Callable[[str], None]) -> None:
    """Name the first of the bad lines, and how many more there are."""
    for bad_line in sorted(bad_lines, key=lambda one: (one.file, one.line))[:_BAD_LINES_SHOWN]:
        print_error(str(bad_line))
    if len(bad_lines) > _BAD_LINES_SHOWN:
        print_error(f"{bad_lines[0].file}: and {len(bad_lines) - _BAD_LINES_SHOWN:,} more.")
