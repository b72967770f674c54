"""What the bench says where ccusage can't be run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import ccusage


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "it is not installed; with Node.js and npm: make npm"),
        ("#!/bin/sh\nexit 1\n", "it does not run on this machine"),
    ],
)
def test_it_is_left_out_with_one_line(
    text: str | None,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = tmp_path / "ccusage"
    if text is not None:
        program.write_text(text)
        program.chmod(0o755)
    monkeypatch.setattr(ccusage, "PROGRAM", program)
    assert list(ccusage.measure(tmp_path / "home", tmp_path / "demo.jsonl")) == []
    assert capsys.readouterr().err == f"Left out: ccusage, as {reason}\n"
