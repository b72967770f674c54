"""The report as a file: what it says, that it is harmless, and how it looks in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from decimal import Decimal
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from usage_tui.cli import main
from usage_tui.cli.ending import DONE
from usage_tui.report.markup import element, part_of
from usage_tui.tui.themes import DARK, LIGHT

STYLE = Path(__file__).parents[2] / "src/usage_tui/report/style.css"
VOID = {"meta"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
WIDTHS = 390, 1280
# A window may not be as narrow as a telephone, a frame may. What is measured stands first in the tag.
FRAME = """<iframe id="{name}-{width}" style="width:{width}px;height:900px;border:0" srcdoc="{page}"
onload="this.dataset.width=this.contentDocument.documentElement.scrollWidth"></iframe>"""


class Page(HTMLParser):
    """Reads a page and refuses one that is not well-formed.

    Attributes:
        tags: Every element with its attributes, in order.
        amounts: By section, the exact values in it.
        text: Every text, by section.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.amounts: dict[str, list[str]] = {}
        self.text: dict[str, str] = {}
        self._open: list[str] = []
        self._title = ""
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "h2":
            self._title = ""
        if tag == "data":
            self.amounts.setdefault(self._title, []).append(dict(attrs)["value"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "h2":
            self._title += data
        self.text[self._title] = self.text.get(self._title, "") + data


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, and no cache."""
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))


def written(tmp_path: Path, *words: str) -> Path:
    """A report of a demo."""
    output = tmp_path / "report.html"
    assert main(["export", "report", *words, "-o", str(output), "--force"]) == DONE
    return output


def page_of(tmp_path: Path, *words: str) -> Page:
    """What a report of a demo says."""
    return Page(written(tmp_path, *words).read_text(encoding="utf-8"))


def answer(capsys: pytest.CaptureFixture[str], command: str, *words: str) -> dict[str, Any]:
    """What a command prints."""
    capsys.readouterr()
    assert main([command, *words, "--json"]) == DONE
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("period", ["current", "last"])
@pytest.mark.parametrize("scenario", ["acme", "dollars", "fractions", "refund", "huge", "empty"])
def test_every_amount_is_that_of_the_commands(
    scenario: str, period: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ("--demo", scenario)
    known = [one["id"] for one in answer(capsys, "periods", *source)["items"]]
    if period == "last" and len(known) == 1:
        pytest.skip("this demo has one period")
    page, of = page_of(tmp_path, *source, "--period", period), ("--period", period)
    sources, days = answer(capsys, "sources", *source, *of), answer(capsys, "daily", *source, *of)
    ranked = page.amounts.get("Current-period usage" if period == "current" else "Period usage", [])
    if sources["items"]:
        assert ranked == [*(row["credits"] for row in sources["items"]), sources["total"]]
    expected: list[str] = []
    for day in days["items"]:
        expected += [day["credits"], *([day["top_credits"]] if day["top_credits"] is not None else [])]
    assert page.amounts.get("Daily usage", []) == [*expected, days["total"]]
    grants = answer(capsys, "grants", *source)["items"]
    shown = next((page.amounts[title] for title in page.amounts if "rants" in title), [])
    pairs = [(grant["original"], grant["remaining"]) for grant in grants]
    assert shown[:-2] == [amount for pair in pairs for amount in pair]
    assert [Decimal(one) for one in shown[-2:]] == [
        sum(map(Decimal, column)) for column in zip(*pairs, strict=True)
    ]
    if period == "last":
        used = answer(capsys, "periods", *source)["items"][1]
        assert page.amounts["Used"][0] == used["credits"] == sources["total"]
        assert "Included credits" not in page.text  # that is told of the present alone


def test_the_balance_is_that_of_the_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, said = page_of(tmp_path, "--demo"), answer(capsys, "status", "--demo")
    left = [said[name] for name in ("credits", "included", "purchased", "locked")]
    assert page.amounts["Credits remaining"] == left
    assert page.amounts["Included credits"][0] == said["used"]
    assert "62% used" in page.text["Included credits"]


@pytest.mark.parametrize("scenario", ["acme", "dollars", "runway", "paused", "annual", "new-organization"])
def test_the_runway_is_that_of_the_card(
    scenario: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    page = page_of(tmp_path, "--demo", scenario)
    capsys.readouterr()
    assert main(["--demo", scenario, "--print"]) == DONE
    printed = capsys.readouterr().out.split("\n\n")
    card = next(part for part in printed if part.lstrip().startswith("Runway"))
    title, *rows = card.splitlines()
    said = re.sub(r"\s+", " ", page.text["Runway"])
    assert title.removeprefix("Runway").strip("─ ") in said
    for row in rows:
        for words in re.split(r"\s{2,}", row.removeprefix("! ").strip()):
            assert words.removeprefix("! ") in said
    curves = [attributes["class"] for tag, attributes in page.tags if tag == "polyline"]
    told = scenario != "new-organization"
    assert ({"included", "warning", "purchased"} <= {*curves}) == told


def test_the_allowances_have_their_lines(tmp_path: Path) -> None:
    said = page_of(tmp_path, "--demo").text["Background AI & sandbox usage"]
    for words in (
        "Background AI",
        "1,200 of 2,000 credits",
        "60% used · 800 left · resets Dec 1, 2026",
        "Suggestions500 credits",
        "41% used · 58.8 left · does not reset",
    ):
        assert words in said


def test_what_is_of_now_alone_is_not_told_of_an_earlier_period(tmp_path: Path) -> None:
    page = page_of(tmp_path, "--demo", "--period", "last")
    assert not {"Runway", "Background AI & sandbox usage"} & {*page.text}
    assert "Runway" not in page.text.get("Not in this report", "")
    assert not [tag for tag, _ in page.tags if tag == "polyline"]


def test_a_runway_that_cannot_be_told_has_its_reason(tmp_path: Path) -> None:
    missing = page_of(tmp_path, "--demo", "not-offered").text["Not in this report"]
    assert re.search(r"(Background AI & sandbox usage|Runway): \w", missing)


@pytest.mark.parametrize("scenario", ["acme", "labels", "unknown", "member", "not-offered"])
def test_nothing_is_loaded_and_nothing_runs(scenario: str, tmp_path: Path) -> None:
    page = page_of(tmp_path, "--demo", scenario)
    names = {tag for tag, _ in page.tags}
    assert not names & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "a",
        "base",
        "form",
        "image",
        "use",
    }
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("href", "src", "action")]
        assert re.fullmatch(r"(width:\d+\.\d\d%)?", attributes.get("style") or "")
    assert "url(" not in STYLE.read_text(encoding="utf-8")
    assert "@import" not in STYLE.read_text(encoding="utf-8")
    policies = [one["content"] for _, one in page.tags if one.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_a_hostile_name_is_text() -> None:
    hostile = '"><script>alert(1)</script><b onclick=x>&amp;'
    made = element("p", hostile, title=hostile)
    page = Page(str(made))
    assert page.tags == [("p", {"title": hostile})]
    assert page.text == {"": hostile}


def test_what_is_missing_is_told_with_its_reason(tmp_path: Path) -> None:
    withheld = page_of(tmp_path, "--demo", "member").text["Not in this report"]
    assert "Credit grants: An owner or a billing admin" in withheld
    assert "Credit grants: " in page_of(tmp_path, "--demo", "not-offered").text["Not in this report"]


def test_a_column_of_counts_that_are_not_known_is_left_out(tmp_path: Path) -> None:
    table = tmp_path / "costs.csv"
    rows = (
        "utc_date,model,wallet_type,cost,currency",
        "2026-11-01,a,paid,1.5,USD",
        "2026-11-03,b,paid,2,USD",
    )
    table.write_text("\n".join(rows))
    found = page_of(tmp_path, str(table))
    assert "Count" not in found.text["Daily usage"] + found.text["Current-period usage"]


def test_names_are_replaced_where_asked(tmp_path: Path) -> None:
    text = written(tmp_path, "--demo", "--redact").read_text(encoding="utf-8")
    assert "Organization 1" in text
    assert "Source 1" in text
    assert "Acme" not in text
    assert "Contract review" not in text


def test_a_report_without_an_answer_is_not_written(tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    assert main(["export", "report", "--demo", "failed", "-o", str(output)]) != DONE
    assert not output.exists()


def test_the_colors_are_those_of_the_screen() -> None:
    light, dark = (
        dict(re.findall(r"--(\w+): (#\w+);", block))
        for block in re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)[:2]
    )
    for theme, colors in ((LIGHT, light), (DARK, dark)):
        assert colors == {
            "background": theme.background,
            "surface": theme.surface,
            "rule": theme.variables["border-blurred"],
            "text": theme.foreground,
            "muted": theme.variables["text-muted"],
            "included": theme.primary,
            "purchased": theme.secondary,
            "warning": theme.warning,
            "error": theme.error,
            "success": theme.success,
        }


def test_a_bar_is_never_longer_than_its_room() -> None:
    assert [part_of(*pair) for pair in ((1, 3), (3, 3), (4, 3), (-1, 3), (1, 0))] == [
        "33.33%",
        "100.00%",
        "100.00%",
        "0.00%",
        "0.00%",
    ]


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
def test_nothing_overflows_in_a_browser(tmp_path: Path) -> None:
    frames = ""
    for scenario in ("acme", "labels", "huge", "runway"):
        page = escape(written(tmp_path, "--demo", scenario).read_text(encoding="utf-8"))
        frames += "".join(FRAME.format(name=scenario, width=width, page=page) for width in WIDTHS)
    measured = tmp_path / "measured.html"
    measured.write_text(f"<!DOCTYPE html>{frames}", encoding="utf-8")
    found = re.findall(r'<iframe id="(\w+)-(\d+)"[^>]* data-width="(\d+)"', _dom(measured, tmp_path))
    assert len(found) == 4 * len(WIDTHS)
    assert [(scenario, width) for scenario, room, width in found if width != room] == []


def _dom(page: Path, folder: Path) -> str:
    """What Chromium makes of a page."""
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",  # containers have little shared memory
            "--hide-scrollbars",
            f"--user-data-dir={folder / 'browser'}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout
