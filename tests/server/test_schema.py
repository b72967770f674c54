"""The served API against its own description, by requests that schemathesis makes up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples import THOROUGH
from tests.server.running import running
from tests.server.world import NOW, World, event

HERE = Path(__file__).parent


@pytest.fixture
def url(world: World) -> Iterator[str]:
    """The address at which a world with some data is served."""
    world.change("subscription", {"plan": "Team", "included": "100"}, method="PUT")
    world.change("allowances/storage", {"label": "Storage", "unit": "gigabyte"}, method="PUT")
    world.grant("gr_1", "purchased", "100")
    world.post(*(event(f"e{number}", "1", NOW) for number in range(10)))
    with running(world) as url:
        yield f"{url}/v1/openapi.json"


@pytest.mark.parametrize(
    ("token", "selected"),
    [
        ("owner", ["--include-method", "GET"]),
        ("ingest", ["--include-operation-id", "ingest"]),
        # A body may fit its schema and contradict itself, as a grant that expires before it begins.
        (
            "billing",
            [
                *("--exclude-method", "GET", "--exclude-operation-id", "ingest"),
                *("--exclude-checks", "positive_data_acceptance"),
            ],
        ),
    ],
)
def test_every_reply_is_as_described(
    world: World, url: str, tmp_path: Path, token: str, selected: list[str]
) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", url, "--header", f"Authorization: Bearer {getattr(world, token)}", *selected]
    command += ["--max-examples", "5" if THOROUGH else "2"]
    command += ["--seed", "1", "--generation-database", "none", "--continue-on-failure", "--no-color"]
    hooks = {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)}
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **hooks}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[:5000]
