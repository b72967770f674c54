"""Demo data for a service that starts from nothing."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import NamedTuple

from usage_tui.models import User
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import Clock
from usage_tui.server.ledger_writer.import_recording import RecordedOrganization, import_recording
from usage_tui.server.ledger_writer.organizations import add_member

_OWNER = User(id="usr_01", name="Maria")
_MEMBER = User(id="usr_02", name="Sam")


class Demo(NamedTuple):
    """A seeded demo, with its tokens and its clock.

    Attributes:
        owner: The token of an owner.
        member: The token of a member without billing access.
    """

    owner: str
    member: str
    clock: Clock


def seed_demo(database: Database, kept: RecordedOrganization) -> Demo:
    """Fill an empty database with a demo. Its clock continues from the time of the demo."""
    as_of, org_id = kept.summary.as_of, kept.summary.org.id
    with database.writing() as connection:
        import_recording(connection, kept)
        add_member(connection, org_id, _OWNER, "owner", billing_access=True)
        add_member(connection, org_id, _MEMBER, "member", billing_access=False)
        owner = create_token(connection, name="demo owner", now=as_of, user_id=_OWNER.id)
        member = create_token(connection, name="demo member", now=as_of, user_id=_MEMBER.id)
    return Demo(owner, member, _clock_from(as_of))


def _clock_from(start: datetime) -> Clock:
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)
