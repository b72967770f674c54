"""Tokens: where they may lie, and that they show up nowhere else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from rich.traceback import Traceback

from usage_tui.clients.base import ClientError
from usage_tui.config import secrets as tokens
from usage_tui.config.profiles import TokenCommand, TokenFile, TokenSource, TokenVariable
from usage_tui.config.secrets import read_token

SECRET = "uat_5up3r-s3cr3t"


def sent(source: TokenSource) -> str:
    """What a request would be signed with."""
    return read_token(source, "a token")(httpx.Request("GET", "https://a.example")).headers["Authorization"]


def refusal(source: TokenSource) -> str:
    """Why there is no token. No part of it and of its traceback, with all variables, holds the secret."""
    with pytest.raises(ClientError) as caught:
        read_token(source, "a token of the service")
    error = caught.value
    console = Console(file=io.StringIO(), width=500)
    console.print(
        Traceback.from_exception(
            type(error), error, error.__traceback__, show_locals=True, locals_max_length=10_000
        )
    )
    assert SECRET not in console.file.getvalue()  # type: ignore[attr-defined]
    return f"{error.message} {error.advice}"


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def command(tmp_path: Path) -> Callable[[str], TokenCommand]:
    """A token command that runs some Python, named in a settings file of its own."""
    folder = tmp_path / "config"
    folder.mkdir(mode=0o700)
    config = folder / "config.toml"
    config.touch(mode=0o600)
    return lambda code: TokenCommand((sys.executable, "-c", code), config)


# A variable


def test_a_token_in_a_variable_is_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORK", f" {SECRET}\n")
    assert sent(TokenVariable("WORK")) == f"Bearer {SECRET}"
    assert "WORK" not in os.environ


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_not_set_is_named(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is not None:
        monkeypatch.setenv("WORK", value)
    assert refusal(TokenVariable("WORK")) == "There is no token. Set WORK to a token of the service."


def test_a_variable_with_something_else_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORK", f"{SECRET} {SECRET}")
    assert "Copy it again" in refusal(TokenVariable("WORK"))


# A file


def test_a_token_in_a_file_is_its_first_line(token_file: Path) -> None:
    assert sent(TokenFile(token_file)) == f"Bearer {SECRET}"
    token_file.write_text(f"{SECRET}\nnote: mine\n")
    assert sent(TokenFile(token_file)) == f"Bearer {SECRET}"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666])
def test_a_file_that_others_may_open_is_refused(token_file: Path, mode: int) -> None:
    token_file.chmod(mode)
    message = refusal(TokenFile(token_file))
    assert message == (
        f"Other users can open the token file {token_file}. Run chmod 600 {token_file}, and renew the token."
    )


def test_a_file_of_another_user_is_refused(token_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: token_file.stat().st_uid + 1)
    assert "belongs to another user" in refusal(TokenFile(token_file))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere"
    assert refusal(TokenFile(path)).startswith(
        f"The token file {path} cannot be read: No such file or directory."
    )


def test_a_folder_or_a_pipe_is_no_token_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "cannot be read: Is a directory" in refusal(TokenFile(tmp_path))
    assert "is not a file" in refusal(TokenFile(tmp_path / "pipe"))


@pytest.mark.parametrize("content", [b"", b"\n", f"{SECRET} x".encode(), SECRET.encode() + b"\xff"])
def test_a_file_with_something_else_is_refused_without_showing_it(token_file: Path, content: bytes) -> None:
    token_file.write_bytes(content)
    assert "Copy it again" in refusal(TokenFile(token_file))


# A command


def test_a_command_prints_the_token_in_its_first_line(command: Callable[[str], TokenCommand]) -> None:
    assert sent(command(f"print({SECRET!r}); print('user: maria')")) == f"Bearer {SECRET}"


def test_no_shell_reads_the_command(command: Callable[[str], TokenCommand], tmp_path: Path) -> None:
    source = command("import sys; print(len(sys.argv[1]))")
    words = (*source.words, f"$(touch {tmp_path}/made); a")
    assert sent(TokenCommand(words, source.config)) == f"Bearer {len(words[-1])}"
    assert not (tmp_path / "made").exists()


def test_what_a_command_complains_of_is_one_line_without_what_it_printed(
    command: Callable[[str], TokenCommand],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STORE", SECRET)
    complaint = "\n\x1b[31mError: usage is not in the store.\nTry init."
    source = command(f"import os, sys; print(os.environ['STORE']); sys.exit({complaint!r})")
    assert refusal(source) == (
        f"The token command {sys.executable} failed with exit code 1: "
        "�[31mError: usage is not in the store. Run it yourself to see more."
    )
    assert capfd.readouterr() == ("", "")


def test_a_silent_failure_has_its_exit_code(command: Callable[[str], TokenCommand]) -> None:
    assert "failed with exit code 3. Run it" in refusal(command("raise SystemExit(3)"))


def test_a_long_complaint_is_cut(command: Callable[[str], TokenCommand]) -> None:
    assert len(refusal(command("import sys; sys.exit('x' * 10_000)"))) < 500


def test_a_command_is_not_waited_for_without_end(
    command: Callable[[str], TokenCommand], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tokens.TIMEOUT == 10

    def too_long(words: object, *, timeout: float, **options: object) -> None:
        raise subprocess.TimeoutExpired("pass", timeout, output=SECRET.encode())

    monkeypatch.setattr(subprocess, "run", too_long)
    assert "took longer than 10 s" in refusal(command(""))


def test_a_command_that_is_not_there_is_named(command: Callable[[str], TokenCommand]) -> None:
    source = TokenCommand(("no-such-program",), command("").config)
    assert refusal(source).startswith("The token command no-such-program cannot be run: No such file")


@pytest.mark.parametrize("place", ["file", "folder"])
@pytest.mark.parametrize("bit", [0o020, 0o002])
def test_a_command_that_others_may_change_is_not_run(
    command: Callable[[str], TokenCommand], tmp_path: Path, place: str, bit: int
) -> None:
    source = command(f"open({str(tmp_path / 'made')!r}, 'w')")
    path = source.config if place == "file" else source.config.parent
    path.chmod(path.stat().st_mode | bit)
    message = refusal(source)
    assert message == f"The token command is not run: other users can write {path}. Run chmod go-w {path}."
    assert not (tmp_path / "made").exists()


def test_a_settings_file_behind_a_link_is_as_safe_as_the_folder_it_lies_in(
    command: Callable[[str], TokenCommand], tmp_path: Path
) -> None:
    source = command("print('x')")
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o700)
    (shared / "config.toml").touch(mode=0o600)
    source.config.unlink()
    source.config.symlink_to(shared / "config.toml")
    assert sent(source) == "Bearer x"
    shared.chmod(0o777)
    assert f"other users can write {shared}" in refusal(source)


def test_a_command_in_a_file_of_another_user_is_not_run(
    command: Callable[[str], TokenCommand], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = command("")
    owner = source.config.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    if owner:  # what root owns is as good as one's own
        assert "is not run" in refusal(source)
