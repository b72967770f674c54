"""Text that is hard to show: long, wide, right-to-left, combining, or written to do harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from usage_tui.clients.demo.scenarios.acme import AS_OF, DECEMBER, NOVEMBER
from usage_tui.clients.demo.scenarios.script import Run, Source, uses
from usage_tui.clients.demo.scenarios.stage import (
    ACME,
    NO_AUTO_RECHARGE,
    TEAM_PLAN,
    Scenario,
    Stage,
    included,
    purchased,
)
from usage_tui.ledger.progress import meter
from usage_tui.ledger.statement import Viewer
from usage_tui.models import Meter, MeterLine, Notice, User, clean

LENGTH = 200


def _filled(text: str) -> str:
    """The text over and over, up to the longest label there is."""
    return (text * (LENGTH // len(text) + 1))[:LENGTH]


LONG = _filled("Reconciliation of supplier contracts with the purchase orders of all subsidiaries, ")
WIDE = _filled("請求書と発注書の照合・第３四半期の")
HEBREW = _filled("התאמת חשבוניות ספקים לרבעון השלישי ")
ARABIC = _filled("مطابقة فواتير الموردين للربع الثالث ")
COMBINING = _filled("Re\u0301sume\u0301 Z\u0335\u0321a\u0334\u0322l\u0337\u0323g\u0336\u0324o\u0338\u0325 ")
MARKUP = (
    "[bold red]not bold[/bold red] [/] [/bold] [@click=app.quit]quit[/] :warning: $accent {name} %s &amp;"
)
# Colors, a cleared screen, a clipboard write, a link, a title; then the same introduced by one C1
# byte; then a name written backward, an invisible joiner, line ends and a surrogate without its half.
HOSTILE = (
    "\x1b[31;5mred\x1b[2J\x1b]52;c;c3RvbGVu\x07\x1b]8;;https://evil.example\x07link\x1b]0;title\x07"
    "\x9b2J\x9d52;c;c3RvbGVu\x9c\u202egnp.exe\u202c\u2066x\u2069a\u200bb\ufeff\r\nnext\ttab\u2028line\ud800\x00\x7f"
)

SOURCES = tuple(
    Source(kind, clean(source_id), clean(label), clean(activity))
    for kind, source_id, label, activity in (
        ("ai_tool", "tool_long", LONG, "run"),
        ("ai_tool", "tool_wide", WIDE, "run"),
        ("workflow", "wf_hebrew", HEBREW, "run"),
        ("workflow", "wf_arabic", ARABIC, "run"),
        ("ai_tool", "tool_combining", COMBINING, "run"),
        ("browser_session", "browser", MARKUP, "session"),
        ("agent_chat", HOSTILE, HOSTILE, HOSTILE),
        (clean(HOSTILE), "odd", "Hostile category", "run"),
        ("ai_tool", "tool_empty", "", ""),
    )
)


def labels() -> Scenario:
    """Every text that a viewer can see, in each of these forms; all of it cleaned as at any client's edge."""
    org = replace(ACME, name=clean(f"{HOSTILE} {MARKUP} {LONG}"))
    stage = Stage(org, clean(HOSTILE), NOVEMBER, DECEMBER, AS_OF)
    stage.ledger.grant(included("gr_01", clean(HOSTILE), "500", NOVEMBER, DECEMBER))
    for number, text in enumerate((LONG, WIDE, HEBREW, ARABIC, COMBINING, MARKUP), start=2):
        expires_at = DECEMBER + timedelta(days=30 * number)
        stage.ledger.grant(
            purchased(f"gr_{number:02}", clean(text), "500", NOVEMBER, expires_at, clean(text))
        )
    stage.use(uses(_runs()))
    return stage.scenario(
        subscription=replace(TEAM_PLAN, plan=clean(HOSTILE), ends_at=DECEMBER),
        auto_recharge=NO_AUTO_RECHARGE,
        meters=_meters(),
        notices=(Notice(code="hostile", text=clean(f"{HOSTILE} {MARKUP} {WIDE}")),),
        viewer=Viewer(User(id="usr_01", name=clean(HOSTILE)), role=clean(HOSTILE), billing_access=True),
    )


def _runs() -> list[Run]:
    names = "maria", clean(HOSTILE), HEBREW, MARKUP, WIDE
    return [
        Run(
            NOVEMBER + timedelta(hours=11 * number + 3),
            SOURCES[number % len(SOURCES)],
            f"{5 + number % 7 * 4}.25",
            names[number % len(names)],
        )
        for number in range(46)
    ]


def _meters() -> tuple[Meter, ...]:
    lines = tuple(
        MeterLine(label=clean(text), used=Decimal(number))
        for number, text in enumerate((LONG, WIDE, ARABIC, MARKUP, HOSTILE), start=1)
    )
    return (
        meter("long", LONG, clean(HOSTILE), used=Decimal(15), included=Decimal(50), lines=lines),
        meter("wide", WIDE, "hour", used=Decimal(15), included=None),
        meter("hostile", clean(HOSTILE), "gigabyte", used=Decimal("41.2"), included=Decimal(100)),
    )
