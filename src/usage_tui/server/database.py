"""One database, SQLite or PostgreSQL, behind one code path: how it is opened, read and written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

_BUSY_SECONDS = 5
_WRITES = "usage_tui_writes"
_POSTGRESQL_LOCK = 7_361_001
"""The number under which processes that start together take turns at migrating."""


class DatabaseUnavailable(Exception):
    """The database cannot serve now: locked, full, or not reachable. Another try may succeed."""


class InvalidDatabase(Exception):
    """The name is neither a file nor the URL of a database that is supported."""


class Database:
    """An open database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, name: str) -> Database:
        """Open a database; an SQLite file is created where there is none.

        Args:
            name: The path of an SQLite file, or a URL such as ``postgresql+psycopg://host/name``.

        Raises:
            InvalidDatabase: The name means nothing, or its driver is not installed.
        """
        try:
            url = make_url(name if "://" in name else f"sqlite:///{name}")
            if url.get_backend_name() == "sqlite":
                # Who may read it can also see whose tokens there are, and sign cursors.
                Path(url.database or "").touch(mode=0o600)
                return cls(_sqlite(url.render_as_string(hide_password=False)))
            if url.get_backend_name() == "postgresql":
                return cls(_postgresql(url.render_as_string(hide_password=False)))
        except OSError as error:
            raise InvalidDatabase(f"{name}: cannot be opened: {error.strerror}") from None
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
            pass
        raise InvalidDatabase(
            "the database must be the path of an SQLite file, or postgresql+psycopg://HOST/NAME"
        )

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
        """One snapshot of the data. It blocks no writer, and none blocks it.

        Raises:
            DatabaseUnavailable: It cannot be read now.
        """
        options: dict[str, Any] = {}
        if self.dialect == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _availability(), self._engine.connect() as connection:
            yield connection.execution_options(**options)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept unless something is raised.

        Raises:
            DatabaseUnavailable: It cannot be written now; nothing was.
        """
        with _availability(), self._engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def migrate(self) -> None:
        """Bring the tables to what this version needs; the data are kept.

        Raises:
            DatabaseUnavailable: It cannot be reached or written.
        """
        with self.writing() as connection:
            if self.dialect == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def is_current(self) -> bool:
        """Whether the tables are those of this version."""
        with self.reading() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        return found == ScriptDirectory.from_config(_alembic()).get_current_head()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin below, not where the driver thinks fit
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _BUSY_SECONDS})


@contextmanager
def _availability() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnavailable(str(error.orig)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(str(error.orig)) from error
        raise


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("usage_tui.server") / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
