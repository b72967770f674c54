"""One organization as a Usage API tells it, one reply a slice; the numbers add up."""

from __future__ import annotations

from typing import Any

MADE = {"as_of": "2026-11-22T20:30:00Z", "revision": 48213}

ME: dict[str, Any] = {
    "user": {"id": "usr_1", "name": "Maria"},
    "organizations": [
        {
            "id": "acme",
            "name": "Acme",
            "role": "owner",
            "billing_access": True,
            "time_zone": "America/New_York",
        },
        {
            "id": "globex",
            "name": "Globex",
            "role": "member",
            "billing_access": False,
            "time_zone": "Europe/Berlin",
        },
    ],
    "scopes": ["read"],
}

_BACKGROUND_AI = {
    "id": "background_ai",
    "label": "Background AI",
    "unit": "credit",
    "included": "2000",
    "used": "1200",
    "remaining": "800",
    "used_fraction": "0.6",
    "resets_at": "2026-12-01T05:00:00Z",
}

SUMMARY: dict[str, Any] = {
    **MADE,
    "org": {"id": "acme", "name": "Acme", "time_zone": "America/New_York"},
    "unit": {"code": "credit", "scale": 6},
    "balance": {
        "total": "10009.75",
        "included": "3759.5",
        "purchased": "6250.25",
        "locked": "0",
        "overage": "0",
        "next_expiry": {"at": "2026-12-01T05:00:00Z", "amount": "3759.5", "grant_id": "gr_04"},
    },
    "state": "normal",
    "low_threshold": "5000",
    "period": {
        "id": "2026-11",
        "starts_at": "2026-11-01T04:00:00Z",
        "ends_at": "2026-12-01T05:00:00Z",
        "start_date": "2026-11-01",
        "end_date": "2026-11-30",
        "days_total": 30,
        "days_left": 9,
    },
    "included": {"granted": "10000", "used": "6240.5", "remaining": "3759.5", "used_fraction": "0.62405"},
    "usage": {
        "total": "6240.5",
        "from_included": "6240.5",
        "from_purchased": "0",
        "uncovered": "0",
        "event_count": 471,
    },
    "subscription": {
        "status": "active",
        "plan": "Team",
        "cadence": "monthly",
        "ends_at": None,
        "entitlement_active": True,
    },
    "auto_recharge": {"enabled": True, "threshold": "5000"},
    "allowances": [_BACKGROUND_AI],
    "capabilities": {"view_events": True, "view_grants": True, "buy_credits": True, "auto_recharge": True},
    "links": {
        "buy_credits": "https://billing.example/buy",
        "auto_recharge": "https://billing.example/auto",
    },
    "notices": [],
    "last_event_at": "2026-11-22T20:29:41.12Z",
}

SOURCES: dict[str, Any] = {
    **MADE,
    "period": {"id": "2026-11"},
    "total": "6240.5",
    "items": [
        {
            "rank": 1,
            "kind": "agent_chat",
            "source_id": "agent_chat",
            "label": "Agent chat",
            "credits": "4335.5",
            "share": "0.6947",
            "count": 412,
            "count_unit": "message",
        },
        {
            "rank": 2,
            "kind": "ai_tool",
            "source_id": "tool_contract",
            "label": "Contract review",
            "credits": "1905",
            "share": "0.3053",
            "count": 38,
            "count_unit": "run",
        },
    ],
    "other": None,
}

DAILY: dict[str, Any] = {
    **MADE,
    "time_zone": "America/New_York",
    "range": {"start_date": "2026-11-01", "end_date": "2026-11-01"},
    "total": "312.5",
    "items": [
        {
            "date": "2026-11-01",
            "starts_at": "2026-11-01T04:00:00Z",
            "ends_at": "2026-11-02T05:00:00Z",
            "credits": "312.5",
            "count": 21,
            "complete": True,
            "by_kind": {"agent_chat": "200", "ai_tool": "112.5"},
            "top": {"source_id": "agent_chat", "label": "Agent chat", "credits": "200"},
        }
    ],
}

EVENTS: dict[str, Any] = {
    **MADE,
    "items": [
        {
            "id": "evt_01JD7",
            "occurred_at": "2026-11-22T20:29:41.12Z",
            "kind": "ai_tool",
            "source_id": "tool_contract",
            "label": "Contract review",
            "activity": "run",
            "quantity": 1,
            "credits": "50.125",
            "status": "settled",
            "actor": "maria@acme.example",
            "parent_id": "evt_01JD6",
            "late": False,
            "allocations": [{"grant_id": "gr_04", "bucket": "included", "credits": "50.125"}],
            "uncovered": "0",
        }
    ],
    "newer": 0,
    "applied": [],
    "page": {"size": 1, "next": "c1.older", "prev": None},
}

GRANTS: dict[str, Any] = {
    **MADE,
    "items": [
        {
            "id": "gr_04",
            "description": "Team plan, November 2026",
            "bucket": "included",
            "origin": "subscription",
            "granted_at": "2026-11-01T04:00:00Z",
            "effective_at": "2026-11-01T04:00:00Z",
            "expires_at": "2026-12-01T05:00:00Z",
            "status": "active",
            "original": "10000",
            "used": "6240.5",
            "expired_amount": "0",
            "voided_amount": "0",
            "remaining": "3759.5",
        }
    ],
    "page": {"size": 50, "next": None, "prev": None},
}

ALLOWANCES: dict[str, Any] = {
    **MADE,
    "period": {"id": "2026-11"},
    "items": [
        {
            **_BACKGROUND_AI,
            "lines": [{"label": "Memory upkeep", "used": "700"}, {"label": "Suggestions", "used": "500"}],
        },
        {
            "id": "sandbox_storage",
            "label": "Storage",
            "unit": "gigabyte",
            "included": "100",
            "used": "41.2",
            "remaining": "58.8",
            "used_fraction": "0.412",
            "resets_at": None,
            "lines": [],
        },
    ],
}
