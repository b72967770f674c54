"""`--print --period`: the usage of an earlier billing period beside what is left now."""

from __future__ import annotations

from pathlib import Path

import pytest

from usage_tui.cli import main


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words, "--print"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("period", ["last", "2026-10"])
def test_the_usage_of_an_earlier_period_is_printed(period: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--demo=runway", "--period", period)
    first, *_ = text.splitlines()
    assert "Past period Oct 1 – Oct 31, 2026" in first
    assert "[" not in first
    assert "Credits remaining now" in text
    assert "Usage Oct 1 – Oct 31 " in text
    assert "5,990 credits" in text
    assert "Oct 31" in text.partition("Daily usage Oct 1 – Oct 31")[2]


@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_every_move_of_the_balance_is_printed(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = " ".join(printed(capsys, "--demo", "--period", "last").split())
    moves = "2,750.25 at the start, 15,000.00 granted, 762.25 used, 9,237.75 lapsed, 7,750.25 at the end"
    assert f"Balance: {moves}" in text


@pytest.mark.parametrize("period", ["current", "2026-11"])
def test_the_current_period_is_printed_as_ever(period: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "--demo=runway", "--period", period) == printed(capsys, "--demo=runway")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--demo=runway", "--print", "--period", "x"], "no period 'x'; the periods are 2026-11, 2026-10"),
        (
            ["--demo=empty", "--print", "--period", "last"],
            "--period last: no billing period before 2026-11 is known",
        ),
        (["--demo=runway", "--period", "last"], "--period needs --print"),
    ],
)
def test_a_period_that_is_not_there_is_a_misuse(
    words: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert error in told


def test_a_recording_without_every_event_cannot_show_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "part.jsonl"
    assert main(["record", "--demo=runway", "-o", str(path), "--events", "5"]) == 0
    capsys.readouterr()
    assert main([str(path), "--print", "--period", "last"]) == 1
    assert "does not contain every event" in capsys.readouterr().err
