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

import pytest

from tests import replies
from tests.clients.transport.service import SECRET, serving

_MOST = 150 * 2**20
_SIZE = 14 * 2**20
_MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""
"""A process of its own counts its child alone."""

Body = Callable[[], bytes]


def _nested() -> bytes:
    return b"[" * (_SIZE // 2) + b"]" * (_SIZE // 2)


HOSTILE: dict[str, Body] = {
    "numbers": lambda: b"[" + b"1," * (_SIZE // 2) + b"1]",
    "nested": _nested,
    "text": lambda: b'{"org": "' + b"x" * _SIZE + b'"}',
    "keys": lambda: json.dumps({f"k{number}": number for number in range(800_000)}).encode(),
    "items": lambda: json.dumps({"items": [{}] * 1_500_000}).encode(),
    "empty texts": lambda: b"[" + b'"",' * (2 * 2**20 // 3 - 10) + b'""]',
    "numbers that fit": lambda: b"[" + b"1," * (2**20 - 10) + b"1]",
}


@pytest.mark.skipif(not hasattr(resource, "RUSAGE_CHILDREN"), reason="only POSIX tells the peak of a process")
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_no_answer_fills_the_memory(tmp_path: Path, kind: str, packed: bool) -> None:
    body = HOSTILE[kind]()
    content = gzip.compress(body, 1) if packed else body

    def answer(request: BaseHTTPRequestHandler) -> None:
        is_first = request.path == "/v1/me"
        sent = json.dumps(replies.ME).encode() if is_first else content
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(sent)))
        if packed and not is_first:
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
    assert int(measured.stdout) < _MOST
