"""Usage as services report it: CloudEvents 1.0, one or a batch, each validated on its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from usage_tui import wire
from usage_tui.frozen import frozen
from usage_tui.ledger.event_id import event_id_of
from usage_tui.ledger.ledger import Use
from usage_tui.ledger.ranking import ADJUSTMENT, category_of
from usage_tui.models import Credits, clean
from usage_tui.server.ledger_writer.allowances import check_amount
from usage_tui.server.problems import Problem

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
JSON = "application/json"
LARGEST_BATCH = 1000

_USAGE = "usage."
_ADJUSTMENT = f"{_USAGE}{ADJUSTMENT}"
_ALLOWANCE = "usage.allowance."
LONGEST_TEXT = 200
"""The most characters that a name, an ID or any other text of an event can have."""


class Form(NamedTuple):
    """How events are written in a body.

    Attributes:
        media_type: `ONE` or `BATCH`; `JSON` where the body is the data of one event.
        attributes: The attributes of that event, from the headers.
    """

    media_type: str
    attributes: Mapping[str, str] = MappingProxyType({})


@frozen
class Envelope:
    """The attributes of a CloudEvent. See the CloudEvents specification.

    Attributes:
        specversion: ``1.0``.
        type: ``usage.KIND``, such as ``usage.ai_tool``; ``usage.adjustment``; or ``usage.allowance.ID``.
        source: The system that sends the event. `source` and `id` together identify it.
        id: The ID of the event in its source.
        subject: The ID of what spent the credits, such as a tool; None to use the kind.
        time: When the event occurred; None for now.
    """

    specversion: str
    type: str
    source: str
    id: str
    subject: str | None = None
    time: datetime | None = None


@frozen
class UseData:
    """The data of a usage event.

    Attributes:
        credits: What it cost; not negative. A JSON number is read digit by digit.
        label: The name of what spent the credits. The most recent one is shown.
        activity: What happened, such as ``run``.
        quantity: How many messages, runs or sessions the event counts as.
        actor: Who caused the event.
        parent: The `id` of the event in the same source that started this one.
        unit: What `credits` counts, such as ``USD``. It must be the unit of the organization.
    """

    credits: Credits
    label: str | None = None
    activity: str | None = None
    quantity: int = 1
    actor: str | None = None
    parent: str | None = None
    unit: str | None = None


@frozen
class AdjustmentData:
    """The data of an adjustment, such as a refund. It corrects what a source has used, and names no event.

    Attributes:
        credits: The correction: negative to give something back, also a part of what was used.
        kind: The category of the source in `subject`, such as ``ai_tool``; None if it belongs to no source.
        label: The name of the source. It does not rename a source that has a name.
        activity: What it is, such as ``refund``.
        actor: Who made it.
        unit: What `credits` counts, such as ``USD``. It must be the unit of the organization.
    """

    credits: Credits
    kind: str | None = None
    label: str | None = None
    activity: str | None = None
    actor: str | None = None
    unit: str | None = None


@frozen
class AllowanceData:
    """The data of an event that uses an allowance.

    Attributes:
        amount: In the unit of the allowance; not negative, at most 9 decimal places.
        line: The line of the allowance to add it to.
    """

    amount: Decimal
    line: str | None = None


Data = UseData | AdjustmentData | AllowanceData

_TEXTS = {
    model: [field.name for field in fields(model) if field.type in ("str", "str | None")]
    for model in (Envelope, UseData, AdjustmentData, AllowanceData)
}
"""The text fields of each model."""


class Report(NamedTuple):
    """One event of a batch.

    Attributes:
        key: The source and the ID that its sender gave it.
        event_id: Its ID in this service.
        digest: Of its content, to tell a retry from a different event with the same key.
    """

    key: tuple[str, str]
    event_id: str
    envelope: Envelope
    data: Data
    digest: bytes

    @property
    def allowance_id(self) -> str:
        """Which allowance was used."""
        return self.envelope.type.removeprefix(_ALLOWANCE)

    def adjustment(self, data: AdjustmentData, occurred_at: datetime) -> Use:
        """What the ledger books of an adjustment."""
        kind = data.kind or ADJUSTMENT
        source_id = self.envelope.subject or kind
        return Use(
            id=self.event_id,
            occurred_at=occurred_at,
            kind=kind,
            source_id=source_id,
            label=data.label or _label(kind, source_id),
            activity=data.activity or ADJUSTMENT,
            credits=data.credits,
            quantity=0,
            actor=data.actor,
        )

    def use(self, data: UseData, occurred_at: datetime) -> Use:
        """What the ledger books of a use."""
        kind = self.envelope.type.removeprefix(_USAGE)
        source_id = self.envelope.subject or kind
        return Use(
            id=self.event_id,
            occurred_at=occurred_at,
            kind=kind,
            source_id=source_id,
            label=data.label or _label(kind, source_id),
            activity=data.activity or category_of(kind).count_unit,
            credits=data.credits,
            quantity=data.quantity,
            actor=data.actor,
            parent_id=event_id_of(self.envelope.source, data.parent) if data.parent else None,
        )


def _label(kind: str, source_id: str) -> str:
    """What a source without a name is called."""
    return category_of(kind).label if source_id == kind else source_id


class InvalidReport(NamedTuple):
    """Something that was sent as an event, and why it is not valid.

    Attributes:
        key: As much of its source and ID as could be read.
    """

    key: tuple[str, str]
    reason: str


def read_reports(body: bytes, form: Form) -> list[Report | InvalidReport]:
    """Read a body.

    Args:
        body: What was sent.
        form: How events are written in it.

    Raises:
        Problem: It is not JSON, or the batch is too large.
    """
    try:
        value = wire.parse_exactly(body)
    except wire.InvalidShape as error:
        raise Problem("invalid_body", f"The body is {error}.") from None
    if form.media_type == ONE:
        return [_report(value)]
    if form.media_type == JSON:
        return [_report({**form.attributes, "data": value})]
    if not isinstance(value, list):
        raise Problem("invalid_body", "A batch must be a list of events.")
    if len(value) > LARGEST_BATCH:
        raise Problem(
            "too_large",
            f"A batch can have at most {LARGEST_BATCH:,} events, and this one has {len(value):,}. "
            "Send several batches.",
        )
    return [_report(member) for member in value]


def _report(value: object) -> Report | InvalidReport:
    members: dict[str, Any] = value if isinstance(value, dict) else {}
    try:
        if "data_base64" in members:
            raise ValueError("data_base64: not supported; send the data as JSON, in data")
        envelope = wire.validate(Envelope, value)
        data = _data(envelope, members.get("data"))
    except (wire.InvalidShape, ValueError) as error:
        return InvalidReport((_name(members, "source"), _name(members, "id")), str(error))
    said = wire.dump(envelope, omit_null=True) + wire.dump(data, omit_null=True)
    key = envelope.source, envelope.id
    return Report(key, event_id_of(*key), envelope, data, hashlib.sha256(said).digest())


def _data(envelope: Envelope, value: object) -> Data:
    if envelope.specversion != "1.0":
        raise ValueError("specversion: must be 1.0")
    if not envelope.source or not envelope.id:
        raise ValueError("source and id: must not be empty")
    if not envelope.type.startswith(_USAGE) or envelope.type in (_USAGE, _ALLOWANCE):
        raise ValueError("type: must be usage.KIND, usage.adjustment or usage.allowance.ID")
    _check_length(envelope)
    if envelope.type.startswith(_ALLOWANCE):
        return _allowance_data(value)
    if envelope.type == _ADJUSTMENT:
        adjustment = wire.validate(AdjustmentData, _with_text(value, "credits"))
        _check_length(adjustment)
        return adjustment
    data = wire.validate(UseData, _with_text(value, "credits"))
    _check_length(data)
    if data.credits < Credits.ZERO:
        raise ValueError("credits: must not be negative; to give credits back, send a usage.adjustment")
    if data.quantity < 0:
        raise ValueError("quantity: must not be negative")
    return data


def _allowance_data(value: object) -> AllowanceData:
    data = wire.validate(AllowanceData, _with_text(value, "amount"))
    _check_length(data)
    try:
        check_amount(data.amount)
    except ValueError as error:
        raise ValueError(f"amount: {error}") from None
    return data


def _with_text(data: object, name: str) -> object:
    """The data, with an amount that was sent as a JSON number as text, digit by digit."""
    if not isinstance(data, dict):
        return data
    amount = data.get(name)
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return data
    try:
        return {**data, name: wire.write_digits(amount)}
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _check_length(value: Envelope | Data) -> None:
    for name in _TEXTS[type(value)]:
        text = getattr(value, name)
        if text is not None and len(text) > LONGEST_TEXT:
            raise ValueError(f"{name}: longer than {LONGEST_TEXT} characters")


def _name(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    return clean(value[:LONGEST_TEXT]) if isinstance(value, str) else ""
