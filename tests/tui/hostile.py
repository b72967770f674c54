"""Text that is written to do harm, and recordings full of it."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from tests.clients.recordings import record_acme

SEQUENCES = (
    "\x1b[31;5m",  # color
    "\x1b[2J",  # a cleared screen
    "\x1b[3;3H",  # a move
    "\x1b]52;c;c3RvbGVu\x07",  # the clipboard
    "\x1b]52;c;c3RvbGVu\x1b\\",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",  # a link
    "\x1b]0;title\x07",  # the window's title
    "\x1bP+q544e\x1b\\",  # a question to the terminal
    "\x1bc",  # a reset
    "\x9b2J",  # the same in one character
    "\x9d52;c;c3RvbGVu\x9c",
    "\x90+q544e\x9c",
)
CHARACTERS = (
    "\x00\x07\x08\x0b\x0c\x0e\x1a\x7f\x85\r\n\t"  # controls
    "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c"  # directions
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\U000e0041"  # what cannot be seen
    "\u2028\u2029"  # ends of lines
)
MARKUP = "[red]red[/red] [/] [@click=app.quit]quit[/] [link=https://evil.example]x[/link] :warning: $error"
HOSTILE = "".join(SEQUENCES) + CHARACTERS + MARKUP

_STRUCTURED = re.compile(r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\d(T[\d:.]+Z)?")
_CODES = {"kind", "activity", "bucket", "origin", "status", "state", "code", "unit", "count_unit", "cadence"}
_NEVER = {"schema", "time_zone"}


def is_harmless(text: str) -> bool:
    """Whether nothing in the text can steer a terminal or deceive who reads it."""
    return not any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for one in text)


def poisoned(value: Any, *, codes: bool, name: str = "") -> Any:
    """Every text in JSON data made hostile, but for numbers, times and zones.

    Args:
        value: The data.
        codes: Whether words that the program knows, such as a status, are made hostile too.
        name: The field that the value is in.
    """
    if isinstance(value, dict):
        return {key: poisoned(item, codes=codes, name=key) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, codes=codes, name=name) for item in value]
    if not isinstance(value, str) or _STRUCTURED.fullmatch(value) or name in _NEVER:
        return value
    return value if name in _CODES and not codes else f"{value} {HOSTILE}"


def record_poisoned(folder: Path, *, codes: bool, name: str = "poisoned.jsonl") -> Path:
    """A recording every text of which is hostile."""
    path = record_acme(folder, name)
    header, *events = (json.loads(line) for line in path.read_bytes().splitlines())
    summary = header["summary"]
    summary["notices"] = [{"code": "news", "text": "News"}, {"code": "more", "text": "More"}]
    summary["links"] = {"buy_credits": "https://evil.example/", "auto_recharge": "http://evil.example/"}
    meter = {
        "id": "background",
        "label": "Background AI",
        "unit": "credit",
        "included": "2000",
        "used": "1200",
        "remaining": "800",
        "used_fraction": "0.6",
        "lines": [{"label": "Memory upkeep", "used": "1200"}],
    }
    odd = {**meter, "id": "odd", "unit": f"unit {HOSTILE}", "lines": None}
    summary["allowances"] = [meter, odd]
    header["allowances"]["items"] = [meter, odd]
    for event in events:
        event |= {"actor": "maria@acme.example", "parent_id": "evt_000"}
    lines = [poisoned(item, codes=codes) for item in (header, *events)]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path
