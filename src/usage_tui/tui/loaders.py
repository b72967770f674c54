"""An app whose state follows a client: what is loaded, when, and what cancels what."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from textual import work
from textual.reactive import Reactive, reactive
from textual.timer import Timer
from textual.worker import get_current_worker

from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.clients.base import ClientError
from usage_tui.models import Event
from usage_tui.state import loading, reducers
from usage_tui.state.chosen import load_chosen
from usage_tui.state.freshness import worth_retrying
from usage_tui.state.history import Turn
from usage_tui.state.known_state import KnownState
from usage_tui.state.turning import Turning
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import FOCUS
from usage_tui.tui.start import Start
from usage_tui.tui.terminal_app import TerminalApp

if TYPE_CHECKING:
    from usage_tui.clients.base import EventPages
    from usage_tui.state.answers import Answers
    from usage_tui.state.cache import Cache
    from usage_tui.state.overview_profiles import Opened
    from usage_tui.tui.delivery import Listener
    from usage_tui.tui.display.writer import Frame
    from usage_tui.tui.exporting import Export
    from usage_tui.tui.next_start import NextStart

T = TypeVar("T")

_LONGEST_WAIT = 1.5
"""Seconds after which the first screen counts as complete, though the past is still being read."""

_SOON = 0.01
"""Seconds until it is looked again whether the first screen is complete."""

ALERTS = "alerts"
"""The group of workers that find out what to warn of."""

_CHECKING = {"refresh", "all"}
"""The groups of workers that check the origin and load what it has."""


class LoadingApp(TerminalApp):
    """An app that holds the state and keeps it up to date.

    A worker cancels an older one of its own group.

    Attributes:
        next_start: Keeps what the next start shows first; None if nothing is kept.
        known: What is known, as of now.
        state: What of it is shown, which is all, or all but names.
        turning: The pages of the history that were asked for.
        started: How the program was started, with the organization that is shown now.
    """

    glyphs: Glyphs
    state: Reactive[UsageState] = reactive(UsageState(origin=""), init=False, repaint=False)

    def __init__(self, start: Start) -> None:
        client, settings = start.client, start.settings
        super().__init__(settings, start.shown)
        self.started = start.started
        state = replace(reducers.initial(client.origin, client.not_offered), ascii_only=settings.ascii)
        self.known = KnownState(
            state, partial(setattr, self, "state"), start.started.title, hides_names=settings.redacted
        )
        self.set_reactive(LoadingApp.state, self.known.shown)
        self.turning = Turning()
        self.next_start: NextStart | None = None
        self._client = client
        self._pages = start.pages
        self._cache = start.cache
        self._releases: set[asyncio.Task[None]] = set()
        self._answers: Answers | None = None
        self._loaded = asyncio.Event()
        self._painted = asyncio.Event()
        self._is_complete = False
        self._checks: Timer | None = None
        self._fetched_at = datetime.now(UTC)

    @property
    def has_painted(self) -> bool:
        """Whether the first frame is on the screen."""
        return self._painted.is_set()

    def note(self, text: str) -> None:
        """Say what has just happened."""
        raise NotImplementedError

    @property
    def fetched_at(self) -> datetime:
        """When the source told what is shown; of a recording, when it was made."""
        summary = self.state.summary.value
        if summary is not None and self.started.file is not None:
            return summary.as_of
        return self._fetched_at

    async def on_load(self) -> None:
        """Load everything. If the data are there before the first frame, one frame is enough."""
        if self._cache is not None:
            await self._cache.fill(self.known)
            self._fetched_at = self._cache.written_at or self._fetched_at
            if self.next_start is not None:
                loop, told = asyncio.get_running_loop(), self.next_start.cache_changed
                self._cache.after_write = lambda: loop.call_soon_threadsafe(told)
        if self.known.state.summary.value is not None:
            self.call_after_refresh(self.load_all)
            return
        self.load_all()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._loaded.wait(), loading.FIRST_WAIT)

    def on_mount(self) -> None:
        """From now on, load only what is asked for."""
        self.call_after_refresh(self._first_painted)
        self._check_every(self.settings.refresh_seconds)
        self.app_resume_signal.subscribe(self, self._resumed)

    async def on_unmount(self) -> None:
        """Release what the client holds."""
        if self.next_start is not None:
            await self.next_start.aclose()
        await asyncio.gather(*self._releases, _release(self._pages, self._cache))

    def settled(self, frame: Frame) -> None:
        """Keep what is shown first, for the next start, unless a service has told more meanwhile."""
        from_same_data = self._cache is None or self.known.state.summary.cached
        if self.next_start is not None and from_same_data and not self.state.redacted:
            self.next_start.settled(frame)

    def watch_state(self) -> None:
        """Update the cache."""
        if self._cache is not None:
            self._cache.follow(self.known.state)

    @work(exclusive=True, group="all")
    async def load_all(self) -> None:
        """Load every reply the viewer may see: who the viewer is first, the past after the first frame."""
        self._loaded.clear()
        await loading.load_all(self.known, self._client)
        if not self.known.state.summary.stale:
            self._fetched_at = datetime.now(UTC)
        self._loaded.set()
        await self._shown_now()
        await loading.load_past(self.known, self._client)
        await load_chosen(self.known, self._client)
        self._first_complete()

    async def _shown_now(self) -> None:
        """Wait until the screen shows what is loaded: more work would only delay that."""
        await self._loaded.wait()
        await self._painted.wait()
        shown = asyncio.Event()
        self.call_after_refresh(shown.set)
        await shown.wait()

    async def _first_painted(self) -> None:
        """What the first frame did not need."""
        self._painted.set()
        if self._cache is not None:
            await self._cache.fill_past(self.known)
            self._first_complete()
        else:
            self.set_timer(_LONGEST_WAIT, self._first_complete)
        self.check_all()

    def _first_complete(self) -> None:
        """What the first screen shows is known, or takes too long."""
        if not self._is_complete:
            self._is_complete = True
            self.call_after_refresh(self._settle_when_complete)

    def _settle_when_complete(self) -> None:
        if any(worker.group == ALERTS and not worker.is_finished for worker in self.workers):
            self.set_timer(_SOON, self._settle_when_complete)
        else:
            self.call_after_refresh(self.settle)

    def turn_page(self, turn: Turn, limit: int) -> None:
        """Load another page of the history, or the same one again, with `limit` rows."""
        if self.turning.ask(turn, limit):
            self._turn_pages()

    @work(exclusive=True, group="events")
    async def _turn_pages(self) -> None:
        note = await self.turning.make(self.known, self._pages)
        if note:
            error = self.known.state.events.error
            is_failure = error is not None and error.full_text == note
            self.note(self.known.sentence(error) if error is not None and is_failure else note)

    @work(exclusive=True, group="find")
    async def find_event(self, event_id: str, until: datetime, found: Callable[[Event], None]) -> None:
        """Look for an event that happened until an instant, and hand it on; say so if it is not found."""
        event, note = None, f"{event_id} is not among the {loading.NEAREST_EVENTS} events before this one."
        try:
            event = await loading.find_event(self.known.client(self._client), event_id, until)
        except ClientError as error:
            note = self.known.sentence(error)
        if get_current_worker().is_cancelled:
            return  # by another organization
        if event is None:
            self.note(note)
        else:
            found(event)

    @work(exclusive=True, group="export")
    async def export(self, wanted: Export, path: Path | None, listener: Listener, *, exclusive: bool) -> None:
        """Export something, and tell how far it is and how it ends.

        Args:
            wanted: What.
            path: The file; None for the terminal's clipboard.
            listener: Is told how it goes.
            exclusive: Whether to fail if the file exists.
        """
        from usage_tui.tui.delivery import deliver
        from usage_tui.tui.exporting import Look, texts
        from usage_tui.tui.exporting_focus import focus

        look = Look(self.state, self.fetched_at, self.started.title)
        of = focus if wanted.selection.what == FOCUS else texts
        async with aclosing(of(self.known.client(self._client), look, wanted, listener.tell)) as pieces:
            if path is None or not self.settings.restricted:
                names_host = not self.known.hides_names
                await deliver(
                    pieces,
                    path,
                    self.copy_to_clipboard,
                    listener,
                    exclusive=exclusive,
                    names_host=names_host,
                )

    def cancel_export(self) -> None:
        """Stop it; the part of the file that is written is deleted."""
        self.workers.cancel_group(self, "export")

    @work(exclusive=True, group="answer")
    async def answer(
        self,
        question: Callable[[Answers], Awaitable[T]],
        answered: Callable[[T], None],
        failed: Callable[[ClientError], None],
    ) -> None:
        """Ask a question, in place of the one before, and hand its answer on, or why there is none."""
        from usage_tui.state.answers import answers_for

        self._answers = answers_for(self.state, self.known.client(self._client), self._answers)
        if self._answers is None:
            return  # nothing is known yet; who asks is told once something is
        try:
            found = await question(self._answers)
        except ClientError as error:
            if not get_current_worker().is_cancelled:
                failed(error)
            return
        if not get_current_worker().is_cancelled:
            answered(found)

    def switch_organization(self, organization: str) -> None:
        """Show another organization; nothing of the former one stays.

        Args:
            organization: Its id.
        """
        for group in ("events", "find", "answer", "refresh", "check"):
            self.workers.cancel_group(self, group)
        self._pages.select(organization)
        self.known.state = reducers.switched(self.known.state)
        self.load_all()

    async def switch_client(self, opened: Opened) -> None:
        """Show another source; nothing of the former one stays, and it is closed."""
        for group in ("all", "events", "find", "answer", "refresh", "check"):
            self.workers.cancel_group(self, group)
        if self.next_start is not None:
            await self.next_start.aclose()  # it keeps what the next start shows, which is the former source
            self.next_start = None
        # A task of its own: to quit, or to open a third source meanwhile, cancels the rest of this.
        closing = asyncio.create_task(_release(self._pages, self._cache))
        self._releases.add(closing)
        closing.add_done_callback(self._releases.discard)
        self._client, self._pages, self._cache = opened.client, opened.pages, opened.cache
        self.started, self._fetched_at = opened.started, datetime.now(UTC)
        self.settings = self.settings._replace(refresh_seconds=opened.refresh_seconds)
        self.turning = Turning()
        nothing = reducers.initial(opened.client.origin, opened.client.not_offered)
        nothing = replace(nothing, ascii_only=self.settings.ascii)
        self.known.provider = opened.started.title
        self.known.state = nothing
        if opened.organization is not None:
            opened.pages.select(opened.organization)
        if opened.cache is not None:
            await opened.cache.fill(self.known)
            self._fetched_at = opened.cache.written_at or self._fetched_at
            summary = self.known.state.summary.value
            if summary is not None and opened.organization not in (None, summary.org.id):
                self.known.state = nothing
            await opened.cache.fill_past(self.known)
        self._check_every(opened.refresh_seconds)
        self.load_all()

    @work(exclusive=True, group="check")
    async def check_all(self) -> None:
        """Check the data as a whole, after what was loaded with it is shown."""
        await self._shown_now()
        await loading.check_all(self.known, self._client)

    @work(exclusive=True, group="refresh")
    async def reload(self, *, force: bool) -> None:
        """Check the origin and load what has changed; on a failure the old data stay."""
        try:
            changed = await self._client.refresh()
        except ClientError as error:
            self.known.state = reducers.refresh_failed(self.known.state, error)
            return
        if changed or force or worth_retrying(self.known.state):
            self.load_all()
            self.known.state = reducers.page_outdated(self.known.state, newest=force)
            if changed:
                self.check_all()

    def check_origin(self) -> None:
        """Check whether the origin has changed, unless a check or its loading is still running."""
        if all(worker.group not in _CHECKING or worker.is_finished for worker in self.workers):
            self.reload(force=False)

    def _check_every(self, seconds: int) -> None:
        """Check the origin at intervals; never by itself for 0."""
        if self._checks is not None:
            self._checks.stop()
        self._checks = self.set_interval(seconds, self.check_origin) if seconds else None

    def _resumed(self, _: object) -> None:
        """The process was suspended for an unknown time: check now, and then at intervals again."""
        if self._checks is not None:
            self._checks.reset()
            self.check_origin()


async def _release(pages: EventPages, cache: Cache | None) -> None:
    """Close a source, and what is kept of it."""
    await pages.aclose()
    if cache is not None:
        await cache.aclose()
