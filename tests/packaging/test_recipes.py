"""The recipes of docs/scripting.md, where they can run: shells, tmux, systemd, cron's lines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from usage_tui.cli import main
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scripting.md").read_text(encoding="utf-8")
LINE = "10k left"


def block(language: str, number: int = 0) -> str:
    """A block of code of the page, for the demo in place of a profile."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return blocks[number].replace("-p work", "--demo")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment in which `usage-tui` is the program under test, and nothing was told."""
    program = tmp_path / "bin" / "usage-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m usage_tui "$@"\n')
    program.chmod(0o755)
    homes = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "CACHE", "STATE")}
    return {**os.environ, **homes, "PATH": f"{program.parent}:{os.environ['PATH']}"}


def shell(environ: dict[str, str], *words: str) -> str:
    return subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout


def test_bash_shows_what_is_left_in_its_prompt(environ: dict[str, str]) -> None:
    script = f'{block("bash")}\neval "$PROMPT_COMMAND"; printf %s "${{PS1@P}}"'
    assert f"[{LINE}]" in shell(environ, "bash", "-c", script)


def test_zsh_shows_what_is_left_in_its_prompt(environ: dict[str, str]) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    script = f'{block("zsh")}\nprecmd; print -P "$PROMPT"'
    assert f"[{LINE}]" in shell(environ, "zsh", "-fc", script)


def test_fish_shows_what_is_left_in_its_prompt(environ: dict[str, str]) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    script = f"{block('fish')}\nfish_prompt"
    assert shell(environ, "fish", "--no-config", "-c", script).startswith(f"[{LINE}] ")


def test_the_command_for_starship_shows_what_is_left(environ: dict[str, str]) -> None:
    module = tomllib.loads(block("toml"))["custom"]["usage"]
    assert shell(environ, "sh", "-c", module["command"]) == f"{LINE}\n"


def test_tmux_shows_what_is_left_in_its_status_line(environ: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    conf = tmp_path / "tmux.conf"
    conf.write_text(block("tmux"))
    command = re.search(r"#\((.*)\)", block("tmux"))
    assert command is not None
    assert shell(environ, "sh", "-c", command[1]).startswith(LINE)
    socket = str(tmp_path / "socket")
    shell(environ, "tmux", "-S", socket, "-f", str(conf), "new-session", "-d", "sleep 60")
    try:
        assert "usage-tui status" in shell(environ, "tmux", "-S", socket, "show", "-gv", "status-right")
    finally:
        shell(environ, "tmux", "-S", socket, "kill-server")


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for number, name in enumerate(("usage-check.service", "usage-check.timer")):
        (tmp_path / name).write_text(block("ini", number))
    units = [str(tmp_path / name) for name in ("usage-check.service", "usage-check.timer")]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", *units], capture_output=True, text=True, check=False
    )
    assert "usage-check" not in done.stderr


def test_cron_mails_each_reason_once(environ: dict[str, str]) -> None:
    _, _, command = block("crontab").strip().partition("  ")
    command = command.replace("--demo", "--demo low")
    for told in (True, False):
        done = subprocess.run(["sh", "-c", command], env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert (done.stdout, bool(done.stderr)) == ("", told)


def test_a_pipeline_stops_where_a_batch_does_not_fit(environ: dict[str, str]) -> None:
    step = next(line for line in PAGE.splitlines() if line.startswith("usage-tui plan"))
    step = step.replace("-p work", "--demo")
    for runs, code in (("5", 0), ("500000", 1)):
        script = f"{step.replace('--runs 5000', f'--runs {runs}')}"
        done = subprocess.run(["sh", "-c", script], env=environ, capture_output=True, check=False)
        assert done.returncode == code


def test_every_command_of_the_page_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    for name in re.findall(r"^usage-tui (\w+)", PAGE, re.MULTILINE):
        with pytest.raises(SystemExit):
            main([name, "--help"])


def test_bash_completes_commands_options_profiles_and_demos(environ: dict[str, str], tmp_path: Path) -> None:
    settings = tmp_path / "CONFIG" / "usage-tui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[profiles.work]\n[profiles.home]\n")
    script = ROOT / "completions" / "usage-tui.bash"

    def completed(*words: str) -> set[str]:
        line = " ".join(f"'{word}'" for word in words)
        place = f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}"
        code = f'source {script}; {place}; _shtab_usage_tui; echo "${{COMPREPLY[@]}}"'
        return set(shell(environ, "bash", "-c", code).split())

    assert completed("usage-tui", "fore") == {"forecast"}
    assert "--preset" in completed("usage-tui", "status", "--pr")
    assert completed("usage-tui", "status", "-p", "") == {"work", "home"}
    assert completed("usage-tui", "status", "--demo", "doll") == {"dollars"}


_CACHED = (
    b'{"schema":"usage-tui/recording/1","sources":{"items":['
    b'{"source_id":"tool_contract","label":"Contract review"},{"source_id":"wf_digest","label":"x"},'
    b'{"source_id":"$(touch ran)","label":"y"},{"source_id":"a b","label":"z"}]}}\n'
    b'{"source_id":"of_an_event"}\n'
)
_COMPLETED = {
    "bash": "source {script}; COMP_WORDS=(usage-tui plan --of ''); COMP_CWORD=3; "
    '_shtab_usage_tui; printf "%s\n" "${{COMPREPLY[@]}}"',
    "zsh": 'eval "$(grep ^_usage_tui_sources {script})"; '
    "compadd() {{ print -l -- ${{(P)2}} }}; _usage_tui_sources",
    "fish": "source {script}; complete -C 'usage-tui plan --of '",
}


@pytest.mark.parametrize("name", _COMPLETED)
def test_a_shell_completes_sources_that_are_cached_and_runs_none(
    name: str, environ: dict[str, str], tmp_path: Path
) -> None:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"there is no {name}")
    cache = tmp_path / "cache" / "usage-tui"
    cache.mkdir(parents=True)
    (cache / "51d9.jsonl").write_bytes(_CACHED)
    file = {"bash": "usage-tui.bash", "zsh": "_usage-tui", "fish": "usage-tui.fish"}[name]
    code = _COMPLETED[name].format(script=ROOT / "completions" / file)
    found = subprocess.run(
        [program, "-c", code],
        env=environ | {"XDG_CACHE_HOME": str(cache.parent), "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    ids = [line.partition("\t")[0] for line in found.stdout.splitlines()]
    assert ids == ["tool_contract", "wf_digest"]
    assert not (tmp_path / "ran").exists()


_SCENARIOS = {
    "zsh": 'eval "$(grep ^_usage_tui_scenarios {script})"; '
    "_describe() {{ print -l -- ${{(P)2}} }}; _usage_tui_scenarios",
    "fish": "source {script}; complete -C 'usage-tui --demo '",
}


@pytest.mark.parametrize(("name", "between"), [("zsh", ":"), ("fish", "\t")])
def test_a_shell_says_what_each_scenario_of_the_demo_shows(
    name: str, between: str, environ: dict[str, str]
) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name}")
    file = {"zsh": "_usage-tui", "fish": "usage-tui.fish"}[name]
    code = _SCENARIOS[name].format(script=ROOT / "completions" / file)
    found = shell(environ, name, "-c", code).splitlines()
    assert found == [f"{scenario}{between}{text}" for scenario, text in SCENARIOS.items()]
