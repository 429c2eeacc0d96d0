"""The rule by which partitions are spread over processes."""

import pytest

from cti.duties import Duties
from cti.leader import LEASE_S
from cti.partition_leader import HandOvers

MAIN, IDLE = Duties(main=True, partitions=0), Duties(main=False, partitions=0)


@pytest.mark.parametrize(("mine", "other", "should"), [
    (Duties(True, 1), IDLE, True), (Duties(True, 1), Duties(False, 9), True), (Duties(False, 9), MAIN, False),
    (Duties(False, 1), IDLE, False), (Duties(False, 2), IDLE, True), (Duties(False, 3), Duties(False, 2), False),
])  # fmt: skip
def test_the_main_leader_keeps_none_and_the_others_share_them(mine: Duties, other: Duties, should: bool) -> None:
    assert mine.should_hand_over_to(other) is should


@pytest.mark.parametrize("main", [True, False])
@pytest.mark.parametrize("other_main", [True, False])
def test_nothing_is_handed_to_and_fro(main: bool, other_main: bool) -> None:
    for mine in range(1, 9):
        for other in range(9):
            before, there = Duties(main, mine), Duties(other_main, other)
            if before.should_hand_over_to(there):
                after, mine_then = Duties(other_main, other + 1), Duties(main, mine - 1)
                assert not after.should_hand_over_to(mine_then)


def test_who_leads_more_asks_later_but_soon_enough() -> None:
    waits = [duties.asks_after_s() for duties in (IDLE, Duties(False, 1), Duties(False, 5), Duties(True, 0), Duties(True, 99))]
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert LEASE_S + waits[-1] < 3


def test_duties_are_told_as_text() -> None:
    for duties in (MAIN, IDLE, Duties(False, 12)):
        assert Duties.from_text(duties.to_text()) == duties


def test_one_partition_is_handed_over_at_a_time() -> None:
    hand_overs = HandOvers(lambda: Duties(False, 4))
    assert [hand_overs.begin_to(IDLE), hand_overs.begin_to(IDLE)] == [True, False]
    assert not HandOvers(lambda: Duties(False, 1)).begin_to(IDLE)
