"""Serving https, with a certificate that the dashboard's own client verifies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.transport.certificates import Authority
from tests.known import known
from tests.server.processes import serve
from usage_tui.cli import main
from usage_tui.clients.base import ClientError
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient


async def test_the_client_reads_over_https_what_is_signed_by_whom_it_trusts(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path)
    authority.serving()
    pem = str(tmp_path / "service.pem")
    with serve("--demo", "--certfile", pem, "--keyfile", pem) as running:
        assert running.url.startswith("https://127.0.0.1:")
        client = UsageApiClient(running.url, BearerToken(running.owner), ca_file=authority.file)
        assert str(known((await client.summary()).balance).total) == "10009.75"
        await client.aclose()
        stranger = UsageApiClient(running.url, BearerToken(running.owner))
        with pytest.raises(ClientError, match="not signed by a trusted authority"):
            await stranger.summary()
        await stranger.aclose()


@pytest.mark.parametrize(
    ("certificate", "key", "words"),
    [
        ("none.pem", "service.pem", "none.pem: cannot be read: No such file or directory"),
        ("service.pem", "none.pem", "none.pem: cannot be read: No such file or directory"),
        (".", "service.pem", "cannot be read: Is a directory"),
        ("letter.txt", "service.pem", "must be a certificate and its unencrypted key"),
        ("service.pem", "authority.pem", "must be a certificate and its unencrypted key"),
    ],
)
def test_a_certificate_that_cannot_be_served_is_one_line(
    certificate: str, key: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Authority.create(tmp_path).serving()
    (tmp_path / "letter.txt").write_text("Dear all")
    files = ["--certfile", str(tmp_path / certificate), "--keyfile", str(tmp_path / key)]
    assert main(["serve", "--demo", *files]) == 1
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
