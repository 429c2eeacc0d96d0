"""Agents who serve several media: never more than fits, whatever happens, and nobody left out whom somebody could take."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from routing.blend import Blend
from routing.engine import Engine
from routing.media import CHAT, VOICE, load_of, open_media
from routing.needs import NOTHING, Skill
from routing.plans import Circle, Plan, Ring

MAIL = "mail"
BLENDED = {VOICE: 1, CHAT: 3, MAIL: 5}
PLANS = {
    medium: tuple(Plan((Ring(0, (Circle(needs, medium=medium),)),)) for needs in (NOTHING, Skill("sales"))) for medium in BLENDED
}


@pytest.mark.parametrize(
    ("in_hand", "fits"),
    [
        ({}, {VOICE, CHAT, MAIL}),
        ({VOICE: 1}, set()),
        ({CHAT: 1}, {CHAT, MAIL}),
        ({CHAT: 1, MAIL: 2}, {MAIL}),  # 1/3 + 2/5: another fifth fits, another third does not
        ({CHAT: 2, MAIL: 1}, set()),
        ({CHAT: 3}, set()),
        ({CHAT: 2}, {CHAT, MAIL}),
        ({"fax": 1}, set()),
    ],
)
def test_a_call_takes_the_whole_agent_and_others_a_part(in_hand: dict[str, int], fits: set[str]) -> None:
    assert set(open_media(BLENDED, in_hand)) == fits


def test_load_is_exact() -> None:
    assert load_of(BLENDED, {CHAT: 2, MAIL: 1}) == Fraction(13, 15)


def test_chats_fill_up_an_agent_and_no_call_comes_until_all_are_done() -> None:
    blend = Blend(Engine())
    blend.know("a", {"sales": 3}, BLENDED)
    blend.there("a", {}, 0.0)
    for number in range(4):
        blend.wait(f"chat{number}", number, 0.0, PLANS[CHAT][1], 0.0)
    blend.wait("call", 9, 0.0, PLANS[VOICE][0], 0.0)
    found = blend.match(1.0)
    assert [(match.agent_id, match.interaction_id) for match in found] == [("a", f"chat{number}") for number in range(3)]
    blend.there("a", {CHAT: 2}, 2.0)
    assert [match.interaction_id for match in blend.match(2.0)] == ["chat3"]
    blend.there("a", {CHAT: 1}, 3.0)
    assert blend.match(3.0) == []
    blend.there("a", {}, 4.0)
    assert [match.interaction_id for match in blend.match(4.0)] == ["call"]


def test_a_medium_that_is_taken_away_brings_nothing_more() -> None:
    blend = Blend(Engine())
    blend.know("a", {}, BLENDED)
    blend.there("a", {}, 0.0)
    blend.know("a", {}, {VOICE: 1})
    blend.wait("chat", 1, 0.0, PLANS[CHAT][0], 0.0)
    assert blend.match(0.0) == []
    blend.wait("call", 1, 0.0, PLANS[VOICE][0], 0.0)
    assert [match.interaction_id for match in blend.match(0.0)] == ["call"]


class Floor(RuleBasedStateMachine):
    """A floor kept twice: by the blend, and in plain dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        self.blend, self.now_s = Blend(Engine()), 0.0
        self.capacity: dict[str, dict[str, int]] = {}
        self.skills: dict[str, dict[str, int]] = {}
        self.there: set[str] = set()
        self.in_hand: dict[str, Counter[str]] = {}
        self.line: dict[str, tuple[float, str, Plan]] = {}

    @rule(
        name=st.sampled_from("abc"), skills=st.sampled_from(({}, {"sales": 2})),
        capacity=st.sampled_from((BLENDED, {VOICE: 1}, {CHAT: 2}, {VOICE: 1, CHAT: 1})),
    )  # fmt: skip
    def knows(self, name: str, skills: dict[str, int], capacity: dict[str, int]) -> None:
        self.skills[name], self.capacity[name] = skills, capacity
        self.in_hand.setdefault(name, Counter())
        self.blend.know(name, skills, capacity)

    @rule(name=st.sampled_from("abc"), medium=st.sampled_from((VOICE, CHAT, MAIL)))
    def ends_one(self, name: str, medium: str) -> None:
        if name in self.capacity:
            if self.in_hand[name][medium] > 0:
                self.in_hand[name][medium] -= 1
            self.there.add(name)
            self.blend.there(name, self.in_hand[name], self.now_s)

    @rule(name=st.sampled_from("abc"))
    def goes_away(self, name: str) -> None:
        self.there.discard(name)
        self.blend.away(name)

    @rule(name=st.sampled_from("abc"))
    def goes_home(self, name: str) -> None:
        self.there.discard(name)
        self.capacity.pop(name, None)
        self.in_hand.pop(name, None)
        self.blend.forget(name)

    @rule(key=st.sampled_from("uvwxyz"), number=st.integers(0, 5), medium=st.sampled_from(tuple(BLENDED)), which=st.integers(0, 1))
    def comes(self, key: str, number: int, medium: str, which: int) -> None:
        plan = PLANS[medium][which]
        self.line[key] = (float(number), medium, plan)
        self.blend.wait(key, number, self.now_s, plan, self.now_s)

    @rule(key=st.sampled_from("uvwxyz"))
    def hangs_up(self, key: str) -> None:
        self.line.pop(key, None)
        self.blend.leave(key)

    @rule()
    def matches(self) -> None:
        self.now_s += 1
        for match in self.blend.match(self.now_s):
            _number, medium, plan = self.line.pop(match.interaction_id)
            assert match.agent_id in self.there
            assert medium in open_media(self.capacity[match.agent_id], self.in_hand[match.agent_id]), "never more than fits"
            assert plan.rings[0].circles[0].needs.met_by(self.skills[match.agent_id])
            self.in_hand[match.agent_id][medium] += 1
        for _number, medium, plan in self.line.values():
            for name in self.there:
                fits = medium in open_media(self.capacity[name], self.in_hand[name])
                assert not (fits and plan.rings[0].circles[0].needs.met_by(self.skills[name])), "nobody is left out"


TestFloor = Floor.TestCase
TestFloor.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
