"""Which alerts were told, on disk, so that each crossing is told once however many look at it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from usage_tui.files import make_private_folder, replacing
from usage_tui.insight.findings import Finding, Level, Rule
from usage_tui.models import Credits

SCHEMA = "usage-tui/alerts/1"
_FORGOTTEN_AFTER = timedelta(days=400)
_MOST = 500
_LARGEST = 2**20
"""Bytes of the file."""
_BACK_BY = Fraction(5, 100)
"""Of its threshold, an amount must be back in order by so much before it is told again."""

Entries = dict[str, dict[str, str]]


class Told:
    """The file of one source.

    Attributes:
        moved: Where a damaged file was moved; None if it was not damaged.
    """

    def __init__(self, path: Path) -> None:
        """Read nothing yet."""
        self._path = path
        self.moved: Path | None = None

    def news(
        self,
        findings: Collection[Finding],
        *,
        judged: Collection[str],
        back: Mapping[str, bool],
        now: datetime,
        repeat_after: timedelta | None = None,
        prefix: str = "",
    ) -> list[Finding]:
        """The findings that were not told yet; from now on they are.

        Args:
            findings: What was found.
            judged: The beginnings of the keys of all rules that were judged, see `beginning`.
            back: By the same, whether what was found before is surely back in order.
            now: The present.
            repeat_after: After which time a finding is told again; None for never.
            prefix: Stands before every key, for another who tells.

        Raises:
            OSError: The file cannot be read or written. Nothing was remembered.
        """
        with self._locked():
            told = self._read()
            found = {prefix + finding.key: finding for finding in findings}
            for key in [*told]:
                start = _start_of(key.removeprefix(prefix)) if key.startswith(prefix) else ""
                gone = start in judged and key not in found and back.get(start, True)
                if gone or now - _time(told[key]) > _FORGOTTEN_AFTER:
                    del told[key]
            new = {
                key: finding
                for key, finding in found.items()
                if key not in told or (repeat_after is not None and now - _time(told[key]) >= repeat_after)
            }
            told |= {
                key: {"at": now.astimezone(UTC).isoformat(), "value": str(finding.value)}
                for key, finding in new.items()
            }
            self._write(told)
        return list(new.values())

    def forget(self, finding: Finding, prefix: str = "") -> None:
        """Tell a finding again next time, for nobody heard it.

        Raises:
            OSError: The file cannot be read or written.
        """
        with self._locked():
            told = self._read()
            told.pop(prefix + finding.key, None)
            self._write(told)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone with the folder: the file itself is replaced, so that a lock on it would not last."""
        make_private_folder(self._path.parent)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _read(self) -> Entries:
        try:
            with self._path.open("rb") as file:
                text = file.read(_LARGEST + 1)
        except FileNotFoundError:
            return {}
        try:
            return _entries(text)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self.moved = self._path.with_suffix(".damaged")
            self._path.replace(self.moved)
            return {}

    def _write(self, told: Entries) -> None:
        newest = sorted(told.items(), key=lambda entry: _time(entry[1]))[-_MOST:]
        with replacing(self._path) as file:
            file.write(json.dumps({"schema": SCHEMA, "told": dict(newest)}).encode())


def _entries(text: bytes) -> Entries:
    """What the text of a file holds.

    Raises:
        ValueError: It is not such a file. Other errors of a wrong shape mean the same.
    """
    data = json.loads(text)
    if data["schema"] != SCHEMA or len(text) > _LARGEST:
        raise ValueError("another schema")
    entries = {
        str(key): {"at": entry["at"], "value": str(entry["value"])} for key, entry in data["told"].items()
    }
    for entry in entries.values():
        if _time(entry).tzinfo is None:
            raise ValueError("a time without a zone")
    return entries


def _time(entry: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(entry["at"])


def beginning(rule: Rule, threshold: str, level: Level) -> str:
    """What the keys of a rule begin with, whatever they are about."""
    return f"{rule}:{threshold}:{level.name.lower()}"


def _start_of(key: str) -> str:
    """The beginning of a key: all but what it is about, which may have colons of its own."""
    rule, _, rest = key.partition(":")
    for level in Level:
        threshold, found, _ = rest.partition(f":{level.name.lower()}:")
        if found:
            return f"{rule}:{threshold}:{level.name.lower()}"
    return key


def is_back_above(value: Credits, limit: Credits) -> bool:
    """Whether an amount is far enough above a limit that it had fallen below."""
    return value.micro >= limit.micro * (1 + _BACK_BY)


def is_back_under(value: Credits, limit: Credits) -> bool:
    """Whether an amount is far enough under a limit that it had reached."""
    return value.micro <= limit.micro * (1 - _BACK_BY)
