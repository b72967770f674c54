"""The database, SQLite or PostgreSQL: how it is opened, read, written and migrated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from usage_tui.server.db.versions import known_versions, upgrade, version_of

_BUSY_SECONDS = 5
"""The longest wait for a lock, a free connection, or a new connection."""
_CHECKPOINT_PAGES = 10_000
_CACHE_KIB = 16_000
_NETWORK: dict[str, Any] = {
    "connect_timeout": _BUSY_SECONDS,
    # A dead network is noticed while waiting for an answer, and when sending.
    "keepalives_idle": _BUSY_SECONDS,
    "keepalives_interval": _BUSY_SECONDS,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Connection settings for PostgreSQL, which the URL can override. The last one is in milliseconds."""
_PGBOUNCER = "pgbouncer"
"""The parameter of the URL for pgbouncer in transaction mode."""
_READ_ONLY = "25006"
"""What PostgreSQL answers to a write on a standby."""
_LOCK_TIMEOUT = f"lock_timeout = '{_BUSY_SECONDS}s'"
_POSTGRESQL_LOCK = 7_361_001
"""The advisory lock that lets one process migrate at a time."""


class DatabaseUnavailable(Exception):
    """The database is locked, full or unreachable. A retry may succeed."""


class InvalidDatabase(Exception):
    """The database cannot be used. The message is one line."""


class _Begin(NamedTuple):
    """What begins a transaction. The drivers are kept from beginning one by themselves."""

    reading: str
    writing: str


class Database:
    """An open database."""

    def __init__(self, engine: Engine, begin: _Begin) -> None:
        self._engine = engine
        self._begin = begin

    @classmethod
    def open(cls, name: str, *, create: bool = True, reads: bool = False) -> Database:
        """Open a database.

        Args:
            name: The path of an SQLite file, or a URL such as ``postgresql+psycopg://host/name``. With
                ``?pgbouncer=true`` nothing relies on the session: no prepared statements, no settings.
            create: Whether a missing SQLite file is created.
            reads: Whether the database itself refuses every change.

        Raises:
            InvalidDatabase: The name is invalid, its driver is not installed, or the file does not exist.
        """
        try:
            url = make_url(name) if "://" in name else URL.create("sqlite", database=name)
            if url.get_backend_name() == "sqlite":
                _require_file(Path(url.database or ""), create=create)
                return cls(_sqlite(url, reads=reads), _Begin("BEGIN", "BEGIN IMMEDIATE"))
            if url.get_backend_name() == "postgresql":
                return cls(_postgresql(url, reads=reads), _begin_postgresql(url, reads=reads))
        except OSError as error:
            raise InvalidDatabase(f"{name}: cannot be opened: {error.strerror}") from None
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
            pass
        raise InvalidDatabase(
            "invalid database: use the path of an SQLite file, or postgresql+psycopg://HOST/NAME"
        )

    @property
    def name(self) -> str:
        """The file or the URL, without a password."""
        return str(self.path or self._engine.url.render_as_string())

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for a server."""
        return Path(self._engine.url.database or "") if self.dialect == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot of the data. It neither blocks writers nor waits for them.

        Raises:
            DatabaseUnavailable: It cannot be read now.
        """
        with _availability(), self._begun(self._begin.reading) as connection:
            yield connection
            connection.commit()  # after a rollback, the driver of PostgreSQL prepares every statement again

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, committed unless an exception is raised.

        Raises:
            DatabaseUnavailable: It cannot be written now. Nothing was written, unless the connection was lost
                during the commit.
        """
        with _availability(), self._begun(self._begin.writing) as connection:
            yield connection
            connection.commit()

    def _begun(self, statement: str, *, again: bool = True) -> Connection:
        """A connection in a transaction, which is rolled back when it is closed.

        If the server closed the connection while nobody used it, all such are replaced.
        """
        connection = self._engine.connect()
        try:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        except DBAPIError as error:
            connection.close()
            if again and error.connection_invalidated:
                return self._begun(statement, again=False)
            raise
        return connection

    @contextmanager
    def migrating(self, *, create: bool = True) -> Iterator[Connection]:
        """Upgrade the tables to this version, in a transaction that can prepare more.

        Processes that start together take turns; the later ones find the work done.

        Args:
            create: Whether missing tables are created.

        Raises:
            InvalidDatabase: It is from a newer version or another program, or has no tables.
            DatabaseUnavailable: It cannot be reached or written.
        """
        with self.writing() as connection:
            if self.dialect == "postgresql":
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")
            self._check_origin(connection, create=create)
            upgrade(connection)
            yield connection

    def is_current(self) -> bool:
        """Whether the tables are those of this version."""
        with self.reading() as connection:
            return version_of(connection) == known_versions()[-1]

    def is_older(self) -> bool:
        """Whether the tables are those of an earlier version."""
        with self.reading() as connection:
            return version_of(connection) in known_versions()[:-1]

    def _check_origin(self, connection: Connection, *, create: bool) -> None:
        found = version_of(connection)
        if found is None:
            if not create:
                raise InvalidDatabase(f"{self.name} has no usage data; is it the right database?")
            if inspect(connection).get_table_names():
                raise InvalidDatabase(
                    f"{self.name} has the tables of another program; choose an empty database"
                )
        elif found not in known_versions():
            raise InvalidDatabase(
                f"{self.name} was written by a newer usage-tui (its tables are {found}, "
                f"and this version supports {known_versions()[-1]}); install the newer version"
            )

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _require_file(path: Path, *, create: bool) -> None:
    """Check that there is a file, or create it.

    Raises:
        InvalidDatabase: There is no file.
        OSError: It cannot be created.
    """
    if create:
        # Anyone who can read it sees who has tokens, and can sign cursors.
        path.touch(mode=0o600)
    elif not (path.is_file() and path.stat().st_size):
        raise InvalidDatabase(
            f"there is no database {path}; choose another with --database, or create it with "
            "usage-tui admin org create"
        )


def _sqlite(url: URL, *, reads: bool) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_timeout=_BUSY_SECONDS,
        connect_args={"timeout": _BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        if reads:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA schema_version")  # fails at once if it is not a database
            return
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = FULL")
        # A batch of events changes thousands of pages, many of them again in the next batch. With fewer
        # checkpoints a batch is a third cheaper.
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        # They also fit into this cache. SQLite's own is an eighth of it, and pages are written several times.
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and the writer work at the same time.

    While another process writes a file without such a log, SQLite refuses instead of waiting.
    """
    deadline = monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.01)
        else:
            return


def _postgresql(url: URL, *, reads: bool) -> Engine:
    pooled = _behind_pgbouncer(url)
    network: dict[str, Any] = {name: value for name, value in _NETWORK.items() if name not in url.query}
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_timeout=_BUSY_SECONDS,
        connect_args={**network, "prepare_threshold": None} if pooled else network,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, _arguments: object, options: dict[str, Any]) -> None:
        options.pop(_PGBOUNCER, None)  # the driver does not know it

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.autocommit = True
        if not pooled:
            connection.execute(f"SET {_LOCK_TIMEOUT}")

    @event.listens_for(engine, "handle_error")
    def leave_standby(context: ExceptionContext) -> None:
        """Close the connections to a server that is a standby now; the next one looks for the primary."""
        if not reads and getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
            context.is_disconnect = True

    return engine


def _behind_pgbouncer(url: URL) -> bool:
    """Whether the URL says that a pooler hands out a session for each transaction."""
    said = url.query.get(_PGBOUNCER, "false")
    if said not in ("true", "false"):
        raise InvalidDatabase(f"{_PGBOUNCER} in the URL of the database must be true or false")
    return said == "true"


def _begin_postgresql(url: URL, *, reads: bool) -> _Begin:
    # A pooler gives each transaction another session, so what a session would keep is set in each of them.
    setting = f"; SET LOCAL {_LOCK_TIMEOUT}" if _behind_pgbouncer(url) else ""
    snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    return _Begin(snapshot + setting, ("BEGIN READ ONLY" if reads else "BEGIN") + setting)


@contextmanager
def _availability() -> Iterator[None]:
    try:
        yield
    except NoConnectionFree as error:
        raise DatabaseUnavailable("every connection is in use") from error
    except OperationalError as error:
        raise DatabaseUnavailable(_in_one_line(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(_in_one_line(error)) from error
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise InvalidDatabase("the file is not a database") from error
        raise


def _in_one_line(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())
