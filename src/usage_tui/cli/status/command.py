"""`usage-tui status`: how the organization stands, in one line."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from usage_tui.cli import opening
from usage_tui.cli.answer.options import TEXT, answer_parser
from usage_tui.cli.ending import DONE, Misuse, NoAnswer
from usage_tui.cli.output import print_line
from usage_tui.cli.status.line import PLAIN, PRESETS, cut, status_line
from usage_tui.cli.status.values import Digest, taken_at
from usage_tui.clients.registry import RECORDING
from usage_tui.config import paths
from usage_tui.tables.kinds import JSON

if TYPE_CHECKING:
    from usage_tui.cli.opening import ReadyProfile
    from usage_tui.cli.status.template import Template

TIMEOUT, OLD = 0.8, 10 * 60
"""Seconds: how long the data source may take to answer, and the age at which data are called old."""
_SCHEMA = "usage-tui/status/1"
_LARGEST = 2**16
"""Bytes of a digest."""
_FORMAT = (
    'name what the line says: "{credits:k} left{locked?, {locked} locked}". {x} is a value, {x:k} and {x:0} '
    "are short forms of an amount, {x?text} stands only where x is known and not zero, {{ is a brace"
)


def run(words: Sequence[str]) -> int:
    """Print the line."""
    # A prompt waits for it, and garbage is not worth looking for in so short a time.
    gc.disable()
    try:
        return _print_line(words)
    finally:
        gc.enable()


def _print_line(words: Sequence[str]) -> int:
    options = parser().parse_args(words)
    template = _template(options.line_format)
    ready = opening.ready_profile(options)
    try:
        digest = digest_from(options, ready)
    except NoAnswer:
        if options.format == TEXT:
            sys.stdout.write("\n")  # a status bar keeps its place
        raise
    if options.format == JSON:
        sys.stdout.write(f"{as_json(digest)}\n")
        return DONE
    print_line(_line(digest, template, options))
    return DONE


def digest_from(options: argparse.Namespace, ready: ReadyProfile) -> Digest:
    """The digest beside the cache, or what the source tells where that is too old.

    Raises:
        Refusal: There is neither.
    """
    if ready.profile.provider.name == RECORDING.name and not options.redact:
        return _of_recording(options, ready)
    digest = None if options.redact else _kept(ready)
    if digest is None or not _is_new(digest, options):
        digest = _asked(options, ready, digest)
    return digest


def as_json(digest: Digest) -> str:
    """A digest as programs read it."""
    return json.dumps(digest, ensure_ascii=False, separators=(",", ":"))


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = answer_parser(
        "status",
        "How the organization stands in one line, for prompts and status bars. It comes from the cache at "
        "once; data that are older than 10 minutes end in their time.",
        formats=(JSON,),
        timeout=TIMEOUT,
    )
    parser.add_argument("--format", dest="line_format", metavar="TEXT", help=_FORMAT)
    parser.add_argument(
        "--preset", choices=tuple(PRESETS), default=PLAIN, help="a form for where it is shown"
    )
    parser.add_argument("--width", type=_width, metavar="CELLS", help="leave out what does not fit")
    return parser


def _width(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number of cells")
    return int(text)


def _template(text: str | None) -> Template | None:
    if text is None:
        return None
    from usage_tui.cli.status.template import InvalidTemplate, Template

    try:
        return Template(text)
    except InvalidTemplate as error:
        raise Misuse(f"--format: {error}") from None


def _line(digest: Digest, template: Template | None, options: argparse.Namespace) -> str:
    if template is None:
        return status_line(digest, options.preset, options.width)
    safe = PRESETS[options.preset].safe
    age = safe(f"as of {taken_at(digest)}") if digest["stale"] else ""
    return cut(safe(template.fill(digest)), age, options.width)


def _kept(ready: ReadyProfile) -> Digest | None:
    """The digest beside the cache; None if there is none, or if it is damaged."""
    if ready.cache_key is None or paths.cache_refusal(paths.cache_folder()):
        return None
    path = paths.digest_of(paths.cache_folder() / paths.cache_name(ready.cache_key))
    return _read(path)


def _read(path: Path) -> Digest | None:
    try:
        with path.open("rb") as file:
            digest: dict[str, Any] = json.loads(file.read(_LARGEST))
        if digest["schema"] != _SCHEMA:
            return None
        digest["stale"] = _age(digest) > OLD
        books = digest["reconcile"]  # a program may miss this, or its newest part, in an earlier file
        if books is not None:
            books["roll_forward"]
        status_line(digest)  # what a damaged file lacks is missed here, and not on the screen
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None
    return digest


def _of_recording(options: argparse.Namespace, ready: ReadyProfile) -> Digest:
    """The digest of a file, from what is kept of it as long as it does not change.

    Raises:
        Refusal: It cannot be read.
    """
    from usage_tui.cli.status.recorded import keep, kept_digest

    path = kept_digest(Path(ready.profile.options["file"]))
    digest = _read(path) if path is not None else None
    if digest is not None:
        return digest
    digest = _asked(options, ready, None)
    if path is not None:
        keep(digest, path)
    return digest


def _age(digest: Digest) -> float:
    """Seconds since the digest was true."""
    fetched_at = datetime.fromisoformat(digest["fetched_at"])
    return abs((datetime.now(UTC) - fetched_at).total_seconds())


def _is_new(digest: Digest, options: argparse.Namespace) -> bool:
    return bool(options.offline or _age(digest) <= options.max_age)


def _asked(options: argparse.Namespace, ready: ReadyProfile, kept: Digest | None) -> Digest:
    """The digest of what the source tells now; that of before if it does not answer in time.

    Raises:
        Refusal: It does not answer, and there is none of before; or the viewer may not see it any more.
    """
    from usage_tui.cli.status.asking import ask

    try:
        return ask(options, ready)
    except NoAnswer:
        if kept is None:
            raise
        return kept
