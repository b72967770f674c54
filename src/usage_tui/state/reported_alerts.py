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
from usage_tui.insight.findings import Finding, Level
from usage_tui.models import Credits

SCHEMA = "usage-tui/alerts/1"
_FORGOTTEN_AFTER = timedelta(days=400)
_MOST = 500
_LARGEST = 2**20
"""Bytes of the file."""
_BACK_BY = Fraction(5, 100)
"""Of its threshold, an amount must be back in order by so much before it is told again."""

Entries = dict[str, dict[str, str]]


class ReportedAlerts:
    """The file of one source.

    Attributes:
        moved: Where a damaged file was moved; None if it was not damaged.
    """

    def __init__(self, path: Path | None) -> None:
        """Read nothing yet.

        Args:
            path: The file; None remembers until the end of the process.
        """
        self._path = path
        self._entries: Entries = {}
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
            found = {prefix + finding.key: finding for finding in findings}
            told = _without_gone(self._read(), found, judged, back, now, prefix)
            new = {
                key: finding
                for key, finding in found.items()
                if key not in told or (repeat_after is not None and now - _time(told[key]) >= repeat_after)
            }
            self._write(told | {key: _entry(finding, now) for key, finding in new.items()})
        return list(new.values())

    def untold(
        self,
        findings: Collection[Finding],
        *,
        judged: Collection[str],
        back: Mapping[str, bool],
        now: datetime,
        prefix: str = "",
    ) -> list[Finding]:
        """The findings that were not told yet, and are not told by this; the arguments are those of `news`.

        Raises:
            OSError: The file cannot be read or written.
        """
        if self._path is not None and not self._path.exists():
            return list(findings)
        with self._locked():
            found, before = {prefix + finding.key for finding in findings}, self._read()
            told = _without_gone(before, found, judged, back, now, prefix)
            if told != before:
                self._write(told)
        return [finding for finding in findings if prefix + finding.key not in told]

    def tell(self, finding: Finding, now: datetime, prefix: str = "") -> None:
        """Remember that a finding was told.

        Raises:
            OSError: The file cannot be read or written.
        """
        with self._locked():
            self._write(self._read() | {prefix + finding.key: _entry(finding, now)})

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
        if self._path is None:
            yield
            return
        make_private_folder(self._path.parent)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _read(self) -> Entries:
        if self._path is None:
            return self._entries
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
        if self._path is None:
            self._entries = dict(newest)
            return
        with replacing(self._path) as file:
            file.write(json.dumps({"schema": SCHEMA, "told": dict(newest)}).encode())


def _without_gone(
    told: Entries,
    found: Collection[str],
    judged: Collection[str],
    back: Mapping[str, bool],
    now: datetime,
    prefix: str,
) -> Entries:
    """What was told, without what is back in order and what was told very long ago."""

    def stays(key: str) -> bool:
        start = _start_of(key.removeprefix(prefix)) if key.startswith(prefix) else ""
        gone = start in judged and key not in found and back.get(start, True)
        return not gone and now - _time(told[key]) <= _FORGOTTEN_AFTER

    return {key: entry for key, entry in told.items() if stays(key)}


def _entry(finding: Finding, now: datetime) -> dict[str, str]:
    return {"at": now.astimezone(UTC).isoformat(), "value": str(finding.value)}


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


def beginning(rule: str, threshold: str, level: Level) -> str:
    """What the keys of a rule begin with, whatever they are about."""
    return f"{rule}:{threshold}:{level.name.lower()}"


def _start_of(key: str) -> str:
    """The beginning of a key: all but what it is about, which may have colons of its own."""
    rule, _, rest = key.partition(":")
    for level in Level:
        threshold, found, _ = rest.partition(f":{level.name.lower()}:")
        if found:
            return beginning(rule, threshold, level)
    return key


def is_back_above(value: Credits, limit: Credits) -> bool:
    """Whether an amount is far enough above a limit that it had fallen below."""
    return value.micro >= limit.micro * (1 + _BACK_BY)


def is_back_under(value: Credits, limit: Credits) -> bool:
    """Whether an amount is far enough under a limit that it had reached."""
    return value.micro <= limit.micro * (1 - _BACK_BY)
