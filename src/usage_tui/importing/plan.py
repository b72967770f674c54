"""How a table is read: which columns hold what, and what its format, or the user, says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, cast
from zoneinfo import ZoneInfo

from usage_tui.importing.columns import ALIASES, find_columns, plain, refuse_repeated, require_columns
from usage_tui.importing.content import Content
from usage_tui.importing.dialect import Cells
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.formats import Format, known_formats
from usage_tui.importing.table import NO_ROWS, Table
from usage_tui.text.clean import clean

EVENT_FIELDS = (*ALIASES, "ends_at")
TABLE = "table"
"""What a table without a known format is called after ``--as``."""
Compute: TypeAlias = Callable[[Mapping[str, str]], Mapping[str, str]]


class Choices(NamedTuple):
    """What the user says of a table.

    Attributes:
        columns: The name of the column, by field; an empty one for none.
        format: The name of its format; None to recognize it.
        time_zone: The zone of times that name none; None for that of the format or organization.
        only: The values of the rows that count, by column.
    """

    columns: Mapping[str, str] = MappingProxyType({})
    format: str | None = None
    time_zone: ZoneInfo | None = None
    only: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Plan(NamedTuple):
    """How a table is read.

    Attributes:
        format: Its format.
        is_known: Whether that is one of those that are declared.
        columns: Each column that is read; first the one of each field of an event, None if it has none.
        fallbacks: The places of further columns, by the place of the field that they fill in.
        only: The places of columns with the values that count.
        no_use: The places of columns with the values of rows that are not usage.
        told_apart_by: The places of columns that make rows different.
        grant: The places of the columns of each field of a grant.
        grants_where: The places of columns with the values of rows that are grants.
        computed: Computes fields from some columns; None if nothing is computed.
        computed_from: The places of those columns, by name.
    """

    table: Table
    format: Format
    is_known: bool
    columns: tuple[str | None, ...]
    fallbacks: Mapping[int, tuple[int, ...]]
    only: Mapping[int, frozenset[str]]
    no_use: Mapping[int, frozenset[str]]
    told_apart_by: tuple[int, ...]
    grant: Mapping[str, tuple[int, ...]]
    grants_where: Mapping[int, frozenset[str]]
    computed: Compute | None
    computed_from: Mapping[str, int]

    def rows(self, columns: Sequence[str | None]) -> Iterator[tuple[int, Cells] | BadLine]:
        """Every row: the number of its line, and the cells of those columns."""
        return self.table.rows(columns, self.format.items, self.format.without_items)

    def column(self, field: str) -> str:
        """The first column of a field of an event; empty if it has none."""
        return self.columns[EVENT_FIELDS.index(field)] or ""


def find_format(name: str) -> Format:
    """The format of that name.

    Raises:
        ImportFailed: There is none.
    """
    formats = known_formats()
    if name not in formats:
        near = get_close_matches(name, formats, n=1)
        hint = f"did you mean {near[0]}?" if near else "usage-tui import --formats lists them"
        raise ImportFailed(f"unknown format {clean(name)[:40]!r}; {hint}")
    return formats[name]


def recognized(header: Sequence[str]) -> Format | None:
    """The format whose columns a table has: of several the one that asks for the most."""
    return _most_asking(known_formats().values(), header)


def _in_any_case(header: Sequence[str]) -> Format | None:
    """The format whose columns a delimited table has; a database may have changed their capitals."""
    found = recognized(header) or _most_asking(_in_lower_case(), map(str.lower, header))
    return None if found is None else find_format(found.name)


def _most_asking(formats: Iterable[Format], header: Iterable[str]) -> Format | None:
    names = frozenset(header)
    fitting = [one for one in formats if one.fits(names)]
    return max(fitting, key=lambda one: max(map(len, one.headers)), default=None)


@cache
def _in_lower_case() -> tuple[Format, ...]:
    return tuple(
        one._replace(
            headers=tuple(tuple(map(str.lower, names)) for names in one.headers),
            without=tuple(map(str.lower, one.without)),
        )
        for one in known_formats().values()
    )


def plan_table(content: Content, choices: Choices, late: Iterable[str] = ()) -> Plan:
    """Find the table in a file, and how it is read.

    Args:
        content: The file.
        choices: What the user says of it.
        late: Columns that only later rows of JSON have.

    Raises:
        ImportFailed: It has none, or one without an amount, or lacks a column.
    """
    if choices.format not in (None, TABLE):
        find_format(choices.format or "")
    if content.members == [""]:
        return _plan(Table(content, "", lambda header: _rank(header, choices), late), choices)
    return _of_archive(content, choices)


def _of_archive(content: Content, choices: Choices) -> Plan:
    """The only table of an archive that has an amount."""
    plans, reasons = {}, []
    for name in content.members:
        try:
            plans[name] = _plan(Table(content, name, lambda header: _rank(header, choices)), choices)
        except ImportFailed as error:
            reasons.append(f"{clean(name)}: {error}")
    known = {name: plan for name, plan in plans.items() if plan.is_known}
    found = known or plans
    if not found:
        raise ImportFailed(reasons[0])
    if len(found) > 1:
        names = ", ".join(clean(name) for name in found)
        raise ImportFailed(f"has several tables ({names}); unpack it and import those that you mean.")
    return next(iter(found.values()))


def needs_late(plan: Plan, choices: Choices) -> bool:
    """Whether columns that only later rows have hold a field that was not found; the rest does not matter."""
    late = {plain(name) for name in plan.table.late}
    missing = [field for field in ALIASES if not plan.column(field)]
    wanted = {plain(name) for field in missing for name in (choices.columns.get(field, ""), *ALIASES[field])}
    return not plan.is_known and bool(late & wanted - {""})


def _rank(header: Sequence[str], choices: Choices) -> int:
    found = _in_any_case(header)
    if found is not None and choices.format in (None, found.name):
        return 2
    try:
        find_columns(header, choices.columns)
    except ImportFailed:
        return 0
    return 1


def _plan(table: Table, choices: Choices) -> Plan:
    recognize = recognized if table.is_json else _in_any_case
    known = recognize(table.header) if choices.format is None else None
    if choices.format not in (None, TABLE):
        known = find_format(choices.format or "")
    if known is not None and known.cost_export and choices.format is None and "credits" in choices.columns:
        known = None
    if known is not None and known.cost_export:
        raise ImportFailed(f"is {known.title}, which has no cost; export {known.cost_export} instead.")
    refuse_repeated(table.header)
    if known is None:
        found = _columns_of(table, choices)
        known = Format(
            "", TABLE, "", (), fields={field: (name,) for field, name in found.items()}, in_utc=False
        )
        known = known._replace(counts=True)
        return _resolved(table, known, choices, is_known=False)
    table.spell((*known.columns, *(name for names in known.headers for name in names)))
    return _resolved(table, _with_chosen(known, table, choices), choices, is_known=True)


def _columns_of(table: Table, choices: Choices) -> dict[str, str]:
    try:
        return find_columns(table.header, choices.columns)
    except ImportFailed:
        if table.lists_nothing and not choices.columns:
            raise ImportFailed(NO_ROWS) from None
        raise


def _with_chosen(known: Format, table: Table, choices: Choices) -> Format:
    """The format with the columns that the user chose in place of its own."""
    places = {plain(name): name for name in reversed(table.header)}
    fields = dict(known.fields)
    for field, name in choices.columns.items():
        fields[field] = (places.get(plain(name), name),) if name else ()
    if "credits" in choices.columns:
        known = known._replace(computed="", computed_from=())
    known = known._replace(fields=fields)
    if not known.grant_fields:
        present = {
            field: "" for field, names in fields.items() if table.is_json or set(names) & set(table.header)
        }
        if known.name == "openai-costs" and all("time" in name for name in table.header):
            present["credits"] = ""  # nothing was used: the columns of amounts are missing too
        require_columns(present, table.header, choices.columns)
    return known


def _resolved(table: Table, known: Format, choices: Choices, *, is_known: bool) -> Plan:
    only = {_found(table, name): values for name, values in choices.only.items()}
    there = known.columns if table.is_json else [name for name in known.columns if name in table.header]
    present = set(there)
    firsts: list[str | None] = []
    others: list[str] = []
    for field in EVENT_FIELDS:
        names = [name for name in known.fields.get(field, ()) if name in present]
        firsts.append(names[0] if names else None)
        others += _others(field, names)
    columns = (*firsts, *dict.fromkeys((*others, *there, *only)))
    place = {name: index for index, name in reversed(list(enumerate(columns))) if name is not None}

    def places(names: Sequence[str]) -> tuple[int, ...]:
        return tuple(place[name] for name in names if name in place)

    def valued(values: Mapping[str, Sequence[str]]) -> dict[int, frozenset[str]]:
        return {
            place[name]: frozenset(map(str.lower, said)) for name, said in values.items() if name in place
        }

    fallbacks = {
        index: places(_others(field, [name for name in known.fields.get(field, ()) if name in present]))
        for index, field in enumerate(EVENT_FIELDS)
    }
    return Plan(
        table=table,
        format=known,
        is_known=is_known,
        columns=columns,
        fallbacks={index: rest for index, rest in fallbacks.items() if rest},
        only=valued(only),
        no_use=valued(known.no_use),
        told_apart_by=places(known.told_apart_by),
        grant={field: places(names) for field, names in known.grant_fields.items()},
        grants_where=valued(known.grants_where),
        computed=_imported(known.computed) if known.computed else None,
        computed_from={name: place[name] for name in known.computed_from if name in place},
    )


def _others(field: str, names: Sequence[str]) -> Sequence[str]:
    """The columns that fill a field in where its first one is empty; an amount has no other."""
    return () if field == "credits" else names[1:]


def _found(table: Table, name: str) -> str:
    places = {plain(one): one for one in reversed(table.header)}
    column = places.get(plain(name))
    if column is None:
        near = get_close_matches(name, table.header, n=1)
        hint = f"; did you mean {clean(near[0])}?" if near else ""
        raise ImportFailed(f"no column {clean(name)[:40]!r} for --only{hint}")
    return column


def _imported(path: str) -> Compute:
    module, _, name = path.partition(":")
    return cast(Compute, getattr(import_module(module), name))
