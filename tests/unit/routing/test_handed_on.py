"""A caller who is handed over: whose turn it is, and who is asked first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.asked_first import AskedAs, AskedFirst
from routing.needs import NOTHING, Skill
from routing.place import Place
from routing.plans import Circle
from tests.unit.routing.small_policy import policy_of, queue_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECONDS = st.floats(0, 7200)


def place(waited_s: float, name: str = "i", queue: str = "a") -> Place:
    return Place(name, queue, NOW - timedelta(seconds=waited_s), "c", last_agent="1001", priority=0, callback=7)


@given(SECONDS, SECONDS, SECONDS)
def test_the_turn_is_that_of_who_came_first_however_often_they_are_handed_over(waited_s, talked_s, talked_again_s):
    policy = policy_of(queue_text("a"), queue_text("b"))
    came = Place("i", "b", NOW - timedelta(seconds=waited_s), "c")
    once = place(waited_s).handed_on("a", NOW + timedelta(seconds=talked_s))
    twice = once.handed_on("b", once.queued_at + timedelta(seconds=talked_again_s))
    assert abs(policy.number(twice) - policy.number(came)) < 0.001
    assert twice.waited_s(twice.queued_at) == 0, "the wait that is counted is that in the new line"


@given(SECONDS, SECONDS)
def test_who_came_later_does_not_go_before_them(waited_s, later_s):
    policy = policy_of(queue_text("a"))
    newcomer = Place("j", "a", NOW - timedelta(seconds=waited_s) + timedelta(seconds=later_s + 0.01), "c")
    assert policy.number(place(waited_s).handed_on("a", NOW)) < policy.number(newcomer)


def test_nobody_calls_them_back_and_who_gave_them_away_is_not_asked_again():
    given_on = place(10).handed_on("b", NOW)
    assert (given_on.callback, given_on.last_agent, given_on.priority, given_on.queue) == (0, "", None, "b")


def test_an_agent_is_asked_alone_for_a_while_then_the_queue():
    policy = policy_of(queue_text("a", "needs: [{skill: tax}]"))
    asked = place(10).handed_on("a", NOW, "1002", 30)
    [first] = policy.asked_first(asked)
    assert first == AskedFirst("1002", 30, AskedAs.HANDED_OVER)
    plan = policy.plan_of(asked, first)
    assert [ring.after_s for ring in plan.rings] == [0, 30]
    assert plan.circles_at(0) == (Circle(NOTHING, agent="1002"),)
    assert Circle(Skill("tax")) in plan.circles_at(1)
    assert policy.plan_of(asked) is policy.plan("a", "id"), "who is away is not waited for"


def test_it_travels_with_the_channel():
    asked = place(10).handed_on("a", NOW, "1002", 30)
    assert Place.from_json(asked.to_json()) == asked
