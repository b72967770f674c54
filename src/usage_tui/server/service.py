"""The service: who asks, in which transaction, and what is answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from usage_tui import __version__, wire
from usage_tui.models import Event, EventPage, EventQuery, Unit
from usage_tui.server.auth import Caller, authenticate, machine, member
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import Clock, utc_now
from usage_tui.server.db.reads import UnknownOrganization, organizations_due
from usage_tui.server.ledger_writer.cloudevents import InvalidReport, Report
from usage_tui.server.ledger_writer.idempotency import KeysInUse, digest_of, keep_answer, known_answer
from usage_tui.server.ledger_writer.ingest import ingest, refused
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.limits import RateLimit
from usage_tui.server.metrics import Metrics
from usage_tui.server.problems import clock_not_trusted, not_found
from usage_tui.server.replies import slices as replies
from usage_tui.server.replies.ahead import Ahead
from usage_tui.server.replies.pages import LARGEST_LIMIT
from usage_tui.server.replies.slices import Build, View

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Change = Callable[[OpenLedger], "DataclassInstance"]


class Ask(NamedTuple):
    """What a request says beside its parameters.

    Attributes:
        target: Path and query, as they were sent.
        known_tags: The header ``If-None-Match``.
        note_token: Is told the id of the token, once its secret was found to be right.
    """

    authorization: str | None
    target: str
    known_tags: str | None = None
    note_token: Callable[[str], None] = lambda _token_id: None


class Admitted(NamedTuple):
    """A request of a machine that may write, as its head tells; its body may be read.

    Attributes:
        target: Path and query, as they were sent.
    """

    org_id: str
    target: str


class Exported(NamedTuple):
    """Events to be written to a file.

    Attributes:
        unit: What their amounts count.
        pages: The events, a page at a time.
    """

    unit: Unit
    pages: Iterator[tuple[Event, ...]]


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
        self,
        database: Database,
        *,
        clock: Clock = utc_now,
        check_clock: Callable[[], str | None] = lambda: None,
        rate_limit: RateLimit | None = None,
    ) -> None:
        """Serve a database.

        Args:
            database: With the tables of this version.
            clock: Tells the present.
            check_clock: Says why the clock is not to be booked by, in a sentence; None while it is.
            rate_limit: How often a token may ask.
        """
        self.database = database
        self.clock = clock
        self._check_clock = check_clock
        self.metrics = Metrics()
        self._keys_in_use = KeysInUse()
        self._ahead = Ahead()
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

        Nothing is written, and no writer is waited for: what time has brought about since the last booking
        is worked out by the ledger itself.

        Args:
            ask: The request.
            org_id: Which organization.
            build: Makes the reply.

        Raises:
            Problem: It is refused.
            DatabaseUnavailable: The database cannot serve now.
        """
        with self.database.reading() as connection:
            return self._reply(ask, self._view(connection, self._caller(connection, ask, org_id)), build)

    def export(self, ask: Ask, org_id: str, read_query: Callable[[], EventQuery]) -> Exported:
        """All events that match, newest first, a page at a time: those that were there at the first page.

        Access is asked for at every page, so that an export ends when it is taken away.

        Args:
            ask: The request.
            org_id: Which organization.
            read_query: Says which events, or what is wrong with the request.

        Raises:
            Problem: It is refused.
        """
        unit, first = self._export_page(ask, org_id, read_query, None)

        def pages() -> Iterator[tuple[Event, ...]]:
            page = first
            yield page.items
            while page.page.next is not None:
                _, page = self._export_page(ask, org_id, read_query, page.page.next)
                yield page.items

        return Exported(unit, pages())

    def admit(self, ask: Ask, org_id: str, scope: str) -> Admitted:
        """Let a machine write.

        Args:
            ask: The request.
            org_id: Which organization it writes to.
            scope: What its token must be allowed to do.

        Raises:
            Problem: It is refused.
            DatabaseUnavailable: The database cannot serve now.
        """
        with self.database.reading() as connection:
            machine(self._caller(connection, ask), org_id, scope)
        self.require_clock()
        return Admitted(org_id, ask.target)

    def ingest(self, admitted: Admitted, reports: Sequence[Report | InvalidReport]) -> Answer:
        """Book what a machine reports.

        Raises:
            Problem: All of it is refused.
        """
        with self.database.writing() as connection:
            receipt = ingest(self._open(connection, admitted.org_id), reports)
        self.metrics.count_ingested(receipt)
        if reports and receipt.rejected == len(reports):
            raise refused(receipt)
        return Answer(wire.dump(receipt))

    def change(self, admitted: Admitted, key: str, body: bytes, change: Change) -> Answer:
        """Make a change once for each idempotency key; a repeat gets the first one's answer.

        Args:
            admitted: The request.
            key: The same for a repeat.
            body: What was sent; a repeat must send the same.
            change: Makes it, and says what came of it.

        Raises:
            Problem: It is refused.
        """
        org_id, digest = admitted.org_id, digest_of(admitted.target, body)
        with self._keys_in_use.using(org_id, key), self.database.writing() as connection:
            settled = self._open(connection, org_id)
            answer = known_answer(connection, org_id, key, digest)
            if answer is None:
                answer = wire.dump(change(settled))
                settled.save()
                keep_answer(connection, org_id, key, digest, answer)
        return Answer(answer)

    def _caller(self, connection: Connection, ask: Ask, org_id: str | None = None) -> Caller:
        caller = self._known(connection, ask, org_id)
        self._rate_limit.take(caller.token_id)
        return caller

    def _known(self, connection: Connection, ask: Ask, org_id: str | None = None) -> Caller:
        caller = authenticate(connection, ask.authorization, self.clock(), org_id)
        ask.note_token(caller.token_id)
        return caller

    def _view(self, connection: Connection, caller: Caller) -> View:
        access, account = member(caller)
        return View(connection, account, access, max(self.clock(), account.standing.now))

    def _reply(self, ask: Ask, view: View, build: Build) -> Answer:
        """The reply; while the organization's row and the access were the same, so was it."""
        parts = __version__, self._ahead.row(view), view.access, ask.target
        return _answer(ask, _tag(repr(parts)), lambda: wire.dump(build(self._ahead.view(view))))

    def _export_page(
        self, ask: Ask, org_id: str, read_query: Callable[[], EventQuery], cursor: str | None
    ) -> tuple[Unit, EventPage]:
        with self.database.reading() as connection:
            admit = self._caller if cursor is None else self._known
            view = self._view(connection, admit(connection, ask, org_id))
            return view.unit, replies.events(self._ahead.view(view), read_query, cursor, LARGEST_LIMIT)

    def require_clock(self) -> None:
        """Refuse to book by a clock that may be wrong.

        Raises:
            Problem: It is not trusted.
        """
        doubt = self._check_clock()
        if doubt is not None:
            raise clock_not_trusted(doubt)

    def book_time(self) -> int:
        """Book what time has brought about in every organization.

        Returns:
            In how many organizations there was something to book; none while the clock is not trusted.
        """
        if self._check_clock() is not None:
            return 0
        with self.database.reading() as connection:
            due = organizations_due(connection, self.clock())
        for org_id in due:
            with suppress(UnknownOrganization), self.database.writing() as connection:
                OpenLedger(connection, org_id, self.clock()).save()
        return len(due)

    def _open(self, connection: Connection, org_id: str) -> OpenLedger:
        try:
            return OpenLedger(connection, org_id, self.clock())
        except UnknownOrganization:
            raise not_found() from None


def _answer(ask: Ask, tag: str, body: Callable[[], bytes]) -> Answer:
    known = {text.strip() for text in (ask.known_tags or "").split(",")}
    return Answer(None, tag) if tag in known else Answer(body(), tag)


def _tag(text: str) -> str:
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
