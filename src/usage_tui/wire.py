"""JSON in the shapes of the Usage API, to and from the models, which do not depend on it.

From a model's type hints and the table of scalars below, a core schema is built when it is first used, and
pydantic makes the validator, the serializer and the JSON Schema from it, so they cannot disagree. Importing
all of pydantic would add 70 ms before a file is on the screen; only the JSON Schema needs that.

Unknown fields are ignored, and a missing field takes its default if it has one. Every text passes through
`clean`. Nothing is converted silently: a number for an amount, or a time without an offset, is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache, partial
from operator import eq
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic_core import SchemaSerializer, SchemaValidator, ValidationError, core_schema, from_json

from usage_tui.models import Credits, clean
from usage_tui.models.credits import PATTERN
from usage_tui.text.clean import clean_bounded
from usage_tui.text.json_objects import RepeatedName, unambiguous
from usage_tui.text.words import JSON_TYPES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from pydantic_core import CoreSchema, ErrorDetails

T = TypeVar("T", bound="DataclassInstance")

YEARS = range(2, 9999)
"""The years that a datetime holds, without the first and the last: no time zone leads beyond them."""


class InvalidShape(ValueError):
    """The data do not have the shape of the model. The message is one line: the place and the fault."""


def parse(model: type[T], text: bytes) -> T:
    """Read a model from one JSON text.

    Raises:
        InvalidShape: It is not UTF-8, not JSON, or not in the shape of the model.
    """
    try:
        value: T = _validator(model).validate_json(text)
        return value
    except ValidationError as error:
        fault = InvalidShape(_not_utf8(text) or _explain(error))
    raise fault  # out here it does not hold on to the data, which may be large


def parse_json(text: bytes) -> object:
    """Read any JSON text into plain Python values, for `validate`.

    Raises:
        InvalidShape: It is not UTF-8, or not JSON.
    """
    try:
        return from_json(text)
    except ValueError as error:
        raise InvalidShape(_not_utf8(text) or _no_json(str(error))) from None


def parse_exactly(text: bytes) -> object:
    """Read a JSON text of which nothing may be lost, into plain Python values for `validate`.

    A number with a point or an exponent is a `Decimal` of its very digits.

    Raises:
        InvalidShape: It is not UTF-8, not JSON, or a name appears twice in an object.
    """
    try:
        value = json.loads(
            text.decode(),
            object_pairs_hook=unambiguous,
            parse_float=Decimal,
            parse_int=_read_integer,
            parse_constant=_refuse_constant,
        )
    except InvalidShape:
        raise
    except RepeatedName as error:
        raise InvalidShape(f"ambiguous: {error}") from None
    except (ValueError, ArithmeticError, RecursionError):
        parse_json(text)  # says in the usual words what is wrong
        raise InvalidShape("invalid JSON: a number or a list in it is too large") from None
    if b"\\u" in text:
        parse_json(text)  # refuses half a character, which can only be written as an escape
    return value


def _read_integer(digits: str) -> int | Decimal:
    return Decimal(digits) if digits == "-0" else int(digits)


def _refuse_constant(name: str) -> object:
    raise InvalidShape(f"invalid JSON: {name} is not a number")


def validate(model: type[T], data: object) -> T:
    """Read a model from plain Python values.

    Raises:
        InvalidShape: They are not in the shape of the model.
    """
    try:
        value: T = _validator(model).validate_python(data)
    except ValidationError as error:
        raise InvalidShape(_explain(error)) from None
    return value


def dump(value: DataclassInstance, *, omit_null: bool = False) -> bytes:
    """Write a model as compact JSON on one line.

    Args:
        value: An instance of a model.
        omit_null: Leave out what is None. The result can be read back only if every such field has None
            as its default, as in `Event`.
    """
    return _serializer(type(value)).to_json(value, exclude_none=omit_null)


def plain(value: DataclassInstance) -> dict[str, Any]:
    """A model as plain Python values, as they stand in its JSON: an amount, a time and a date are texts."""
    values: dict[str, Any] = _serializer(type(value)).to_python(value, mode="json")
    return values


def json_schema(*models: type[Any]) -> dict[str, dict[str, Any]]:
    """The JSON Schema of each model and of the models inside it, by name, as ``$defs`` needs them."""
    from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

    from usage_tui.docstrings import described

    class Generator(GenerateJsonSchema):
        def field_title_should_be_set(self, schema: object) -> bool:
            return False  # it would be the field's name again

        def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
            return super().function_after_schema(schema) | schema["metadata"]

        def encode_default(self, dft: object) -> Any:
            return super().encode_default(str(dft) if isinstance(dft, Credits) else dft)

    _, definitions = Generator().generate_definitions(
        [(model.__name__, "validation", _schema(model)) for model in models]
    )
    return {str(name): described(definition) for name, definition in definitions.items()}


# How each type is written


_MATCH_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
).fullmatch
_MATCH_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch
_DECIMAL = r"^(?!-0(\.0+)?$)-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,28})?$"
_MATCH_DECIMAL = re.compile(_DECIMAL, re.ASCII).fullmatch
_INTEGER_LIMIT = 2**63
_MOST_DIGITS = 100


def read_instant(text: str) -> datetime:
    """An RFC 3339 time, in UTC.

    Raises:
        ValueError: It is not such a time.
    """
    if not _MATCH_INSTANT(text):
        raise ValueError("must be an RFC 3339 time such as 2026-11-22T20:30:00Z")
    at = datetime.fromisoformat(text.upper())
    if at.year not in YEARS:
        raise ValueError("the year is out of range")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def write_instant(at: datetime) -> str:
    """An instant as RFC 3339 in UTC, its fraction kept, without trailing zeros.

    Raises:
        ValueError: It has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be written")
    text = at.astimezone(UTC).isoformat().removesuffix("+00:00")
    return (text.rstrip("0") if at.microsecond else text) + "Z"


def read_date(text: str) -> date:
    """A date such as ``2026-11-22``.

    Raises:
        ValueError: It is not such a date.
    """
    if not _MATCH_DATE(text):
        raise ValueError("must be a date such as 2026-11-22")
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError("the year is out of range")
    return day


def _read_decimal(text: str) -> Decimal:
    if not _MATCH_DECIMAL(text):
        raise ValueError('must be a plain decimal such as "0.62405"')
    return Decimal(text)


def _write_decimal(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def write_digits(value: int | Decimal) -> str:
    """A JSON number as the decimal string of its very digits, no zero added or taken away.

    Raises:
        ValueError: It has far more of them than any amount.
    """
    value = Decimal(value)
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(digits) + abs(exponent) > _MOST_DIGITS:
        raise ValueError(f"has more than {_MOST_DIGITS} digits; round it before you send it")
    return f"{value:f}"


def _read_time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):  # an unknown name, no name at all, the name of a folder
        raise ValueError("must be an IANA time zone such as America/New_York") from None


def _text(
    read: Callable[[str], Any], write: Callable[[Any], str] | None = None, **described: str
) -> CoreSchema:
    """A string with a format, and what the JSON Schema says about it besides its type."""
    return core_schema.no_info_after_validator_function(
        read,
        core_schema.str_schema(strict=True),
        metadata=described,
        serialization=core_schema.plain_serializer_function_ser_schema(write) if write else None,
    )


# An event names the same amount two or three times: its credits, what its grant paid, and "0".
_read_credits = lru_cache(maxsize=256)(Credits.parse)

_SCALARS: dict[type, CoreSchema] = {
    str: _text(clean_bounded),
    bool: core_schema.bool_schema(strict=True),
    int: core_schema.int_schema(strict=True, ge=-_INTEGER_LIMIT, lt=_INTEGER_LIMIT),
    Credits: _text(_read_credits, str, pattern=PATTERN),
    Decimal: _text(_read_decimal, _write_decimal, pattern=_DECIMAL),
    datetime: _text(read_instant, write_instant, format="date-time"),
    date: _text(read_date, date.isoformat, format="date"),
}
_TIME_ZONE = _text(_read_time_zone)


# From type hints to schemas


@cache
def _validator(model: type[Any]) -> SchemaValidator:
    return SchemaValidator(_schema(model))


@cache
def _serializer(model: type[Any]) -> SchemaSerializer:
    return SchemaSerializer(_schema(model))


def _schema(hint: Any) -> CoreSchema:
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return core_schema.nullable_schema(_schema(_but_none(arguments)))
    if origin is tuple:
        # It stops at the first item with faults: each fault takes a thousand times the memory of its item.
        return core_schema.tuple_schema([_schema(arguments[0])], variadic_item_index=0, fail_fast=True)
    if origin is Mapping:
        return core_schema.dict_schema(_schema(arguments[0]), _schema(arguments[1]), fail_fast=True)
    if issubclass(hint, StrEnum):
        return core_schema.enum_schema(hint, list(hint), sub_type="str")
    return _model_schema(hint)


@cache
def _model_schema(model: type[Any]) -> CoreSchema:
    hints = get_type_hints(model)
    parts = fields(model)
    return core_schema.dataclass_schema(
        model,
        core_schema.dataclass_args_schema(
            model.__name__, [_field_schema(part, hints[part.name]) for part in parts]
        ),
        [part.name for part in parts],
        ref=model.__name__,  # for the JSON Schema, that it describes a model once
        slots=True,
        frozen=True,
    )


def _field_schema(field: Field[Any], hint: Any) -> core_schema.DataclassField:
    schema = _TIME_ZONE if field.name == "time_zone" else _schema(hint)
    if field.default is not MISSING:
        schema = core_schema.with_default_schema(schema, default=field.default)
    elif field.default_factory is not MISSING:
        schema = core_schema.with_default_schema(schema, default_factory=field.default_factory)
    left_out = _is_default(field) if field.metadata.get("left_out_by_default") else None
    return core_schema.dataclass_field(field.name, schema, kw_only=True, serialization_exclude_if=left_out)


def _is_default(field: Field[Any]) -> Callable[[Any], bool]:
    """Tells whether a value is the default of the field."""
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return partial(eq, default)


def _but_none(hints: tuple[Any, ...]) -> Any:
    return next(hint for hint in hints if hint is not NoneType)


# What is wrong, and where, in one line

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "an object",
    "dataclass_type": "an object",
}
_NAME_SHOWN = 40
"""How many characters of a name a message repeats, because names come from outside too."""


def _explain(error: ValidationError) -> str:
    """The first fault in one line, the place before the reason, and how many more there are."""
    faults = error.errors(include_url=False)
    place = _place(faults[0]["loc"])
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{place}: {_reason(faults[0])}{more}" if place else f"{_reason(faults[0])}{more}"


def _place(location: tuple[int | str, ...]) -> str:
    """``items 3, credits`` for ``("items", 2, "credits")``: people count from one."""
    words: list[str] = []
    for step in location:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(clean(str(step))[:_NAME_SHOWN])
    return ", ".join(words)


def _reason(fault: ErrorDetails) -> str:
    kind = fault["type"]
    if kind in _EXPECTED:
        return f"must be {_EXPECTED[kind]}, not {JSON_TYPES.get(type(fault['input']), 'this')}"
    match kind:
        case "missing":
            return "is missing"
        case "value_error":
            return str(fault["ctx"]["error"])
        case "json_invalid":
            return _no_json(fault["ctx"]["error"])
        case "greater_than_equal" | "less_than":
            return "does not fit 64 bits"
        case _:
            return fault["msg"]


def _no_json(reason: str) -> str:
    return f"invalid JSON: {reason.replace('at line 1 column', 'at column')}"


def _not_utf8(text: bytes) -> str | None:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return f"not UTF-8, at byte {error.start + 1}"
    return None
