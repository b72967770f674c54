"""The ``--format`` of a status line: names in braces, and nothing that is evaluated.

``{credits}`` is a value, ``{credits:k}`` a short one, ``{locked?text}`` a text that stands only where the
value is known and not zero, and may have values in it; ``{{`` and ``}}`` are braces.
"""

from __future__ import annotations

from usage_tui.cli.status.values import AMOUNTS, NAMES, SPECS, Digest, is_there, text_of
from usage_tui.named_tuple import NamedTuple

_DEEPEST = 8


class InvalidTemplate(ValueError):
    """The format means nothing. The message is one line: what is wrong, and what there is."""


class _Value(NamedTuple):
    name: str
    spec: str


class _Condition(NamedTuple):
    name: str
    then: tuple[_Part, ...]


_Part = str | _Value | _Condition


class Template:
    """A format that was read."""

    def __init__(self, text: str) -> None:
        """Read it.

        Raises:
            InvalidTemplate: It is not a format.
        """
        self._parts, end = _parts(text, 0, 0)
        if end < len(text):
            raise InvalidTemplate(f"character {end + 1}: }} closes nothing; write }}}} for a brace")

    def fill(self, digest: Digest) -> str:
        """The line."""
        return _filled(self._parts, digest)


def _filled(parts: tuple[_Part, ...], digest: Digest) -> str:
    line = ""
    for part in parts:
        if isinstance(part, _Value):
            line += text_of(digest, part.name, part.spec)
        elif isinstance(part, _Condition):
            line += _filled(part.then, digest) if is_there(digest, part.name) else ""
        else:
            line += part
    return line


def _parts(text: str, start: int, depth: int) -> tuple[tuple[_Part, ...], int]:
    """The parts from `start` on, up to a brace that closes what is around them, and where that is."""
    parts: list[_Part] = []
    at = start
    while at < len(text):
        if text[at : at + 2] == "{{" or (text[at : at + 2] == "}}" and not depth):
            parts.append(text[at])
            at += 2
        elif text[at] == "{":
            part, at = _braces(text, at, depth)
            parts.append(part)
        elif text[at] == "}":
            break
        else:
            parts.append(text[at])
            at += 1
    return tuple(parts), at


def _braces(text: str, start: int, depth: int) -> tuple[_Part, int]:
    """What stands in the braces that open at `start`, and where they end."""
    name, at = "", start + 1
    while at < len(text) and text[at] not in ":?}{":
        name += text[at]
        at += 1
    if name not in NAMES:
        raise InvalidTemplate(
            f"character {start + 1}: unknown value {name[:40]!r}; the values are {', '.join(NAMES)}"
        )
    if text[at : at + 1] == "?":
        if depth == _DEEPEST:
            raise InvalidTemplate(f"character {start + 1}: more than {_DEEPEST} braces in each other")
        then, end = _parts(text, at + 1, depth + 1)
        _refuse_open(text, end, start)
        return _Condition(name, then), end + 1
    spec = ""
    if text[at : at + 1] == ":":
        end = text.find("}", at)
        spec, at = (text[at + 1 : end], end) if end >= 0 else ("", len(text))
    _refuse_open(text, at, start)
    if spec and (spec not in SPECS or name not in AMOUNTS):
        forms = " and ".join(f"{{{AMOUNTS[0]}:{known}}}" for known in SPECS)
        raise InvalidTemplate(f"character {start + 1}: unknown form {name}:{spec[:40]}; amounts have {forms}")
    return _Value(name, spec), at + 1


def _refuse_open(text: str, at: int, start: int) -> None:
    if text[at : at + 1] != "}":
        raise InvalidTemplate(f"character {start + 1}: {{ is not closed; write {{{{ for a brace")
