"""Queues that overflow: when, what is done, and that callers who wait already are helped."""

from datetime import UTC, datetime, timedelta

import pytest

from core.events import Event, EventKind
from routing.agent_state import AgentState
from routing.agents import Profile
from routing.assignments import Assignments
from routing.live import LiveAgent
from routing.overflow import Overflow, Overflowing, Overflows, QueueNow
from routing.place import Place
from routing.policy_file import read_or_tell
from tests.unit.routing.small_policy import policy_of, policy_text, queue_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALM = QueueNow(waiting=0, expected_s=1, staffed=True)
MANY = Overflow(waiting=10, also="general")
LONG = Overflow(expected_wait_s=100, offer_callback=True)
NOBODY = Overflow(unstaffed=True, also="general")
CLOSING = Overflow(closes_within_s=900, offer_callback=True)


@pytest.mark.parametrize(
    ("rule", "begins", "goes_on", "ends"),
    [
        (MANY, QueueNow(10, 1, True), QueueNow(7, 1, True), QueueNow(6, 1, True)),
        (LONG, QueueNow(0, 100, True), QueueNow(0, 70, True), QueueNow(0, 69, True)),
        (LONG, QueueNow(0, None, True), QueueNow(0, 70, True), QueueNow(0, None, False)),
        (NOBODY, QueueNow(0, None, False), QueueNow(0, None, False), CALM),
        (CLOSING, QueueNow(0, 1, True, 900), QueueNow(0, 1, True, 5), CALM),
    ],
)
def test_each_begins_goes_on_and_ends(rule: Overflow, begins: QueueNow, goes_on: QueueNow, ends: QueueNow) -> None:
    overflows, rules = Overflows(), {"q": (rule,)}
    assert overflows.look(rules, {"q": CALM}) == {}
    assert overflows.look(rules, {"q": begins})["q"].why == (rule.why,)
    assert overflows.look(rules, {"q": goes_on}) == {}
    assert overflows.look(rules, {"q": ends}) == {"q": Overflowing()}


def test_what_several_rules_do_is_done_together() -> None:
    rules = {"q": (MANY, LONG, Overflow(waiting=20, also="sales"), Overflow(waiting=30, also="general"))}
    done = Overflows().look(rules, {"q": QueueNow(30, 500, True)})["q"]
    assert done == Overflowing(("general", "sales"), True, ("waiting", "expected_wait"))
    assert Overflowing.from_json(done.to_json()) == done
    told = Event(EventKind.QUEUE_OVERFLOWS, NOW, data={"also": ["general", "sales"], "offer_callback": True, "why": list(done.why)})
    assert Overflowing.of(told) == done


def test_what_was_noted_before_is_told_anew_and_so_is_its_end() -> None:
    overflows = Overflows()
    overflows.begin(["q", "gone", "calm"])
    changed = overflows.look({"q": (MANY,), "calm": (MANY,)}, {"q": QueueNow(10, 1, True), "calm": CALM})
    assert {queue: bool(done) for queue, done in changed.items()} == {"q": True, "gone": False, "calm": False}
    assert overflows.look({"q": (MANY,), "calm": (MANY,)}, {"q": QueueNow(10, 1, True), "calm": CALM}) == {}


@pytest.mark.parametrize("text", ["7", "[1]", "[1,2,3]", "{}"])
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not what is done|not enough|unpack"):
        Overflowing.from_json(text)


@pytest.mark.parametrize(
    ("overflow", "words"),
    [
        ("{also: general}", "one thing makes a queue overflow"),
        ("{waiting: 3, unstaffed: true, also: general}", "one thing makes a queue overflow"),
        ("{unstaffed: false, also: general}", "one thing makes a queue overflow"),
        ("{unstaffed: 1, also: general}", "neither yes nor no"),
        ("{waiting: 3}", "nothing is done then"),
        ("{waiting: 0, also: general}", "too small"),
        ("{waiting: 3, also: nowhere}", "no queue nowhere"),
        ("{waiting: 3, also: q}", "can't add its own agents"),
    ],
)
def test_what_can_not_be_is_told_with_its_line(overflow: str, words: str) -> None:
    found = read_or_tell(policy_text(queue_text("general"), queue_text("q", f"overflow: [{overflow}]")), "p.yaml")
    assert isinstance(found, list)
    [problem] = found
    assert words in problem.message
    assert problem.line == 3


POLICY = policy_of(
    queue_text("general", "needs: [{skill: general}]"),
    queue_text("sales", "needs: [{skill: sales}], overflow: [{waiting: 2, also: general}]"),
)
PROFILES = {name: Profile(name, name, {name: 3}) for name in ("general", "sales")}


def ready(name: str) -> LiveAgent:
    return LiveAgent(name, AgentState.READY, NOW, phone_up=True, lease_until=NOW + timedelta(hours=1))


def test_agents_of_another_queue_help_those_who_wait_already_until_it_is_over() -> None:
    floor = Assignments(POLICY, "Asia/Jakarta")
    floor.load(PROFILES, {"general": ready("general")}, {"i1": Place("i1", "sales", NOW, "c1")}, NOW)
    assert floor.find(NOW) == []
    floor.help({"sales": ("general",)}, NOW)
    [one] = floor.find(NOW)
    assert (one.agent_id, one.place.interaction_id) == ("general", "i1")
    floor.help({}, NOW)
    floor.see_agent(ready("general"), NOW)
    floor.see_place("i2", Place("i2", "sales", NOW, "c2"), NOW)
    assert floor.find(NOW) == []


def test_plans_of_a_queue_that_is_not_helped_stay_the_same_ones() -> None:
    helped = POLICY.helped({"sales": ("general",)})
    assert helped.plan("general", "id") is POLICY.plan("general", "id")
    assert helped.plan("sales", "id") is not POLICY.plan("sales", "id")
    assert helped.plan("sales", "id") is POLICY.helped({"sales": ("general",)}).plan("sales", "id")
    assert helped.helped({}).plan("sales", "id") is POLICY.plan("sales", "id")


def test_a_queue_is_staffed_by_its_own_rules_alone() -> None:
    floor = Assignments(POLICY, "Asia/Jakarta")
    floor.load(PROFILES, {"general": ready("general")}, {}, NOW)
    floor.help({"sales": ("general",)}, NOW)
    assert floor.is_staffed("general")
    assert not floor.is_staffed("sales")
