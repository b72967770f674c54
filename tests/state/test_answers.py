"""The worked examples, by what a client tells, and what an answer says of what is not known."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.known import known
from tests.state import organizations as made
from tests.state.organizations import DECEMBER, JUNE, NOW, TODAY, even, spike, term
from tests.trace import import_trace
from tests.tui.clients import Noted, Scripted
from usage_tui.clients.base import NotOffered, Slice, Unreachable, Withheld
from usage_tui.clients.demo.client import DemoClient, open_demo
from usage_tui.clients.demo.scenarios.stage import Scenario
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.insight.assumptions import InvalidAssumption
from usage_tui.insight.findings import Rule
from usage_tui.insight.plan import Fits
from usage_tui.insight.runway import Likelihood
from usage_tui.insight.why import BasisKind
from usage_tui.models import Credits
from usage_tui.state.answers import Answers, TooFewRuns
from usage_tui.state.event_times import event_times
from usage_tui.state.facts import facts_of
from usage_tui.state.loading import PlainStore, load_all

DAY = timedelta(days=1)


async def ask(scenario: Scenario) -> Answers:
    return await Answers.of(DemoClient(scenario))


def credits_of(amount: str) -> Credits:
    return Credits.parse(amount)


def micro(amount: str) -> Fraction:
    return Fraction(amount) * 10**6


# The public trace


@pytest.fixture(scope="module")
def of_trace(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    path = import_trace(tmp_path_factory.mktemp("trace"))

    async def read() -> Answers:
        return await Answers.of(await RecordingClient.open(path))

    return asyncio.run(read())


def test_the_runway_of_the_trace(of_trace: Answers) -> None:
    found = known(of_trace.runway)
    pace = known(found.pace)
    assert (pace.known_days, pace.basis_total) == (21, 5_645_254_900)
    assert (f"{float(pace.slow):.3f}", f"{float(pace.fast):.3f}") == ("0.583", "1.663")
    assert (found.earliest, found.runs_out, found.latest) == (
        date(2026, 11, 27),
        date(2026, 12, 20),
        None,
    )
    assert found.balances[0].usual == credits_of("2474.2412")
    assert found.recharge_on == found.included_out == date(2026, 11, 22)
    [lapse] = found.lapses
    assert (lapse.on, lapse.likelihood) == (date(2027, 10, 14), Likelihood.POSSIBLE)
    assert lapse.most == credits_of("1195.216714")
    renewal = known(found.renewal)
    assert (renewal.at, renewal.amount) == (datetime(2026, 12, 1, 5, tzinfo=UTC), credits_of("5000"))


async def test_5000_runs_of_the_trace(of_trace: Answers) -> None:
    found = known(await of_trace.plan_runs("tool_code_completion", 5000))
    assert (found.costs.label, found.costs.runs) == ("Code completion", 1000)
    assert (str(found.batch.usual), str(found.batch.cautious)) == ("1139.4255", "1346.085")
    assert found.plan.fits is Fits.FITS
    paid = [(payment.description, str(payment.amount)) for payment in found.plan.usual.paid_by]
    assert paid == [("Auto-recharge", "474.2412"), ("Top-up", "665.1843")]
    usual, cautious = found.plan.usual, found.plan.cautious
    assert (str(usual.left), usual.runway.runs_out, usual.runway.earliest) == (
        "1334.8157",
        date(2026, 11, 27),
        date(2026, 11, 25),
    )
    assert (str(cautious.left), cautious.runway.runs_out) == ("1128.1562", date(2026, 11, 26))
    assert found.plan.without.runs_out == date(2026, 12, 20)


def test_3000_credits_of_the_trace(of_trace: Answers) -> None:
    found = known(of_trace.plan(credits_of("3000")))
    assert (found.fits, str(found.usual.shortfall)) == (Fits.NOT, "525.7588")
    assert known(of_trace.plan(credits_of("3000"), "top-up 600")).fits is Fits.FITS


def test_what_if_of_the_trace(of_trace: Answers) -> None:
    more = known(of_trace.what_if("top-up 5000"))
    assert (more.runs_out, more.earliest) == (date(2027, 1, 26), date(2026, 12, 20))
    less = known(of_trace.what_if("cut 50%"))
    assert (less.runs_out, less.earliest) == (None, date(2026, 12, 26))
    only = known(of_trace.what_if('cut "Code completion" 50%'))
    code = next(item for item in known(of_trace.facts.source_days).items if item.label == "Code completion")
    used = Credits.total(code.credits[:-1]).micro
    assert only.factor == 1 - Fraction(used, 5_645_254_900) / 2


async def test_nov_10_of_the_trace(of_trace: Answers) -> None:
    found = known(await of_trace.why(date(2026, 11, 10)))
    assert (str(found.amount), found.usual, found.change) == ("384.7666", micro("309.6925"), micro("75.0741"))
    basis = known(found.basis)
    assert (basis.kind, len(basis.dates)) == (BasisKind.DAYS, 9)
    assert [(row.label, str(row.amount), row.usual, row.change) for row in found.sources] == [
        ("Agent chat", "233.7832", micro("182.3677"), micro("51.4155")),
        ("Code completion", "150.9834", micro("100.041"), micro("50.9424")),
    ]
    assert found.other == micro("-27.2838")
    assert not found.spike
    assert found.complete


async def test_the_books_of_the_trace_agree_and_its_events_go_on(of_trace: Answers) -> None:
    books = known(of_trace.reconciliation)
    assert books.agrees
    assert str(books.days) == "5776.0088"
    assert of_trace.silence is None
    assert await of_trace.compare() is None
    assert [finding.rule for finding in of_trace.findings] == [Rule.STATE]


# Organizations by hand


async def test_even_use() -> None:
    answers = await ask(even())
    found = known(answers.runway)
    assert (found.included_out, found.purchased_from) == (None, date(2026, 12, 31))
    assert found.runs_out == found.earliest == found.latest == date(2027, 7, 31)
    [lapse] = found.lapses
    assert (lapse.on, str(lapse.usual), lapse.likelihood) == (JUNE.date(), "600", Likelihood.CERTAIN)
    assert known(found.pace).known_days == 56
    day = known(await answers.why(date(2026, 11, 19)))
    basis = known(day.basis)
    assert (str(day.amount), day.usual, basis.kind, len(basis.dates)) == (
        "100",
        micro("100"),
        BasisKind.WEEKDAY,
        7,
    )
    assert answers.spikes == frozenset()
    assert answers.findings == []


async def test_a_source_that_is_cut_saves_its_part() -> None:
    answers = await ask(even())
    assert known(answers.what_if("cut review 50%")).factor == Fraction(7, 10)
    assert known(answers.what_if("cut Digest 50%; cut 50%")).factor == Fraction(2, 5)


async def test_the_end_of_the_term() -> None:
    found = known((await ask(term())).runway)
    assert found.runs_out == found.term_ends == DECEMBER.date()
    assert str(found.locked) == "5000"


async def test_one_spike() -> None:
    answers = await ask(spike())
    found = known(answers.runway)
    assert (found.earliest, found.runs_out, found.latest) == (date(2026, 11, 30), date(2026, 12, 24), None)
    assert int(known(known(found.pace).dominant_day).share * 100) == 45
    assert answers.spikes == {date(2026, 11, 12)}
    for day in (date(2026, 11, 12), "peak"):
        why = known(await answers.why(day))
        assert (why.day, str(why.amount), why.usual, why.spike) == (
            date(2026, 11, 12),
            "2000",
            micro("90"),
            True,
        )
        assert [(row.label, str(row.amount)) for row in why.sources] == [("Digest", "1910"), ("Review", "90")]


async def test_the_period_before_at_the_same_point() -> None:
    found = known(await (await ask(spike())).compare())
    assert (found.days, str(found.amount)) == (21, "3800")
    # The first event is that of October 23.
    assert (found.former_days, str(found.former)) == (21, "0")
    found = known(await (await ask(even())).compare())
    assert (str(found.amount), str(found.former), found.percent) == ("2100", "2100", 0)


async def test_each_source_at_the_same_point() -> None:
    found = known(await (await ask(even())).compare_sources())
    sources = known(found.sources)
    assert (sources.total.amount, sources.total.former) == (found.total.amount, found.total.former)
    assert all(one.change == Credits.ZERO for one in sources.items)
    assert len(found.former_days) == 31
    spiked = known((known(await (await ask(spike())).compare_sources())).sources)
    assert [(one.label, str(one.amount), str(one.former)) for one in spiked.items] == [
        ("Digest", "1910", "0"),
        ("Review", "1890", "0"),
    ]


async def test_days_that_are_not_known_are_asked_for_once_each() -> None:
    client = Noted(DemoClient(even()))
    answers = await Answers.of(client)
    facts = answers.facts
    late = replace(known(facts.source_days), range=replace(known(facts.source_days).range, start_date=TODAY))
    answers = Answers(
        client, replace(facts, source_days=late, periods=replace(known(facts.periods), first_event_date=None))
    )
    del client.asked[:]
    for _ in range(2):
        found = known(await answers.compare_sources())
        assert known(found.sources).total.former == found.total.former
    assert client.asked == ["daily", "source_days", "source_days"]


@pytest.mark.parametrize("error", [NotOffered("Not told."), Withheld("Not for you.")])
async def test_without_days_by_source_the_totals_alone_are_compared(error: Exception) -> None:
    client = Scripted(source_days=error)
    found = known(await (await Answers.of(client)).compare_sources())
    assert (str(found.total.amount), str(found.total.former)) == ("6025.175", "532")
    assert found.sources is None


async def test_sources_that_do_not_add_up_to_the_days_are_not_told() -> None:
    daily = await open_demo().daily("2026-10")
    less = replace(daily, items=(replace(daily.items[0], credits=credits_of("1")), *daily.items[1:]))
    answers = await Answers.of(open_demo())
    answers._client = Scripted(periods=less)
    found = known(await answers.compare_sources())
    assert found.sources is None


async def test_a_failure_of_what_is_compared_is_told() -> None:
    answers = await Answers.of(open_demo())
    answers._client = Scripted(periods=Unreachable("No answer."))
    with pytest.raises(Unreachable):
        await answers.compare_sources()


async def test_the_last_days_of_each_source() -> None:
    trend = known((await ask(spike())).facts.source_days).last(14)
    assert [str(amount) for amount in trend["ai_tool", "digest"]] == ["0"] * 3 + ["1910"] + ["0"] * 10
    assert [str(amount) for amount in trend["ai_tool", "review"]] == ["90"] * 13 + ["0"]


# What is asked for


async def test_each_answer_asks_for_no_more_than_it_needs_and_only_once() -> None:
    client = Noted(DemoClient(even()))
    answers = await Answers.of(client)
    assert sorted(client.asked) == [
        *("allowances", "daily", "days", "events", "grants", "me", "periods", "source_days", "sources"),
        "summary",
    ]
    del client.asked[:]
    told: list[object] = [answers.runway, answers.what_if("cut review 5%"), answers.plan(credits_of("5"))]
    assert answers.silence is None
    told += [answers.reconciliation, await answers.why("yesterday"), await answers.why(TODAY - DAY * 50)]
    assert None not in told
    assert client.asked == []
    for _ in range(2):
        await answers.plan_runs("review", 3)
        await answers.compare()
    assert client.asked == ["events", "daily"]


async def test_the_weeks_before_an_earlier_day_are_asked_for() -> None:
    client = Noted(DemoClient(made.played([{"review": "10"}] * 150, [made.welcome("9000", DECEMBER)])))
    answers = await Answers.of(client)
    del client.asked[:]
    for _ in range(2):
        for days in (34, 35):
            found = known(await answers.why(TODAY - DAY * days))
            assert len(known(found.basis).dates) == 8
    assert client.asked == ["source_days"]


class Moving(DemoClient):
    """Even use, of which something changes while the days are first asked for."""

    revision = 1
    asked = 0

    async def _answer(self, name: Slice, reply: Any) -> Any:
        found = await super()._answer(name, reply)
        if name is Slice.DAYS:
            self.revision, self.asked = 2, self.asked + 1
        return replace(found, revision=self.revision) if hasattr(found, "revision") else found


async def test_data_that_change_meanwhile_are_asked_for_again() -> None:
    client = Moving(even())
    answers = await Answers.of(client)
    assert client.asked == 2
    assert answers.facts.are_of_one_revision
    assert answers.facts.summary.revision == 2


async def test_days_before_which_not_all_is_known_are_not_called_spikes() -> None:
    for quiet, found in ((0, {TODAY - DAY * 30}), (60, {TODAY - DAY * 30, TODAY - DAY * 60})):
        days = [{"review": "1"}] * 90
        days[-30] = days[-60] = {"review": "500"}
        earlier = [{}] * quiet if quiet else [{"review": "1"}] * 60
        answers = await ask(made.played([*earlier, *days], [made.welcome("9000", DECEMBER)]))
        assert answers.spikes == found


async def test_a_state_that_is_loaded_is_not_asked_for_again() -> None:
    client = Noted(open_demo())
    store = PlainStore.of(client)
    await load_all(store, client)
    del client.asked[:]
    facts = known(facts_of(store.state))
    assert facts.missing.keys() == {Slice.PERIODS, Slice.DAYS, Slice.SOURCE_DAYS}
    answers = Answers(client, facts)
    # Without the last weeks, the period's days are what is known.
    assert len(known(answers.runway).history.amounts) == 21
    assert client.asked == []


# What is not known


async def test_a_member_has_a_runway_without_expiries_and_nothing_else_is_asked_for() -> None:
    client = Noted(DemoClient(even(viewer=made.SAM)))
    answers = await Answers.of(client)
    found = known(answers.runway)
    assert not found.expiries_known
    assert (found.runs_out, found.lapses) == (None, ())
    assert known(answers.plan(credits_of("1900"))).fits is Fits.FITS
    assert await answers.why("yesterday")
    assert await answers.compare()
    assert answers.silence is None
    assert not {"events", "grants"} & {*client.asked}
    assert "An owner or a billing admin" in answers.facts.missing[Slice.GRANTS]
    with pytest.raises(Withheld):
        await answers.plan_runs("review", 5)
    with pytest.raises(InvalidAssumption, match="without the grants"):
        answers.what_if("recharge 5000")


async def test_six_days_have_no_dates() -> None:
    days = [{"review": "100"}] * 6
    answers = await ask(made.played(days, [made.plan("3000")]))
    found = known(answers.runway)
    assert (found.pace, len(found.history.amounts)) == (None, 6)
    assert known(answers.plan(credits_of("5"))).fits is Fits.FITS
    assert known(await answers.why("yesterday")).basis is None
    with pytest.raises(InvalidAssumption, match="what a single source uses is not known"):
        answers.what_if("cut review 5%")


async def test_a_pause_is_told_from_the_time_before_any_use() -> None:
    """60 days ago, or 200, something was used, then nothing until two weeks ago."""
    recent = [{"review": "10"}] * 14
    for quiet in (60, 200):
        answers = await ask(
            made.played([{"review": "1"}, *[{}] * quiet, *recent], [made.welcome("900", DECEMBER)])
        )
        assert len(known(answers.runway).history.amounts) == 56
    answers = await ask(made.played(recent, [made.plan("900")]))
    assert len(known(answers.runway).history.amounts) == 14


async def test_nothing_is_said_of_days_that_are_not_known() -> None:
    answers = await ask(even())
    assert await answers.why(TODAY + DAY) is None
    assert await answers.why(date(2026, 9, 26)) is None
    assert known(await answers.why(date(2026, 9, 27))).basis is None
    today = known(await answers.why(TODAY))
    assert (today.complete, str(today.amount)) == (False, "0")


async def test_nine_runs_are_too_few() -> None:
    answers = await ask(made.played([{"review": "1"}] * 9, [made.plan("900")]))
    with pytest.raises(TooFewRuns, match=r"^Review has 9 runs; a plan needs 10$"):
        await answers.plan_runs("review", 5)
    answers = await ask(made.played([{"review": "1"}], [made.plan("900")]))
    with pytest.raises(TooFewRuns, match=r"^Review has 1 run; a plan needs 10$"):
        await answers.plan_runs("review", 5)


async def test_a_client_without_a_balance_has_no_runway() -> None:
    scenario = even()
    summary = replace(scenario.statement.summary, balance=None, state=None)
    scenario = scenario._replace(
        statement=scenario.statement._replace(summary=summary),
        not_offered={Slice.GRANTS: "Spend only.", Slice.SOURCE_DAYS: "Not by day."},
    )
    answers = await ask(scenario)
    assert answers.runway is None
    assert answers.plan(credits_of("5")) is None
    assert await answers.plan_runs("review", 5) is None
    assert answers.findings == []
    assert answers.facts.source_days is None
    assert answers.facts.missing[Slice.SOURCE_DAYS] == "Not by day."
    with pytest.raises(NotOffered, match="Not by day"):
        await answers.why("yesterday")


async def test_without_a_summary_there_is_no_answer() -> None:
    scenario = even()._replace(failures={Slice.SUMMARY: Unreachable("No answer.")})
    with pytest.raises(Unreachable, match="No answer"):
        await ask(scenario)


# Standing still


async def quiet(days: int, **more: Any) -> Answers:
    """An organization that uses something at noon each day, but not on the last days."""
    amounts: list[dict[str, str]] = [{"review": "1"}] * 30 + [{}] * days
    return await ask(made.played(amounts, [made.welcome("900", DECEMBER)], **more))


async def test_events_that_stand_still_are_told_by_events_and_by_days_alone() -> None:
    assert (await quiet(2)).silence is None
    found = known((await quiet(3)).silence)
    assert (found.last_event_at, found.longest_gap, found.usual_gap) == (NOW - 3.5 * DAY, DAY, DAY)
    member = known((await quiet(3, viewer=made.SAM)).silence)
    assert (member.last_event_at, member.longest_gap) == (NOW - 3.5 * DAY, DAY)


async def test_the_earlier_times_are_those_of_the_days() -> None:
    answers = await quiet(0)
    events, days = known(answers.facts.recent).items, answers.facts.known_days
    whole = event_times(events, days, events[0].occurred_at)
    part = event_times(events[:3], days, events[0].occurred_at)
    assert sorted(part) == sorted(whole)[-29:]
