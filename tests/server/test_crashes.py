"""The service killed at any moment: no acknowledged event is lost, and none is booked twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.server.world import ACME, NOVEMBER, event, new_sqlite
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.ledger_writer.cloudevents import BATCH
from usage_tui.server.ledger_writer.organizations import create_organization
from usage_tui.server.ledger_writer.verify import differences

KILLS = 3
PER_BATCH = 40


def start(path: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "usage_tui", "serve", "--database", str(path), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, line.partition(" at ")[2].partition(";")[0]


def post(url: str, token: str, number: int) -> dict[str, int]:
    start = number * PER_BATCH
    batch = [event(f"e{index}", "1", NOVEMBER[1]) for index in range(start, start + PER_BATCH)]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": BATCH}
    response = httpx.post(f"{url}/v1/orgs/acme/usage/events", json=batch, headers=headers, trust_env=False)
    assert response.status_code == 200, response.text
    receipt: dict[str, int] = response.json()
    return receipt


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "usage.db"


@pytest.fixture
def token(path: Path) -> str:
    database = new_sqlite(path)
    with database.writing() as connection:
        create_organization(connection, ACME, NOVEMBER)
        made = create_token(connection, name="", now=utc_now(), org_id="acme", scopes=("ingest",))
    database.close()
    return made


def test_no_acknowledged_event_is_lost_and_none_is_booked_twice(path: Path, token: str) -> None:
    chance = random.Random(5)
    acknowledged, sent = 0, 0
    for _ in range(KILLS):
        process, url = start(path)
        # Within this many requests comes the kill, in the midst of the one that is under way.
        for _ in range(chance.randint(1, 4)):
            acknowledged += post(url, token, sent)["accepted"]
            sent += 1
        with subprocess.Popen(
            [sys.executable, "-c", f"import os; os.kill({process.pid}, {signal.SIGKILL:d})"]
        ):
            try:
                while True:
                    acknowledged += post(url, token, sent)["accepted"]
                    sent += 1
            except httpx.HTTPError:
                sent += 1  # whether this one was booked is not known: it is sent again
        process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()

    process, url = start(path)
    receipts = [post(url, token, number) for number in range(sent)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    booked = sum(receipt["accepted"] + receipt["duplicates"] for receipt in receipts)
    assert booked == sent * PER_BATCH
    assert sum(receipt["duplicates"] for receipt in receipts) >= acknowledged > 0
    database = Database.open(str(path))
    with database.reading() as connection:
        assert list(differences(connection, "acme")) == []
    database.close()
