"""What others make of the description: validators accept it, and generated clients work."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.npm import tool
from tests.server.running import running
from tests.server.world import World

HERE = Path(__file__).parent


def run(*command: str, cwd: Path) -> str:
    """What a tool prints; it must succeed."""
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **quiet}, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def described(world: World, tmp_path: Path) -> Path:
    """The description that a service gives, in a file."""
    path = tmp_path / "openapi.json"
    path.write_bytes(world.http.get("/v1/openapi.json").content)
    return path


def test_it_is_valid_openapi(described: Path) -> None:
    document = json.loads(described.read_text(encoding="utf-8"))
    OpenAPIV31SpecValidator(document).validate()


def test_a_linter_finds_nothing(described: Path, tmp_path: Path) -> None:
    (tmp_path / "redocly.yaml").write_text("extends: [recommended]\n")
    report = run(tool("redocly"), "lint", described.name, "--format", "json", cwd=tmp_path)
    assert json.loads(report)["problems"] == []  # warnings do not make it fail by themselves


def test_types_for_typescript_fit_what_programs_do(described: Path, tmp_path: Path) -> None:
    # Without the option, what has a default would have to be sent.
    options = ["--default-non-nullable", "false", "--output", "schema.d.ts"]
    run(tool("openapi-typescript"), described.name, *options, cwd=tmp_path)
    shutil.copy(HERE / "types.ts", tmp_path)
    run(tool("tsc"), "--noEmit", "--strict", "types.ts", cwd=tmp_path)


class GeneratedClient:
    """A Python client in a package of its own, made from the description."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, operation: str, token: str, *path: str, **options: Any) -> Any:
        """What an operation such as ``usage.summary`` answers, as the client understands it."""
        package = importlib.import_module("generated_usage")
        client = package.AuthenticatedClient(base_url=self._url, token=token, raise_on_unexpected_status=True)
        module = importlib.import_module(f"generated_usage.api.{operation}")
        with client:
            return module.sync(*path, client=client, **options)


@pytest.fixture
def client(
    world: World, described: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GeneratedClient]:
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(described)]
    generate += ["--meta", "none", "--config", str(HERE / "openapi-python-client.yaml")]
    run(*generate, "--output-path", "generated_usage", cwd=tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with running(world) as url:
        yield GeneratedClient(url)
    for name in [name for name in sys.modules if name.partition(".")[0] == "generated_usage"]:
        del sys.modules[name]


def test_a_generated_python_client_reports_and_reads(world: World, client: GeneratedClient) -> None:
    world.grant("gr_1", "purchased", "100")
    models = importlib.import_module("generated_usage.models")
    event = models.CloudEvent(
        specversion="1.0",
        type_="usage.ai_tool",
        source="//tools/prod",
        id="run-1",
        subject="contract_review",
        data=models.UseData(credits_="50.125", actor="maria@acme.example"),
    )
    receipt = client.send("events.ingest", world.ingest, "acme", body=event)
    assert (receipt.accepted, receipt.results[0].status) == (1, "accepted")

    summary = client.send("usage.summary", world.owner, "acme")
    assert (summary.balance.total, summary.usage.from_purchased) == ("49.875", "50.125")
    assert summary.period.start_date.isoformat() == "2026-11-01"

    page = client.send("events.events", world.owner, "acme", limit=10)
    assert [(one.id, one.credits_) for one in page.items] == [(receipt.results[0].event_id, "50.125")]
    assert page.page.next_ is None

    refused = client.send("events.events", world.member, "acme")
    assert (refused.code.value, refused.your_role) == ("billing_access_required", "member")
