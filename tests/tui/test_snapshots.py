"""The looks: every screen, every state, every theme and the sizes that matter, each once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.pilot import Pilot

from tests.tui.session import make_app, settled
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS
from usage_tui.state.reported_alerts import ReportedAlerts

HINT = "Demo data. Open yours: usage-tui FILE.jsonl, or see --help"


class Picture(NamedTuple):
    """A screen to draw: a scenario at a size in a theme, after some keys."""

    name: str
    size: tuple[int, int]
    scenario: str = "acme"
    theme: str = "usage-dark"
    keys: tuple[str, ...] = ()
    hint: str = ""
    ascii: bool = False
    warns: bool = False


WIDE, NORMAL, NARROW, XWIDE = (120, 40), (80, 24), (60, 30), (200, 60)

DASHBOARDS = [
    Picture("demo", WIDE, hint=HINT),
    Picture("wide", WIDE),
    Picture("wide-light", WIDE, theme="usage-light"),
    Picture("redacted", WIDE, keys=("R",)),
    Picture("redacted-normal", NORMAL, keys=("R", "down")),
    Picture("redacted-narrow", NARROW, keys=("R", "down")),
    Picture("redacted-nocolor", NORMAL, theme="nocolor", keys=("R", "left_square_bracket")),
    Picture("wide-ansi", WIDE, theme="ansi-dark"),
    Picture("wide-nocolor", WIDE, theme="nocolor"),
    Picture("normal", NORMAL),
    Picture("normal-light", NORMAL, theme="usage-light"),
    Picture("normal-ansi", NORMAL, theme="ansi-dark"),
    Picture("normal-nocolor", NORMAL, theme="nocolor"),
    Picture("normal-ascii", NORMAL, ascii=True),
    Picture("normal-scrolled", NORMAL, keys=("pagedown",)),
    Picture("narrow", NARROW),
    Picture("narrow-light", NARROW, theme="usage-light"),
    Picture("tight", (48, 30)),
    Picture("smallest", (40, 12)),
    Picture("too-small", (36, 10)),
    Picture("xwide", XWIDE),
    Picture("xwide-light", XWIDE, theme="usage-light"),
    Picture("ranking-focused", WIDE, keys=("tab", "tab", "tab", "down")),
    Picture("ranking-focused-ansi", WIDE, theme="ansi-dark", keys=("tab", "tab", "tab", "down")),
    Picture("ranking-focused-nocolor", WIDE, theme="nocolor", keys=("tab", "tab", "tab", "down")),
    Picture("ranking-categories", WIDE, keys=("c",)),
    Picture("ranking-compared", WIDE, keys=("c", "c")),
    Picture("ranking-compared-light", WIDE, theme="usage-light", keys=("c", "c")),
    Picture(
        "ranking-compared-focused-nocolor",
        WIDE,
        theme="nocolor",
        keys=("tab", "tab", "tab", "c", "c", "down"),
    ),
    Picture("ranking-compared-normal", NORMAL, keys=("c", "c")),
    Picture("ranking-compared-normal-ascii", NORMAL, ascii=True, keys=("c", "c")),
    Picture("ranking-compared-narrow", NARROW, keys=("c", "c")),
    Picture("ranking-compared-narrow-nocolor", NARROW, theme="nocolor", keys=("c", "c", "pagedown")),
    Picture("ranking-compared-xwide", XWIDE, keys=("c", "c")),
    Picture("ranking-compared-xwide-ansi", XWIDE, theme="ansi-dark", keys=("c", "c")),
    Picture("ranking-people", WIDE, keys=("u",)),
    Picture("ranking-people-focused-normal", NORMAL, keys=("u", "tab", "tab", "tab", "down")),
    Picture("ranking-people-narrow-ascii", NARROW, ascii=True, keys=("u",)),
    Picture("wide-ascii", WIDE, ascii=True),
    Picture("narrow-ascii", NARROW, ascii=True),
    Picture("xwide-ascii", XWIDE, ascii=True),
    Picture("xwide-nocolor", XWIDE, theme="nocolor"),
    Picture("daily-compared", WIDE, "lapsing", keys=("c", "c", "tab", "tab", "tab", "tab", "left")),
    Picture("daily-compared-normal-ascii", NORMAL, "lapsing", ascii=True, keys=("c", "c", "pagedown")),
    Picture("daily-focused", WIDE, keys=("tab", "tab", "tab", "tab", "left")),
    Picture("daily-14-days", WIDE, keys=("d", "d")),
    Picture("past", WIDE, "runway", keys=("left_square_bracket",)),
    Picture("past-compared", WIDE, "runway", keys=("left_square_bracket", "c", "c")),
    Picture("past-light", WIDE, "runway", theme="usage-light", keys=("left_square_bracket",)),
    Picture("past-normal", NORMAL, "runway", keys=("left_square_bracket",)),
    Picture("past-normal-ascii", NORMAL, "runway", keys=("left_square_bracket",), ascii=True),
    Picture("past-narrow", NARROW, "runway", keys=("left_square_bracket",)),
    Picture("past-xwide", XWIDE, "runway", keys=("left_square_bracket", "left_square_bracket")),
    Picture("past-member", NORMAL, "member", keys=("left_square_bracket",)),
    Picture("copied", WIDE, keys=("tab", "tab", "tab", "y")),
]
_KEYS = {"stale": ("r",), "organizations": ("o", "down", "enter")}
STATES = [Picture(name, WIDE, name, keys=_KEYS.get(name, ())) for name in SCENARIOS if name != "acme"]
STATES_ELSEWHERE = [
    Picture("organizations-switch", WIDE, "organizations"),
    Picture("organizations-switch-normal", NORMAL, "organizations"),
    Picture("dollars-normal", NORMAL, "dollars"),
    Picture("paused-normal", NORMAL, "paused"),
    Picture("paused-normal-ansi", NORMAL, "paused", theme="ansi-dark"),
    Picture("labels-normal", NORMAL, "labels"),
    Picture("huge-narrow", NARROW, "huge"),
    Picture("member-history", NORMAL, "member", keys=("2",)),
    Picture("member-grants", NORMAL, "member", keys=("3",)),
    Picture("annual-xwide", XWIDE, "annual"),
    Picture("not-offered-normal", NORMAL, "not-offered", keys=("shift+tab",)),
    Picture("not-offered-narrow-nocolor", NARROW, "not-offered", theme="nocolor", keys=("shift+tab",)),
    Picture("not-offered-xwide", XWIDE, "not-offered"),
    Picture("not-offered-why", WIDE, "not-offered", keys=("shift+tab", "enter")),
]
PAGES = [
    Picture("history", WIDE, keys=("2",)),
    Picture("history-light", WIDE, theme="usage-light", keys=("2", "n", "down")),
    Picture("history-normal", NORMAL, keys=("2", "down")),
    Picture("history-redacted", WIDE, keys=("R", "2", "slash", *'source:="Source 1"', "enter")),
    Picture("history-redacted-normal", NORMAL, keys=("2", "R")),
    Picture("grants-redacted-light", WIDE, theme="usage-light", keys=("3", "R")),
    Picture("history-normal-ansi", NORMAL, theme="ansi-dark", keys=("2", "down")),
    Picture("history-normal-nocolor", NORMAL, theme="nocolor", keys=("2", "down")),
    Picture("history-narrow", NARROW, keys=("2",)),
    Picture("history-link", WIDE, keys=("2", "tab")),
    Picture("history-link-nocolor", WIDE, theme="nocolor", keys=("2", "tab")),
    Picture("history-last-page", WIDE, keys=("2", "G")),
    Picture("history-of-a-source", WIDE, keys=("tab", "tab", "tab", "down", "enter")),
    Picture("history-of-a-day", NORMAL, keys=("tab", "tab", "tab", "tab", "enter")),
    Picture("history-filter-typed", NORMAL, keys=("2", "slash", *"source:contr")),
    Picture("history-filter-wrong", NORMAL, keys=("2", "slash", *"maria", "space", *"credits:9x", "enter")),
    Picture("history-filtered-and-sorted", WIDE, keys=("2", "s", "slash", *"credits:5..50", "enter")),
    Picture("history-labels", WIDE, "labels", keys=("2",)),
    Picture("history-repeated-hour", NORMAL, "clocks", keys=("2",)),
    Picture("grants", WIDE, keys=("3",)),
    Picture("grants-light", WIDE, theme="usage-light", keys=("3", "down")),
    Picture("grants-ansi", WIDE, theme="ansi-dark", keys=("3",)),
    Picture("grants-normal", NORMAL, keys=("3",)),
    Picture("grants-narrow", NARROW, keys=("3",)),
    Picture("history-dollars", NORMAL, "dollars", keys=("2", "down")),
    Picture("grants-dollars", WIDE, "dollars", keys=("3",)),
    Picture("grants-not-offered", NORMAL, "not-offered", keys=("3",)),
    Picture("overview", WIDE, "organizations", keys=("0",)),
    Picture("overview-light", WIDE, "organizations", theme="usage-light", keys=("0",)),
    Picture("overview-normal", NORMAL, "organizations", keys=("0",)),
    Picture("overview-normal-ascii", NORMAL, "organizations", ascii=True, keys=("0",)),
    Picture("overview-narrow", NARROW, "organizations", keys=("0",)),
    Picture("overview-xwide-nocolor", XWIDE, "organizations", theme="nocolor", keys=("0",)),
]
SIZES = {"wide": WIDE, "normal": NORMAL, "narrow": NARROW, "xwide": XWIDE}
ASSUMED = ("4", "i", *"top", "minus", *"up", "space", *"5000")
RUNWAYS = [
    *(
        Picture(f"{scenario}-{name}", size, scenario, keys=("4",))
        for scenario in ("runway", "lapsing", "new-organization", "acme")
        for name, size in SIZES.items()
    ),
    *(
        Picture(f"{scenario}-light", WIDE, scenario, theme="usage-light", keys=("4",))
        for scenario in ("runway", "lapsing", "new-organization", "acme")
    ),
    *(
        Picture(f"{scenario}-ascii", NORMAL, scenario, ascii=True, keys=("4",))
        for scenario in ("runway", "lapsing", "new-organization", "acme")
    ),
    Picture("runway-ansi", WIDE, "runway", theme="ansi-dark", keys=("4", "right")),
    Picture("runway-nocolor", NORMAL, "runway", theme="nocolor", keys=("4", "tab")),
    Picture("spike", WIDE, "spike", keys=("4", "right", "right")),
    Picture("recharging-xwide", XWIDE, "recharging", keys=("4",)),
    Picture("paused", NORMAL, "paused", keys=("4",)),
    Picture("locked", NORMAL, "locked", keys=("4",)),
    Picture("ending", NORMAL, "ending", keys=("4",)),
    Picture("annual", WIDE, "annual", keys=("4",)),
    Picture("member", NORMAL, "member", keys=("4",)),
    Picture("stale", NORMAL, "stale", keys=("4", "r")),
    Picture("dollars", NORMAL, "dollars", keys=("4",)),
    Picture("smallest", (40, 12), "runway", keys=("4",)),
    Picture("typing", WIDE, "runway", keys=ASSUMED),
    Picture("typing-normal-light", NORMAL, "runway", theme="usage-light", keys=ASSUMED),
    Picture("kept", WIDE, "runway", keys=(*ASSUMED, "enter")),
    Picture("kept-narrow-ascii", NARROW, "runway", ascii=True, keys=(*ASSUMED, "enter")),
    Picture("not-understood", NORMAL, "runway", keys=("4", "i", *"cut", "enter")),
    Picture("not-understood-wide", WIDE, "runway", keys=("4", "i", *"cut", "space", "x", "enter")),
]
DIALOGS = [
    Picture("allowance", WIDE, keys=("v",)),
    Picture("allowance-light", WIDE, theme="usage-light", keys=("v",)),
    Picture("allowance-ansi", WIDE, theme="ansi-dark", keys=("v",)),
    Picture("allowance-normal", NORMAL, keys=("v",)),
    Picture("organizations", NORMAL, "organizations", keys=("o", "down")),
    Picture("allowance-dollars", NORMAL, "dollars", keys=("v",)),
    Picture("help", WIDE, keys=("question_mark",)),
    Picture("help-normal", NORMAL, keys=("question_mark",)),
    Picture("help-narrow-light", NARROW, theme="usage-light", keys=("question_mark",)),
    Picture("link", NORMAL, keys=("b",)),
    Picture("palette", WIDE, keys=("ctrl+p",)),
    Picture("palette-found", WIDE, keys=("ctrl+p", "c", "o", "n")),
    Picture("palette-normal-light", NORMAL, theme="usage-light", keys=("ctrl+p", "down")),
    Picture("palette-narrow-ansi", NARROW, theme="ansi-dark", keys=("ctrl+p", "down")),
    Picture("palette-nocolor", NORMAL, theme="nocolor", keys=("ctrl+p", "a")),
    Picture("palette-ascii", NORMAL, ascii=True, keys=("ctrl+p",)),
    Picture("theme", WIDE, keys=("t", "down")),
    Picture("theme-normal", NORMAL, keys=("t", "n", "o", "r", "d")),
    Picture("event", NORMAL, keys=("2", "enter")),
    Picture("event-narrow-light", NARROW, theme="usage-light", keys=("2", "enter", "tab")),
    Picture("why", WIDE, "spike", keys=("w",)),
    Picture("why-acme", WIDE, keys=("w", "left")),
    Picture("why-normal", NORMAL, "spike", keys=("w",)),
    Picture("why-narrow-light", NARROW, "spike", theme="usage-light", keys=("w",)),
    Picture("why-ascii", NORMAL, "spike", ascii=True, keys=("w", "left")),
    Picture("plan-fits", WIDE, keys=("P", *"50", "tab", "right")),
    Picture("plan-does-not-fit", NORMAL, keys=("P", *"30000", "tab", "tab", *"top-up 5000")),
    Picture("plan-narrow-nocolor", NARROW, theme="nocolor", keys=("P", *"500", "tab", "right")),
    Picture("plan-ascii", NORMAL, ascii=True, keys=("P", *"5", "tab")),
    Picture("help-of-the-history", WIDE, keys=("2", "question_mark")),
    Picture("export", WIDE, keys=("2", "e")),
    Picture("export-normal", NORMAL, keys=("2", "e", "right")),
    Picture("export-narrow", NARROW, keys=("tab", "tab", "tab", "c", "e", "down", "right")),
    Picture("export-narrow-light", NARROW, theme="usage-light", keys=("3", "e")),
    Picture("export-nocolor", NORMAL, theme="nocolor", keys=("e",)),
    Picture("export-ascii", NORMAL, ascii=True, keys=("e", "down", "down", "down")),
]
ALERTS = [
    Picture("alert", WIDE, warns=True),
    Picture("alert-runs-out", WIDE, "switch", warns=True),
    Picture("alert-normal-nocolor", NORMAL, "switch", theme="nocolor", warns=True),
    Picture("alert-narrow-light", NARROW, "switch", theme="usage-light", warns=True),
    Picture("alert-ascii", NORMAL, ascii=True, warns=True),
]


def pictures(group: list[Picture]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("picture", group, ids=[one.name for one in group])


class TestLooks:
    """One picture each."""

    @pictures(DASHBOARDS)
    def test_dashboard(self, picture: Picture, compare: Callable[[Picture], bool]) -> None:
        assert compare(picture)

    @pictures(STATES + STATES_ELSEWHERE)
    def test_state(self, picture: Picture, compare: Callable[[Picture], bool]) -> None:
        assert compare(picture)

    @pictures(PAGES)
    def test_page(self, picture: Picture, compare: Callable[[Picture], bool]) -> None:
        assert compare(picture)

    @pictures(RUNWAYS)
    def test_runway(self, picture: Picture, compare: Callable[[Picture], bool]) -> None:
        assert compare(picture)

    @pictures(ALERTS)
    def test_alert(self, picture: Picture, compare: Callable[[Picture], bool]) -> None:
        assert compare(picture)

    @pictures(DIALOGS)
    def test_dialog(self, picture: Picture, compare: Callable[[Picture], bool]) -> None:
        assert compare(picture)


@pytest.fixture
def compare(
    snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[Picture], bool]:
    """Draw a picture, and say whether it is the one that was kept."""

    def drawn(picture: Picture) -> bool:
        monkeypatch.setenv("SSH_TTY", "/dev/pts/3")  # where links are shown, not opened
        monkeypatch.setattr("socket.gethostname", lambda: "bastion")
        monkeypatch.setenv("HOME", str(tmp_path))
        if picture.theme == "nocolor":
            monkeypatch.setenv("NO_COLOR", "1")
        told = ReportedAlerts(None) if picture.warns else None
        app = make_app(
            picture.scenario, hint=picture.hint, theme=picture.theme, ascii=picture.ascii, told=told
        )

        async def use(pilot: Pilot[Any]) -> None:
            async def wait() -> None:
                await (pilot.pause() if picture.scenario == "loading" else settled(pilot))

            await wait()
            for key in picture.keys:
                await pilot.press(key)
                await wait()

        return snap_compare(app, terminal_size=picture.size, run_before=use)

    return drawn
