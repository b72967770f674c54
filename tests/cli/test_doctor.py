"""The doctor: what is looked at, the report, and the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import refused
from tests.service import Service
from tests.terminal import Terminal, environment, usage_tui
from usage_tui.cli import main
from usage_tui.cli.client_options import TOKEN_VARIABLE
from usage_tui.cli.ending import FAILED
from usage_tui.config import paths


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


def subjects(report: str) -> list[str]:
    return [line.split()[2] for line in report.splitlines()]


def test_a_service_is_looked_at_by_its_profile_and_the_token_is_nowhere(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text(
        f'profile = "work"\n[profiles.work]\nurl = "{service.url}"\ntoken_variable = "TOKEN"\n'
    )
    monkeypatch.setenv("TOKEN", service.maria)
    assert main(["doctor"]) == 0
    out, err = capsys.readouterr()
    assert subjects(out) == [
        *("settings", "profile", "cache", "address", "name", "connection", "token", "clock", "latency"),
        *("organization", "access", "terminal", "display", "colors", "symbols", "size", "place", "mouse"),
    ]
    assert service.maria not in out + err


def test_a_fault_makes_it_fail_and_has_its_advice(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "uat_5up3r-s3cr3t")
    assert main(["doctor", "--url", service.url]) == FAILED
    out = capsys.readouterr().out
    (line,) = (line for line in out.splitlines() if line.startswith("✗"))
    assert line.startswith("✗ fail  service")
    assert "uat_5up3r-s3cr3t" not in out


def test_settings_that_cannot_be_followed_are_a_fault_and_the_terminal_is_looked_at_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text("theme = 5")
    assert main(["doctor"]) == FAILED
    out = capsys.readouterr().out
    assert f"✗ fail  settings      {paths.config_file()}: theme: must be text in quotes." in out
    assert "terminal" in subjects(out)


def test_the_terminal_alone_needs_neither_settings_nor_service(capsys: pytest.CaptureFixture[str]) -> None:
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text("theme = 5")
    assert main(["doctor", "--terminal"]) == 0
    assert subjects(capsys.readouterr().out) == [
        *("terminal", "display", "colors", "symbols", "size", "place", "mouse"),
    ]


def test_an_unknown_profile_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "unknown profile 'play'" in refused(capsys, "doctor", "-p", "play")


def test_in_a_terminal_it_sees_that_terminal(tmp_path_factory: pytest.TempPathFactory) -> None:
    variables = environment(tmp_path_factory.mktemp("home"), COLORTERM="truecolor")
    with Terminal(usage_tui("doctor", "--terminal"), columns=100, rows=30, environment=variables) as terminal:
        assert terminal.wait_for_exit() == 0
        assert "TERM is xterm-256color." in terminal.text
        assert "16 million colors" in terminal.text
        assert "100x30." in terminal.text
        assert "✓ ok    symbols" in terminal.text
        assert "✓ ok    display       only changed cells are sent" in terminal.text


def test_an_unknown_theme_is_a_fault_as_it_keeps_the_dashboard_from_opening(
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text('theme = "sepia"')
    assert main(["doctor"]) == FAILED
    assert "✗ fail  theme         unknown theme sepia. The themes are ansi-dark, " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "code", "finding"),
    [
        ("date,model,cost_usd\n2026-11-02,gpt,1.5\n", 0, "✓ ok    export        Read as a table"),
        ("date,model,cost_usd\n2026-11-02,gpt,one\n", FAILED, "✗ fail  table         "),
    ],
)
def test_the_table_of_a_profile_is_opened_as_the_dashboard_opens_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, code: int, finding: str
) -> None:
    (tmp_path / "costs.csv").write_text(table)
    paths.config_file().parent.mkdir(parents=True)
    paths.config_file().write_text(
        f'profile = "x"\n[profiles.x]\nprovider = "recording"\nfile = "{tmp_path / "costs.csv"}"\n'
    )
    assert main(["doctor"]) == code
    assert finding in capsys.readouterr().out
