"""A primary with a synchronous standby: the primary is killed during ingest, the standby promoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event, Thread
from typing import NamedTuple

import httpx
import pytest
from sqlalchemy import select

from tests.server import postgresql
from tests.server.processes import serve
from tests.server.test_faults import assert_booked, assert_busy, labeled
from tests.server.world import ACME, NOVEMBER, World, event
from usage_tui.cli import main
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.db.schema import events
from usage_tui.server.ledger_writer.cloudevents import BATCH
from usage_tui.server.ledger_writer.organizations import create_organization
from usage_tui.server.prepare import prepare

PER_BATCH = 20
BATCHES = 8
"""How many are acknowledged to each sender before the primary is killed, and again afterwards."""


class Pair(NamedTuple):
    """Two servers; the second follows the first and acknowledges what it commits."""

    primary: postgresql.Cluster
    standby: postgresql.Cluster

    @property
    def url(self) -> str:
        """The URL of whichever is the primary, as docs/service.md writes it."""
        ports = f"{self.primary.port},{self.standby.port}"
        hosts = "host=127.0.0.1,127.0.0.1"
        return f"postgresql+psycopg://usage@/postgres?{hosts}&port={ports}&target_session_attrs=read-write"


@pytest.fixture
def pair() -> Iterator[Pair]:
    first, second = postgresql.free_ports(2)
    with ExitStack() as stack:
        primary = stack.enter_context(postgresql.prepared(port=first))
        standby = stack.enter_context(postgresql.prepared(port=second))
        primary.create()
        primary.start("synchronous_standby_names=walreceiver")
        running = stack.enter_context(ExitStack())
        running.callback(primary.stop)
        standby.follow(primary)
        standby.start()
        running.callback(standby.stop)
        yield Pair(primary, standby)


class Sender:
    """Posts one batch after another to one service, each until it is acknowledged."""

    def __init__(self, url: str, token: str, first: int) -> None:
        self.acknowledged: list[str] = []
        self.enough = Event()
        """Set once that number of batches is acknowledged."""
        self.refused = Event()
        """Set when the service has answered 503."""
        self.end = Event()
        self.promoted = Event()
        self.faults: list[Exception] = []
        self._url, self._token, self._number = url, token, first
        self._thread = Thread(target=self._run)
        self._thread.start()

    def join(self) -> None:
        self.end.set()
        self._thread.join()
        assert self.faults == []

    def _run(self) -> None:
        try:
            with httpx.Client(trust_env=False, timeout=30) as http:
                while not self.end.is_set():
                    self._post(http)
        except (httpx.HTTPError, AssertionError) as fault:
            self.faults.append(fault)
            for waited in (self.enough, self.refused):
                waited.set()

    def _post(self, http: httpx.Client) -> None:
        """Send a batch until it is acknowledged. The next one repeats half of it."""
        ids = [f"e{number}" for number in range(self._number, self._number + PER_BATCH)]
        batch = [event(one, "1", NOVEMBER[1], label=one) for one in ids]
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": BATCH}
        while True:
            answer = http.post(f"{self._url}/v1/orgs/acme/usage/events", json=batch, headers=headers)
            if answer.status_code == 200:
                receipt = answer.json()
                assert receipt["accepted"] + receipt["duplicates"] == PER_BATCH
                break
            if answer.status_code != 429:
                assert_busy(answer)
                self.refused.set()
            self.promoted.wait(int(answer.headers["Retry-After"]))
        self.acknowledged += ids
        self._number += PER_BATCH // 2
        if len(self.acknowledged) >= BATCHES * PER_BATCH:
            self.enough.set()


def test_what_was_acknowledged_outlives_the_primary(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database.open(pair.url)
    prepare(database)
    with database.writing() as connection:
        create_organization(connection, ACME, NOVEMBER)
        token = create_token(connection, name="", now=utc_now(), org_id="acme", scopes=("ingest",))
    with serve("--database", pair.url) as one, serve("--database", pair.url) as other:
        # Both book the same events at once, and each some of its own.
        senders = [Sender(one.url, token, 0), Sender(other.url, token, 50)]
        try:
            for sender in senders:
                assert sender.enough.wait(20)
            pair.primary.stop()
            for sender in senders:
                assert sender.refused.wait(20)
            before = [set(sender.acknowledged) for sender in senders]
            assert httpx.get(f"{one.url}/healthz", trust_env=False).status_code == 200
            assert_busy(httpx.get(f"{one.url}/readyz", trust_env=False))
            pair.standby.promote()
            for sender in senders:
                sender.acknowledged.clear()
                sender.enough.clear()
                sender.promoted.set()
            for sender in senders:
                assert sender.enough.wait(20)
        finally:
            for sender in senders:
                sender.end.set()
                sender.promoted.set()
            for sender in senders:
                sender.join()
    acknowledged = set().union(*before, *(sender.acknowledged for sender in senders))
    with database.reading() as connection:
        booked = Counter(connection.scalars(select(events.c.label)))
    database.close()
    assert booked == Counter(acknowledged)
    assert main(["admin", "verify", "--database", pair.url]) == 0
    assert "differences: 0" in capsys.readouterr().out


def test_a_service_that_reaches_a_standby_alone_says_503_until_it_is_the_primary(pair: Pair) -> None:
    place = "postgresql+psycopg://usage@127.0.0.1:{}/postgres"
    # What is committed can be read on the standby at once.
    applied = place.format(pair.primary.port) + "?options=-c%20synchronous_commit%3Dremote_apply"
    primary, standby = Database.open(applied), Database.open(place.format(pair.standby.port))
    prepare(primary)
    world = World.open(primary)
    world.post(labeled("before"))
    world.database = world.service.database = standby
    assert_busy(world.send(labeled("during")))
    assert_busy(world.change("subscription", {"plan": "Team", "included": "1"}, method="PUT"))
    assert world.read("usage/summary")["usage"]["event_count"] == 1
    pair.standby.promote()
    world.post(labeled("during"))
    assert_booked(world, "before", "during")
    primary.close()
    world.close()
