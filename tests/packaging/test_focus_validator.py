"""The official validator accepts every FOCUS table that is written here."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.clients.providers.loopback import KEY, loopback
from tests.terminal import environment, usage_tui
from usage_tui.tables.focus import VERSION

_ENVIRONMENT = Path(__file__).parents[2] / "build" / "focus"


@pytest.fixture(scope="module")
def validator() -> Path:
    """Where the validator is installed."""
    found = next(iter(_ENVIRONMENT.glob("lib/python3*/site-packages/focus_validator")), None)
    if found is None:
        pytest.skip("there is no validator of FOCUS tables here; with Python 3.11 or 3.12: make focus")
    return found


def said(validator: Path, table: Path, *options: str) -> str:
    """The validator's word on a table. It finds its list of currencies only beside its own code."""
    check = subprocess.run(
        [_ENVIRONMENT / "bin" / "focus-validator", "--data-file", table, *options],
        cwd=validator.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    return check.stdout.strip()


def exported(home: Path, *words: str) -> Path:
    """The table that the command writes."""
    table = home / "focus.csv"
    command = usage_tui("export", "focus", *words, "-o", str(table))
    done = subprocess.run(
        command, env=environment(home, OUR_KEY=KEY), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return table


def test_no_newer_version_can_be_checked(validator: Path, tmp_path: Path) -> None:
    versions = said(validator, tmp_path / "none.csv", "--supported-versions").split()
    assert max(version for version in versions if "preview" not in version) == VERSION


@pytest.mark.parametrize(
    "words", [(), ("--no-people",), ("--redact",), ("--filter", "source:contract credits:<1")], ids=" ".join
)
def test_events_are_accepted(words: tuple[str, ...], validator: Path, tmp_path: Path) -> None:
    table = exported(tmp_path, "--demo", "dollars", *words)
    assert said(validator, table) == "Validation succeeded."


def test_the_days_of_a_vendor_are_accepted(validator: Path, tmp_path: Path) -> None:
    with loopback() as vendor:
        config = tmp_path / ".config" / "usage-tui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(
            f'[profiles.ours]\nprovider = "openrouter"\nurl = "{vendor.url}"\ntoken_variable = "OUR_KEY"\n'
        )
        table = exported(tmp_path, "-p", "ours")
    assert said(validator, table) == "Validation succeeded."


def test_whole_amounts_and_formulas_are_accepted(validator: Path, tmp_path: Path) -> None:
    costs = tmp_path / "costs.csv"
    costs.write_text("date,cost ($),model\n2026-11-01,5,=1+1\n2026-11-02,7,-2\n2026-11-02,-3,@sum\n")
    table = exported(tmp_path, str(costs))
    text = table.read_text()
    assert "'=1+1" in text
    assert ",5.00," in text
    assert said(validator, table) == "Validation succeeded."


def test_it_would_find_a_fault(validator: Path, tmp_path: Path) -> None:
    table = exported(tmp_path, "--demo", "dollars")
    table.write_text(table.read_text().replace("AI and Machine Learning", "Chat"))
    assert "ServiceCategory_Enum failed" in said(validator, table)
