"""What all tests share: where pictures lie, and an environment that is the same everywhere."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import pytest_textual_snapshot as snapshot_plugin

from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.location import PyTestLocation

    from tests.service import Service

TESTS = Path(__file__).parent
SNAPSHOTS = TESTS.parent / "snapshots"
SNAPSHOT_PYTHON = (3, 11)
WAITS_FOR_EVER, MOMENT = 120, 10
"""Seconds."""
_tests = count()
_PERSONAL = {"NO_COLOR", "COLORTERM", "DISPLAY", "WAYLAND_DISPLAY"}

# The programs that tests start would each compile all that they import.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Whatever is there while tests are collected stays: see `pytest_collection_finish`.
gc.disable()

# The same examples in every run; look for new ones with `--hypothesis-profile=default`.
_SAME = hypothesis.settings.get_profile("ci")
hypothesis.settings.register_profile("same", parent=_SAME, max_examples=examples())
hypothesis.settings.load_profile("same")


class TopLevelSVG(snapshot_plugin.SVGImageExtension):
    """Keeps the pictures of `tests/a/test_b.py` in `snapshots/a/test_b/`."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS / Path(test_location.filepath).relative_to(TESTS).with_suffix(""))


# `snap_compare` looks the extension up in its module, and offers no other way to choose a directory.
snapshot_plugin.SVGImageExtension = TopLevelSVG  # type: ignore[misc]  # a type that is replaced


@pytest.fixture(scope="session", autouse=True)
def _played_once() -> Iterator[None]:
    from tests.demos import Demos

    with pytest.MonkeyPatch.context() as patch:
        Demos().install(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _present() -> Iterator[None]:
    """Tests import tables of November 2026, on whatever day they run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("usage_tui.importing.times.present", lambda: datetime(2027, 1, 31, tzinfo=UTC))
        yield


class _Watch:
    """Shows where a test waits that waits for ever.

    So does pytest's `faulthandler_timeout`, with a thread for each test that takes longer to start than most
    tests; this one is for all tests of a moment.
    """

    def __init__(self, stderr: int) -> None:
        self._stderr = stderr
        self._until = 0.0

    @pytest.hookimpl
    def pytest_runtest_setup(self) -> None:
        now = time.monotonic()
        if now > self._until:
            faulthandler.dump_traceback_later(WAITS_FOR_EVER + MOMENT, file=self._stderr)
            self._until = now + MOMENT

    @pytest.hookimpl
    def pytest_unconfigure(self) -> None:
        faulthandler.cancel_dump_traceback_later()


def pytest_configure(config: pytest.Config) -> None:
    assert sys.__stderr__ is not None
    config.pluginmanager.register(_Watch(os.dup(sys.__stderr__.fileno())))
    if config.option.update_snapshots and sys.version_info[:2] != SNAPSHOT_PYTHON:
        wanted = ".".join(map(str, SNAPSHOT_PYTHON))
        raise pytest.UsageError(
            f"snapshots are written with Python {wanted}, so that they change only when the screen does; "
            f"run: make clean && make snapshots PYTHON=python{wanted}"
        )


def pytest_collection_finish() -> None:
    """What was collected stays: to look through all of it for garbage took a fourth of the time of a test."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(autouse=True)
def _neutral_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No settings, colors, connection or proxy of the person who runs the tests, and an empty home."""
    for name in os.environ:
        personal = name.startswith(("USAGE_TUI_", "XDG_", "SSH_")) or name.upper().endswith("_PROXY")
        if personal or name in _PERSONAL:
            monkeypatch.delenv(name)
    # Not in `tmp_path`: pytest makes that only for tests that want it, and looks through all it has made.
    home = tmp_path_factory.getbasetemp() / f"home-of-test-{next(_tests)}"
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A Usage API to connect to; nothing changes in it."""
    from tests.service import serving

    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running
