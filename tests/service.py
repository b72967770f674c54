"""A Usage API on a loopback address, in a process of its own: two organizations, a viewer of both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.server.processes import serve
from tests.server.world import MARIA, SAM, new_sqlite
from usage_tui.models import Organization
from usage_tui.server.auth import create_token
from usage_tui.server.ledger_writer.organizations import add_member, create_organization

ACME = Organization(id="acme", name="Acme", time_zone="America/New_York")
BETA = Organization(id="beta", name="Beta Labs", time_zone="Europe/Berlin")


class Service(NamedTuple):
    """Where it is, and who may read it.

    Attributes:
        url: Its address.
        maria: The token of an owner of Acme, who sees Beta Labs without billing access.
        sam: The token of a member of Acme alone, without billing access.
    """

    url: str
    maria: str
    sam: str


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Service]:
    """Serve until the block ends.

    Args:
        folder: Where its database is made.
        options: Further options of ``usage-tui serve``.
    """
    path = folder / "usage.db"
    maria, sam = _make_database(path)
    with serve("--database", str(path), *options) as served:
        yield Service(served.url, maria, sam)


def _make_database(path: Path) -> tuple[str, str]:
    now = datetime.now(UTC)
    period = "now", now - timedelta(days=10), now + timedelta(days=20)
    database = new_sqlite(path)
    with database.writing() as connection:
        for org in (ACME, BETA):
            create_organization(connection, org, period)
        add_member(connection, "acme", MARIA, "owner", billing_access=True)
        add_member(connection, "beta", MARIA, "viewer", billing_access=False)
        add_member(connection, "acme", SAM, "member", billing_access=False)
        maria = create_token(connection, name="maria", now=now, user_id=MARIA.id)
        sam = create_token(connection, name="sam", now=now, user_id=SAM.id)
    database.close()
    return maria, sam
