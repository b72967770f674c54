"""How much memory the program takes, whatever a service sends: measured on the real process."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests import replies
from tests.clients.transport.service import SECRET, serving

pytestmark = pytest.mark.skipif(
    not hasattr(resource, "RUSAGE_CHILDREN"), reason="only POSIX tells the peak of a process"
)

_MOST = 150 * 2**20
_SIZE = 14 * 2**20
_MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""
"""A process of its own counts its child alone."""

Body = Callable[[], bytes]


def _repeated(
    item: bytes, size: int = _SIZE, opening: bytes = b'{"items":[', closing: bytes = b"]}"
) -> bytes:
    """As many items as make that size."""
    return opening + b",".join([item] * ((size - 100) // (len(item) + 1))) + closing


_FITS = 2**20
"""What even the smallest reply may have."""
_EVENT = json.dumps(replies.EVENTS["items"][0], separators=(",", ":")).encode()

HOSTILE: dict[str, Body] = {
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


@pytest.mark.parametrize(
    ("kind", "status"), [*((kind, 200) for kind in HOSTILE), ("numbers", 500), ("objects that fit", 500)]
)
def test_no_answer_fills_the_memory(tmp_path: Path, kind: str, status: int) -> None:
    packed = gzip.compress(HOSTILE[kind](), 1)
    assert _peak(tmp_path, lambda _: packed, status, is_packed=True) < _MOST


@pytest.mark.parametrize("kind", ["numbers", "text", "objects that fit"])
def test_no_answer_that_is_not_packed_fills_the_memory(tmp_path: Path, kind: str) -> None:
    body = HOSTILE[kind]()
    assert _peak(tmp_path, lambda _: body) < _MOST


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

    assert _peak(tmp_path, body) < _MOST


def _peak(tmp_path: Path, body: Callable[[str], bytes], status: int = 200, *, is_packed: bool = False) -> int:
    """Bytes that `--print` takes at most, of a service that answers so to each path but the first."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        is_first = request.path == "/v1/me"
        sent = json.dumps(replies.ME).encode() if is_first else body(request.path)
        request.send_response(200 if is_first else status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(sent)))
        request.send_header("Retry-After", "99")
        if is_packed and not is_first:
            request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        request.wfile.write(sent)

    with serving(answer) as url:
        program = [sys.executable, "-m", "usage_tui", "--url", url, "--print", "--organization", "acme"]
        measured = subprocess.run(
            [sys.executable, "-c", _MEASURE, *program],
            env={**os.environ, "USAGE_TUI_TOKEN": SECRET, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
    return int(measured.stdout)
