"""Keeping what the next start will show first: see `usage_tui.cli.early_frame`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import usage_tui
from usage_tui.cli.early_frame import (
    LARGEST_FILE,
    SUFFIX,
    EarlyFrame,
    content_of,
    content_state,
    file_state,
    variable_state,
)
from usage_tui.clients.registry import DEMO, RECORDING
from usage_tui.config import paths
from usage_tui.config.profiles import Profile, TokenCommand, TokenFile, TokenVariable
from usage_tui.files import make_private_folder, replacing

if TYPE_CHECKING:
    from usage_tui.clients.base import UsageClient
    from usage_tui.state.cache import Cache
    from usage_tui.tui.app import UsageApp
    from usage_tui.tui.display.writer import Frame

MOST_FRAMES = 16
_IDLE = 0.5
"""Seconds without a key after which there is time for a rehearsal."""


class FrameKeeper:
    """Keeps the first screen of a run, or of a rehearsal, for the next start.

    Args:
        early: The terminal of this start.
        stem: What the name of a file begins with, unless its data are cached.
        variables: The state of the variables that a frame depends on.
        files: The files that it depends on. They are looked at now, before they are read for it.
    """

    def __init__(
        self, early: EarlyFrame, stem: str, variables: list[list[str]], files: Sequence[Path]
    ) -> None:
        self._early = early
        self._stem = stem
        self._variables = variables
        self._paths = list(files)
        self._files = self._look()
        self._app: UsageApp | None = None
        self._client: UsageClient | None = None
        self._cache: Callable[[], Cache] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._rehearsing: asyncio.Task[None] | None = None

    def serve(
        self, app: UsageApp, client: UsageClient, cache: Callable[[], Cache] | None, alerts_file: Path
    ) -> None:
        """Keep the frames of an app.

        Args:
            app: The app, before it runs.
            client: Its source.
            cache: Opens what it caches; None for a source without a cache.
            alerts_file: Says which alerts were dismissed. Commands write the same into it again.
        """
        self._alerts_file = alerts_file
        self._alerts = content_state(str(alerts_file))
        if not app.takes_over:
            return
        self._app, self._client, self._cache, app.next_start = app, client, cache, self
        if cache is not None:
            path = cache().path
            self._stem = path.stem
            self._paths.append(path)
            self._files.append(file_state(str(path)))

    def settled(self, frame: Frame) -> None:
        """The app has shown this first."""
        self._keep(frame, self._files)

    async def aclose(self) -> None:
        """Leave it at what is kept."""
        self._app = None
        if self._timer is not None:
            self._timer.cancel()
        if self._rehearsing is not None:
            self._rehearsing.cancel()
            with suppress(asyncio.CancelledError):
                await self._rehearsing

    def cache_changed(self) -> None:
        """The next start will find other data: have a rehearsal of it, when there is time."""
        self._wait()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._app is not None:
            self._timer = asyncio.get_running_loop().call_later(_IDLE, self._rehearse_when_idle)

    def _rehearse_when_idle(self) -> None:
        app = self._app
        if app is None or perf_counter() - app.touched_at < _IDLE or not self._is_done:
            self._wait()
        else:
            self._rehearsing = asyncio.get_running_loop().create_task(self._rehearse(app))

    @property
    def _is_done(self) -> bool:
        return self._rehearsing is None or self._rehearsing.done()

    async def _rehearse(self, app: UsageApp) -> None:
        if self._cache is None or self._client is None:
            return
        from usage_tui.state.reported_alerts import ReportedAlerts
        from usage_tui.tui.rehearsal import rehearsed

        files = self._look()
        self._alerts = content_state(str(self._alerts_file))
        frame = await rehearsed(app, self._client, self._cache(), ReportedAlerts(self._alerts_file))
        if frame is not None:
            self._keep(frame, files)

    def _look(self) -> list[list[Any]]:
        return [file_state(str(path.absolute())) for path in self._paths]

    def _keep(self, frame: Frame, files: list[list[Any]]) -> None:
        """Write a frame; one that cannot be written is not worth a word."""
        if files == self._look() and self._alerts == content_state(str(self._alerts_file)):
            with suppress(OSError):
                self._write(frame, files)

    def _write(self, frame: Frame, files: list[list[Any]]) -> None:
        from usage_tui.tui.display.frame import as_data, text_of

        folder = Path(self._early.folder)
        if folder != paths.cache_folder() or paths.cache_refusal(folder):
            return
        key = self._early.key(frame.size)
        path = folder / f"{self._stem}.{key}{SUFFIX}"
        holds = {"files": files, "variables": self._variables, "contents": [self._alerts]}
        content = content_of(key, holds, text_of(frame), as_data(frame))
        if len(content) > LARGEST_FILE or (path.is_file() and path.read_bytes() == content):
            return
        make_private_folder(folder)
        with replacing(path) as file:
            file.write(content)
        _delete_others(folder, path, key)


def keeper_of(early: EarlyFrame, profile: Profile, data: Sequence[Path]) -> FrameKeeper | None:
    """What keeps the frames of a source; None if none are kept. Its token was not taken yet.

    Args:
        early: The terminal of this start.
        profile: The source. A token that a command prints is not known before that is run.
        data: The files that hold its data.
    """
    provider = profile.provider
    has_known_data = provider.is_cached or provider.name in (DEMO.name, RECORDING.name)
    if isinstance(profile.token, TokenCommand) or not has_known_data or not all(map(Path.is_file, data)):
        return None
    token = profile.token.name if isinstance(profile.token, TokenVariable) else ""
    variables = [variable_state(name) for name in (provider.url_variable, token) if name]
    files = [Path(usage_tui.__file__), *_textual(), paths.config_file(), paths.state_file()]
    files += [Path(style) for style in paths.styles()]
    if isinstance(profile.token, TokenFile):
        files.append(profile.token.path)
    owner = provider.cache_owner(profile.name, profile.url)
    stem = Path(paths.cache_name(f"{owner}\n{sorted(map(str, data))}")).stem
    return FrameKeeper(early, stem, variables, [*files, *data])


def _textual() -> list[Path]:
    """What changes with the release of Textual, which is not worth importing here."""
    found = find_spec("textual")
    return [Path(found.origin)] if found is not None and found.origin is not None else []


def _delete_others(folder: Path, kept: Path, key: str) -> None:
    """Delete frames of the same start with other data, and the oldest of too many."""
    frames: list[Any] = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: file.stat().st_mtime_ns)
    for file in frames[:-MOST_FRAMES]:
        file.unlink(missing_ok=True)
    for file in folder.glob(f"*.{key}{SUFFIX}"):
        if file != kept:
            file.unlink(missing_ok=True)
