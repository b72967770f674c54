"""The table of programs side by side, and peers that can't be had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import peers
from bench.comparison import Comparison, Figures, as_table

OURS = Figures(start=250, paint=10_000, idle=0, cpu=0.1, memory=40, key=300, reaction=4)
OTHER = Figures(start=1250, paint=205_000, idle=1234.5, cpu=2.25, memory=80, key=None, reaction=None)


def test_every_program_has_a_row_with_multiples_of_ours() -> None:
    rows = as_table(Comparison({"usage-tui": OURS, "other 1.0": OTHER}, 5, {})).splitlines()
    assert rows[0].startswith("| 120x40, median of 5 | first screen |")
    assert rows[2] == "| usage-tui | 250 ms | 1.0 | 10,000 | 1.0 | 0 | 0.1 % | 300 | 4 | 40 MiB | 1.0 |"
    assert rows[3] == "| other 1.0 | 1,250 ms | 5.0 | 205,000 | 20.5 | 1,234 | 2.2 % | – | – | 80 MiB | 2.0 |"


def test_what_is_left_out_is_named_with_the_reason() -> None:
    compared = Comparison({"usage-tui": OURS}, 5, {"other": "there is no npm here"})
    assert as_table(compared).splitlines()[-1] == "Left out: other, as there is no npm here"
    assert compared.as_dict()["missing"] == {"other": "there is no npm here"}


@pytest.mark.parametrize(
    ("peer", "reason"),
    [
        (peers.Peer("no-such-program", "", "x"), "it is not installed on this machine"),
        (peers.Peer("other", "1.0", "x", npm=("other",), program="cli.js"), "there is no npm here"),
    ],
)
def test_a_peer_that_cannot_be_installed_says_why(
    peer: peers.Peer, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "FOLDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(peers.Missing, match=f"^{reason}$"):
        peers.install(peer)


def test_a_peer_that_is_there_is_not_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "FOLDER", tmp_path)
    program = tmp_path / "other" / "bin" / "other"
    program.parent.mkdir(parents=True)
    program.touch()
    assert peers.install(peers.Peer("other", "1.0", "x")) == str(program)


def test_the_data_are_lines_of_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "_HOME", tmp_path)
    peers.write_data()
    (log,) = tmp_path.rglob("*.jsonl")
    assert all(json.loads(line)["message"]["usage"] for line in log.read_text().splitlines())
