"""The examples are those of the API's description; each must survive the way in and out unchanged."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests import replies
from tests.known import known
from tests.schema import faults, sample
from usage_tui import models, wire
from usage_tui.models import (
    Allowances,
    Credits,
    DailyUsage,
    Event,
    EventPage,
    Grants,
    Me,
    MeterLine,
    Ranking,
    Summary,
)
from usage_tui.models.credits import PATTERN

EVENT: dict[str, Any] = replies.EVENTS["items"][0]
METER: dict[str, Any] = replies.ALLOWANCES["items"][0]

EXAMPLES: dict[type, dict[str, Any]] = {
    Me: replies.ME,
    Summary: replies.SUMMARY,
    Ranking: replies.SOURCES,
    DailyUsage: replies.DAILY,
    Event: EVENT,
    EventPage: replies.EVENTS,
    Grants: replies.GRANTS,
    Allowances: replies.ALLOWANCES,
}

SCHEMA = wire.json_schema(*EXAMPLES)


def encode(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def event(**changes: object) -> bytes:
    return encode({**EVENT, **changes})


def assert_says_the_same(dumped: object, example: object) -> None:
    """Equal, but for optional fields that the example leaves out and the dump says are null."""
    if isinstance(example, dict):
        assert isinstance(dumped, dict)
        for name, value in example.items():
            assert_says_the_same(dumped[name], value)
        assert {dumped[name] for name in dumped.keys() - example.keys()} <= {None}
    elif isinstance(example, list):
        assert isinstance(dumped, list)
        assert len(dumped) == len(example)
        for one, other in zip(dumped, example, strict=True):
            assert_says_the_same(one, other)
    else:
        assert dumped == example


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_an_example_of_the_api_is_read_and_written_unchanged(model: type[Any]) -> None:
    value: Any = wire.parse(model, encode(EXAMPLES[model]))
    assert isinstance(value, model)
    assert_says_the_same(json.loads(wire.dump(value)), EXAMPLES[model])
    assert wire.validate(model, EXAMPLES[model]) == value


def test_an_event_without_nulls_is_the_example_to_the_letter() -> None:
    value = wire.parse(Event, event())
    assert json.loads(wire.dump(value, omit_null=True)) == EVENT
    assert b"\n" not in wire.dump(value)


def test_values_have_exact_types() -> None:
    value = wire.parse(Event, event())
    assert value.credits == Credits.parse("50.125")
    assert value.occurred_at == datetime(2026, 11, 22, 20, 29, 41, 120_000, tzinfo=UTC)
    assert value.occurred_at.tzinfo is UTC
    summary = wire.validate(Summary, EXAMPLES[Summary])
    assert known(summary.included).used_fraction == Decimal("0.62405")


def test_unknown_fields_are_ignored() -> None:
    assert wire.parse(Event, event(flavor="sour", depth={"x": [1]})) == wire.parse(Event, event())


def test_optional_fields_may_be_missing() -> None:
    required = ("id", "occurred_at", "kind", "source_id", "label", "activity", "quantity", "credits")
    value = wire.parse(Event, encode({name: EVENT[name] for name in required}))
    assert (value.status, value.late, value.allocations) == ("settled", False, ())
    assert value.uncovered == Credits.ZERO


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"credits": 50.125}, "credits: must be text, not a decimal number"),
        ({"credits": None}, "credits: must be text, not null"),
        (
            {"credits": "0.1234567"},
            "credits: '0.1234567' has more than 6 decimals; round it to 6 first",
        ),
        (
            {"credits": "9999999999999"},
            "credits: the amount is too large: the limit is 9,223,372,036,854.775807",
        ),
        (
            {"allocations": [EVENT["allocations"][0], {"grant_id": "g", "bucket": "included"}]},
            "allocations 2, credits: is missing",
        ),
        ({"allocations": {}}, "allocations: must be a list, not an object"),
        ({"late": 0}, "late: must be true or false, not a number"),
        ({"quantity": True}, "quantity: must be a whole number, not true or false"),
        ({"quantity": 1.0}, "quantity: must be a whole number, not a decimal number"),
        ({"quantity": 2**63}, "quantity: does not fit 64 bits"),
        ({"label": ["x"]}, "label: must be text, not a list"),
        (
            {"occurred_at": "2026-11-22T20:29:41"},
            "occurred_at: must be an RFC 3339 time such as 2026-11-22T20:30:00Z",
        ),
        ({"id": 1, "kind": 2, "late": "no"}, "id: must be text, not a number (and 2 more)"),
    ],
)
def test_a_fault_is_one_line_with_its_place(changes: dict[str, object], message: str) -> None:
    with pytest.raises(wire.InvalidShape) as caught:
        wire.parse(Event, event(**changes))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "invalid JSON: EOF while parsing a value at column 0"),
        (b'{"id":"a', "invalid JSON: EOF while parsing a string at column 8"),
        (b'{"id":"\xff"}', "not UTF-8, at byte 8"),
        (b"[]", "must be an object, not a list"),
    ],
)
def test_what_is_no_event_at_all_is_said_in_one_line(text: bytes, message: str) -> None:
    with pytest.raises(wire.InvalidShape) as caught:
        wire.parse(Event, text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", [b"{", b"\xff", b'"\\ud800"'])
def test_plain_json_is_refused_as_clearly(text: bytes) -> None:
    with pytest.raises(wire.InvalidShape, match=r"^(invalid JSON:|not UTF-8,) .*at (column|byte) \d+$"):
        wire.parse_json(text)


def test_a_message_repeats_no_whole_input() -> None:
    for changes in ({"credits": "1" * 5000}, {"occurred_at": "x" * 5000}, {"late": "y" * 5000}):
        with pytest.raises(wire.InvalidShape) as caught:
            wire.parse(Event, event(**changes))
        assert len(str(caught.value)) < 160


def test_a_hostile_name_in_a_message_is_harmless_and_short() -> None:
    day = {**EXAMPLES[DailyUsage]["items"][0], "by_kind": {"\x1b]52;c;" + "k" * 99: 1}}
    with pytest.raises(wire.InvalidShape) as caught:
        wire.validate(DailyUsage, {**EXAMPLES[DailyUsage], "items": [day]})
    assert str(caught.value) == f"items 1, by_kind, �]52;c;{'k' * 33}: must be text, not a number"


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [("20:29:41Z", 0), ("20:29:41.5Z", 500_000), ("20:29:41.123456Z", 123_456), ("15:29:41-05:00", 0)],
)
def test_a_time_is_utc_and_keeps_its_fraction(text: str, microsecond: int) -> None:
    value = wire.parse(Event, event(occurred_at=f"2026-11-22T{text}"))
    assert value.occurred_at == datetime(2026, 11, 22, 20, 29, 41, microsecond, tzinfo=UTC)
    assert value.occurred_at.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        "2026-11-22 20:29:41Z",
        "2026-11-22T20:29Z",
        "1795379381",
        "2026-11-22T20:29:41.1234567Z",
        "2026-02-29T20:29:41Z",
        "2026-11-22T20:29:61Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "２026-11-22T20:29:41Z",
    ],
)
def test_what_is_no_exact_time_is_refused(text: str) -> None:
    with pytest.raises(wire.InvalidShape, match=r"^occurred_at: "):
        wire.parse(Event, event(occurred_at=text))


@pytest.mark.parametrize(
    "text", ["20261101", "2026-W45-1", "2026-11-31", "0001-01-01", "2026-11-01T00:00:00Z"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(wire.InvalidShape, match=r"^range, start_date: "):
        wire.validate(
            DailyUsage, {**EXAMPLES[DailyUsage], "range": {"start_date": text, "end_date": "2026-11-22"}}
        )


@pytest.mark.parametrize("text", ["Mars/Base", "../../etc/passwd", "/etc/localtime", "America", "", "\x00"])
def test_a_time_zone_that_does_not_exist_is_refused_at_the_edge(text: str) -> None:
    with pytest.raises(wire.InvalidShape, match=r"^time_zone: must be an IANA time zone"):
        wire.validate(DailyUsage, {**EXAMPLES[DailyUsage], "time_zone": text})


@pytest.mark.parametrize("text", ["1e3", ".5", "NaN", "Infinity", "0x1", "1,5", "", "01"])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(wire.InvalidShape, match=r"^items 1, used: must be a plain decimal"):
        wire.validate(Allowances, {**replies.ALLOWANCES, "items": [{**METER, "used": text}]})


@given(st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30)), st.integers(-840, 840))  # noqa: DTZ001
def test_every_time_survives_the_way_out_and_in(local: datetime, minutes: int) -> None:
    at = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    written = wire.dump(_event_at(at))
    text = json.loads(written)["occurred_at"]
    assert text.endswith("Z")
    assert "." not in text or not text.removesuffix("Z").endswith("0")
    assert wire.parse(Event, written).occurred_at == at


def test_a_time_without_a_zone_is_never_written() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        wire.dump(_event_at(datetime(2026, 11, 22)))  # noqa: DTZ001


def _event_at(at: datetime) -> Event:
    return Event(
        id="e",
        occurred_at=at,
        kind="k",
        source_id="s",
        label="l",
        activity="run",
        quantity=1,
        credits=Credits(1),
    )


@example(Decimal("-0.00"))
@given(st.decimals(-(10**15), 10**15, allow_nan=False, places=8))
def test_a_decimal_is_written_without_an_exponent_or_trailing_zeros(value: Decimal) -> None:
    meter = wire.validate(Allowances, replies.ALLOWANCES)
    changed = Allowances(
        as_of=meter.as_of,
        revision=1,
        items=tuple(
            type(item)(
                id=item.id,
                label=item.label,
                unit=item.unit,
                included=None,
                used=value,
                remaining=None,
                used_fraction=None,
            )
            for item in meter.items
        ),
    )
    written = wire.dump(changed)
    text = json.loads(written)["items"][0]["used"]
    assert "E" not in text
    assert text != "-0"
    assert "." not in text or not text.endswith("0")
    assert wire.parse(Allowances, written).items[0].used == value


HOSTILE = "a\x1b]52;c;x\x07\x9b\u202eb\u2028c\x7f"
HARMLESS = "a�]52;c;x��b�c�"


def _every_text_replaced(data: Any, old: str) -> Any:
    if isinstance(data, dict):
        return {name: _every_text_replaced(value, old) for name, value in data.items()}
    if isinstance(data, list):
        return [_every_text_replaced(value, old) for value in data]
    return HOSTILE if data == old else data


def _texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [text for value in data.values() for text in _texts(value)]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return [data] if isinstance(data, str) else []


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_text_is_made_harmless_in_every_place_where_one_can_appear(model: type[Any]) -> None:
    accepted = 0
    for text in set(_texts(EXAMPLES[model])):
        try:
            value: Any = wire.parse(model, encode(_every_text_replaced(EXAMPLES[model], text)))
        except wire.InvalidShape:
            continue  # an amount, a time, a zone: not free text
        accepted += 1
        dumped = wire.dump(value).decode()
        assert HARMLESS in dumped
        assert "\x9b" not in dumped
        assert "\u202e" not in dumped
        assert "\\u001b" not in dumped
    assert accepted >= 2


def test_a_category_name_of_a_day_is_made_harmless_too() -> None:
    day = {**EXAMPLES[DailyUsage]["items"][0], "by_kind": {HOSTILE: "1"}}
    value = wire.validate(DailyUsage, {**EXAMPLES[DailyUsage], "items": [day]})
    assert dict(value.items[0].by_kind) == {HARMLESS: Credits.parse("1")}


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    """The properties without their descriptions."""
    return {
        name: {key: value for key, value in told.items() if key != "description"}
        for name, told in schema["properties"].items()
    }


def test_the_json_schema_describes_a_model_and_its_attributes_by_its_docstring() -> None:
    schema = wire.json_schema(Event)["Event"]
    assert schema["description"].startswith("A usage event, or the total of a span of time;")
    assert "\n" not in schema["description"]
    assert "Attributes:" not in schema["description"]
    assert schema["properties"]["actor"]["description"] == "Who did it, if known."
    ends = schema["properties"]["ends_at"]["description"]
    assert ends.endswith("is known; `null` for a single event.")
    assert "description" not in schema["properties"]["id"]


def test_the_json_schema_says_how_each_type_is_written() -> None:
    schema = wire.json_schema(Event, DailyUsage)
    event, day = _properties(schema["Event"]), _properties(schema["Day"])
    amount = {"type": "string", "pattern": PATTERN}
    assert event["credits"] == amount
    assert event["occurred_at"] == {"type": "string", "format": "date-time"}
    assert event["label"] == {"type": "string"}
    whole_number = {"type": "integer", "minimum": -(2**63), "exclusiveMaximum": 2**63}
    assert event["quantity"] == {"anyOf": [whole_number, {"type": "null"}], "default": None}
    assert event["late"] == {"type": "boolean", "default": False}
    assert event["actor"] == {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}
    allocation = {"$ref": "#/$defs/Allocation"}
    assert event["allocations"] == {"type": "array", "items": allocation, "default": []}
    assert event["uncovered"] == {**amount, "default": "0"}
    assert day["date"] == {"type": "string", "format": "date"}
    assert day["by_kind"] == {"type": "object", "additionalProperties": amount}


@pytest.mark.parametrize(
    ("text", "accepted"),
    [("-0.62405", True), ("1e3", False), ("01", False), ("", False), ("-0", False), ("-0.00", False)],
)
def test_the_json_schema_accepts_plain_decimals_alone(text: str, accepted: bool) -> None:
    used = wire.json_schema(Allowances)["MeterLine"]["properties"]["used"]
    assert (faults(text, used, {}) == []) is accepted


@pytest.mark.parametrize("text", ["-0", "-0.0"])
def test_a_negative_zero_is_no_decimal(text: str) -> None:
    line = {"label": "x", "used": text}
    with pytest.raises(wire.InvalidShape, match="used"):
        wire.validate(MeterLine, line)


def test_an_exact_reading_keeps_the_digits_of_every_number() -> None:
    read = wire.parse_exactly(b'{"a": 0.1000000000000000055511151231257827, "b": [1e2, 7, -0]}')
    assert read == {"a": Decimal("0.1000000000000000055511151231257827"), "b": [Decimal(100), 7, 0]}
    assert wire.write_digits(Decimal("1.50")) == "1.50"
    assert wire.write_digits(Decimal("1E+2")) == "100"
    assert wire.write_digits(Decimal("-0")) == "-0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"a": 1, "b": {"c": 1, "c": 1}}', "'c' appears twice in an object"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "invalid JSON"),
        (b'{"a": 1e99999999999999999999}', "invalid JSON"),
        (b"[" * 10_000, "invalid JSON"),
        (b'"\\ud800"', "invalid JSON"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_an_exact_reading_refuses_what_could_be_read_in_two_ways(text: bytes, words: str) -> None:
    with pytest.raises(wire.InvalidShape, match=words):
        wire.parse_exactly(text)


@pytest.mark.parametrize("digits", ["1e1000000", "1e-1000000", "9" * 101])
def test_a_number_of_too_many_digits_is_not_written_out(digits: str) -> None:
    with pytest.raises(ValueError, match="more than 100 digits"):
        wire.write_digits(Decimal(digits))


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_the_json_schema_accepts_the_examples_of_the_api(model: type) -> None:
    assert faults(EXAMPLES[model], SCHEMA[model.__name__], SCHEMA) == []


@pytest.mark.parametrize("name", SCHEMA)
def test_the_json_schema_requires_what_is_required_to_read_a_model(name: str) -> None:
    model, schema = getattr(models, name), SCHEMA[name]
    assert list(schema["properties"]) == [field.name for field in fields(model)]
    data = sample(schema, SCHEMA)
    assert faults(data, schema, SCHEMA) == []
    wire.validate(model, {**data, "unknown": 1})
    required = [field for field in data if not is_read(model, without(data, field))]
    assert required == schema.get("required", [])


@pytest.mark.parametrize("name", SCHEMA)
def test_the_defaults_of_the_json_schema_are_what_a_missing_field_is_read_as(name: str) -> None:
    model, data = getattr(models, name), sample(SCHEMA[name], SCHEMA)
    for field, described in SCHEMA[name]["properties"].items():
        if "default" in described:
            explicit = wire.validate(model, {**data, field: described["default"]})
            assert explicit == wire.validate(model, without(data, field))


@pytest.mark.parametrize("name", SCHEMA)
def test_the_json_schema_allows_null_where_it_is_read(name: str) -> None:
    model, schema = getattr(models, name), SCHEMA[name]
    data = sample(schema, SCHEMA)
    for field, described in schema["properties"].items():
        read = is_read(model, {**data, field: None})
        assert read is (faults(None, described, SCHEMA) == []), field


def without(data: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != field}


def is_read(model: type[Any], data: dict[str, Any]) -> bool:
    try:
        wire.validate(model, data)
    except wire.InvalidShape:
        return False
    return True
