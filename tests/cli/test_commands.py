"""The command line as a whole: how commands are found, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import refused
from usage_tui import __version__
from usage_tui.cli import dashboard, main
from usage_tui.cli.client_options import TOKEN_VARIABLE
from usage_tui.cli.ending import DONE, FAILED, INTERRUPTED, MISUSED, UNREAD
from usage_tui.clients.registry import USAGE_API


def test_nobody_reads_to_the_end() -> None:
    for words in (["--print"], ["schema"], ["--demo", "?"]):
        read, write = os.pipe()
        os.close(read)
        program = subprocess.Popen(
            [sys.executable, "-m", "usage_tui", *words], stdout=write, stderr=subprocess.PIPE, text=True
        )
        os.close(write)
        assert program.communicate()[1] == ""
        assert program.returncode == UNREAD


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to write to")
@pytest.mark.parametrize("words", [["--print"], ["schema"], ["--demo", "?"], ["--help"], ["help", "check"]])
def test_a_full_disk_is_told_in_one_line(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        program = subprocess.run(
            [sys.executable, "-m", "usage_tui", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert program.stderr == "usage-tui: the output cannot be written: No space left on device\n"
    assert program.returncode == FAILED


def test_an_interruption_leaves_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(words: object, early: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(dashboard, "run", interrupted)
    assert main([]) == INTERRUPTED


@pytest.mark.parametrize("before", [["-p", "work"], ["--demo"], ["--redact"], ["usage.jsonl"]])
def test_a_command_behind_its_options_is_named(before: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*before, "sources", "--by", "actor"]) == MISUSED
    assert "write the command first: usage-tui sources ..." in capsys.readouterr().err


def test_a_profile_may_be_called_like_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--profile", "status", "--print"]) != DONE
    assert "the command first" not in capsys.readouterr().err


def test_the_schema_of_a_recording_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert "$defs" in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "status",
        "check",
        "forecast",
        "plan",
        "why",
        "sources",
        "history",
        "export",
        "completion",
        "man",
        "import",
        "record",
        "schema",
        "login",
        "profiles",
        "doctor",
        "serve",
        "admin",
        "admin import",
    ],
)
def test_every_command_has_a_help_that_fits_the_terminal(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as caught:
        main([*command.split(), "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: usage-tui")
    assert max(map(len, text.splitlines())) <= 80


def test_the_help_names_every_command_and_the_variable_of_the_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    commands = ("import", "schema", "login", "profiles", "doctor", "mcp")
    assert all(f"usage-tui {command} " in text for command in commands)
    assert TOKEN_VARIABLE in text


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"usage-tui {__version__}\n"


@pytest.mark.parametrize(
    ("word", "meant"), [("souces", "sources"), ("Statsu", "status"), ("forcast", "forecast")]
)
def test_a_mistyped_command_is_answered_with_the_nearest(
    word: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, word) == f"unknown command '{word}'; did you mean usage-tui {meant}?"


def test_help_is_a_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    for words, start in ((["help"], "usage: usage-tui [-h]"), (["help", "plan"], "usage: usage-tui plan")):
        with pytest.raises(SystemExit):
            main(words)
        assert capsys.readouterr().out.startswith(start)


def test_there_is_no_help_for_what_is_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        refused(capsys, "help", "nothing") == "unknown command 'nothing'; usage-tui --help lists the commands"
    )
    assert refused(capsys, "help", "statsu") == "unknown command 'statsu'; did you mean usage-tui status?"


@pytest.mark.parametrize(
    ("words", "code"),
    [(["status", "--json"], 0), (["check", "--below", "20000"], 1), (["plan", "--credits", "99999"], 3)],
)
def test_closed_streams_change_no_exit_code(words: list[str], code: int, tmp_path: Path) -> None:
    shell = f'"{sys.executable}" -m usage_tui {" ".join(words)} --demo >&- 2>&-'
    assert (
        subprocess.run(["sh", "-c", shell], check=False, env=os.environ | {"HOME": str(tmp_path)}).returncode
        == code
    )


def test_what_a_help_and_the_version_load_is_little() -> None:
    code = "import sys; from usage_tui.cli import main; print(main(['--version'])); print(*sys.modules)"
    loaded = set(subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()[-1].split())
    assert not loaded & {"argparse", "typing", "dataclasses", "pathlib"}
    code = "import sys, atexit; atexit.register(lambda: print(*sys.modules)); "
    code += "from usage_tui.cli import main; main(['--help'])"
    loaded = set(subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()[-1].split())
    assert not loaded & {"dataclasses", "pathlib", "asyncio", "usage_tui.clients.registry"}


def test_a_status_line_comes_and_goes_without_a_search_for_garbage(tmp_path: Path) -> None:
    code = """
import atexit, gc, sys
from usage_tui.cli import main
searches = []
gc.callbacks.append(lambda phase, _: searches.append(phase))
atexit.register(lambda: print(searches.count("start"), gc.get_freeze_count()))
sys.argv[1:] = ["status", "--demo"]
main()
"""
    output = subprocess.check_output(
        [sys.executable, "-c", code], text=True, env=os.environ | {"HOME": str(tmp_path)}
    )
    searches, frozen = map(int, output.splitlines()[-1].split())
    assert searches <= 2, "more often than the collector was turned on"
    assert frozen > 0, "there was one more search at the end"


def test_the_token_of_an_address_is_that_of_the_registry() -> None:
    assert USAGE_API.key is not None
    assert USAGE_API.key.variable == TOKEN_VARIABLE


def test_without_a_peak_there_is_no_day_to_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "--demo", "empty"]) == FAILED
    assert capsys.readouterr().err == (
        "usage-tui: no complete day of this period is known, so there is none to explain; name a --day\n"
    )
