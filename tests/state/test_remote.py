"""One reply through its life: requests, answers in any order, access that comes and goes."""

from __future__ import annotations

from usage_tui.clients.base import NotOffered, Unreachable, Withheld
from usage_tui.state.remote import Remote, Status, not_offered

FAILURE = Unreachable("No answer.")


IDLE: Remote[list[int]] = Remote()


def ready() -> Remote[list[int]]:
    return IDLE.started().succeeded(1, [1, 2])


def test_a_good_answer_is_ready_and_says_nothing_of_failures() -> None:
    failed = ready().started().failed(2, FAILURE)
    assert failed.started().succeeded(3, [3]) == Remote(status=Status.READY, value=[3], request=3)


def test_an_outdated_answer_changes_nothing() -> None:
    remote = ready().started().started()
    assert remote.succeeded(2, [9]) is remote
    assert remote.failed(2, FAILURE) is remote


def test_an_equal_value_keeps_the_old_object() -> None:
    remote = ready()
    again = remote.started().succeeded(2, [1, 2])
    assert again.value is remote.value


def test_the_old_value_stays_while_loading_and_after_a_failure() -> None:
    remote = ready()
    assert remote.started().value == [1, 2]
    assert remote.started().failed(2, FAILURE).value == [1, 2]


def test_a_value_is_stale_from_the_failure_until_the_next_success() -> None:
    failed = ready().started().failed(2, FAILURE)
    trying = failed.started()
    assert [one.stale for one in (ready(), ready().started(), failed, trying)] == [False, False, True, True]
    assert not trying.succeeded(3, [1, 2]).stale


def test_nothing_is_stale_without_a_value() -> None:
    assert not IDLE.started().failed(1, FAILURE).stale


def test_lost_access_takes_the_value_away() -> None:
    lost = ready().started().failed(2, Withheld("Not for you."))
    assert lost == Remote(status=Status.WITHHELD, reason="Not for you.", request=2)


def test_an_answer_that_was_on_its_way_cannot_undo_forgetting() -> None:
    pending = ready().started()
    for forgotten in (pending.idle(), pending.withheld("Not for you.")):
        assert forgotten.value is None
        assert forgotten.succeeded(pending.request, [9]) is forgotten


def test_what_is_not_offered_stays_so() -> None:
    absent: Remote[list[int]] = not_offered("This service has none.")
    assert absent.started() is absent
    assert absent.failed(0, FAILURE) is absent
    assert absent.withheld("Not for you.") is absent
    assert absent.idle() is absent


def test_what_turns_out_not_to_be_offered_is_forgotten_and_not_asked_for_again() -> None:
    found = ready().started().failed(2, NotOffered("This key cannot read grants."))
    assert (found.status, found.value, found.reason) == (
        Status.NOT_OFFERED,
        None,
        "This key cannot read grants.",
    )
    assert found.started() is found
    assert found.failed(2, FAILURE) is found


def test_what_turned_out_not_to_be_offered_may_be_offered_for_another_organization() -> None:
    found = IDLE.started().failed(1, NotOffered("This key cannot read grants."))
    assert found.idle().status is Status.IDLE
    never: Remote[list[int]] = not_offered("There are none.")
    assert never.idle() is never
