"""The status line: forms, ages, the digest beside the cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import refused
from tests.network import LiveService, revoke
from usage_tui.cli import main
from usage_tui.cli.status.line import PRESETS, status_line
from usage_tui.cli.status.template import InvalidTemplate, Template
from usage_tui.cli.status.values import NAMES

DIGEST: dict[str, Any] = {
    "schema": "usage-tui/status/1",
    "as_of": "2026-11-22T20:30:00Z",
    "fetched_at": "2026-11-22T20:30:00Z",
    "stale": False,
    "origin": "usage.example",
    "org": {"id": "acme", "name": "Ac#me %$`\\", "time_zone": "America/New_York"},
    "unit": "credit",
    "credits": "1900",
    "included": "900",
    "purchased": "1000",
    "locked": "0",
    "overage": None,
    "used": "2100",
    "progress_of": "included",
    "progress_used": "2100",
    "progress_granted": "3000",
    "percent_used": 70,
    "percent_left": 30,
    "days_left": 9,
    "refresh": "2026-12-01",
    "state": "normal",
    "runs_out": None,
    "earliest": None,
    "latest": None,
    "pace": "100.5",
}


def test_the_line_says_what_is_left_how_much_is_used_and_how_long_it_must_last() -> None:
    assert status_line(DIGEST) == "1,900 left · 70% of included used · 9 days left"


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("width", [None, 200, 40, 20, 0])
def test_old_data_say_so_at_any_width_in_every_preset(preset: str, width: int | None) -> None:
    line = status_line(DIGEST | {"stale": True}, preset, width)
    assert line.endswith("as of Nov 22, 15:30")
    assert "1,9" not in line or "1,900" in line or "1.9k" in line


@pytest.mark.parametrize("width", range(60))
def test_a_number_is_never_cut(width: int) -> None:
    line = status_line(DIGEST, width=width)
    assert len(line) <= width
    assert line in (
        "",
        *("1,900 left · 70% of included used · 9 days left".rsplit(" · ", n)[0] for n in range(3)),
    )


def test_no_preset_writes_what_its_place_would_take_for_its_own() -> None:
    assert "##" in status_line(DIGEST | {"state": "#(reboot)"}, "tmux")
    prompt = status_line(DIGEST | {"unit": "USD", "state": "a%b`c\\d$e"}, "prompt")
    assert not set(prompt) & set("%`\\$!")
    assert "USD" in prompt
    assert status_line(DIGEST | {"unit": "EUR"}, "ascii").isascii()


def test_a_source_without_a_balance_says_what_was_used() -> None:
    digest = DIGEST | {"credits": None, "progress_of": None, "progress_granted": None, "days_left": None}
    assert status_line(digest) == "2,100 used this period"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{credits} {credits:k} {credits:0}", "1,900 1.9k 1,900"),
        ("{percent_used} of {{it}}", "70% of {it}"),
        ("{locked?locked }{credits?{credits:k} left}", "1.9k left"),
        ("{overage?no}{runs_out?no}{stale?no}", ""),
        ("{pace}", "100.50"),
        ("", ""),
    ],
)
def test_a_format_is_filled(text: str, line: str) -> None:
    assert Template(text).fill(DIGEST) == line


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "}",
        "{x}",
        "{credits",
        "{credits:z}",
        "{state:k}",
        "{credits.__class__}",
        "{0}",
        "{locked?{",
        "{!r}",
    ],
)
def test_what_is_no_format_is_refused(text: str) -> None:
    with pytest.raises(InvalidTemplate):
        Template(text)


def test_an_unknown_name_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    message = refused(capsys, "status", "--demo", "--format", "{nothing}")
    assert all(name in message for name in NAMES)


def test_every_name_has_a_text_for_every_demo(capsys: pytest.CaptureFixture[str]) -> None:
    for scenario in ("acme", "empty", "dollars", "labels", "locked", "overage", "not-offered", "huge"):
        assert main(["status", "--demo", scenario, "--format", "".join(f"{{{name}}}" for name in NAMES)]) == 0
        assert capsys.readouterr().out.count("\n") == 1


# With a service


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    return tmp_path


def write_profile(homes: Path, url: str, token: str) -> None:
    folder = homes / "CONFIG" / "usage-tui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "token").touch(0o600)
    (folder / "token").write_text(token)
    (folder / "config.toml").write_text(
        f'profile = "work"\n[profiles.work]\nurl = "{url}"\ntoken_file = "token"\n'
    )


def digests(homes: Path) -> list[Path]:
    return sorted((homes / "CACHE" / "usage-tui").glob("*.status.json"))


def test_the_next_line_comes_from_the_digest_without_what_asks(
    homes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LiveService(tmp_path) as service:
        write_profile(homes, service.url, service.owner)
        assert main(["status", "--timeout", "20s"]) == 0
        first = capsys.readouterr().out
    (digest,) = digests(homes)
    assert digest.stat().st_mode & 0o777 == 0o600
    code = "import sys; from usage_tui.cli import main; main(['status', '--offline']); print(*sys.modules)"
    line, modules = subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()
    assert f"{line}\n" == first
    loaded = {name.partition(".")[0] for name in modules.split()}
    assert not loaded & {"pydantic", "pydantic_core", "httpx", "textual", "rich", "asyncio", "dataclasses"}


def test_a_digest_of_before_a_balance_was_carried_forward_is_made_anew(
    homes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LiveService(tmp_path) as service:
        write_profile(homes, service.url, service.owner)
        assert main(["status", "--timeout", "20s"]) == 0
        (digest,) = digests(homes)
        data = json.loads(digest.read_bytes())
        for name in ("roll_forward", "closing", "held"):
            del data["reconcile"][name]
        digest.write_text(json.dumps(data))
        capsys.readouterr()
        assert main(["status", "--json", "--timeout", "20s"]) == 0
    books = json.loads(capsys.readouterr().out)["reconcile"]
    assert books["roll_forward"]["used"] == "6253"
    assert books["closing"] == books["held"] == "11509.75"


def test_the_digest_goes_with_the_cache_and_is_never_read_for_another_token(
    homes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LiveService(tmp_path) as service:
        write_profile(homes, service.url, service.owner)
        assert main(["status", "--timeout", "20s"]) == 0
        write_profile(homes, service.url, "uat_9_another")
        assert main(["status", "--offline"]) == 5
        write_profile(homes, service.url, service.owner)
        assert main(["status", "--offline"]) == 0
        capsys.readouterr()
        (digest,) = digests(homes)
        digest.write_bytes(b'{"schema": "usage-tui/status/1"')
        assert main(["status", "--offline"]) == 0  # a damaged one is not read, but the cache
        assert capsys.readouterr().out.startswith("10,009.75 left")
        digest.unlink()
        revoke(service, service.owner)
        assert main(["status", "--max-age", "0", "--timeout", "20s"]) == 1
    assert digests(homes) == []


def test_what_comes_late_is_not_waited_for(
    homes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LiveService(tmp_path) as service:
        write_profile(homes, service.url, service.owner)
        assert main(["status", "--timeout", "20s"]) == 0
    (digest,) = digests(homes)
    data = json.loads(digest.read_text())
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    data["fetched_at"] = long_ago.isoformat()
    digest.write_text(json.dumps(data))
    (cached,) = digest.parent.glob("*.jsonl")
    os.utime(cached, (long_ago.timestamp(), long_ago.timestamp()))
    capsys.readouterr()
    assert main(["status", "--timeout", "0.1s"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("10,009.75 left")
    assert " as of " in out
    assert main(["status", "--json", "--offline"]) == 0
    assert json.loads(capsys.readouterr().out)["stale"] is True


def test_programs_are_told_whether_the_books_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--demo", "--json"]) == 0
    books = json.loads(capsys.readouterr().out)["reconcile"]
    carried = books.pop("roll_forward")
    assert books == {
        "agrees": True,
        **dict.fromkeys(("days", "sources", "period"), "6240.5"),
        **dict.fromkeys(("closing", "held"), "11509.75"),
    }
    assert carried == {
        "opening": "7750.25",
        "granted": "10000",
        "used": "6253",
        "lapsed": "0",
        "voided": "0",
        "restored": "12.5",
    }
