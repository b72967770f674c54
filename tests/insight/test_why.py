"""A day explained."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.insight import trace
from tests.insight.organization import credits_of, day, days_before
from usage_tui.insight.why import Basis, BasisKind, Explanation, basis_of, explain, peak, spikes
from usage_tui.ledger.ranking import SourceTotal
from usage_tui.models import Credits

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
INCLUDED = credits_of(3000)


def total(source: str, amount: str | int, label: str | None = None) -> SourceTotal:
    return SourceTotal("ai_tool", source, label or source.upper(), credits_of(amount).micro, 1)


def explained(civil: date, *amounts: int | str, included: Credits = INCLUDED) -> Explanation:
    """A day of which the amounts of source `a` up to yesterday are known."""
    first = TODAY - DAY * len(amounts)
    days = {first + DAY * number: [total("a", amount)] for number, amount in enumerate(amounts)}
    return explain(days, civil, complete=True, included=included)


def micro(amount: str) -> Fraction:
    return Fraction(amount) * 10**6


def test_nov_10_of_the_trace() -> None:
    sums: defaultdict[date, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in trace.rows():
        sums[row.date][row.label] += row.credits
    nov_10 = date(2026, 11, 10)
    before = [sums[date(2026, 11, civil)] for civil in range(1, 10)]

    def middle(amounts: list[Decimal]) -> Decimal:
        return sorted(amounts)[4]

    usual = {
        label: middle([amounts[label] for amounts in before]) for label in ("Agent chat", "Code completion")
    }
    usual_total = middle([sum(amounts.values(), Decimal()) for amounts in before])
    changes = {label: sums[nov_10][label] - usual[label] for label in usual}

    days = {
        civil: [total(label, str(amount), label) for label, amount in amounts.items()]
        for civil, amounts in sums.items()
    }
    found = explain(days, nov_10, complete=True, included=credits_of(5000))
    assert (found.amount, found.usual) == (credits_of("384.7666"), micro("309.6925"))
    assert found.usual == micro(str(usual_total))
    assert found.basis is not None
    assert (found.basis.kind, len(found.basis.dates)) == (BasisKind.DAYS, 9)
    assert [(s.label, str(s.amount), s.usual, s.change) for s in found.sources] == [
        ("Agent chat", "233.7832", micro("182.3677"), micro("51.4155")),
        ("Code completion", "150.9834", micro("100.041"), micro("50.9424")),
    ]
    assert [s.change for s in found.sources] == [micro(str(change)) for change in changes.values()]
    assert found.change == micro("75.0741")
    assert found.other == micro("75.0741") - micro("51.4155") - micro("50.9424") == micro("-27.2838")
    assert not found.spike


def test_one_spike_in_thirty_days() -> None:
    found = explained(date(2026, 11, 12), *[90] * 20, 2000, *[90] * 9)
    assert (found.amount, found.usual, found.spike) == (credits_of(2000), micro("90"), True)
    # Two Thursdays are known, so that the 14 days before are compared with.
    assert found.basis is not None
    assert found.basis.kind is BasisKind.DAYS
    assert found.basis.dates == tuple(date(2026, 11, 12) - DAY * back for back in range(1, 15))


def test_a_day_as_usual() -> None:
    found = explained(date(2026, 11, 19), *[100] * 56)
    assert (found.amount, found.usual, found.spike) == (credits_of(100), micro("100"), False)
    assert found.change == 0
    assert found.basis == Basis(
        kind=BasisKind.WEEKDAY, dates=tuple(date(2026, 11, 19) - DAY * 7 * weeks for weeks in range(1, 8))
    )
    assert found.other == 0


@pytest.mark.parametrize(
    ("known", "kind", "count"),
    [(100, BasisKind.WEEKDAY, 8), (56, BasisKind.WEEKDAY, 8), (21, BasisKind.WEEKDAY, 3),
     (20, BasisKind.DAYS, 14), (7, BasisKind.DAYS, 7), (6, None, 0), (0, None, 0)],
)  # fmt: skip
def test_what_a_day_is_compared_with(known: int, kind: BasisKind | None, count: int) -> None:
    found = basis_of(TODAY - DAY * known, TODAY)
    assert (found and found.kind, len(found.dates) if found else 0) == (kind, count)


def test_the_median_of_an_even_number_is_exact_and_days_without_use_count() -> None:
    first = TODAY - DAY * 10
    days = {first: [total("a", "0.000001")], TODAY: [total("a", 1)]}
    assert explain(days, TODAY, complete=False, included=INCLUDED).usual == 0
    amounts = ["0.000001"] * 4 + ["0.000002"] * 4
    found = explained(TODAY, *amounts)
    assert found.usual == Fraction(3, 2)
    assert found.change == Fraction(-3, 2)


def test_sources_are_in_the_order_of_their_change_and_those_that_fell_come_last() -> None:
    usual = [total("same", 5), total("fell", 9), total("gone", 3), total("rose", 1)]
    days = {TODAY - DAY * back: usual for back in range(1, 9)}
    days[TODAY] = [total("same", 5), total("fell", 2), total("rose", 4), total("new", 3)]
    found = explain(days, TODAY, complete=True, included=INCLUDED)
    assert [(s.source_id, s.change and int(s.change) // 10**6) for s in found.sources] == [
        ("new", 3),
        ("rose", 3),
        ("same", 0),
        ("gone", -3),
        ("fell", -7),
    ]


def test_a_source_has_its_newest_name_and_one_that_is_usually_unused_no_row() -> None:
    days = {TODAY - DAY * back: [total("a", 5, f"Name {back}")] for back in range(1, 9)}
    days[TODAY - DAY * 3] = [*days[TODAY - DAY * 3], total("b", 1)]
    days[TODAY] = [total("a", 5, "New name")]
    found = explain(days, TODAY, complete=True, included=INCLUDED)
    assert [s.label for s in found.sources] == ["New name"]


def test_a_day_on_which_two_periods_meet_is_one() -> None:
    days = {TODAY - DAY * back: [total("a", 5)] for back in range(1, 9)}
    days[TODAY] = [total("a", 2), total("a", 4)]
    found = explain(days, TODAY, complete=True, included=INCLUDED)
    assert [(str(s.amount), s.change) for s in found.sources] == [("6", micro("1"))]


def test_without_anything_to_compare_with_the_day_is_ranked() -> None:
    days = {TODAY - DAY: [total("a", 5)], TODAY: [total("a", 2), total("b", 4), total("c", 2)]}
    found = explain(days, TODAY, complete=True, included=INCLUDED)
    assert (found.usual, found.basis, found.change, found.spike) == (None, None, None, False)
    assert found.other == 0
    assert [(s.source_id, s.usual, s.change) for s in found.sources] == [
        ("b", None, None),
        ("a", None, None),
        ("c", None, None),
    ]


@pytest.mark.parametrize(
    ("amount", "included", "spike"),
    [
        ("200.000001", 3000, True),
        (200, 3000, False),
        (250, 15_000, True),
        ("249.999999", 15_000, False),
        (201, 0, True),
    ],
)
def test_a_spike_is_more_than_twice_the_usual_and_a_hundredth_of_what_is_included(
    amount: str | int, included: int, spike: bool
) -> None:
    found = explained(TODAY - DAY, *[100] * 20, amount, included=credits_of(included))
    assert found.spike == spike


def test_the_days_that_are_marked_are_those_whose_explanation_says_so() -> None:
    amounts = [90] * 20 + [2000] + [90] * 5 + [700] + [90] * 3
    marked = spikes(days_before(TODAY, amounts), INCLUDED)
    assert marked == {date(2026, 11, 12), date(2026, 11, 18)}
    for civil in (TODAY - DAY * back for back in range(1, 31)):
        assert explained(civil, *amounts).spike == (civil in marked)


def test_the_peak_is_the_first_of_the_most_expensive_complete_days() -> None:
    days = [*days_before(TODAY, [1, 7, 7, 2]), day(TODAY, credits_of(99), complete=False)]
    assert peak(days) == TODAY - DAY * 3
    assert peak([day(TODAY, credits_of(0))]) is None
    assert peak([]) is None
