"""The example that users start from."""

from __future__ import annotations

from pathlib import Path

from usage_tui.importing.organization import read_description

EXAMPLE = Path(__file__).parents[2] / "examples" / "org.toml"


def test_the_example_is_read_as_it_stands() -> None:
    described = read_description(EXAMPLE)
    assert described.org.name == "Acme"
    assert [grant.id for grant in described.terms] == ["grant-1", "grant-2", "spring"]
    assert [meter.id for meter in described.meters] == ["background_ai", "sandbox_runtime", "sandbox_storage"]


def test_every_key_that_the_example_comments_out_is_read_too(tmp_path: Path) -> None:
    lines = []
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        key = line.removeprefix("# ").partition(" = ")[0]
        lines.append(line.removeprefix("# ") if line.startswith("# ") and key.isidentifier() else line)
    path = tmp_path / "org.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    described = read_description(path)
    assert described.org.id == "acme"
    assert described.subscription.status == "canceled"
    assert described.terms[2].effective_at > described.terms[2].granted_at
