"""The digest of a recording, kept beside the cache until the file changes."""

from __future__ import annotations

import json
import stat
from contextlib import suppress
from pathlib import Path

from usage_tui import __version__
from usage_tui.cli.status.values import Digest
from usage_tui.config import paths

_MOST = 16
"""Digests of recordings that are kept at once."""


def kept_digest(recording: Path) -> Path | None:
    """Where the digest of a recording is kept as long as the file is as it is now; None if it can't be."""
    try:
        found = recording.stat()
    except OSError:
        return None
    folder = paths.cache_folder()
    if not stat.S_ISREG(found.st_mode) or paths.cache_refusal(folder):
        return None
    state = f"{__version__} {found.st_size} {found.st_mtime_ns} {found.st_ino}"
    return paths.digest_of(folder / paths.cache_name(f"{recording.absolute()}\n{state}"))


def keep(digest: Digest, path: Path) -> None:
    """Keep it for the next line, in place of that of the file as it was; without a word if it can't be."""
    from usage_tui.files import make_private_folder, replacing

    with suppress(OSError):
        make_private_folder(path.parent)
        with replacing(path) as file:
            file.write(json.dumps(digest).encode())
        alone = [one for one in path.parent.glob("*.status.json") if not _is_beside_cache(one)]
        newest = sorted(alone, key=lambda one: one.stat().st_mtime_ns)[-_MOST:]
        for one in alone:
            is_older = one != path and one.name[:16] == path.name[:16]
            if is_older or one not in newest:
                one.unlink(missing_ok=True)


def _is_beside_cache(digest: Path) -> bool:
    return Path(str(digest).removesuffix(".status.json") + ".jsonl").exists()
