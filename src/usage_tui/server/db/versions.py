"""The versions of the tables, and the upgrade to the newest one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

_MIGRATIONS = Path(__file__).with_name("migrations")


@cache
def known_versions() -> tuple[str, ...]:
    """Every version that this program knows, the newest last: what the migrations are named for."""
    return tuple(sorted(path.stem.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("*.py")))


def version_of(connection: Connection) -> str | None:
    """The version of the tables; None if there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def upgrade(connection: Connection) -> None:
    """Upgrade the tables to the newest version, or create them."""
    # Importing Alembic takes longer than most commands, and hardly one of them upgrades anything.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
