"""What a part of the program loads when it runs: import-linter reads the source, this looks at memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.recordings import record_acme

TERMINAL = {"textual", "textual_plotext", "plotext", "rich"}
VALIDATION = {"pydantic", "pydantic_core"}
OPEN_DEMO = "import asyncio, usage_tui.clients.demo.client as demo; asyncio.run(demo.open_demo().summary())"


def packages_loaded_by(code: str) -> set[str]:
    """The top-level packages that a new interpreter holds after running the code."""
    script = f"{code}\nimport sys; print(*sys.modules)"
    output = subprocess.check_output([sys.executable, "-c", script], text=True)
    return {name.partition(".")[0] for name in output.splitlines()[-1].split()}


def test_the_version_is_known_without_loading_anything_else() -> None:
    script = "import sys; before = set(sys.modules); import usage_tui; print(*(set(sys.modules) - before))"
    loaded = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert loaded.split() == ["usage_tui"]


@pytest.mark.parametrize(
    "module", ["models", "ledger", "insight.alerts", "clients.base", "importing", "state", "wire"]
)
def test_what_lies_below_the_screens_loads_no_terminal_library(module: str) -> None:
    assert packages_loaded_by(f"import usage_tui.{module}").isdisjoint(TERMINAL)


def test_the_demo_needs_neither_a_terminal_nor_http_nor_validation() -> None:
    loaded = packages_loaded_by(OPEN_DEMO)
    assert loaded.isdisjoint(TERMINAL | VALIDATION | {"httpx"})


def test_an_early_frame_is_shown_before_anything_heavy_is_imported() -> None:
    loaded = packages_loaded_by("""
import sys
from usage_tui.cli.early_frame import EarlyFrame, read
EarlyFrame([], "/nowhere").key((80, 24)), read("/nowhere", "")
""")
    assert loaded.isdisjoint(TERMINAL | VALIDATION | {"httpx", "asyncio", "pathlib", "argparse"})


def test_what_keeps_frames_adds_no_validation_to_the_start_of_the_demo() -> None:
    loaded = packages_loaded_by("import usage_tui.cli.frame_keeper, usage_tui.tui.display.frame")
    assert loaded.isdisjoint(VALIDATION | {"httpx"})


def test_help_needs_none_of_what_reads_tables() -> None:
    script = "import sys; from usage_tui.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    loaded = output.stdout.splitlines()[-1].split()
    assert "argparse" in loaded
    assert not {"typing", "difflib", "usage_tui.importing.columns"} & set(loaded)


@pytest.mark.parametrize("words", [["serve", "--help"], ["serve", "--port", "x"]])
def test_the_words_of_serve_are_read_without_what_it_runs_on(words: list[str]) -> None:
    loaded = packages_loaded_by(
        f"import usage_tui.cli\ntry: usage_tui.cli.main({words})\nexcept SystemExit: pass"
    )
    assert "argparse" in loaded
    assert loaded.isdisjoint(
        VALIDATION | {"alembic", "asyncio", "fastapi", "sqlalchemy", "starlette", "uvicorn"}
    )


def test_a_database_that_is_up_to_date_is_administered_without_what_upgrades_it(tmp_path: Path) -> None:
    path = tmp_path / "usage.db"
    run = "import usage_tui.cli; usage_tui.cli.main({})"
    create = run.format(["admin", "org", "create", "acme", "--database", str(path)])
    assert {"alembic", "sqlalchemy"} <= packages_loaded_by(create)
    listed = packages_loaded_by(run.format(["admin", "org", "list", "--database", str(path)]))
    assert "sqlalchemy" in listed
    assert "alembic" not in listed


def test_every_kind_of_source_is_known_without_the_module_of_any() -> None:
    script = "import sys, usage_tui.clients.registry; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", script], text=True).split()
    ours = {name for name in loaded if name.startswith("usage_tui")}
    assert ours == {
        "usage_tui",
        "usage_tui.clients",
        "usage_tui.clients.keys",
        "usage_tui.clients.registry",
        "usage_tui.named_tuple",
    }
    assert not {"importlib.metadata", "dataclasses", "json", "asyncio"} & set(loaded)


def test_a_recording_is_opened_with_the_core_of_the_validation_alone(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    loaded = packages_loaded_by(f"""
import asyncio
from pathlib import Path
from usage_tui.clients.recording.client import RecordingClient
asyncio.run(RecordingClient.open(Path({str(path)!r})))
""")
    assert "pydantic_core" in loaded
    assert loaded.isdisjoint(TERMINAL | {"httpx", "pydantic"})


def test_the_first_status_line_of_a_recording_loads_only_what_its_numbers_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    script = f"""
import sys, usage_tui.cli
usage_tui.cli.main(["status", {str(record_acme(tmp_path))!r}])
print(*sys.modules)
"""
    output = subprocess.check_output([sys.executable, "-c", script], text=True)
    loaded = set(output.splitlines()[-1].split())
    assert "usage_tui.insight.runway" in loaded
    assert [*(tmp_path / "cache" / "usage-tui").iterdir()], "the digest was not kept for the next line"
    ours = (
        "cli.status.template",
        "clients.recording.check",
        "docstrings",
        "insight.why",
        "state.cache",
    )
    others = {"gzip", "statistics", "tempfile", "textual", "httpx", "pydantic"}
    assert loaded.isdisjoint({*others, *(f"usage_tui.{name}" for name in ours)})


def test_what_is_kept_of_a_service_is_read_without_what_speaks_to_it(tmp_path: Path) -> None:
    loaded = packages_loaded_by(f"""
import asyncio
from pathlib import Path
import usage_tui.config.secrets, usage_tui.clients.read_ahead
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.state.cache import Cache
from usage_tui.state.loading import PlainStore, load_all
from usage_tui.state.reducers import initial

async def two_runs():
    for client in (open_demo(), UsageApiClient("https://usage.example", BearerToken("uat_1_secret"))):
        cache = Cache(Path({str(tmp_path)!r}), "key", None)
        store = PlainStore(initial("", {{}}))
        if client.origin == "demo":
            await load_all(store, client)
            cache.follow(store.state)
        else:
            await cache.fill(store)
            assert store.state.summary.cached
        await cache.aclose()

asyncio.run(two_runs())
""")
    assert "pydantic_core" in loaded
    assert loaded.isdisjoint(TERMINAL | {"httpx", "pydantic"})


def test_the_app_with_a_demo_starts_without_http_validation_and_the_chart() -> None:
    loaded = packages_loaded_by(f"import usage_tui.tui.app\n{OPEN_DEMO}")
    assert "textual" in loaded
    assert loaded.isdisjoint(VALIDATION | {"httpx", "plotext", "textual_plotext"})


def test_the_app_with_a_demo_starts_without_what_a_question_or_an_alert_needs() -> None:
    script = f"import usage_tui.cli.opening, usage_tui.tui.app\n{OPEN_DEMO}\nimport sys; print(*sys.modules)"
    loaded = set(subprocess.check_output([sys.executable, "-c", script], text=True).split())
    ours = (
        "cards.alert",
        "filtering",
        "insight.assumptions",
        "insight.findings",
        "insight.plan",
        "state.reported_alerts",
    )
    assert loaded.isdisjoint({"hashlib", "json", *(f"usage_tui.{name}" for name in ours)})


def test_the_app_with_a_demo_starts_without_what_only_the_service_needs() -> None:
    loaded = packages_loaded_by(f"import usage_tui.cli, usage_tui.tui.app\n{OPEN_DEMO}")
    assert loaded.isdisjoint(
        {"alembic", "fastapi", "psycopg", "pydantic", "sqlalchemy", "starlette", "uvicorn"}
    )


def test_the_dashboard_as_plain_text_needs_no_textual() -> None:
    loaded = packages_loaded_by("import usage_tui.cli; usage_tui.cli.main(['--demo', '--print'])")
    assert loaded.isdisjoint(VALIDATION | {"textual", "httpx", "plotext"})


def test_the_command_line_is_understood_before_anything_heavy_is_loaded() -> None:
    loaded = packages_loaded_by("import usage_tui.cli; usage_tui.cli.main(['--demo', '?'])")
    assert loaded.isdisjoint(TERMINAL | VALIDATION | {"httpx"})


def test_a_plotting_library_is_loaded_by_the_screen_of_the_runway_alone() -> None:
    script = """
import asyncio
from usage_tui.clients.demo.client import open_demo
from usage_tui.tui.app import UsageApp
import sys

async def main():
    app = UsageApp(open_demo())
    async with app.run_test(size=(120, 40)) as pilot:
        for key in ("1", "2", "3"):
            await pilot.press(key)
            await pilot.pause()
        assert "plotext" not in sys.modules
        assert "usage_tui.tui.screens.runway" not in sys.modules
        await pilot.press("4")
        await pilot.pause()
    assert "plotext" in sys.modules

asyncio.run(main())
"""
    assert "plotext" in packages_loaded_by(script)
