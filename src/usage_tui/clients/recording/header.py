"""The first line of a recording: every slice but the events, and what is known of these."""

from __future__ import annotations

import json
from typing import Any

from usage_tui import wire
from usage_tui.clients.base import Slice
from usage_tui.frozen import frozen
from usage_tui.models import (
    Allowances,
    BillingPeriods,
    DailyUsage,
    Event,
    Grants,
    Me,
    Ranking,
    SourceDays,
    Summary,
    clean,
)
from usage_tui.named_tuple import NamedTuple

SCHEMA = "usage-tui/recording/1"
_FAMILY = "usage-tui/recording/"


@frozen
class Denial:
    """Stands for a slice that the viewer may not see: the code of the reason."""

    withheld: str


@frozen
class Missing:
    """Stands for a slice that the recorded client does not offer: the reason as a sentence."""

    not_offered: str


@frozen
class Extent:
    """How much of the history follows: `complete` where every event of the period does."""

    complete: bool


class Header(NamedTuple):
    """What a recording holds beside its events; a slice that is None was never recorded.

    Attributes:
        days: The last weeks, in whatever period.
        source_days: The same days by source.
        seller: The vendor whose export it was made from; empty if it was recorded, or if several sold it.
        read_as: How it was made from an export; empty if it was recorded.
    """

    summary: Summary
    me: Me | Denial | Missing | None = None
    sources: Ranking | Denial | Missing | None = None
    daily: DailyUsage | Denial | Missing | None = None
    grants: Grants | Denial | Missing | None = None
    allowances: Allowances | Denial | Missing | None = None
    events: Extent | Denial | Missing | None = None
    periods: BillingPeriods | Denial | Missing | None = None
    days: DailyUsage | Denial | Missing | None = None
    source_days: SourceDays | Denial | Missing | None = None
    seller: str = ""
    read_as: str = ""

    def slice(self, name: Slice) -> Any:
        """The slice of that name, what stands in its place, or None."""
        return getattr(self, name)


_MODELS: dict[Slice, type[Any]] = {
    Slice.ME: Me,
    Slice.SUMMARY: Summary,
    Slice.SOURCES: Ranking,
    Slice.DAILY: DailyUsage,
    Slice.GRANTS: Grants,
    Slice.ALLOWANCES: Allowances,
    Slice.EVENTS: Extent,
    Slice.PERIODS: BillingPeriods,
    Slice.DAYS: DailyUsage,
    Slice.SOURCE_DAYS: SourceDays,
}


_TEXTS = ("seller", "read_as")


def parse_header(line: bytes) -> Header:
    """Read the first line of a recording.

    Raises:
        InvalidShape: It is not a header, has another version, or shows what its viewer may not see.
    """
    data = wire.parse_json(line)
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(schema, str) or not schema.startswith(_FAMILY):
        raise wire.InvalidShape(f'not a recording: it must begin with "schema":"{SCHEMA}"')
    if schema != SCHEMA:
        version = schema.removeprefix(_FAMILY)
        raise wire.InvalidShape(
            f"this recording has version {version[:20]!r}, and this program reads version 1"
        )
    slices = {name: _parse_slice(name, data.get(name)) for name in _MODELS}
    if not isinstance(slices[Slice.SUMMARY], Summary):
        raise wire.InvalidShape("summary: is missing")
    seller, read_as = (_parse_text(name, data.get(name, "")) for name in _TEXTS)
    header = Header(**slices, seller=seller, read_as=read_as)
    _refuse_what_may_not_be_seen(header)
    if isinstance(header.source_days, SourceDays) and not header.source_days.is_whole:
        raise wire.InvalidShape("source_days: each source must have one amount for each day of the range")
    return header


def _parse_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise wire.InvalidShape(f"{name}: must be text")
    return clean(value)


def dump_header(header: Header) -> bytes:
    """The first line of a recording, without its line break."""
    slices = [(name, header.slice(name)) for name in _MODELS]
    written = [b'"%b":%b' % (name.encode(), wire.dump(value)) for name, value in slices if value is not None]
    texts = [(name, getattr(header, name)) for name in _TEXTS]
    written += [b'"%b":%b' % (name.encode(), json.dumps(text).encode()) for name, text in texts if text]
    return b'{"schema":"%b",%b}' % (SCHEMA.encode(), b",".join(written))


def recording_schema() -> dict[str, Any]:
    """The JSON Schema that each line of a recording meets, the first as a header."""
    slices: dict[str, Any] = {
        name: {"anyOf": [{"$ref": f"#/$defs/{one.__name__}"} for one in (model, Denial, Missing)]}
        for name, model in _MODELS.items()
    }
    header = {
        "description": "Line 1. A slice that is missing was not recorded.",
        "type": "object",
        "properties": {
            "schema": {"const": SCHEMA},
            **slices,
            "summary": {"$ref": "#/$defs/Summary"},
            "seller": {"type": "string", "description": "The vendor whose export it was made from."},
            "read_as": {"type": "string", "description": "How it was made from an export."},
        },
        "required": ["schema", "summary"],
    }
    event = {"description": "Every further line, newest first.", "$ref": "#/$defs/Event"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a usage-tui recording",
        "oneOf": [header, event],
        "$defs": wire.json_schema(*_MODELS.values(), Denial, Missing, Event),
    }


def _parse_slice(name: Slice, data: object) -> Any:
    if data is None:
        return None
    members = data if isinstance(data, dict) else {}
    # Not every object with a reason is such a placeholder: an overview has reasons of its own.
    model = Denial if "withheld" in members else Missing if [*members] == ["not_offered"] else _MODELS[name]
    try:
        return wire.validate(model, data)
    except wire.InvalidShape as error:
        raise wire.InvalidShape(f"{name}: {error}") from None


def _refuse_what_may_not_be_seen(header: Header) -> None:
    allowed = header.summary.capabilities
    may_see = {
        Slice.EVENTS: allowed is None or allowed.view_events,
        Slice.GRANTS: allowed is None or allowed.view_grants,
    }
    if isinstance(header.me, Me):
        org = header.summary.org.id
        membership = next((m for m in header.me.organizations if m.id == org), None)
        if membership is None:
            raise wire.InvalidShape(f"me: the viewer is not a member of the organization {org[:40]!r}")
        may_see = {name: may and membership.billing_access for name, may in may_see.items()}
    for name, may in may_see.items():
        if not may and isinstance(header.slice(name), _MODELS[name]):
            raise wire.InvalidShape(f"{name}: must not be here, because the viewer has no billing access")
