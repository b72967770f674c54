"""The option that names a database of the Usage API."""

from __future__ import annotations

import argparse

A_DATABASE = "an SQLite file, or postgresql+psycopg://HOST/NAME"
_DEFAULT = "usage.db"


def add_argument(parser: argparse._ActionsContainer) -> None:
    """Declare ``--database``."""
    parser.add_argument(
        "--database", default=_DEFAULT, metavar="URL|PATH", help=f"{A_DATABASE} (default {_DEFAULT})"
    )
