"""Words of a command line come in any order."""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.program import refused
from tests.clients.recordings import record_acme
from usage_tui.cli import main
from usage_tui.cli.ending import DONE
from usage_tui.cli.parser import Parser


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(record_acme(tmp_path_factory.mktemp("recording")))


def orders(*groups: Sequence[str]) -> list[list[str]]:
    """The groups in some orders; words without a hyphen stay in theirs."""
    found = []
    for seed in range(12):
        shuffled = random.Random(seed).sample(groups, len(groups))
        words = iter([group for group in groups if not group[0].startswith("-")])
        found.append(
            [word for group in shuffled for word in (group if group[0].startswith("-") else next(words))]
        )
    return found


def test_an_export_takes_its_words_in_any_order(
    recording: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "x.csv"
    asked = (["history"], [recording], ["--no-people"], ["--limit", "7"], ["-o", str(output)], ["--force"])
    texts = set()
    file_first = ([recording], ["history"], *asked[2:])
    for words in (*orders(*asked), *orders(*file_first)):
        assert main(["export", *words]) == DONE, words
        texts.add(output.read_text(encoding="utf-8"))
    assert len(texts) == 1
    assert texts.pop().count("\n") == 8
    assert capsys.readouterr().err == ""


def test_an_import_takes_its_tables_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv"):
        Path(name).write_text(f"date,cost ($),model\n2026-11-01,5,{name}\n")
    texts = set()
    for words in orders(["a.csv"], ["b.csv"], ["-o", "c.jsonl"], ["--skip-bad-lines"]):
        assert main(["import", *words]) == DONE, words
        texts.add(Path("c.jsonl").read_text(encoding="utf-8"))
        Path("c.jsonl").unlink()
    assert len(texts) == 1
    assert all(name in next(iter(texts)) for name in ("a.csv", "b.csv"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sources", "-o", "x.csv", "f", "--demo"], "argument --demo: not allowed with argument FILE"),
        (["sources", "--url", "u", "-o", "x.csv", "f"], "argument --url: not allowed with argument FILE"),
        (["--demo", "acme", "-p", "x", "sources", "-o", "x.csv"], "argument -p/--profile: not allowed"),
        (["sources", "f", "-o", "x.csv", "g"], "unrecognized arguments: g"),
        (["-o", "x.csv"], "the following arguments are required: WHAT"),
        (["-o", "x.csv", "nothing", "f"], "'nothing' cannot be exported: use sources, daily,"),
        (["-o", "x.csv", "usage.jsonl"], "'usage.jsonl' cannot be exported: use sources, daily,"),
        (["sources", "f"], "the following arguments are required: -o/--output"),
    ],
)
def test_what_does_not_fit_is_still_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, "export", *words).startswith(said)


def test_a_parser_can_be_used_again() -> None:
    parser = Parser("x")
    group = parser.add_mutually_exclusive_group()
    parser.add_argument("what")
    group.add_argument("file", nargs="?", metavar="FILE")
    group.add_argument("--demo", action="store_true")
    usage = parser.format_usage()
    for words in (["a", "--demo"], ["--demo", "a"]):
        found = parser.parse_args(words)
        assert (found.what, found.file, found.demo) == ("a", None, True)
    assert parser.parse_args(["a", "b"]).file == "b"
    assert parser.format_usage() == usage


def test_a_value_may_begin_with_a_dash(recording: str, capsys: pytest.CaptureFixture[str]) -> None:
    texts = set()
    for words in (["--filter", "-digest"], ["--filter=-digest"]):
        assert main(["history", recording, *words, "--json"]) == DONE
        texts.add(capsys.readouterr().out)
    assert '"filter":"-digest"' in texts.pop()
    assert not texts
    assert refused(capsys, "history", recording, "--filter", "--json").startswith(
        "argument --filter: expected"
    )


def test_words_of_another_program_stay_as_they_are() -> None:
    parser = Parser("usage-tui test")
    parser.add_argument("--name")
    parser.add_argument("--exec", nargs=argparse.REMAINDER)
    options = parser.parse_args(["--name", "-x", "--exec", "run", "--name", "-y"])
    assert (options.name, options.exec) == ("-x", ["run", "--name", "-y"])
