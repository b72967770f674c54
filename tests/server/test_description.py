"""The description of the API: kept as it is, and true to what is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.server.world import NOW, World, event
from usage_tui.server.replies.walks import SEARCHED

KEPT = Path(__file__).with_name("openapi.json")


def described(world: World) -> dict[str, Any]:
    document: dict[str, Any] = world.http.get("/v1/openapi.json").json()
    return document


def test_the_description_is_what_was_agreed(world: World) -> None:
    """After a change that is meant, the reply is written to the file anew, and the difference read."""
    assert described(world) == json.loads(KEPT.read_text(encoding="utf-8"))


def test_every_route_is_described_with_its_refusals(world: World) -> None:
    document = described(world)
    assert document["openapi"] == "3.1.0"
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path.startswith("/v1/"):
                assert {"200", "400", "401", "403", "404", "429", "503"} <= operation["responses"].keys()
                assert "$ref" in next(iter(operation["responses"]["200"]["content"].values()))["schema"]


def test_every_member_of_a_reply_is_described(world: World) -> None:
    world.post(event("a", "1", NOW))
    schemas = described(world)["components"]["schemas"]
    for path, name in (
        ("usage/summary", "Summary"),
        ("usage/sources", "Ranking"),
        ("usage/daily", "DailyUsage"),
        ("usage/daily/sources", "SourceDays"),
        ("usage/events", "EventPage"),
        ("grants", "Grants"),
        ("allowances", "Allowances"),
        ("billing-periods", "BillingPeriods"),
    ):
        assert world.read(path).keys() == schemas[name]["properties"].keys()


def test_how_far_a_search_looks_is_described(world: World) -> None:
    operation = described(world)["paths"]["/v1/orgs/{org}/usage/events"]["get"]
    assert operation["description"].count(f"{SEARCHED:,}") == 2


def test_every_reference_leads_somewhere(world: World) -> None:
    text = json.dumps(described(world))
    names = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= described(world)["components"]["schemas"].keys()
