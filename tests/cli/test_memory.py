"""How much memory the program takes, whatever a service sends: measured on the real process."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import replies
from tests.clients.transport.service import SECRET, serving

pytestmark = pytest.mark.skipif(
    not hasattr(resource, "RUSAGE_CHILDREN"), reason="only POSIX tells the peak of a process"
)

_MOST = 150 * 2**20
_SIZE = 14 * 2**20
_PROGRAM = """
import gc, os, resource, sys
from usage_tui.cli import main
variables = dict(os.environ)
with open(sys.argv[1], "w") as peaks:
    for url in sys.argv[2:]:
        os.environ.update(variables)  # the token is taken out of them
        main(["--url", url, "--print", "--organization", "acme"])
        gc.collect()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(peak * (1 if sys.platform == "darwin" else 1024), file=peaks)
"""
"""Prints what one service after the other tells, and writes down how much memory it has taken at most."""
_START = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))"
"""The peak of a process begins at the size of the one that starts it, and tests are large."""


class Answer(NamedTuple):
    """What a service says to each path but the first."""

    body: Callable[[str], bytes]
    status: int = 200
    is_packed: bool = False


def _repeated(
    item: bytes, size: int = _SIZE, opening: bytes = b'{"items":[', closing: bytes = b"]}"
) -> bytes:
    """As many items as make that size."""
    return opening + b",".join([item] * ((size - 100) // (len(item) + 1))) + closing


_FITS = 2**20
"""What even the smallest reply may have."""
_EVENT = json.dumps(replies.EVENTS["items"][0], separators=(",", ":")).encode()

HOSTILE: dict[str, Callable[[], bytes]] = {
    "numbers": lambda: _repeated(b"1", opening=b"[", closing=b"]"),
    "nested": lambda: b"[" * (_SIZE // 2) + b"]" * (_SIZE // 2),
    "text": lambda: b'{"org": "' + b"x" * _SIZE + b'"}',
    "wide text that fits": lambda: b'{"items": "' + b"x" * (_FITS - 50) + "\U0001f600".encode() + b'"}',
    "names": lambda: json.dumps({f"k{number}": number for number in range(800_000)}).encode(),
    "objects": lambda: _repeated(b"{}"),
    "objects that fit": lambda: _repeated(b"{}", _FITS),
    "as many objects as are taken": lambda: _repeated(b"{}", 3 * 10_000),
    "lists that fit": lambda: _repeated(b"[" * 90 + b"]" * 90, _FITS),
    "numbers that fit": lambda: _repeated(b"1", _FITS),
    "numbers in place of a list": lambda: _repeated(b"1", _FITS, opening=b"[", closing=b"]"),
    "events": lambda: _repeated(_EVENT, 2 * _FITS),
    "digits": lambda: b'{"items": ' + b"1" * (_FITS - 50) + b"}",
    "zeros that are never JSON": lambda: bytes(256 * _FITS),
}


def test_no_answer_fills_the_memory(tmp_path: Path) -> None:
    answers = {kind: packed(kind) for kind in HOSTILE}
    answers |= {f"{kind}, as a failure": packed(kind, 500) for kind in ("numbers", "objects that fit")}
    answers |= {f"{kind}, not packed": plain(kind) for kind in ("numbers", "text", "objects that fit")}
    assert {kind: peak for kind, peak in peaks(tmp_path, answers).items() if peak >= _MOST} == {}


def packed(kind: str, status: int = 200) -> Answer:
    body = gzip.compress(HOSTILE[kind](), 1)
    return Answer(lambda _: body, status, is_packed=True)


def plain(kind: str) -> Answer:
    body = HOSTILE[kind]()
    return Answer(lambda _: body)


def test_replies_as_large_as_they_may_be_fit_into_the_memory_together(tmp_path: Path) -> None:
    def item(reply: dict[str, Any], count: int, **changed: object) -> bytes:
        return json.dumps({**reply, "items": [{**reply["items"][0], **changed}] * count}).encode()

    wide = "x" * 9_000 + "\U0001f600"
    kinds = {f"kind {number}": f"0.{number:06}" for number in range(50_000)}
    bodies = {
        "usage/summary": json.dumps(replies.SUMMARY).encode(),
        "usage/sources": item(replies.SOURCES, 150, label=wide),
        "usage/daily": item(replies.DAILY, 1, by_kind=kinds),
        "usage/events": item(replies.EVENTS, 3_000),
        "grants": item(replies.GRANTS, 4_000),
        "allowances": item(replies.ALLOWANCES, 1, lines=[{"label": "a", "used": "1"}] * 9_000),
    }

    def body(path: str) -> bytes:
        return next(content for end, content in bodies.items() if path.partition("?")[0].endswith(end))

    assert peaks(tmp_path, {"large": Answer(body)})["large"] < _MOST


def peaks(tmp_path: Path, answers: Mapping[str, Answer]) -> dict[str, int]:
    """Bytes that `--print` has taken at most once each of these was its answer, one after the other."""
    services = list(answers.values())
    asked = set()

    def answer(request: BaseHTTPRequestHandler) -> None:
        _, number, path = request.path.split("/", 2)
        body, status, is_packed = services[int(number)]
        is_first = path == "v1/me"
        if not is_first:
            asked.add(int(number))
        sent = json.dumps(replies.ME).encode() if is_first else body(path)
        request.send_response(200 if is_first else status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(sent)))
        request.send_header("Retry-After", "99")
        if is_packed and not is_first:
            request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        request.wfile.write(sent)

    with serving(answer) as url:
        urls = [f"{url}/{number}" for number in range(len(services))]
        subprocess.run(
            [sys.executable, "-c", _START, "-c", _PROGRAM, tmp_path / "peaks", *urls],
            env={**os.environ, "USAGE_TUI_TOKEN": SECRET, "HOME": str(tmp_path)},
            capture_output=True,
            check=True,
        )
    assert len(asked) == len(answers)
    written = (tmp_path / "peaks").read_text(encoding="utf-8").split()
    return dict(zip(answers, map(int, written), strict=True))
