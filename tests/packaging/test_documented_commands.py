"""Every command of the README and of docs/service.md, run as it is written there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.forked import run
from tests.server import postgresql
from tests.server.postgresql import missing
from tests.server.processes import serve
from tests.service import serving

ROOT = Path(__file__).parents[2]
README, SERVICE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/service.md"))
SHOWN = ("usage-tui", "usage-tui FILE.jsonl", "usage-tui usage.jsonl")
"""Those that open the dashboard; here they print it."""
ELSEWHERE = {
    "git clone … && cd usage-tui && make run",
    "make test",
    "uv tool install .",
    "pipx install .",
    "pip install --constraint constraints.txt .",
    "usage-tui login openrouter",
    "usage-tui login NAME",
    "usage-tui -p openrouter",
}
"""Those that install or need an account; tests of the wheel and of logging in do the same."""
POSTGRESQL = ("pg_dump", "createdb", "pg_restore")
SHELL_SYNTAX = re.compile(r"[|<>;&$`*?~\\(){}\[\]#]")
SHELL = ("git ", "make ", "uv ", "pipx ", "pip ", "usage-tui", "curl ")


def commands_in(text: str) -> list[str]:
    """The lines of every block of commands, continued ones joined, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = re.sub(r"\\\n\s*|(?<=,)\n\s+", " ", "".join(blocks)).splitlines()
    return [re.sub(r"\s+#.*", "", line).strip() for line in lines if line.strip()]


def commands_within(text: str) -> set[str]:
    """The commands that stand in a sentence."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return {" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose) if code.startswith(SHELL)}


class Shell:
    """Runs commands in a folder of a person who has nothing but `usage-tui`.

    What is nothing but a run of the program is forked; what needs a shell gets one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "bin" / "usage-tui"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m usage_tui "$@"\n')
        program.chmod(0o755)
        self.environment = {
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PATH": f"{program.parent}{os.pathsep}{os.defpath}",
            "TMPDIR": str(folder),
        }

    def __call__(self, command: str, given: str = "") -> str:
        """What a command prints; it must succeed."""
        if command.startswith("usage-tui ") and not SHELL_SYNTAX.search(command):
            words = shlex.split(command)[1:]
            done = run(words, environment=self.environment, folder=self.folder, given=given)
        else:
            done = subprocess.run(
                ["sh", "-c", command],
                cwd=self.folder,
                env=self.environment,
                input=given,
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_every_command_of_the_readme_works(shell: Shell) -> None:
    shutil.copytree(ROOT / "examples", shell.folder / "examples")
    shell("usage-tui record -o FILE.jsonl")
    commands = commands_in(README)
    assert len(commands) > 8
    for command in commands:
        if command in ELSEWHERE:
            continue
        if command in SHOWN:
            assert "Credits remaining" in shell(f"{command} --print")
        elif command == "usage-tui costs.csv":
            yesterday = datetime.now(UTC).date() - timedelta(days=1)
            (shell.folder / "costs.csv").write_text(f"date,model,cost_usd\n{yesterday},gpt,1.5\n")
            assert "Used this period" in shell(f"{command} --print")
        elif command == "usage-tui login https://…":
            with serving(shell.folder) as service:
                assert "Wrote the profile acme" in shell(f"usage-tui login {service.url}", f"{service.sam}\n")
                assert "Acme" in shell("usage-tui --print")
                assert "belongs to Sam" in shell("usage-tui doctor || true")  # it may warn of this terminal
                shell("rm -r .config")
        elif command == "usage-tui doctor":
            continue  # above, where there is something to check
        elif command == "usage-tui serve --demo":
            with serve("--demo", TMPDIR=str(shell.folder)) as served:
                opened = f"USAGE_TUI_TOKEN={served.owner} usage-tui --url {served.url} --print"
                assert "6,240.50 used" in shell(opened)
        else:
            shell(command)


def test_every_command_within_the_readme_works(shell: Shell) -> None:
    for command in commands_within(README) - ELSEWHERE:
        if command.startswith("make "):
            done = subprocess.run(
                ["sh", "-c", f"{command} --dry-run"], cwd=ROOT, capture_output=True, check=False
            )
            assert done.returncode == 0, command
        elif command == "usage-tui login URL -p NAME":
            with serving(shell.folder) as service:
                url = service.url
                assert "profile work" in shell(f"usage-tui login {url} -p work", f"{service.sam}\n")
                shell("rm -r .config")
        elif command == "usage-tui":
            assert "Credits remaining" in shell("usage-tui --print")
        else:
            shell(command)


def test_every_command_of_the_page_on_the_service_works_in_its_order(shell: Shell) -> None:
    for program in ("curl", "openssl"):
        if shutil.which(program) is None:
            missing(f"no {program}, which docs/service.md uses; on Debian and Ubuntu: apt install {program}")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    (shell.folder / "events.csv").write_text(f"id,time,credits\ne1,{yesterday.isoformat()},2.5\n")
    shell("usage-tui record --demo dollars -o FILE.jsonl")
    commands = commands_in(SERVICE)
    first, *commands = commands
    assert first == "usage-tui serve --demo"  # as in the README
    until = commands.index("usage-tui serve")
    for command in commands[:until]:
        said = shell(command)
        if "token create" in command:
            shell.environment["INGEST_TOKEN" if "--machine" in command else "TOKEN"] = said.strip()
    with served(shell) as url:
        shell.environment["ORG"] = f"{url}/v1/orgs/acme"
        asked = [command for command in commands if command.startswith("curl ")]
        asked = [command for command in asked if "--cacert" not in command]  # over TLS, below
        assert len(asked) == 13
        for command in asked:
            said = shell(command.replace("http://127.0.0.1:8321", url))
            assert_answered(command, said, shell.folder)
    for command in commands[until + 1 :]:
        if command.startswith("usage-tui serve --certfile"):
            with served(shell, command) as url:
                (over_tls,) = [one for one in commands if "--cacert" in one]
                shell(over_tls.replace("https://127.0.0.1:8321", url))
        elif not command.startswith(("curl ", "ORG=", *POSTGRESQL)) and "///restored" not in command:
            shell(command.replace("postgresql+psycopg://HOST/NAME", "copy.db"))
    assert "differences: 0" in shell("usage-tui admin verify --database copy.db")
    assert shell("usage-tui admin org list --database copy.db").count("\n") == 2


def assert_answered(command: str, said: str, folder: Path) -> None:
    """A request of the page was answered with what the page says."""
    if " -o " in command:
        assert "50.125" in (folder / command.split(" -o ")[1].split()[0]).read_text()
    elif " -d " in command:
        assert '"accepted":1' in said
    elif command.endswith("/readyz"):
        assert said == "ready\n"
    elif command.endswith("/metrics"):
        assert "usage_tui_" in said
    elif "period=2026-10" not in command:  # a period of this organization only in that month
        assert json.loads(said)["items"]


def test_a_dump_of_postgresql_is_restored_as_the_page_says(shell: Shell) -> None:
    commands = [one for one in commands_in(SERVICE) if one.startswith(POSTGRESQL) or "///restored" in one]
    assert [command.split()[0] for command in commands] == [*POSTGRESQL, "usage-tui"]
    with postgresql.running() as cluster:
        programs = f"{cluster.binaries}{os.pathsep}{shell.environment['PATH']}"
        shell.environment |= {"PGHOST": str(cluster.home), "PGUSER": "usage", "PATH": programs}
        shell("createdb usage")
        database = "--database postgresql+psycopg:///usage"
        shell(f"usage-tui admin org create acme --name Acme --time-zone UTC {database}")
        shell(f"usage-tui admin grant add acme gift 5 --description Gift {database}")
        said = [shell(command) for command in commands]
        assert "differences: 0" in said[-1]
        balance = "usage-tui admin org show acme --database postgresql+psycopg:///"
        assert shell(f"{balance}restored") == shell(f"{balance}usage")


@contextmanager
def served(shell: Shell, command: str = "usage-tui serve") -> Iterator[str]:
    """A `usage-tui serve` of the page, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [shell.folder / "bin" / "usage-tui", *command.split()[1:], "--port", str(port)],
        cwd=shell.folder,
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            announced = re.search(rf"https?://127.0.0.1:{port}", process.stdout.readline())
            assert announced is not None
            yield announced[0]
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
