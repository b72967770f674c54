"""The first screen, shown before anything is imported that takes long.

What a start will show first is kept by an earlier one: see `usage_tui.cli.frame_keeper`. Where all that it
depends on is still the same, it is on the screen after a few milliseconds. What does not fit in any way is
not shown; then the first screen is drawn as soon as its data are known: see `usage_tui.cli.early_drawing`.
The app takes over what is shown, and sends only what differs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from usage_tui import __version__

TYPE_CHECKING = False  # typing is longer in coming than a frame may take
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

SUFFIX = ".frame.json"
LARGEST_FILE = 2**20
"""Bytes; a larger file is neither written nor read."""
_NEVER = {"--print", "--redact", "--restricted", "--stock-display", "--help", "-h", "--version", "-"}
"""Words with which nothing is kept, so that nothing needs to be looked for."""
_VARIABLES = {
    *("TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TERMINFO", "TERMINFO_DIRS", "COLORTERM"),
    *("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES", "LANG", "LANGUAGE"),
    *("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"),
}
_PREFIXES = ("LC_", "TEXTUAL", "PYTHON")
"""Variables, and beginnings of their names, that change what is shown, or where files lie."""
_PREPARE = "\x1b[?1049h\x1b[?25l\x1b[?7l"
_RESTORE = "\x1b[?7h\x1b[?1049l\x1b[?25h"
"""Another screen without a cursor, where lines do not wrap; and back."""


class EarlyFrame:
    """The terminal of a start, and what was kept of an earlier one for it.

    Attributes:
        attributes: How the terminal was set before; None as long as nothing is shown.
        size: The bytes that were written.
        is_intact: Whether the terminal still shows what was written.
        is_complete: Whether that is all of the first screen, with what takes long to find out.
    """

    def __init__(self, words: Sequence[str], folder: str) -> None:
        self.folder = folder
        self.attributes: list[Any] | None = None
        self.size = 0
        self.is_intact = self.is_complete = False
        variables = sorted(
            item for item in os.environ.items() if item[0] in _VARIABLES or item[0].startswith(_PREFIXES)
        )
        encoding = getattr(sys.stdout, "encoding", "")
        # Before the start changes the environment for Textual.
        self._situation = [__version__, list(words), _working_folder(), variables, encoding]
        self._cells: Callable[[], Any] = dict
        self._is_ours = False
        self._signals: dict[int, Any] = {}

    def key(self, size: tuple[int, int]) -> str:
        """Tells all that is known at once of a start, such as its arguments, from that of any other.

        Args:
            size: Columns and rows of the terminal.
        """
        import json

        return digest(json.dumps([*self._situation, list(size)]).encode())[:32]

    @property
    def cells(self) -> Any:
        """What the terminal shows, as plain data; None if nothing was shown, or not any more."""
        return self._cells() if self.is_intact else None

    def show_kept(self) -> None:
        """Write what was kept, if it is what this start will show."""
        found = self._find()
        if found is not None:
            import json

            text, cells = found
            self.is_complete = True
            self.show(text, lambda: json.loads(cells))

    def show(self, text: str, cells: Callable[[], Any]) -> None:
        """Write a frame.

        Args:
            text: What makes a terminal show it.
            cells: Gives the same as plain data.
        """
        import termios

        self._cells = cells
        try:
            self.attributes = termios.tcgetattr(0)
            self._guard()
            self._is_ours = self.is_intact = True
            termios.tcsetattr(0, termios.TCSANOW, _without_echo(self.attributes))
            self.size = _write(_PREPARE + text)
        except (OSError, termios.error):
            self.is_intact = False  # the start goes on as if nothing had been kept

    def taken_over(self) -> None:
        """From now on the app gives the terminal back."""
        self._is_ours = False

    def give_back(self) -> None:
        """Leave the terminal as it was, unless the app has done so or will do so."""
        if self._is_ours:
            self._restore()
        import signal

        for number, before in self._signals.items():
            if signal.getsignal(number) in (self._ended, self._resized):
                signal.signal(number, before)
        self._signals.clear()

    def _restore(self) -> None:
        import termios

        self._is_ours = self.is_intact = False
        with suppress(OSError, termios.error):
            _write(_RESTORE)
        with suppress(OSError, termios.error):
            termios.tcsetattr(0, termios.TCSANOW, self.attributes or termios.tcgetattr(0))

    def _guard(self) -> None:
        """Give the terminal back on a signal, too, and notice when its size changes."""
        import signal

        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._signals[number] = signal.signal(number, self._ended)
        self._signals[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, self._resized)

    def _ended(self, number: int, _: FrameType | None) -> None:
        import signal

        self._restore()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)

    def _resized(self, _: int, __: FrameType | None) -> None:
        self.is_intact = False

    def _find(self) -> tuple[str, str] | None:
        """The text and the cells of the frame for this start; files that do not fit any more are deleted."""
        try:
            names = [name for name in os.listdir(self.folder) if name.endswith(SUFFIX)]  # noqa: PTH208 - without pathlib
            size = os.get_terminal_size(1) if names else None
        except OSError:
            return None
        if size is None:
            return None
        key, found = self.key((size.columns, size.lines)), None
        for name in names:
            if name.endswith(f".{key}{SUFFIX}"):
                path = os.path.join(self.folder, name)  # noqa: PTH118 - without pathlib
                found = found or read(path, key)
                if found is None:
                    with suppress(OSError):
                        os.unlink(path)  # noqa: PTH108 - without pathlib
        return found


@contextmanager
def early_frame(words: Sequence[str]) -> Iterator[EarlyFrame | None]:
    """Show what this start will show, and give the terminal back at the end.

    Args:
        words: The command line.

    Yields:
        What the app takes over; None if nothing can be kept either.
    """
    if sys.platform == "win32" or _NEVER.intersection(words) or not _has_screen():
        yield None
        return
    early = EarlyFrame(words, _cache_folder())
    try:
        early.show_kept()
        yield early
    finally:
        early.give_back()


def read(path: str, key: str) -> tuple[str, str] | None:
    """The text and the cells of a frame; None if it is damaged, or if it does not fit any more.

    Args:
        path: The file.
        key: That of the start.
    """
    import json

    try:
        content = _private_content(path)
        own_digest, head, text, cells, end = content.decode().split("\n")
        if end or own_digest != digest(content.partition(b"\n")[2]):
            return None
        facts = json.loads(head)
        if facts["key"] != key or not _still_holds(facts):
            return None
        return json.loads(text), cells
    except (OSError, ValueError, KeyError, TypeError):
        return None


def content_of(key: str, holds: Mapping[str, object], text: str, cells: object) -> bytes:
    """What `read` reads.

    Args:
        key: That of the start.
        holds: What must still hold: see `_still_holds`.
        text: What makes a terminal show the frame.
        cells: The same as plain data.
    """
    import json

    lines = [json.dumps(one, separators=(",", ":")) for one in ({"key": key, **holds}, text, cells)]
    body = "".join(f"{line}\n" for line in lines).encode()
    return f"{digest(body)}\n".encode() + body


def _still_holds(facts: Mapping[str, Any]) -> bool:
    """Whether files, variables and the contents of other files are as they were."""
    return (
        all(file_state(path) == [path, *state] for path, *state in facts["files"])
        and all(variable_state(name) == [name, state] for name, state in facts["variables"])
        and all(content_state(path) == [path, state] for path, state in facts["contents"])
    )


def file_state(path: str) -> list[Any]:
    """The path of a file, and what changes with its content; zeros if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - without pathlib
    except OSError:
        return [path, 0, 0, 0]
    return [path, found.st_size, found.st_mtime_ns, found.st_ino]


def content_state(path: str) -> list[str]:
    """The path of a small file, and what changes with its content even if it is written again."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            return [path, digest(file.read(LARGEST_FILE))]
    except OSError:
        return [path, ""]


def variable_state(name: str) -> list[str]:
    """The name of a variable, and what changes with its value, which may be a token."""
    value = os.environ.get(name)
    return [name, "" if value is None else digest(f"{name}={value}".encode())]


def digest(content: bytes) -> str:
    """The digest of a file or a key, in hexadecimal digits."""
    from hashlib import sha256

    return sha256(content).hexdigest()


def _private_content(path: str) -> bytes:
    """The content of a file that only its owner can read or write.

    Raises:
        OSError: It cannot be read, or is another kind of file, or of somebody else.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        is_regular = found.st_mode & 0o170077 == 0o100000
        if not is_regular or found.st_uid != os.geteuid() or found.st_size > LARGEST_FILE:
            raise PermissionError
        return file.read(LARGEST_FILE)


def _has_screen() -> bool:
    """Whether the program is at a terminal that can be drawn on, and is not in the background."""
    if not all(map(os.isatty, range(3))) or os.environ.get("TERM", "dumb") in ("", "dumb"):
        return False
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _cache_folder() -> str:
    """As `usage_tui.config.paths` has it, which takes longer to import; empty if there is none."""
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    root = chosen if chosen.startswith("/") else f"{os.path.expanduser('~')}/.cache"  # noqa: PTH111 - without pathlib
    return f"{root}/usage-tui" if root.startswith("/") else ""


def _working_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - without pathlib
    except OSError:
        return ""


def _without_echo(attributes: Sequence[Any]) -> list[Any]:
    """Keys that are typed meanwhile wait for the app, unseen and unchanged. Ctrl+C interrupts."""
    import termios

    flags, controls = list(attributes), list(attributes[6])
    flags[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    flags[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    controls[termios.VMIN], controls[termios.VTIME] = 1, 0
    controls[termios.VSUSP] = controls[termios.VQUIT] = b"\0"
    flags[6] = controls
    return flags


def _write(text: str) -> int:
    """Write all of it; the number of bytes."""
    data = text.encode()
    size = len(data)
    while data:
        data = data[os.write(2, data) :]
    return size
