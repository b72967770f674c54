"""The journal of days: what a vendor told once is kept on disk, one file for each account and scope.

History so outlives what the vendor remembers, days that are final are not asked for again, and a start
without a network shows what is known. Only sums and names are in it, and digests of the keys that the vendor
accepted for the account: without the vendor it opens only with one of them.

A file that is damaged, locked or in an unsafe place is not used; the program works without it and says so.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from usage_tui import wire
from usage_tui.clients.providers.base import Account, Cell, Remembering, VendorApi
from usage_tui.clients.providers.days import KnownDay
from usage_tui.clients.providers.values import Value
from usage_tui.clients.registry import GRANTS, PLAN, ClientConfig, Provider
from usage_tui.files import make_private_folder, why_unsafe

_VERSION = 1
_SUFFIX = ".db"
_SECONDS = 2.0
"""How long to wait for another program that writes."""
_MOST_FILES = 200
_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS key (digest TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS day (date TEXT PRIMARY KEY, told_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cell (
    date TEXT NOT NULL REFERENCES day (date),
    kind TEXT NOT NULL,
    source_id TEXT NOT NULL,
    label TEXT NOT NULL,
    amount TEXT NOT NULL,
    quantity INTEGER,
    uncovered TEXT,
    PRIMARY KEY (date, kind, source_id)
) WITHOUT ROWID;
"""


class Kept(NamedTuple):
    """What a journal holds.

    Attributes:
        account: As it was told last; None before it was kept the first time.
        unit: The code of the unit of every amount.
        days: Every day that is kept.
    """

    account: Account | None = None
    unit: str = ""
    days: Mapping[date, KnownDay] = {}

    def completed(self, api: VendorApi, account: Account) -> Account:
        """The account as it is told now, with what its vendor has to know of the last look."""
        told_at = max((known.told_at for known in self.days.values()), default=None)
        if not isinstance(api, Remembering) or self.account is None or told_at is None:
            return account
        return api.remember(account, self.account, told_at)


class Journal:
    """The journals of one vendor at one address, as far as one key opens them.

    Every method may wait for the disk, and notes a fault instead of raising it.

    Attributes:
        fault: Why no journal is used, one line with what to do; empty while one is.
    """

    def __init__(self, folder: Path, source: Sequence[str], key: str) -> None:
        """Prepare it; nothing is read or written yet.

        Args:
            folder: Where the files are. It is created when the first one is written.
            source: Which vendor is asked, where, and with which settings.
            key: The digest of the key.
        """
        self._folder = folder
        self._source = [*source]
        self._key = key
        self.fault = ""

    def load(self, account: Account) -> Kept:
        """What is kept of an account; nothing if there is no journal yet, or if it cannot be used."""
        path = self._path(account)
        with self._noting_faults(path):
            if path.exists():
                with _opened(path) as database:
                    return _read(database)
        return Kept()

    def save(self, account: Account, days: Mapping[date, KnownDay], unit: str) -> None:
        """Keep an account and some of its days, in place of what was kept of these days, all or nothing.

        The vendor has accepted the key for the account.
        """
        path = self._path(account)
        with self._noting_faults(path):
            self._make(path)
            with _opened(path) as database, database:
                about = {
                    "source": json.dumps(self._source),
                    "unit": unit,
                    "account": wire.dump(account).decode(),
                }
                database.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
                database.execute("INSERT OR IGNORE INTO key VALUES (?)", (self._key,))
                for day, known in days.items():
                    _replace(database, day, known)

    def find(self) -> Kept | None:
        """What is kept of the account for which the vendor accepted the key; None if there is none."""
        for path in self.files():
            with self._noting_faults(path), _opened(path) as database:
                return _read(database)
        return None

    def files(self) -> list[Path]:
        """The journals that the key opens, the newest first."""
        found = []
        for path in self._all():
            with self._noting_faults(path), _opened(path) as database:
                if self._opens(database):
                    found.append(path)
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def refuse(self) -> None:
        """The vendor does not accept the key any more: it opens no journal from now on."""
        for path in self.files():
            with self._noting_faults(path), _opened(path) as database, database:
                database.execute("DELETE FROM key WHERE digest = ?", (self._key,))

    def exists(self) -> bool:
        """Whether days of the vendor are kept, whichever key opens them."""
        for path in self._all():
            with self._noting_faults(path), _opened(path) as database:
                if self._is_of_source(database):
                    return True
        return False

    def delete(self, *, is_shared: bool = False) -> int:
        """Delete the journals of the vendor, whichever key opens them.

        Args:
            is_shared: Whether others ask the same vendor in the same way. Then only those are deleted that
                the key opens, and one that another key opens too is only closed to this one.

        Returns:
            How many were deleted or closed.
        """
        found = 0
        for path in self.files() if is_shared else self._all():
            with self._noting_faults(path):
                with _opened(path) as database, database:
                    if not self._is_of_source(database):
                        continue
                    database.execute("DELETE FROM key WHERE digest = ?", (self._key,))
                    is_open = database.execute("SELECT 1 FROM key").fetchone() is not None
                if not (is_shared and is_open):
                    path.unlink(missing_ok=True)
                found += 1
        return found

    def _path(self, account: Account) -> Path:
        text = json.dumps([*self._source, account.id, account.scope])
        return self._folder / f"{sha256(text.encode()).hexdigest()[:32]}{_SUFFIX}"

    def _all(self) -> list[Path]:
        with self._noting_faults(self._folder):
            if self._folder.exists():
                self._check_folder()
                return sorted(self._folder.glob(f"*{_SUFFIX}"))[:_MOST_FILES]
        return []

    def _opens(self, database: sqlite3.Connection) -> bool:
        has_key = database.execute("SELECT 1 FROM key WHERE digest = ?", (self._key,)).fetchone()
        return has_key is not None and self._is_of_source(database)

    def _is_of_source(self, database: sqlite3.Connection) -> bool:
        source = database.execute("SELECT value FROM about WHERE name = 'source'").fetchone()
        return source is not None and json.loads(source[0]) == self._source

    def _make(self, path: Path) -> None:
        """Make the file and its tables, for its owner alone, where they are missing."""
        make_private_folder(self._folder)
        self._check_folder()
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with _connected(path) as database, database:
            if not path.stat().st_size:
                database.executescript(
                    f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;"
                )

    def _check_folder(self) -> None:
        reason = why_unsafe(self._folder, "XDG_STATE_HOME")
        if reason:
            raise OSError(reason)

    @contextmanager
    def _noting_faults(self, path: Path) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                self.fault = "The journal of days is not used: another program holds it."
            else:
                self.fault = f"The journal of days is not used: {path}: {error}."
        except (sqlite3.DatabaseError, ValueError):
            self.fault = f"The journal of days is damaged: delete {path}."
        except OSError as error:
            self.fault = f"The journal of days is not used: {error.strerror or error}"


def journal_identity(provider: Provider, config: ClientConfig) -> list[str]:
    """Which vendor is asked, where, and with which settings, as `Journal` takes it."""
    typed_in = (PLAN.name, GRANTS.name)
    options = [f"{name}={value}" for name, value in sorted(config.options.items()) if name not in typed_in]
    return [provider.name, config.url or provider.url, config.organization or "", *options]


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    if path.is_symlink():
        raise OSError(f"{path} is a link.")
    database = sqlite3.connect(path, timeout=_SECONDS)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A journal that is there.

    Raises:
        ValueError: It is of another version.
        sqlite3.Error: It is none, or cannot be opened.
    """
    with _connected(path) as database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:
            raise ValueError(f"version {version}")
        yield database


def _read(database: sqlite3.Connection) -> Kept:
    about = dict(database.execute("SELECT name, value FROM about"))
    cells: dict[str, list[Cell]] = {}
    for day, kind, source_id, label, amount, quantity, uncovered in database.execute("SELECT * FROM cell"):
        cell = Cell(
            date.fromisoformat(day),
            source_id,
            label,
            Value(amount).amount(),
            quantity,
            None if uncovered is None else Value(uncovered).amount(),
            kind,
        )
        cells.setdefault(day, []).append(cell)
    days = {
        date.fromisoformat(day): KnownDay(tuple(cells.get(day, ())), wire.read_instant(told_at))
        for day, told_at in database.execute("SELECT * FROM day ORDER BY date")
    }
    account = wire.parse(Account, about["account"].encode()) if "account" in about else None
    return Kept(account, about.get("unit", ""), days)


def _replace(database: sqlite3.Connection, day: date, known: KnownDay) -> None:
    database.execute("DELETE FROM cell WHERE date = ?", (f"{day}",))
    database.execute(
        "INSERT OR REPLACE INTO day VALUES (?, ?)", (f"{day}", wire.write_instant(known.told_at))
    )
    rows = (
        (
            f"{day}",
            cell.kind,
            cell.source_id,
            cell.label,
            f"{cell.amount}",
            cell.quantity,
            None if cell.uncovered is None else f"{cell.uncovered}",
        )
        for cell in known.cells
    )
    database.executemany("INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
