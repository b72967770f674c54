"""The official validator accepts every FOCUS table that is written here."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from tests.clients.providers.loopback import KEY, loopback
from tests.forked import run
from tests.terminal import environment
from usage_tui.tables.focus import VERSION

_ENVIRONMENT = Path(__file__).parents[2] / "build" / "focus"
_END = "end of what it says\n"
_PROGRAM = f"""
import shlex, sys
from focus_validator.main import main
for words in sys.stdin:
    sys.argv[1:] = shlex.split(words)
    main()
    print({_END!r}, end="", flush=True)
"""
"""The validator's program for one table after the other: it imports for longer than it validates."""

Validator = Callable[..., str]


@pytest.fixture(scope="module")
def said() -> Iterator[Validator]:
    """Gives the validator's word on a table."""
    found = next(iter(_ENVIRONMENT.glob("lib/python3*/site-packages/focus_validator")), None)
    if found is None:
        pytest.skip("there is no validator of FOCUS tables here; with Python 3.11 or 3.12: make focus")
    with subprocess.Popen(
        [_ENVIRONMENT / "bin" / "python", "-c", _PROGRAM],
        cwd=found.parent,  # it finds its list of currencies only beside its own code
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as validator:
        words_to, lines_of = validator.stdin, validator.stdout
        assert words_to is not None
        assert lines_of is not None

        def said(table: Path, *options: str) -> str:
            print(shlex.join(["--data-file", str(table), *options]), file=words_to, flush=True)
            return "".join(takewhile(lambda line: line != _END, lines_of)).strip()

        yield said


def exported(home: Path, *words: str) -> Path:
    """The table that the command writes."""
    table = home / "focus.csv"
    done = run(["export", "focus", *words, "-o", str(table)], environment=environment(home, OUR_KEY=KEY))
    assert done.returncode == 0, done.stderr
    return table


def test_no_newer_version_can_be_checked(said: Validator, tmp_path: Path) -> None:
    versions = said(tmp_path / "none.csv", "--supported-versions").split()
    assert max(version for version in versions if "preview" not in version) == VERSION


@pytest.mark.parametrize(
    "words", [(), ("--no-people",), ("--redact",), ("--filter", "source:contract credits:<1")], ids=" ".join
)
def test_events_are_accepted(words: tuple[str, ...], said: Validator, tmp_path: Path) -> None:
    table = exported(tmp_path, "--demo", "dollars", *words)
    assert said(table) == "Validation succeeded."


def test_the_days_of_a_vendor_are_accepted(said: Validator, tmp_path: Path) -> None:
    with loopback() as vendor:
        config = tmp_path / ".config" / "usage-tui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(
            f'[profiles.ours]\nprovider = "openrouter"\nurl = "{vendor.url}"\ntoken_variable = "OUR_KEY"\n'
        )
        table = exported(tmp_path, "-p", "ours")
    assert said(table) == "Validation succeeded."


def test_whole_amounts_and_formulas_are_accepted(said: Validator, tmp_path: Path) -> None:
    costs = tmp_path / "costs.csv"
    costs.write_text("date,cost ($),model\n2026-11-01,5,=1+1\n2026-11-02,7,-2\n2026-11-02,-3,@sum\n")
    table = exported(tmp_path, str(costs))
    text = table.read_text()
    assert "'=1+1" in text
    assert ",5.00," in text
    assert said(table) == "Validation succeeded."


def test_it_would_find_a_fault(said: Validator, tmp_path: Path) -> None:
    table = exported(tmp_path, "--demo", "dollars")
    table.write_text(table.read_text().replace("AI and Machine Learning", "Chat"))
    assert "ServiceCategory_Enum failed" in said(table)
