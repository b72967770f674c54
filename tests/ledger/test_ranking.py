"""Ranked rows: their order, their shares, their categories."""

from __future__ import annotations

from tests.ledger.histories import START
from usage_tui.ledger.ranking import SourceTotal, by_category, category_of, rank
from usage_tui.models import Credits, Ranking


def ranked(*totals: SourceTotal, limit: int | None = None) -> Ranking:
    return rank(totals, as_of=START, revision=7, limit=limit)


def total(label: str, micro: int, quantity: int = 1, kind: str = "ai_tool") -> SourceTotal:
    return SourceTotal(kind, f"id_{label}", label, micro, quantity)


EXAMPLE = (
    total("Agent chat", 2_810_250_000, 412, "agent_chat"),
    total("Contract review", 1_905_000_000, 38),
    total("Weekly digest", 1_025_250_000, 12, "workflow"),
    total("Browser sessions", 500_000_000, 9, "browser_session"),
)


def test_the_example_of_the_contract() -> None:
    ranking = ranked(*reversed(EXAMPLE))
    assert ranking.total == Credits.parse("6240.5")
    assert [(row.rank, row.label, str(row.share), row.count, row.count_unit) for row in ranking.items] == [
        (1, "Agent chat", "0.4503", 412, "message"),
        (2, "Contract review", "0.3053", 38, "run"),
        (3, "Weekly digest", "0.1643", 12, "run"),
        (4, "Browser sessions", "0.0801", 9, "session"),
    ]


def test_ties_go_by_count_then_by_name() -> None:
    ranking = ranked(total("b", 5, 2), total("a", 5, 2), total("c", 5, 3), total("d", 6))
    assert [row.label for row in ranking.items] == ["d", "c", "a", "b"]


def test_rows_past_the_limit_are_summed_up_so_that_the_total_stays() -> None:
    ranking = ranked(*EXAMPLE, limit=2)
    assert [row.label for row in ranking.items] == ["Agent chat", "Contract review"]
    assert ranking.other is not None
    assert (ranking.other.sources, str(ranking.other.credits), ranking.other.count) == (2, "1525.25", 21)
    assert sum(row.share or 0 for row in ranking.items) + (ranking.other.share or 0) == 1
    assert ranking.total == Credits.parse("6240.5")


def test_nothing_is_left_over_where_the_limit_is_not_reached() -> None:
    assert ranked(*EXAMPLE, limit=4).other is None


def test_a_period_without_use_has_no_rows() -> None:
    ranking = ranked()
    assert (ranking.items, ranking.other, ranking.total) == ((), None, Credits.ZERO)


def test_sources_roll_up_to_their_categories_in_rank_order() -> None:
    ranking = by_category(ranked(*EXAMPLE, total("Invoices", 1_000_000_000, 3), total("x", 1, kind="render")))
    assert [(row.rank, row.kind, row.label, str(row.credits), row.count) for row in ranking.items] == [
        (1, "ai_tool", "AI Tools", "2905", 41),
        (2, "agent_chat", "Agent chat", "2810.25", 412),
        (3, "workflow", "Workflows", "1025.25", 12),
        (4, "browser_session", "Browser sessions", "500", 9),
        (5, "render", "render", "0.000001", 1),
    ]
    assert sum(row.share or 0 for row in ranking.items) == 1


def test_what_a_reply_sums_up_as_other_belongs_to_no_category() -> None:
    ranking = ranked(*EXAMPLE, limit=2)
    rolled = by_category(ranking)
    assert rolled.other == ranking.other
    assert rolled.total == ranking.total


def test_an_unknown_kind_goes_by_its_own_word() -> None:
    assert category_of("render") == ("render", "use")


def test_rows_without_a_positive_total_have_no_share() -> None:
    ranking = ranked(total("a", 5), total("b", -5), total("c", 0), limit=2)
    assert [row.share for row in ranking.items] == [None, None]
    assert ranking.other is not None
    assert ranking.other.share is None
