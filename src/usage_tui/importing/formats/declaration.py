"""What there is to say of a format: where its columns are, and what its vendor means by them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Empty(Enum):
    """What a row without an amount is."""

    BAD = "a bad line"
    ZERO = "use that cost nothing"
    NO_USE = "a day without use"


class Format(NamedTuple):
    """An export of a vendor.

    Attributes:
        name: What it is called after ``--as``.
        title: What people call it.
        seller: Who sold what its rows tell; empty where several do, or it is not known.
        found_at: Where a user finds the export.
        headers: The columns by which it is recognized: all those of one of the tuples.
        without: Columns that it never has.
        fields: The columns of each field of an event; the first that is filled in counts.
        fixed: The fields that are the same in every row.
        unit: The code of its unit; empty if a column says it, or nothing does.
        in_utc: Whether a time without a zone is in UTC; otherwise it is in that of the organization.
        days: Whether each time is the start of a civil day of the vendor, whatever zone it is written in.
        is_summed: Whether a row is the sum of a span, which a later export may show larger.
        counts: Whether a row is one act of use; otherwise it says nothing of counts, unless a column does.
        empty: What a row without an amount is.
        zeros: Words that stand for an amount of 0; one that ends with ``*`` may go on.
        no_use: The rows that are not usage, by column and value, such as taxes.
        told_apart_by: Further columns that make rows different acts of use.
        repeats: Whether the same row may come again in a file, as where a sender has tried again.
        items: The list in each row of JSON whose members are the rows.
        without_items: What stands for a member of that list where it is empty: its name, and a column.
        total: The member of JSON beside the rows that states their sum.
        computed: ``module:function`` of what computes fields from the columns `computed_from`.
        computed_from: The columns that are computed from.
        grant_fields: The columns of each field of a grant, where rows are grants.
        grants_where: Which rows are grants, by column and value; all of them where it is empty.
        cost_export: The export that has the cost; this one is refused, for it has none.
        trait: What else to know, for the reference.
    """

    name: str
    title: str
    found_at: str
    headers: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = NOTHING
    fixed: Mapping[str, str] = MappingProxyType({})
    unit: str = ""
    in_utc: bool = True
    days: bool = False
    is_summed: bool = False
    counts: bool = False
    empty: Empty = Empty.BAD
    zeros: tuple[str, ...] = ()
    no_use: Mapping[str, tuple[str, ...]] = NOTHING
    told_apart_by: tuple[str, ...] = ()
    repeats: bool = False
    items: str = ""
    without_items: Mapping[str, str] = MappingProxyType({})
    total: str = ""
    computed: str = ""
    computed_from: tuple[str, ...] = ()
    grant_fields: Mapping[str, tuple[str, ...]] = NOTHING
    grants_where: Mapping[str, tuple[str, ...]] = NOTHING
    cost_export: str = ""
    trait: str = ""
    seller: str = ""

    def fits(self, header: frozenset[str]) -> bool:
        """Whether the columns of a table are those of the format."""
        return not header.intersection(self.without) and any(header.issuperset(one) for one in self.headers)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it may read."""
        by_field = [
            name for fields in (self.fields, self.grant_fields) for names in fields.values() for name in names
        ]
        others = (*self.no_use, *self.told_apart_by, *self.computed_from, *self.grants_where)
        return tuple(dict.fromkeys((*by_field, *others)))
