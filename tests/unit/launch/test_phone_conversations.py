"""Which conversations are held at once: two about the same customer never, when one of them changes what is on record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.conversations.rehearsal import Rehearsed
from ivr.conversations.story import Ends, Story
from ivr.outcome import Contained
from launch.demo.phone_conversations import Wish, disturb, free_wishes

PEOPLE = st.frozensets(st.sampled_from(["Sari", "Budi", "Rina"]), max_size=2)
TABLES = st.frozensets(st.sampled_from(["payments", "orders", "pin_tries", "callback_tasks"]), max_size=2)


def wish(number: int, touched: frozenset[str], changed: frozenset[str] = frozenset()) -> Wish:
    story = Story(f"{number}.txt", "", (), Ends(1, "contained"))
    return Wish(number, Rehearsed(story, "", Contained(""), (), {}, frozenset(), (), touched, changed, 0.0))


def sari(*changed: str) -> Wish:
    return wish(0, frozenset({"Sari"}), frozenset(changed))


WISHES = st.lists(st.tuples(PEOPLE, TABLES), max_size=6).map(
    lambda drawn: [wish(number, *each) for number, each in enumerate(drawn)]
)


@given(WISHES, WISHES)
def test_who_may_begin_disturbs_nobody_and_who_may_not_would(waiting: list[Wish], running: list[Wish]) -> None:
    free = list(free_wishes(waiting, running))
    for each in waiting:
        assert (each in free) == (not any(disturb(each.reference, other.reference) for other in running))
        assert all(disturb(other.reference, each.reference) == disturb(each.reference, other.reference) for other in running)


@given(WISHES)
def test_on_an_empty_floor_everybody_may_begin(waiting: list[Wish]) -> None:
    assert list(free_wishes(waiting, [])) == waiting


@given(PEOPLE, TABLES, TABLES)
def test_other_people_are_never_disturbed(people: frozenset[str], changed: frozenset[str], by_others: frozenset[str]) -> None:
    other = wish(1, frozenset({"Dewi"}), by_others)
    assert not disturb(wish(0, people, changed).reference, other.reference)


@pytest.mark.parametrize(
    ("one", "other", "disturbed"),
    [
        (sari(), sari(), False),  # both only listen
        (sari("payments"), sari(), True),  # a bill is paid while it is read out
        (sari("pin_tries"), sari(), False),  # nobody else's answer depends on a wrong PIN
        (sari("pin_tries"), sari("pin_tries"), True),  # two times three wrong PINs make another pause than three
        (sari("number_tries"), sari("number_tries"), False),  # so many numbers nobody names in a conversation
        (sari("callback_tasks"), sari("pin_tries"), False),
        (sari("payments", "pin_tries"), sari("callback_tasks"), True),
    ],
)
def test_the_same_person_twice(one: Wish, other: Wish, disturbed: bool) -> None:
    assert disturb(one.reference, other.reference) == disturbed
