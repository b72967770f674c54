"""Acme: a team of four in the middle of November 2026, on a plan with included and bought credits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from usage_tui.clients.demo.scenarios.script import Run, Source, address, spread, uses
from usage_tui.clients.demo.scenarios.stage import ACME, Scenario, Stage, included, purchased
from usage_tui.ledger.ledger import Ledger, Use

AS_OF = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 1, 4, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, 4, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 5, tzinfo=UTC)
JANUARY = datetime(2027, 1, 1, 5, tzinfo=UTC)


CHAT = Source("agent_chat", "agent_chat", "Agent chat", "message")
REVIEW = Source("ai_tool", "tool_contract", "Contract review", "run", "12.5", "chat")
DIGEST = Source("workflow", "wf_digest", "Weekly digest", "run", "60.5", "schedule")
BROWSER = Source("browser_session", "browser", "Browser sessions", "session")
INVOICES = Source("ai_tool", "tool_invoice", "Invoice matching", "run", "6.45")
LEADS = Source("workflow", "wf_leads", "Lead enrichment", "run", "14.3", "schedule")
MEETINGS = Source("ai_tool", "tool_meeting", "Meeting notes", "run", "6", "chat")
BRAND = Source("ai_tool", "tool_brand", "Brand voice check", "run", "9.325")

# Before the Team plan: month, day, source, credits, how many. The first five use up the welcome credits.
BEFORE = (
    (1, 19, REVIEW, "120", 3),
    (1, 27, DIGEST, "85.5", 2),
    (2, 4, CHAT, "44.25", 6),
    (2, 12, INVOICES, "129", 20),
    (2, 23, LEADS, "121.25", 8),
    (3, 9, REVIEW, "150.375", 3),
    (4, 2, BROWSER, "96.5", 1),
    (4, 21, DIGEST, "60.5", 1),
    (5, 12, INVOICES, "64.5", 10),
    (6, 3, CHAT, "58.125", 8),
    (6, 30, REVIEW, "50.125", 1),
    (7, 15, LEADS, "71.5", 5),
    (8, 11, MEETINGS, "48", 8),
    (9, 8, BRAND, "37.25", 4),
    (9, 22, REVIEW, "112.875", 4),
)

PRICED = DIGEST, INVOICES, LEADS, MEETINGS, BRAND
# What the first run of November costs.
FIRST = {DIGEST: "59.5", INVOICES: "6.4", LEADS: "14.25", MEETINGS: "6.5", BRAND: "9.3"}
# The costs of chat messages, in turn.
MESSAGES = "5.875", "7.125", "4.25", "6.75", "7.125", "9.25", "4.5", "9.75"
# The day of November; how many chat messages; how many runs of each priced source; then what the
# contract reviews and the browser sessions of the day cost, one by one.
DAYS = (
    (1, 27, (1, 3, 2, 0, 0), "12.5 12.5", ""),
    (2, 25, (1, 3, 1, 1, 0), "", ""),
    (3, 27, (0, 3, 2, 1, 0), "", "61.25"),
    (4, 23, (1, 3, 1, 2, 0), "12.5", ""),
    (5, 24, (1, 2, 1, 1, 0), "", ""),
    (6, 21, (0, 2, 1, 1, 1), "12.5", "48.75"),
    (9, 23, (1, 3, 2, 2, 0), "12.5", ""),
    (10, 23, (1, 3, 1, 1, 0), "12.5", "55"),
    (11, 22, (0, 3, 1, 1, 0), "12.5", "72.5"),
    (
        12,
        16,
        (0, 20, 0, 13, 5),
        "42.125 31.5 50.125 42.125 50.125 42.125 31.5 42.125 50.125 31.5 42.125 50.125 30.375 "
        "42.125 50.125 42.125 31.5 50.125 42.125 31.5 50.125 42.125 31.5 42.125 50.125",
        "",
    ),
    (13, 22, (1, 3, 2, 2, 1), "23.75 12.5", "38"),
    (14, 13, (0, 1, 0, 0, 0), "", ""),
    (15, 8, (0, 0, 1, 0, 0), "", ""),
    (16, 24, (1, 3, 1, 1, 0), "12.5", ""),
    (17, 20, (1, 2, 1, 1, 0), "12.5", "66"),
    (18, 20, (1, 3, 1, 1, 0), "", "57.25"),
    (19, 27, (0, 2, 1, 1, 0), "", "58.75"),
    (20, 24, (1, 1, 1, 1, 0), "12.5", ""),
)
# The last two days to the second, by the clocks of New York.
LAST_DAYS = (
    ("21T09:08:15", CHAT, "9.25", "dev"),
    ("21T09:31:47", CHAT, "7.125", "sam"),
    ("21T09:54:02", CHAT, "6.75", "sam"),
    ("21T10:17:33", CHAT, "9.75", "lin"),
    ("21T10:38:19", CHAT, "5.875", "maria"),
    ("21T11:05:56", CHAT, "7.125", "maria"),
    ("21T11:29:08", CHAT, "9.25", "dev"),
    ("21T12:01:44", CHAT, "6.75", "lin"),
    ("21T12:26:30", CHAT, "7.125", "sam"),
    ("21T12:49:12", CHAT, "6.25", "dev"),
    ("21T13:17:18", CHAT, "4.25", "maria"),
    ("21T13:40:59", CHAT, "7.125", "maria"),
    ("21T13:52:03", CHAT, "7.125", "lin"),
    ("21T14:08:34", CHAT, "6.75", "lin"),
    ("21T14:23:27", INVOICES, "6.45", "sam"),
    ("21T14:37:20", INVOICES, "6.45", "sam"),
    ("21T14:51:16", CHAT, "5.875", "dev"),
    ("21T15:08:33", CHAT, "5.875", "dev"),
    ("21T15:23:25", CHAT, "4.25", "maria"),
    ("21T15:31:29", CHAT, "7.125", "maria"),
    ("21T18:20:44", CHAT, "4.5", "lin"),
    ("22T09:58:01", INVOICES, "6.45", "sam"),
    ("22T10:15:33", CHAT, "9.25", "maria"),
    ("22T11:40:52", MEETINGS, "6", "maria"),
    ("22T12:02:15", LEADS, "14.3", ""),
    ("22T12:44:37", CHAT, "5.875", "sam"),
    ("22T13:00:00", DIGEST, "60.5", ""),
    ("22T14:31:09", CHAT, "7.125", "dev"),
    ("22T14:58:20", INVOICES, "6.45", "sam"),
    ("22T15:11:58", BROWSER, "42.5", "dev"),
    ("22T15:27:03", CHAT, "6.75", "maria"),
    ("22T15:29:41.120", REVIEW, "50.125", "maria"),
)
VOIDED_AT = datetime(2026, 8, 20, 9, tzinfo=UTC)
REVERSED_AT = datetime(2026, 11, 21, 21, 5, 10, tzinfo=UTC)

SATURDAY = 5


def acme() -> Scenario:
    """The whole of Acme, from its first credits to `AS_OF`."""
    stage = november_stage()
    play(stage)
    return stage.scenario()


def november_stage(as_of: datetime = AS_OF) -> Stage:
    """An empty stage for Acme's November."""
    return Stage(ACME, "2026-11", NOVEMBER, DECEMBER, as_of)


def play(stage: Stage) -> None:
    """Book Acme's grants, and its uses from the first to `AS_OF`."""
    ledger = stage.ledger
    stage.add_former("2026-10", OCTOBER, NOVEMBER)
    _grant_all(ledger)
    ordered = list(uses([*_earlier(), *november()]))
    stage.use(use for use in ordered if use.occurred_at < VOIDED_AT)
    ledger.void("gr_07", at=VOIDED_AT)
    stage.use(use for use in ordered if VOIDED_AT <= use.occurred_at < OCTOBER)
    ledger.lock("gr_05", at=OCTOBER)
    use_with_refund(stage, [use for use in ordered if use.occurred_at >= OCTOBER])


def use_with_refund(stage: Stage, ordered: Sequence[Use]) -> None:
    """Book uses; on the way, the contract review that was last by then is given back."""
    stage.use(use for use in ordered if use.occurred_at < REVERSED_AT)
    review = next(event for event in reversed(stage.events) if event.source_id == REVIEW.id)
    stage.reverse(review, at=REVERSED_AT, actor=address("maria"))
    stage.use(use for use in ordered if use.occurred_at >= REVERSED_AT)


def november() -> Iterator[Run]:
    """All that Acme runs from November 1 to `AS_OF`: 6,253 credits, 12.5 of which are given back."""
    first, messages = dict(FIRST), cycle(MESSAGES)
    for number, chats, counts, reviews, sessions in DAYS:
        midnight = datetime(2026, 11, number, 5, tzinfo=UTC)
        yield from spread(midnight, CHAT, list(islice(messages, chats)))
        yield from spread(midnight, REVIEW, reviews.split())
        yield from spread(midnight, BROWSER, sessions.split())
        for source, count in zip(PRICED, counts, strict=True):
            prices = [source.price] * count
            if count and source in first:
                prices[0] = first.pop(source)
            yield from spread(midnight, source, prices)
    for clock, source, price, actor in LAST_DAYS:
        yield Run(datetime.fromisoformat(f"2026-11-{clock}-05:00").astimezone(UTC), source, price, actor)


def _earlier() -> Iterator[Run]:
    for month, day, source, price, quantity in BEFORE:
        yield Run(datetime(2026, month, day, 15, 20, 40, tzinfo=UTC), source, price, quantity=quantity)
    for number in range(31):
        midnight = OCTOBER + timedelta(days=number)
        if midnight.weekday() < SATURDAY:
            yield from spread(midnight, CHAT, ["6.75", "4.25"])
            run = INVOICES if number % 3 else DIGEST
            yield from spread(midnight, run, [run.price])


def _grant_all(ledger: Ledger) -> None:
    at = datetime(2026, 1, 15, 15, tzinfo=UTC)
    ledger.grant(purchased("gr_01", "Welcome credits", "500", at, None, "promotion"))
    for grant_id, description, amount, at, origin in (
        ("gr_02", "Auto-recharge", "2000", datetime(2026, 3, 2, 9, tzinfo=UTC), "auto_recharge"),
        ("gr_03", "Top-up", "5000", datetime(2026, 10, 14, 15, 2, 11, tzinfo=UTC), "purchase"),
        ("gr_05", "Add-on pack, former plan", "1500", datetime(2026, 9, 3, 14, tzinfo=UTC), "purchase"),
        ("gr_07", "Top-up, duplicate charge", "5000", datetime(2026, 8, 19, 13, tzinfo=UTC), "purchase"),
    ):
        ledger.grant(purchased(grant_id, description, amount, at, at.replace(year=2027), origin))
    for grant_id, month, starts_at, ends_at in (
        ("gr_06", "October", OCTOBER, NOVEMBER),
        ("gr_04", "November", NOVEMBER, DECEMBER),
        ("gr_08", "December", DECEMBER, JANUARY),
    ):
        ledger.grant(included(grant_id, f"Team plan, {month} 2026", "10000", starts_at, ends_at))
