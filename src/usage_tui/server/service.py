"""The service: who asks, in which transaction, and what is answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from usage_tui import __version__, wire
from usage_tui.models import Event, EventPage, EventQuery
from usage_tui.server.auth import Caller, authenticate, machine, member
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import Clock, utc_now
from usage_tui.server.db.reads import UnknownOrganization
from usage_tui.server.ledger_writer.cloudevents import InvalidReport, Report
from usage_tui.server.ledger_writer.idempotency import (
    KeysInUse,
    checked_key,
    digest_of,
    keep_answer,
    known_answer,
)
from usage_tui.server.ledger_writer.ingest import ingest
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.limits import RateLimit
from usage_tui.server.metrics import Metrics
from usage_tui.server.problems import not_found
from usage_tui.server.replies import slices as replies
from usage_tui.server.replies.pages import LARGEST_LIMIT
from usage_tui.server.replies.slices import Build, View

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ReadReports = Callable[[], Sequence[Report | InvalidReport]]
Change = Callable[[OpenLedger], "DataclassInstance"]


class Ask(NamedTuple):
    """What a request says beside its parameters.

    Attributes:
        target: Path and query, as they were sent.
        known_tags: The header ``If-None-Match``.
        idempotency_key: The header of that name.
    """

    authorization: str | None
    target: str
    known_tags: str | None = None
    idempotency_key: str | None = None


class Answer(NamedTuple):
    """A reply, ready to be sent. Without a body the asker has it already."""

    body: bytes | None
    tag: str | None = None


class UsageService:
    """Answers requests from one database.

    Attributes:
        database: Where the data are.
        clock: Tells the present.
        metrics: What was answered so far.
    """

    def __init__(
        self, database: Database, *, clock: Clock = utc_now, rate_limit: RateLimit | None = None
    ) -> None:
        """Serve a database.

        Args:
            database: With the tables of this version.
            clock: Tells the present.
            rate_limit: How often a token may ask.
        """
        self.database = database
        self.clock = clock
        self.metrics = Metrics()
        self._keys_in_use = KeysInUse()
        self._rate_limit = rate_limit or RateLimit()

    def check_token(self, ask: Ask) -> None:
        """Count a request, and refuse one without a valid token.

        Raises:
            Problem: It has none, or asks too often.
            DatabaseUnavailable: The database cannot serve now.
        """
        with self.database.reading() as connection:
            self._caller(connection, ask)

    def me(self, ask: Ask) -> Answer:
        """Who asks.

        Raises:
            Problem: The token is not valid, or a machine's.
        """
        with self.database.reading() as connection:
            body = wire.dump(replies.me(connection, self._caller(connection, ask)))
        return _answer(ask, _tag(body.decode()), lambda: body)

    def read(self, ask: Ask, org_id: str, build: Build) -> Answer:
        """A reply about an organization to one of its members.

        Args:
            ask: The request.
            org_id: Which organization.
            build: Makes the reply.

        Raises:
            Problem: It is refused.
            DatabaseUnavailable: The database cannot serve now.
        """
        with self.database.reading() as connection:
            view = self._view(connection, self._caller(connection, ask, org_id))
            if view.account.next_change_at > view.now:
                return _reply(ask, view, build)
        self._settle(org_id)
        with self.database.reading() as connection:
            return _reply(ask, self._view(connection, self._known(connection, ask, org_id)), build)

    def export(
        self, ask: Ask, org_id: str, read_query: Callable[[], EventQuery]
    ) -> Iterator[tuple[Event, ...]]:
        """All events that match, newest first, a page at a time: those that were there at the first page.

        Access is asked for at every page, so that an export ends when it is taken away.

        Args:
            ask: The request.
            org_id: Which organization.
            read_query: Says which events, or what is wrong with the request.

        Raises:
            Problem: It is refused.
        """
        first = self._export_page(ask, org_id, read_query, None)

        def pages() -> Iterator[tuple[Event, ...]]:
            page = first
            yield page.items
            while page.page.next is not None:
                page = self._export_page(ask, org_id, read_query, page.page.next)
                yield page.items

        return pages()

    def ingest(self, ask: Ask, org_id: str, read_reports: ReadReports) -> Answer:
        """Book what a machine reports.

        Raises:
            Problem: It is refused as a whole.
        """
        self._admit(ask, org_id, "ingest")
        reports = read_reports()
        with self.database.writing() as connection:
            receipt = ingest(self._open(connection, org_id), reports)
        self.metrics.count_ingested(receipt)
        return Answer(wire.dump(receipt))

    def change(self, ask: Ask, org_id: str, body: bytes, change: Change) -> Answer:
        """Make a change once for each idempotency key; a repeat gets the first one's answer.

        Args:
            ask: The request.
            org_id: Which organization.
            body: What was sent; a repeat must send the same.
            change: Makes it, and says what came of it.

        Raises:
            Problem: It is refused.
        """
        self._admit(ask, org_id, "billing")
        key, digest = checked_key(ask.idempotency_key), digest_of(ask.target, body)
        with self._keys_in_use.using(org_id, key), self.database.writing() as connection:
            settled = self._open(connection, org_id)
            answer = known_answer(connection, org_id, key, digest)
            if answer is None:
                answer = wire.dump(change(settled))
                settled.save()
                keep_answer(connection, org_id, key, digest, answer)
        return Answer(answer)

    def _admit(self, ask: Ask, org_id: str, scope: str) -> None:
        with self.database.reading() as connection:
            machine(self._caller(connection, ask), org_id, scope)

    def _caller(self, connection: Connection, ask: Ask, org_id: str | None = None) -> Caller:
        caller = self._known(connection, ask, org_id)
        self._rate_limit.take(caller.token_id)
        return caller

    def _known(self, connection: Connection, ask: Ask, org_id: str | None = None) -> Caller:
        return authenticate(connection, ask.authorization, self.clock(), org_id)

    def _view(self, connection: Connection, caller: Caller) -> View:
        access, account = member(caller)
        return View(connection, account, access, max(self.clock(), account.standing.now))

    def _export_page(
        self, ask: Ask, org_id: str, read_query: Callable[[], EventQuery], cursor: str | None
    ) -> EventPage:
        with self.database.reading() as connection:
            admit = self._caller if cursor is None else self._known
            view = self._view(connection, admit(connection, ask, org_id))
            return replies.events(view, read_query, cursor, LARGEST_LIMIT)

    def _settle(self, org_id: str) -> None:
        with suppress(UnknownOrganization), self.database.writing() as connection:
            OpenLedger(connection, org_id, self.clock()).save()

    def _open(self, connection: Connection, org_id: str) -> OpenLedger:
        try:
            return OpenLedger(connection, org_id, self.clock())
        except UnknownOrganization:
            raise not_found() from None


def _reply(ask: Ask, view: View, build: Build) -> Answer:
    """The reply; while the organization's row and the access were the same, so was it."""
    parts = __version__, view.account, view.access, ask.target
    return _answer(ask, _tag(repr(parts)), lambda: wire.dump(build(view)))


def _answer(ask: Ask, tag: str, body: Callable[[], bytes]) -> Answer:
    known = {text.strip() for text in (ask.known_tags or "").split(",")}
    return Answer(None, tag) if tag in known else Answer(body(), tag)


def _tag(text: str) -> str:
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
