"""Other exports: ccusage, Gitpod, and CloudEvents as the Usage API takes them."""

from __future__ import annotations

from usage_tui.importing.formats.declaration import Format

_CCUSAGE = {
    "credits": ("modelBreakdowns.cost",),
    "label": ("modelBreakdowns.modelName",),
    "kind": ("agent", "modelBreakdowns.agent"),
}

FORMATS = (
    Format(
        name="ccusage",
        title="ccusage by day",
        found_at="ccusage daily --json --breakdown",
        headers=(("date", "totalCost", "modelBreakdowns"), ("period", "totalCost", "modelBreakdowns")),
        fields={"occurred_at": ("date", "period"), **_CCUSAGE},
        unit="USD",
        in_utc=False,
        days=True,
        is_summed=True,
        items="modelBreakdowns",
        without_items={"cost": "totalCost"},
        total="totals.totalCost",
        trait="days of the machine that wrote it; its own total is checked",
    ),
    Format(
        name="gitpod",
        title="Gitpod usage",
        seller="Gitpod",
        found_at="Gitpod, Usage, Export",
        headers=(("id", "credits", "startTime", "endTime", "kind", "userName"),),
        fields={
            "id": ("id",),
            "occurred_at": ("startTime",),
            "credits": ("credits",),
            "label": ("contextURL", "kind"),
            "kind": ("kind",),
            "actor": ("userName",),
        },
        unit="credit",
        counts=True,
        no_use={"kind": ("invoice",)},
        trait="invoices are not usage",
    ),
    Format(
        name="cloudevents",
        title="CloudEvents of the Usage API",
        found_at="what is sent to POST /v1/orgs/ID/usage/events",
        headers=(("specversion", "type", "source", "id", "time", "data.credits"),),
        fields={
            "id": ("id",),
            "occurred_at": ("time",),
            "credits": ("data.credits",),
            "kind": ("type",),
            "source_id": ("subject",),
            "label": ("data.label",),
            "activity": ("data.activity",),
            "quantity": ("data.quantity",),
            "actor": ("data.actor",),
        },
        counts=True,
        repeats=True,
        computed="usage_tui.importing.formats.cloud_events:event",
        computed_from=("type", "source", "id", "data.parent"),
    ),
)
