"""Settings: a file with one clear line for every fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from usage_tui.config.commands import COMMANDS
from usage_tui.config.settings import AlertSettings, Settings, parse_settings, read_settings
from usage_tui.toml_file import InvalidToml
from usage_tui.tui.themes import NAMES


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refusal(path: Path) -> str:
    with pytest.raises(InvalidToml) as caught:
        read_settings(path)
    return str(caught.value)


def test_without_a_file_everything_is_as_usual(file: Path) -> None:
    assert read_settings(file) == Settings()


def test_an_empty_file_changes_nothing(file: Path) -> None:
    file.write_text("")
    assert read_settings(file) == Settings()


def test_the_file_sets_theme_mouse_and_keys(file: Path) -> None:
    file.write_text('theme = "nord"\nmouse = false\n[keys]\nrefresh = "f5, ctrl+r"\nhelp = "question_mark"\n')
    assert read_settings(file) == Settings(
        theme="nord", mouse=False, keys={"refresh": "f5,ctrl+r", "help": "question_mark"}
    )


def test_a_new_alert_may_ring_and_notify(file: Path) -> None:
    file.write_text('[alerts]\nbell = true\nnotify = "osc9"\n')
    assert read_settings(file).alerts == AlertSettings(bell=True, notify="osc9")
    file.write_text("[alerts]\n")
    assert read_settings(file).alerts == AlertSettings(bell=False, notify="off")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("colour = 1", "unknown key colour; the keys are alerts, keys, mouse, profile, profiles, theme"),
        ("theme = 5", "theme: must be text in quotes"),
        ('mouse = "no"', "mouse: must be true or false"),
        ("keys = 3", "keys: must be a table: [keys]"),
        ("theme = ", "is not valid TOML: Invalid value (at end of document)"),
        ("theme = " + "[" * 9000, "has a number that is too long, or is nested too deeply"),
        ("theme = " + "1" * 9000, "has a number that is too long, or is nested too deeply"),
        ("alerts = 3", "alerts: must be a table: [alerts]"),
        ("[alerts]\nbell = 1", "alerts.bell: must be true or false"),
        ('[alerts]\nnotify = "mail"', "alerts.notify: must be one of off, osc9, osc777"),
        ("[alerts]\nring = true", "unknown key alerts.ring; the keys are bell, notify"),
        ('[keys]\nrefresh = ""', 'keys.refresh: must be a key such as "f5", "ctrl+r" or "question_mark"'),
        ('[keys]\nrefresh = "f5,"', 'keys.refresh: must be a key such as "f5", "ctrl+r" or "question_mark"'),
        ("[keys]\nrefresh = 5", "keys.refresh: must be text in quotes"),
        ('[keys]\nhelp = "?"', 'keys.help: must be a key such as "f5", "ctrl+r" or "question_mark"'),
        ('[keys]\nrefresh = "y"', "keys: copy and refresh cannot both be 'y'"),
        ('[keys]\nrefresh = "f5"\ncopy = "f5"', "keys: copy and refresh cannot both be 'f5'"),
    ],
)
def test_a_fault_is_one_line_with_the_file_and_what_is_wrong(file: Path, text: str, fault: str) -> None:
    file.write_text(text)
    assert refusal(file) == f"{file}: {fault}"


def test_an_unknown_command_is_answered_with_all_there_are(file: Path) -> None:
    file.write_text('[keys]\nfly = "f5"')
    message = refusal(file)
    assert message.startswith(f"{file}: unknown key keys.fly; the keys are allowance, auto_recharge, back,")
    assert "\n" not in message


def test_two_commands_may_change_their_keys(file: Path) -> None:
    file.write_text('[keys]\nrefresh = "y"\ncopy = "r"')
    assert read_settings(file).keys == {"refresh": "y", "copy": "r"}


def test_a_file_that_cannot_be_read_says_why(file: Path) -> None:
    file.mkdir()
    assert refusal(file) == f"{file}: cannot be read: Is a directory"


def test_a_file_of_other_bytes_says_where(file: Path) -> None:
    file.write_bytes(b'theme = "\xff"')
    assert refusal(file) == f"{file}: is not UTF-8, at byte 10"


def test_names_from_a_file_steer_no_terminal(file: Path) -> None:
    file.write_text('"\\u001b[31mred" = 1')
    assert "\x1b" not in refusal(file)


def test_the_settings_that_the_readme_shows_can_be_followed(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n(theme = .*?)```", readme, re.DOTALL)
    settings = parse_settings(text, tmp_path / "config.toml")
    assert settings.theme in NAMES
    assert settings.profile in settings.profiles
    assert set(COMMANDS) > set(settings.keys) > set()
