"""`usage-tui check`: levels and exit codes, what is told once, what monitoring reads."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from usage_tui.cli import main

OK, WARNING, CRITICAL, UNKNOWN = range(4)
NUMBER = r"[a-z_]+=-?[\d.]+;[\d.]*:?;[\d.]*:?;\d*;[\d.]*"
NAGIOS = re.compile(rf"USAGE (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+( \| {NUMBER}( {NUMBER})*)?\n")


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("acme", OK),
        ("low", CRITICAL),  # nothing is left tomorrow
        ("paused", CRITICAL),
        ("locked", CRITICAL),
        ("acme --below 10009.75", OK),
        ("acme --below 10009.750001", WARNING),
        ("acme --below 100%", OK),
        ("acme --below 101%", WARNING),
        ("acme --below 101% --critical below=100.5%", CRITICAL),
        ("no-included --below 20%", UNKNOWN),
        ("no-included --below 20% --critical state=low", UNKNOWN),
        ("acme --expires-within 99d", OK),
        ("acme --expires-within 100d", WARNING),
        ("acme --state low", OK),
        ("low --state low", WARNING),
        ("paused --state low", WARNING),
        ("acme --stale 1h", OK),
        ("acme --runs-out-within 366d", OK),
        ("acme --runs-out-within 366d --cautious", WARNING),
        ("acme --lapses 1", WARNING),
        ("empty --runs-out-within 7d", UNKNOWN),
        ("empty --runs-out-within 7d --critical below=1000000", CRITICAL),
        ("acme --below ten", UNKNOWN),
        ("acme --nonsense", UNKNOWN),
        ("acme --critical below", UNKNOWN),
        ("nowhere", UNKNOWN),
        ("member --expires-within 7d", UNKNOWN),
        ("member", OK),
    ],
)
def test_the_exit_code_says_how_it_is(words: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--demo", *words.split()]) == code
    out, err = capsys.readouterr()
    assert out.count("\n") <= 1
    if out:
        assert out.startswith(("ok", "warning", "critical", "unknown")[code])
    else:
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("paused", "critical: the account is paused; credits run out today, within 3 days"),
        (
            "no-included --below 20% --critical below=5%",
            "unknown: below cannot be told: the plan includes nothing, so there is no part of it",
        ),
    ],
)
def test_the_line_says_today_and_nothing_twice(
    words: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--demo", *words.split()])
    assert capsys.readouterr().out == f"{line}\n"


def test_a_reason_is_told_once_and_again_only_where_asked(capsys: pytest.CaptureFixture[str]) -> None:
    def told(*words: str) -> str:
        assert main(["check", "--demo", "low", "--below", "20%", *words]) == WARNING
        return capsys.readouterr().err

    assert told() == "usage-tui: warning: 259.50 credits left, below 20% of what is included, 1,300 credits\n"
    assert told() == ""
    assert told("--repeat") != ""
    assert told("--repeat-after", "1h") == ""
    assert told("--repeat-after", "0s") != ""
    assert told("--critical", "below=1") == ""
    assert told("--quiet") == ""


def test_a_place_that_cannot_be_written_changes_no_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null/nowhere")
    assert main(["check", "--demo", "low", "--below", "20%"]) == WARNING
    first, second = capsys.readouterr().err.splitlines()
    assert "cannot be remembered" in first
    assert "below 20%" in second


def test_a_damaged_file_is_moved_aside_and_said(homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["check", "--demo", "low", "--below", "20%"]
    assert main(words) == WARNING
    (file,) = (homes / "STATE" / "usage-tui").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text('{"schema": "usage-tui/alerts/1", "told": {"x": 1}}')
    capsys.readouterr()
    assert main(words) == WARNING
    damaged, told = capsys.readouterr().err.splitlines()
    assert file.with_suffix(".damaged").exists()
    assert "damaged" in damaged
    assert "below 20%" in told


def test_a_command_is_run_once_for_each_new_reason_without_a_shell(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    heard = tmp_path / "heard"
    script = f"import sys; open({str(heard)!r}, 'a').write(sys.argv[1] + sys.stdin.read() + chr(10))"
    words = ["check", "--demo", "low", "--below", "20%", "--critical", "below=300"]
    command = ["--exec", sys.executable, "-c", script, "$(id) `id` --below"]
    for _ in range(2):
        assert main([*words, *command]) == CRITICAL
    first, second = heard.read_text().splitlines()
    for line, level in ((first, "critical"), (second, "warning")):
        assert line.startswith("$(id) `id` --below{")
        findings = json.loads(line.removeprefix("$(id) `id` --below"))["findings"]
        assert [one["level"] for one in findings if one["new"]] == [level]


def test_a_command_that_fails_is_run_again(capfd: pytest.CaptureFixture[str]) -> None:
    for command, says in ((["false"], "failed with exit code 1"), (["/no/such"], "cannot be run")):
        for _ in range(2):
            assert main(["check", "--demo", "low", "--below", "20%", "--exec", *command]) == WARNING
            assert says in capfd.readouterr().err


@pytest.mark.parametrize(
    "words", ["acme", "low", "acme --below 20000", "labels --below 5", "nowhere-at-all", "low --bogus"]
)
def test_nagios_reads_the_line(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "--nagios", "--demo", *words.split()])
    out, err = capsys.readouterr()
    found = NAGIOS.fullmatch(out)
    assert found is not None, (out, err)
    assert ("OK", "WARNING", "CRITICAL", "UNKNOWN")[code] == found[1]


def test_prometheus_reads_the_metrics(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "usage.prom"
    assert main(["check", "--demo", "low", "--prometheus", str(file)]) == OK
    assert file.stat().st_mode & 0o777 == 0o644
    families = {family.name: family for family in text_string_to_metric_families(file.read_text())}
    assert all(family.type == "gauge" for family in families.values())
    assert families["usage_tui_up"].samples[0].value == 1
    buckets = {one.labels["bucket"]: one.value for one in families["usage_tui_credits"].samples}
    assert buckets["included"] == 259.5
    assert capsys.readouterr() == ("", "")  # and nothing was told
    assert main(["check", "--demo", "low", "--prometheus", str(tmp_path)]) == UNKNOWN


def test_without_an_answer_the_metrics_say_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("USAGE_TUI_TOKEN", "uat_1_secret")
    assert main(["check", "--url", "http://127.0.0.1:1", "--timeout", "1s", "--prometheus", "-"]) == OK
    assert capsys.readouterr().out.endswith("usage_tui_up 0\n")


def test_a_critical_rule_without_a_limit_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--demo", "--critical", "below"]) == 3
    assert "below needs a limit, such as below=5% or runs-out-within=2d" in capsys.readouterr().err
