"""What holds for the files of the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import usage_tui
from usage_tui.config.commands import COMMANDS, key_of

ROOT = Path(__file__).parents[2]
HEX_COLOR = r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_files() -> list[str]:
    """Every text file in git but the pictures, which are made by a machine."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    names = filter(None, listing.stdout.split("\0"))
    return [name for name in names if (ROOT / name).is_file() and not name.endswith((".svg", ".png", ".gz"))]


def files(glob: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob(glob))]


def places(pattern: str, names: Iterable[str]) -> list[str]:
    """Where the pattern occurs, as `file:line: text`."""
    return [
        f"{name}:{number}: {match[0]}"
        for name in names
        for number, line in enumerate(read(name).splitlines(), start=1)
        for match in re.finditer(pattern, line)
    ]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked archive has no list of tracked files")
def test_no_file_names_a_directory_of_somebodys_machine_or_a_package_registry() -> None:
    machine = r"(?<![\w.~$}])/(?:home|Users|root|work|tmp)/[\w.]+"
    registry = r"pypi[.]org|python[h]osted[.]org|[i]ndex-url|[f]ind-links"
    assert places(f"{machine}|{registry}", tracked_files()) == []


def test_changelog_has_an_entry_for_the_version() -> None:
    assert f"\n## [{usage_tui.__version__}]" in read("CHANGELOG.md")


def test_readme_names_the_key_of_every_command() -> None:
    keys = read("README.md").partition("\n## Keys\n")[2].partition("\n## ")[0]
    assert [command for command in COMMANDS if f"`{key_of(command, {})}`" not in keys] == []


def declared(*, tools: bool) -> list[Requirement]:
    """What `pyproject.toml` requires, of the program with its service alone, or also with their tools."""
    project = tomllib.loads(read("pyproject.toml"))
    extras = project["project"]["optional-dependencies"]
    texts = project["project"]["dependencies"] + [text for extra in extras.values() for text in extra]
    return [Requirement(text) for text in texts + (project["dependency-groups"]["dev"] if tools else [])]


def test_dependencies_are_what_the_program_imports() -> None:
    graph = grimp.build_graph("usage_tui", include_external_packages=True, cache_dir=None)
    outside = {module for module in graph.modules if graph.is_module_squashed(module)}
    distributions = packages_distributions()
    imported = {distributions[module][0] for module in outside if module in distributions}
    # Read by zoneinfo where the system has no time zones; loaded by the name of a database.
    data = {"tzdata", "psycopg"}
    core = {"pydantic-core"}  # comes with pydantic, in the one version that fits
    names = {canonicalize_name(requirement.name) for requirement in declared(tools=False)}
    assert names == {canonicalize_name(name) for name in imported} - core | data


def pinned() -> dict[str, str]:
    """Version by canonical name, as `constraints.txt` says."""
    lines = read("constraints.txt").splitlines()[1:]
    pins = dict(line.split("==") for line in lines)
    return {canonicalize_name(name): version for name, version in pins.items()}


def dependency_tree() -> dict[str, list[Requirement]]:
    """What the program and its tools require, directly or not: the requirements on each package."""
    waiting = declared(tools=True)
    tree: dict[str, list[Requirement]] = {}
    while waiting:
        requirement = waiting.pop()
        wanted = ["", *requirement.extras]
        name = canonicalize_name(requirement.name)
        if requirement in tree.setdefault(name, []):
            continue
        tree[name].append(requirement)
        waiting += [
            child
            for child in map(Requirement, requires(name) or [])
            if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in wanted)
        ]
    return tree


def test_constraints_pin_the_whole_dependency_tree_and_nothing_else() -> None:
    assert sorted(pinned()) == sorted(dependency_tree())


def test_constraints_satisfy_every_requirement() -> None:
    pins = pinned()
    unmet = [
        f"{requirement}, but {pins[name]} is pinned"
        for name, requirements in dependency_tree().items()
        for requirement in requirements
        if pins[name] not in requirement.specifier
    ]
    assert unmet == []


def test_colors_are_named_in_one_module_alone() -> None:
    styles = places(rf":[^;{{}}]*{HEX_COLOR}|\b(?:rgb|hsl)a?\(", files("styles/**/*.tcss"))
    code = places(rf"[\"']{HEX_COLOR}", set(files("src/**/*.py")) - {"src/usage_tui/tui/colors.py"})
    assert styles + code == []


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {name: len(read(name).splitlines()) for name in files("src/**/*.py")}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_every_picture_belongs_to_a_test() -> None:
    # Pytest itself reports pictures without a test, but only when it runs in one process.
    pictures = {path.relative_to(ROOT / "snapshots") for path in ROOT.glob("snapshots/**/*.svg")}
    modules = {f"tests/{path.parent}.py" for path in pictures}
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", *sorted(modules)]
    collected = subprocess.check_output(command, cwd=ROOT, text=True)
    nodes = (line.partition(".py::") for line in collected.splitlines() if ".py::" in line)
    known = {f"{module}/{test.replace('::', '.')}.svg" for module, _, test in nodes}
    assert {str(path) for path in pictures if f"tests/{path}" not in known} == set()
