"""The documents: what is written from the code is what the code says, and links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.reference import REFERENCES
from tests.cli.program import run
from usage_tui.cli import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LONGEST_README = 1500


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_is_what_the_code_says(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == REFERENCES[name](), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing = [
        target
        for target in targets
        if not (page.parent / target.replace("%5B", "[").replace("%5D", "]")).exists()
    ]
    assert missing == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) < LONGEST_README


def test_every_command_in_the_documents_is_one_of_the_program() -> None:
    words: set[str] = set()
    for page in PAGES:
        for line in re.findall(
            r"^(?:\w+=\S+ )?usage-tui ([a-z]+)(?![a-z.])", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            words.add(line)
    assert words <= {*COMMANDS, "usage"}, words


def test_the_import_of_the_readme_works_from_the_checkout_alone(tmp_path: Path) -> None:
    recording = tmp_path / "usage.jsonl"
    examples = ROOT / "examples"
    made = run(
        "import", str(examples / "events.csv"), "--org", str(examples / "org.toml"), "-o", str(recording)
    )
    assert made.returncode == 0
    assert made.stderr.startswith(
        "Read as a table (time=occurred_at, amount=credits, source=label, person=actor): "
    )
    printed = run(str(recording), "--print")
    assert printed.returncode == 0
    assert "Contract review" in printed.stdout
