"""Recording a client: write everything that its viewer may see, of one revision, to a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

from usage_tui.clients.base import ClientError, InvalidReply, UsageClient
from usage_tui.clients.recording.file import new_recording
from usage_tui.clients.recording.header import Extent, Header
from usage_tui.clients.recording.redaction import Redaction
from usage_tui.clients.walk import walk
from usage_tui.models import Event, EventPage, EventQuery
from usage_tui.state.loading import PlainStore, load_all, load_past
from usage_tui.state.recorded import as_header, without_what_follows
from usage_tui.state.replies import OF_DASHBOARD
from usage_tui.state.usage import UsageState


class Recorded(NamedTuple):
    """What was written.

    Attributes:
        header: The first line.
        events: How many events follow.
    """

    header: Header
    events: int


async def record(
    client: UsageClient, path: Path, *, most: int | None = None, redact: bool = False
) -> Recorded:
    """Write a client's data to a recording. The file is replaced only once the recording is complete.

    Args:
        client: Where the data come from.
        path: The file; an existing one is replaced, and only its owner can read the new one.
        most: The maximum number of events, newest first; None for all.
        redact: Whether names are replaced, as `Redaction` says.

    Raises:
        ClientError: A reply is missing, or the data changed each time they were read.
        OSError: The file cannot be written.
    """
    state = await _loaded(client)
    header, newest = as_header(state), None
    if header is None:
        raise _reason(state)
    if isinstance(header.events, Extent):
        if most is not None:
            # One more than wanted shows whether these are all, which the header says.
            newest = [event async for event in _walk(client, state.recent.value, most + 1)]
        complete = newest is None or len(newest) == len(newest[:most])
        header = header._replace(events=Extent(complete=complete))
    header = without_what_follows(header)
    redaction, count = Redaction() if redact else None, 0
    header = redaction.header(header) if redaction else header
    with new_recording(path, header) as write:
        events = _walk(client, state.recent.value, None) if newest is None else _each(newest[:most])
        async for event in events:
            write(redaction.event(event) if redaction else event)
            count += 1
    return Recorded(header, count)


async def _loaded(client: UsageClient) -> UsageState:
    store = PlainStore.of(client)
    await load_all(store, client)
    await load_past(store, client)
    return store.state


def _reason(state: UsageState) -> ClientError:
    """Why the state is incomplete."""
    for reply in OF_DASHBOARD:
        error = reply.of(state).error
        if error is not None:
            return error
    return InvalidReply("The data kept changing while being read.", advice="Try again later.")


async def _walk(client: UsageClient, page: EventPage | None, most: int | None) -> AsyncIterator[Event]:
    """Yield the events of a page and all older events, following the page's cursors."""
    if page is None:
        return
    left, revision = most, page.revision
    async for following in walk(client, page, EventQuery()):
        if following.revision != revision:
            raise InvalidReply("The events changed while being read.", advice="Try again.")
        for event in following.items[:left]:
            yield event
        if left is not None:
            left -= min(left, len(following.items))
            if not left:
                return


async def _each(events: list[Event]) -> AsyncIterator[Event]:
    for event in events:
        yield event
