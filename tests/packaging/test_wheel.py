"""The wheel: what is in it, and that it runs where there is no checkout."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
from pathlib import Path
from sysconfig import get_path
from zipfile import ZipFile

import pytest

import usage_tui
from tests.terminal import Terminal, environment
from tests.wheel import build

ROOT = Path(__file__).parents[2]


def members(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` directory of a venv that holds the wheel, and borrows its dependencies from this one."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(home)]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", str(wheel)], check=True)
    (packages,) = home.glob("lib/python*/site-packages")
    # The lines of a path file are not searched for path files: the editable install here stays unseen.
    (packages / "borrowed.pth").write_text(get_path("purelib"))
    return home / "bin"


def run(program: Path, *arguments: str) -> str:
    """What the program prints, started outside the checkout."""
    result = subprocess.run(
        [program, *arguments],
        cwd=program.parent,
        env=environment(Path.home()),
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def test_wheel_holds_every_module_style_and_example_and_nothing_else(wheel: Path) -> None:
    modules = {path.relative_to(ROOT / "src") for path in ROOT.glob("src/**/*.py")}
    styles = {"usage_tui" / path.relative_to(ROOT) for path in ROOT.glob("styles/**/*.tcss")}
    written = {
        "usage_tui" / path.relative_to(ROOT) for path in (*ROOT.glob("completions/*"), *ROOT.glob("man/*"))
    }
    expected = {path.as_posix() for path in modules | styles | written}
    expected |= {"usage_tui/py.typed", "usage_tui/report/style.css", "usage_tui/server/api/examples.json"}
    shared = {name.partition(".data/data/")[2] for name in members(wheel) if ".data/" in name}
    assert {name for name in members(wheel) if ".dist-info/" not in name and ".data/" not in name} == expected
    assert shared == {
        "share/man/man1/usage-tui.1",
        "share/bash-completion/completions/usage-tui",
        "share/zsh/site-functions/_usage-tui",
        "share/fish/vendor_completions.d/usage-tui.fish",
    }


def test_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        # An attribute, because early patch releases of Python 3.11 know no `filter` argument.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path)
    rebuilt = build("wheel", tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path / "rebuilt")
    assert members(rebuilt) == members(wheel)


def test_installed_wheel_is_what_runs(installed: Path) -> None:
    where = run(installed / "python", "-c", "import usage_tui; print(usage_tui.__file__)")
    assert Path(where.strip()).is_relative_to(installed.parent)


def test_installed_command_tells_its_version(installed: Path) -> None:
    assert run(installed / "usage-tui", "--version").strip() == f"usage-tui {usage_tui.__version__}"


def test_installed_command_prints_its_man_page_and_completions(installed: Path) -> None:
    assert run(installed / "usage-tui", "man").startswith('.\\"')
    assert "_usage_tui" in run(installed / "usage-tui", "completion", "bash")
    assert (installed.parent / "share/man/man1/usage-tui.1").exists()


def test_installed_command_prints_the_demo(installed: Path) -> None:
    assert "Credits remaining" in run(installed / "usage-tui", "--demo", "--print")


def test_installed_command_opens_the_demo_with_its_styles(installed: Path, tmp_path: Path) -> None:
    with Terminal([str(installed / "usage-tui"), "--demo"], environment=environment(tmp_path)) as terminal:
        terminal.wait_for("Credits remaining", "q quit")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
