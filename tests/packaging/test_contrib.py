"""The files of contrib/: the unit is verified and notified; those of containers are only read."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.server.processes import serve

CONTRIB = Path(__file__).parents[2] / "contrib"


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    # The program of the unit is installed for the whole system, which a test does not do.
    unit = tmp_path / "usage-tui.service"
    text = (CONTRIB / "usage-tui.service").read_text()
    assert "ExecStart=/usr/local/bin/usage-tui serve " in text
    unit.write_text(text.replace("/usr/local/bin/usage-tui", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "usage-tui.service" in done.stderr) == (0, False), done.stderr


def test_the_service_tells_systemd_when_it_is_ready_and_when_it_ends(tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(30)
        with serve("--database", str(tmp_path / "usage.db"), NOTIFY_SOCKET=path) as served:
            assert manager.recv(64) == b"READY=1"
            served.process.send_signal(signal.SIGTERM)
            assert manager.recv(64) == b"STOPPING=1"


def test_a_manager_that_is_gone_does_not_stop_the_service(tmp_path: Path) -> None:
    path = str(tmp_path / "none")
    with serve("--database", str(tmp_path / "usage.db"), NOTIFY_SOCKET=path) as served:
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=30) == 0


@pytest.mark.parametrize("name", ["Containerfile", "compose.yaml"])
def test_what_is_not_run_says_so(name: str) -> None:
    assert "Not run by the tests" in (CONTRIB / name).read_text()


def test_the_container_starts_the_service_as_a_user_without_rights() -> None:
    lines = (CONTRIB / "Containerfile").read_text().replace("\\\n", " ").splitlines()
    told = dict(line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    assert set(told) == {"FROM", "COPY", "RUN", "USER", "WORKDIR", "EXPOSE", "ENTRYPOINT", "CMD"}
    assert (told["USER"], told["ENTRYPOINT"]) == ("usage", '["usage-tui"]')


def test_the_composition_has_a_database_and_a_service_that_are_checked() -> None:
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((CONTRIB / "compose.yaml").read_text())["services"]
    assert services.keys() == {"database", "service"}
    assert all("healthcheck" in one for one in services.values())
    assert services["service"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["service"]["ports"] == ["127.0.0.1:8321:8321"]


def test_no_file_has_a_secret() -> None:
    files = [*CONTRIB.iterdir()]
    assert len(files) == 3
    for path in files:
        assert not re.search(r"uat_\w|PASSWORD: +[^$\s]", path.read_text()), path
