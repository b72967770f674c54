"""An organization whose amounts are US dollars, most of them a few cents."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from usage_tui.clients.demo.scenarios.acme import AS_OF, DECEMBER, NOVEMBER, november
from usage_tui.clients.demo.scenarios.script import Run, Source, uses
from usage_tui.clients.demo.scenarios.stage import (
    Scenario,
    Stage,
    included,
    purchased,
)
from usage_tui.ledger.progress import meter
from usage_tui.models import AutoRecharge, Credits, MeterLine, Organization, Unit

NORTHWIND = Organization(id="northwind", name="Northwind", time_zone="America/New_York")
DOLLARS = Unit(code="USD")
EMBEDDINGS = Source("workflow", "wf_index", "Search index", "run", "0.000125", "schedule")
_CENTS = Decimal("0.01")


def dollars() -> Scenario:
    """The uses of Acme's November, a hundred for a dollar, and some that cost less than a cent."""
    stage = Stage(NORTHWIND, "2026-11", NOVEMBER, DECEMBER, AS_OF, unit=DOLLARS)
    stage.ledger.grant(included("gr_04", "Team plan, November 2026", "80", NOVEMBER, DECEMBER))
    bought = AS_OF - timedelta(days=39)
    stage.ledger.grant(purchased("gr_03", "Prepaid, invoice 118", "200", bought, bought.replace(year=2027)))
    nightly = (NOVEMBER + timedelta(days=number, hours=7) for number in range(22))
    runs = [*map(_in_dollars, november()), *(Run(at, EMBEDDINGS, EMBEDDINGS.price) for at in nightly)]
    stage.use(uses(runs))
    lines = (
        MeterLine(label="Memory upkeep", used=Decimal("7")),
        MeterLine(label="Suggestions", used=Decimal("5.25")),
    )
    meters = (
        meter(
            "background_ai",
            "Background AI",
            DOLLARS.code,
            used=Decimal("12.25"),
            included=Decimal(20),
            resets_at=DECEMBER,
            lines=lines,
        ),
        meter(
            "sandbox_runtime",
            "Sandbox runtime",
            "hour",
            used=Decimal(15),
            included=Decimal(50),
            resets_at=DECEMBER,
        ),
    )
    return stage.scenario(
        auto_recharge=AutoRecharge(enabled=True, threshold=Credits.parse("50")),
        meters=meters,
    )


def _in_dollars(run: Run) -> Run:
    return run._replace(price=f"{(Decimal(run.price) * _CENTS).normalize():f}")
