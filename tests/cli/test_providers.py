"""The list of vendors: which cards each of them fills, and all that is declared of one."""

from __future__ import annotations

import pytest

from tests.cli.program import refused, run
from usage_tui.cli import main
from usage_tui.clients.registry import require_provider, vendor_names


def test_the_table_has_every_vendor_and_fits_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["providers"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == vendor_names()
    rows = {line[:22].strip(): line[22:].split() for line in lines[1:10]}
    assert rows["balance"] == ["-", "yes", "-", "-", "-", "some"]
    assert rows["usage by source"] == ["yes"] * 6
    assert rows["counts"] == ["-", "yes", "yes", "-", "yes", "yes"]
    assert all(len(line) <= 80 for line in lines[:-2])


@pytest.mark.parametrize("name", vendor_names())
def test_one_vendor_is_described_whole(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["providers", name]) == 0
    out = capsys.readouterr().out
    provider = require_provider(name)
    assert provider.key is not None
    assert provider.vendor is not None
    for fact in (
        provider.key.words,
        provider.key.variable,
        provider.key.page,
        provider.url,
        provider.unit,
        provider.vendor.delay,
    ):
        assert fact in out
    assert all(reason in out for reason in provider.not_offered.values() if "viewer" not in reason)


def test_a_terminal_of_few_characters_gets_them() -> None:
    printed = run("providers", "openai", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "an admin key (sk-admin-?)" in printed.stdout


def test_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "providers", "opnai").startswith("unknown provider 'opnai'; did you mean openai?")
