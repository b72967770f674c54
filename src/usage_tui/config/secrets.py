"""Where a token comes from. It is put into a `BearerToken` at once.

No variable here holds a secret, and no exception chains to a frame that does: a traceback that prints
locals would print it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from usage_tui.clients.base import Unauthenticated
from usage_tui.clients.transport.token import BearerToken
from usage_tui.config.profiles import TokenCommand, TokenFile, TokenSource, TokenVariable
from usage_tui.files import make_private_folder, replacing, writable_by_others

TIMEOUT = 10
"""Seconds that a command may take."""
_LONGEST = 2**16
"""Bytes of a file that are read."""
_SUMMARY = 200
"""Characters of a command's error output that are repeated."""


def read_token(source: TokenSource, words: str) -> BearerToken:
    """Get the token from where the profile says; of several lines it is the first.

    Args:
        source: Where it is.
        words: Which token it must be, for the message that there is none.

    Raises:
        ClientError: There is none, it is not a token, or others than the user can change or read it. The
            message never contains a token.
    """
    match source:
        case TokenVariable():
            return _from_variable(source.name, words)
        case TokenFile():
            return _from_file(source.path)
        case TokenCommand():
            return _from_command(source)


def write_token(path: Path, token: BearerToken) -> None:
    """Write a token to a file that only its owner can read.

    Raises:
        OSError: It cannot be written.
    """
    make_private_folder(path.parent)
    with replacing(path) as file:
        token.write(file)


def _from_variable(name: str, words: str) -> BearerToken:
    if not os.environ.get(name):
        raise Unauthenticated("There is no token.", advice=f"Set {name} to {words}.")
    # No program that is started from here, such as a browser, is to have it.
    return BearerToken(os.environ.pop(name).strip())


def _from_file(path: Path) -> BearerToken:
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            _refuse_unless_private(path, os.fstat(file.fileno()))
            return BearerToken(_first_line(file.read(_LONGEST)))
    except OSError as error:
        raise Unauthenticated(
            f"The token file {path} cannot be read: {error.strerror}.",
            advice="Correct token_file, or run usage-tui login.",
        ) from None


def _refuse_unless_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Unauthenticated(f"The token file {path} is not a file.", advice="Correct token_file.")
    if status.st_uid != os.geteuid():
        raise Unauthenticated(
            f"The token file {path} belongs to another user.", advice="Make it yours, with mode 600."
        )
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Unauthenticated(
            f"Other users can open the token file {path}.",
            advice=f"Run chmod 600 {path}, and renew the token.",
        )


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe opens at once too, though nobody writes to it."""
    return os.open(path, flags | os.O_NONBLOCK)


def _from_command(source: TokenCommand) -> BearerToken:
    path = writable_by_others(source.config)
    if path is not None:
        raise Unauthenticated(
            f"The token command is not run: other users can write {path}.", advice=f"Run chmod go-w {path}."
        )
    return BearerToken(_first_line(_output(source.words)))


def _output(words: Sequence[str]) -> bytes:
    """What the command prints."""
    import subprocess  # most tokens come from elsewhere

    try:
        finished = subprocess.run(  # noqa: S603 - the user's own command, in a file that only they may write
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        failure = f"took longer than {TIMEOUT} s"
    except OSError as error:
        failure = f"cannot be run: {error.strerror}"
    else:
        if finished.returncode == 0:
            return finished.stdout
        failure = f"failed with exit code {finished.returncode}: {_first_line(finished.stderr)[:_SUMMARY]}"
        del finished  # it holds what was printed
    # Out here the failure has no context, which would hold it as well.
    raise Unauthenticated(
        f"The token command {words[0]} {failure.rstrip(' .:')}.", advice="Run it yourself to see more."
    )


def _first_line(text: bytes) -> str:
    return text.strip().partition(b"\n")[0].strip().decode("utf-8", "replace")
