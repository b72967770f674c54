"""Databases to fill: SQLite files, and those of a PostgreSQL server that runs meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.server import postgresql

NewDatabase = Callable[[], str]
"""Gives the name of an empty one, as ``usage-tui serve --database`` takes it."""


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, NewDatabase]]:
    """The kinds of databases that there are here."""
    numbers = count()
    kinds: dict[str, NewDatabase] = {"SQLite": lambda: str(folder / f"usage-{next(numbers)}.db")}
    if postgresql.binaries() is None:
        print("no PostgreSQL here: it is left out", file=sys.stderr)
        yield kinds
        return
    with postgresql.running(durable=True) as cluster:
        url = f"postgresql+psycopg:///{{}}?{cluster.place}"
        engine = create_engine(url.format("postgres"), isolation_level="AUTOCOMMIT")

        def create() -> str:
            name = f"usage_{next(numbers)}"
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            return url.format(name)

        yield {**kinds, "PostgreSQL": create}
        engine.dispose()
