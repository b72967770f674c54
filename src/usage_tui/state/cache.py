"""The cache: the newest data on disk, for the next start.

It is a recording of the dashboard, one for each profile, source, organization and token, and beside it a
digest for status lines. Only their owner can read them, and both are deleted as soon as the service says that
the viewer may no longer see them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from usage_tui import wire
from usage_tui.clients.base import ClientError
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.file import open_recording, write_recording
from usage_tui.clients.recording.header import Extent, Header
from usage_tui.config import paths
from usage_tui.files import make_private_folder, replacing
from usage_tui.models import Event, Grants
from usage_tui.state.access import is_not_member
from usage_tui.state.digest import digest_of
from usage_tui.state.loading import PlainStore, Store, load_all, load_past
from usage_tui.state.recorded import as_header, with_older_events
from usage_tui.state.reducers import from_cache, past_from_cache
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState

MOST_FILES = 16
LARGEST_FILE = 4 * 2**20
"""Bytes; a larger file is neither written nor read."""
_BEGINNING = b'{"schema":"usage-tui/recording/'
"""What every recording begins with."""


class Cache:
    """The file of one source, and when it is read, written and deleted.

    The disk is written in a thread, one change after the other. A change that fails is skipped:
    the dashboard works without a cache.

    Attributes:
        path: The file.
        written_at: When what `fill` has read was written; None before that, or where there was nothing.
        after_write: Called in a thread after the file was written.
    """

    def __init__(self, folder: Path, key: str, organization: str | None) -> None:
        """Choose the file. Nothing is read or written yet.

        Args:
            folder: Where the files are. It is created when the first one is written.
            key: Identifies the profile or source, and in a second line its viewer's access; see
                `Provider.cache_key`.
            organization: The id of the organization to begin with; the token's first one if it is None.
        """
        self._folder = folder
        self._organization = organization
        self.path = folder / paths.cache_name(key)
        self.written_at: datetime | None = None
        self._kept: Header | None = None
        self._kept_past: RecordingClient | None = None
        self.after_write: Callable[[], object] = lambda: None
        self._disk = ThreadPoolExecutor(1, "usage-tui-cache")

    @property
    def refusal(self) -> str:
        """Why no cache is used, one sentence; empty if it is used."""
        return paths.cache_refusal(self._folder)

    async def fill(self, store: Store) -> None:
        """Show what the dashboard was, all of it marked as cached; nothing if the file cannot be read."""
        if self.refusal:
            return
        with suppress(OSError, ClientError):
            found = self.path.stat()
            if found.st_size > LARGEST_FILE:
                return
            recording = await open_recording(self.path)
            filled = PlainStore(store.state)
            client = RecordingClient(self.path, recording)
            await load_all(filled, client)
            self._kept = recording.header
            self.written_at = datetime.fromtimestamp(found.st_mtime, UTC)
            if recording.header.days is not None:
                self._kept_past = client
            else:
                recording.close()
            store.state = from_cache(with_older_events(filled.state, recording.header))

    async def fill_past(self, store: Store) -> None:
        """Add what was cached of the past, unless the client has answered meanwhile."""
        client, self._kept_past = self._kept_past, None
        if client is None:
            return
        if store.state.summary.cached:
            filled = PlainStore(store.state)
            await load_past(filled, client)
            if store.state.summary.cached:
                store.state = past_from_cache(store.state, filled.state)
        await client.aclose()

    def follow(self, state: UsageState) -> None:
        """Write complete, new data; delete the file if it holds data that the viewer may not see.

        Only the organization that the next start begins with is cached.
        """
        first, summary = self._organization or _first_organization(state), state.summary.value
        if first is not None and summary is not None and summary.org.id != first:
            return  # the viewer is looking at another one
        header = as_header(state)
        if header is not None and header != self._kept:
            self._kept = header
            events = state.recent.value.items if state.recent.value else ()
            self._change(lambda: self._write(header, events, state))
        elif is_not_member(state) or self._holds_withheld(state):
            self._kept = None
            self._change(self._delete)

    async def aclose(self) -> None:
        """Wait until everything is on the disk."""
        await asyncio.to_thread(self._disk.shutdown)

    def _holds_withheld(self, state: UsageState) -> bool:
        if self._kept is None:
            return False
        grants, events = isinstance(self._kept.grants, Grants), isinstance(self._kept.events, Extent)
        return (grants and state.grants.status is Status.WITHHELD) or (
            events and state.recent.status is Status.WITHHELD
        )

    def _change(self, change: Callable[[], None]) -> None:
        def attempt() -> None:
            with suppress(OSError):
                change()

        self._disk.submit(attempt)

    def _write(self, header: Header, events: tuple[Event, ...], state: UsageState) -> None:
        if self.refusal:
            return
        make_private_folder(self._folder)
        write_recording(self.path, header, events)
        if self.path.stat().st_size > LARGEST_FILE:
            self._delete()
            return
        with replacing(paths.digest_of(self.path)) as file:
            file.write(wire.dump(digest_of(state, fetched_at=datetime.now(UTC))))
        files = sorted(filter(_is_ours, self._folder.iterdir()), key=lambda file: file.stat().st_mtime_ns)
        for oldest in files[:-MOST_FILES]:
            _delete(oldest)
        self.after_write()

    def _delete(self) -> None:
        if not self.refusal:
            _delete(self.path)


def _delete(cache: Path) -> None:
    """Delete a file and all that was made from it."""
    for path in (cache, paths.digest_of(cache), *paths.frames_of(cache)):
        path.unlink(missing_ok=True)


def _is_ours(file: Path) -> bool:
    """Whether the file is from a cache, by its name and content."""
    if not paths.is_cache_name(file.name) or file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as content:
        return content.read(len(_BEGINNING)) == _BEGINNING


def _first_organization(state: UsageState) -> str | None:
    """The organization that the service begins with; None while unknown."""
    me = state.me.value
    return me.organizations[0].id if me is not None and me.organizations else None
