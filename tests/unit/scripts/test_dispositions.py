"""Disposition codes offered in wrap-up."""

import pytest

from routing.policy_file import shipped_policy
from scripts import dispositions


@pytest.mark.parametrize("queue", [*(queue.name for queue in shipped_policy().policy.queues), "unknown"])
def test_every_queue_offers_distinct_codes_with_both_languages(queue: str) -> None:
    offered = dispositions.for_queue(queue)
    codes = [code.code for code in offered]
    assert len(codes) == len(set(codes))
    assert {"follow_up", "callback_wanted", "complaint", "wrong_number"} <= set(codes)
    assert all(code.label_in("id") and code.label_in("en") for code in offered)
    assert all(len(code.code) <= 40 for code in offered)


def test_the_label_follows_the_language() -> None:
    solved = dispositions.find("solved")
    assert solved is not None
    assert solved.label_in("id") == "Selesai"
    assert solved.label_in("en") == "Solved"


def test_a_code_from_the_past_is_not_found_but_does_no_harm() -> None:
    assert dispositions.find("no_longer_used") is None


def test_what_came_of_a_hand_over_and_of_a_try_stands_first_and_nothing_impossible_is_offered() -> None:
    handed = [code.code for code in dispositions.offered("sales", handed_over=True)]
    assert handed[0] == "handed_over"
    assert "line_dropped" not in handed
    assert len(handed) <= 9, "Alt+1 to 9"
    assert [code.code for code in dispositions.offered("sales", missed=True)] == ["not_reached", "follow_up", "wrong_number"]
    assert dispositions.offered("sales") == dispositions.for_queue("sales")


def test_an_agent_may_give_what_their_queues_offer_and_what_is_of_every_queue() -> None:
    assert dispositions.may_be_given("promise_to_pay", {"billing", "sales"})
    assert not dispositions.may_be_given("promise_to_pay", {"sales"})
    assert dispositions.may_be_given("handed_over", {"sales"})
    assert dispositions.may_be_given("not_reached", set())
