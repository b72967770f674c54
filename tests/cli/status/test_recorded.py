"""The line of a recording: read once, then kept until the file changes."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.clients.recordings import record_acme, record_euros
from usage_tui.cli import main
from usage_tui.cli.status import command
from usage_tui.config import paths


def status(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["status", *words, "--json"]) == 0
    return capsys.readouterr().out


def kept() -> list[Path]:
    return sorted(paths.cache_folder().glob("*.status.json"))


def test_the_second_line_says_the_same_and_opens_no_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(record_acme(tmp_path))
    first = status(capsys, file)
    (digest,) = kept()
    assert digest.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(command, "_asked", lambda *_: pytest.fail("the recording was opened"))
    assert status(capsys, file) == first


def test_another_recording_in_its_place_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = record_acme(tmp_path)
    first = status(capsys, str(file))
    other = tmp_path / "other"
    other.mkdir()
    file.write_bytes(asyncio.run(record_euros(other)).read_bytes())
    second = status(capsys, str(file))
    assert '"unit":"EUR"' in second != first
    assert len(kept()) == 1, "what was kept of the file as it was is deleted"
    os.utime(file, ns=(0, 0))
    assert status(capsys, str(file)) == second


def test_a_damaged_digest_is_not_believed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(record_acme(tmp_path))
    first = status(capsys, file)
    (digest,) = kept()
    digest.write_bytes(digest.read_bytes()[:-40])
    assert status(capsys, file) == first


def test_a_redacted_line_is_neither_kept_nor_taken_from_what_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(record_acme(tmp_path))
    redacted = status(capsys, file, "--redact")
    assert kept() == []
    assert status(capsys, file) != redacted
    assert status(capsys, file, "--redact") == redacted


def test_no_more_than_some_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = record_acme(tmp_path).read_bytes()
    for number in range(18):
        file = tmp_path / f"{number}.jsonl"
        file.write_bytes(content)
        status(capsys, str(file))
    assert len(kept()) == 16
