"""The service: checks who sends a request, and answers it in one transaction."""

from __future__ import annotations

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
from usage_tui.server.db.token_use import TokenUse
from usage_tui.server.etag import Answer, answer, etag
from usage_tui.server.ledger_writer.audit import UNKNOWN, token_actor
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
    """A request without its parameters.

    Attributes:
        target: Path and query, as sent.
        known_etags: The header ``If-None-Match``.
        note_token: Called with the ID of the token once its secret is verified, valid or no longer.
    """

    authorization: str | None
    target: str
    known_etags: str | None = None
    note_token: Callable[[str], None] = lambda _token_id: None


class Admitted(NamedTuple):
    """A request of a machine that may write. Its body can be read now.

    Attributes:
        target: Path and query, as sent.
        actor: Who sends it, for the audit log.
    """

    org_id: str
    target: str
    actor: str = UNKNOWN


class Exported(NamedTuple):
    """Events to be written to a file.

    Attributes:
        unit: What their amounts count.
        pages: The events, a page at a time.
    """

    unit: Unit
    pages: Iterator[tuple[Event, ...]]


class UsageService:
    """Answers requests from one database.

    Attributes:
        database: Where the data are.
        clock: Returns the current time.
        metrics: The metrics of this service.
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
            clock: Returns the current time.
            check_clock: Returns why the clock is not trusted, in a sentence; None while it is.
            rate_limit: The rate limit of each token.
        """
        self.database = database
        self.clock = clock
        self._check_clock = check_clock
        self.metrics = Metrics()
        self._keys_in_use = KeysInUse()
        self._ahead = Ahead()
        self._token_use = TokenUse()
        self._rate_limit = rate_limit or RateLimit()

    def check_token(self, ask: Ask) -> None:
        """Count a request, and refuse one without a valid token.

        Raises:
            Problem: The token is not valid, or exceeds its rate limit.
            DatabaseUnavailable: The database is unavailable.
        """
        with self.database.reading() as connection:
            self._caller(connection, ask)

    def me(self, ask: Ask) -> Answer:
        """The user of the token.

        Raises:
            Problem: The token is not valid, or belongs to a machine.
        """
        with self.database.reading() as connection:
            body = wire.dump(replies.me(connection, self._caller(connection, ask)))
        return answer(ask.known_etags, etag(body.decode()), lambda: body)

    def audit_log(self, ask: Ask, org_id: str, before: int | None, limit: int) -> Answer:
        """Entries of the audit log, to an owner. Not every one changes the revision, so the tag is their own.

        Raises:
            Problem: The token is not valid, or not an owner's.
            DatabaseUnavailable: The database is unavailable.
        """
        with self.database.reading() as connection:
            view = self._view(connection, self._caller(connection, ask, org_id))
            log = replies.audit_log(view, before, limit)
        items = repr((log.items, log.next_before))
        return answer(ask.known_etags, etag(f"{__version__} {log.revision} {items}"), lambda: wire.dump(log))

    def read(self, ask: Ask, org_id: str, build: Build) -> Answer:
        """A reply about an organization to one of its members.

        It writes nothing and does not wait for writers. Effects of time that are not booked yet are
        computed by the ledger.

        Args:
            ask: The request.
            org_id: Which organization.
            build: Builds the reply.

        Raises:
            Problem: It is refused.
            DatabaseUnavailable: The database is unavailable.
        """
        with self.database.reading() as connection:
            return self._reply(ask, self._view(connection, self._caller(connection, ask, org_id)), build)

    def export(self, ask: Ask, org_id: str, read_query: Callable[[], EventQuery]) -> Exported:
        """All matching events that exist at the first page, newest first, a page at a time.

        Access is checked for every page, so an export ends when access is removed.

        Args:
            ask: The request.
            org_id: Which organization.
            read_query: Returns the query, or raises what is wrong with the request.

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
        """Check that a machine may write.

        Args:
            ask: The request.
            org_id: Which organization it writes to.
            scope: The scope that its token needs.

        Raises:
            Problem: It is refused.
            DatabaseUnavailable: The database is unavailable.
        """
        with self.database.reading() as connection:
            caller = self._caller(connection, ask)
            machine(caller, org_id, scope)
        self.require_clock()
        return Admitted(org_id, ask.target, token_actor(caller.token_id))

    def ingest(self, admitted: Admitted, reports: Sequence[Report | InvalidReport]) -> Answer:
        """Book the reports of a machine.

        Raises:
            Problem: All of them are refused.
        """
        with self.database.writing() as connection:
            receipt = ingest(self._open(connection, admitted), reports)
        self.metrics.count_ingested(receipt)
        if reports and receipt.rejected == len(reports):
            raise refused(receipt)
        return Answer(wire.dump(receipt))

    def change(self, admitted: Admitted, key: str, body: bytes, change: Change) -> Answer:
        """Make a change once for each idempotency key. A repeat gets the first answer.

        Args:
            admitted: The request.
            key: The idempotency key.
            body: The body. A repeat must send the same.
            change: Makes the change and returns its result.

        Raises:
            Problem: It is refused.
        """
        org_id, digest = admitted.org_id, digest_of(admitted.target, body)
        with self._keys_in_use.using(org_id, key), self.database.writing() as connection:
            opened = self._open(connection, admitted)
            answer = known_answer(connection, org_id, key, digest)
            if answer is None:
                answer = wire.dump(change(opened))
                opened.save()
                keep_answer(connection, org_id, key, digest, answer)
        return Answer(answer)

    def _caller(self, connection: Connection, ask: Ask, org_id: str | None = None) -> Caller:
        caller = self._known(connection, ask, org_id)
        self._rate_limit.take(caller.token_id)
        return caller

    def _known(self, connection: Connection, ask: Ask, org_id: str | None = None) -> Caller:
        caller = authenticate(connection, ask.authorization, self.clock(), ask.note_token, org_id)
        self._token_use.note(caller.token_id, self.clock().date())
        return caller

    def _view(self, connection: Connection, caller: Caller) -> View:
        access, organization = member(caller)
        return View(connection, organization, access, max(self.clock(), organization.position.now))

    def _reply(self, ask: Ask, view: View, build: Build) -> Answer:
        """The reply. It is the same while the organization's row and the access are."""
        parts = __version__, self._ahead.row(view), view.access, ask.target
        return answer(ask.known_etags, etag(repr(parts)), lambda: wire.dump(build(self._ahead.view(view))))

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
        """Book the effects of time in every organization.

        Returns:
            The number of organizations with effects to book; 0 while the clock is not trusted.
        """
        if self._check_clock() is not None:
            return 0
        with self.database.reading() as connection:
            due = organizations_due(connection, self.clock())
        for org_id in due:
            with suppress(UnknownOrganization), self.database.writing() as connection:
                OpenLedger(connection, org_id, self.clock()).save()
        return len(due)

    def keep_token_use(self) -> None:
        """Write the days on which tokens were used. Requests themselves do not wait for it."""
        self._token_use.write(self.database)

    def _open(self, connection: Connection, admitted: Admitted) -> OpenLedger:
        try:
            return OpenLedger(connection, admitted.org_id, self.clock(), admitted.actor)
        except UnknownOrganization:
            raise not_found() from None
