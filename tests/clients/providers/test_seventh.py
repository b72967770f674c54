"""A vendor in one module of another package: every command knows it by its name."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.clients.providers.live import today
from tests.clients.transport.service import serving
from usage_tui.cli import main
from usage_tui.config import paths

KEY = "acme_5up3r"


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site" / "usage_tui_acme-1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: usage-tui-acme\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(
        "[usage_tui.providers]\nacme = tests.clients.providers.seventh:PROVIDER\n"
    )
    monkeypatch.syspath_prepend(str(folder.parent))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def url() -> Iterator[str]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        cost = {"day": f"{today()}", "model": "roadrunner", "usd": 12.5, "calls": 3}
        reply = {"id": "a1", "name": "Acme Ltd"} if request.path == "/account" else {"costs": [cost]}
        status = 200 if request.headers["Authorization"] == f"Bearer {KEY}" else 401
        body = json.dumps(reply if status == 200 else {}).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", f"{len(body)}")
        request.end_headers()
        request.wfile.write(body)

    with serving(answer) as running:
        yield running


def test_from_login_to_logout(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{KEY}\n"))
    assert main(["login", "acme", "--url", url]) == 0
    out = capsys.readouterr().out
    assert "Account: Acme Ltd. It shows: usage by source, counts, daily usage." in out
    assert "Not shown: Acme doesn't report a balance." in out
    assert main(["--print"]) == 0
    out = capsys.readouterr().out
    for text in ("Acme Ltd", "roadrunner", "$12.50", "3 requests"):
        assert text in out
    assert main(["doctor"]) == 0
    assert "the vendor's delay: about an hour" in capsys.readouterr().out
    assert main(["providers", "acme"]) == 0
    assert "https://acme.example/keys" in capsys.readouterr().out
    assert main(["logout", "acme"]) == 0
    assert "Deleted 1 journal of days." in capsys.readouterr().out
    assert not paths.token_file("acme").exists()
