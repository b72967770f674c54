"""What doctor says of a vendor's account, in the real command against a vendor on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.providers.live import KEY, VENDORS, Answer, LiveVendor, serving, today
from usage_tui.cli import main
from usage_tui.cli.ending import FAILED
from usage_tui.config import paths


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def vendor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveVendor]:
    with serving(getattr(request, "param", "openrouter")) as running:
        token = paths.token_file(running.name)
        token.parent.mkdir(parents=True)
        token.write_text(f"{KEY}\n")
        token.chmod(0o600)
        paths.config_file().write_text(running.profile(token))
        yield running


def doctor(capsys: pytest.CaptureFixture[str], name: str, code: int = 0) -> dict[str, list[str]]:
    """The lines by their subjects."""
    assert main(["doctor", "-p", name]) == code
    out, err = capsys.readouterr()
    assert not any(KEY[at : at + 6] in out + err for at in range(len(KEY) - 5))
    found: dict[str, list[str]] = {}
    for line in out.splitlines():
        found.setdefault(line[8:20].strip(), []).append(line[22:])
    return found


@pytest.mark.parametrize("vendor", sorted(VENDORS), indirect=True)
def test_an_account_is_described(vendor: LiveVendor, capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor(capsys, vendor.name)
    assert {"provider", "key", "account", "shows", "not shown", "days", "journal"} <= found.keys()
    assert "usage by source" in found["shows"][0]
    assert "; the vendor's delay: " in found["days"][0]
    assert "day" in found["journal"][0]
    assert "rate" not in found


def test_newest_day_journal_and_rate(vendor: LiveVendor, capsys: pytest.CaptureFixture[str]) -> None:
    usual = vendor.answer

    def with_rate(asked: object) -> Answer:
        limits = {"X-RateLimit-Remaining": "4990", "X-RateLimit-Limit": "5000"}
        return usual(asked)._replace(headers=limits)  # type: ignore[arg-type]

    vendor.answer = with_rate
    found = doctor(capsys, "openrouter")
    assert found["key"] == ["it must be a management key."]
    assert found["days"][0].startswith(f"the newest with use is {today()}, as of now")
    assert found["journal"][0].startswith("366 days since ")
    assert found["journal"][0].endswith(" KiB.")
    assert found["rate"] == ["4,990 requests left of 5,000."]


def test_a_rate_that_is_nearly_used_up_is_a_warning(
    vendor: LiveVendor, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = vendor.answer
    limits = {"X-RateLimit-Remaining": "3", "X-RateLimit-Limit": "64"}
    vendor.answer = lambda asked: usual(asked)._replace(headers=limits)
    assert "3 requests left of 64. Look less often" in doctor(capsys, "openrouter")["rate"][0]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("vendor", ["openai"], indirect=True)
def test_a_refused_key_of_another_kind_is_told(
    vendor: LiveVendor, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "sk-proj-5up3rs3cr3t"
    paths.token_file("openai").write_text(f"{key}\n")
    vendor.answer = lambda _: Answer(status, b'{"error": {"message": "no"}}')
    found = doctor(capsys, "openai", FAILED)
    assert found["key"][0].startswith("it looks like a project key. Use an admin key (sk-admin-…)")
    assert "OpenAI doesn't" in found["service"][0]
    assert "5up3r" not in f"{found}"


@pytest.mark.parametrize("vendor", ["openai"], indirect=True)
def test_a_damaged_journal_is_named(vendor: LiveVendor, capsys: pytest.CaptureFixture[str]) -> None:
    doctor(capsys, "openai")
    (journal,) = paths.days_folder().glob("*.db")
    journal.write_bytes(b"damaged" * 100)
    assert doctor(capsys, "openai")["journal"] == [f"The journal of days is damaged: delete {journal}."]
