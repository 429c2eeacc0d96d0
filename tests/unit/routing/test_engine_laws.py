"""The engine against its guarantees, whatever happens in whatever order: a plain scan over everybody is the judge."""

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from routing.able import Able, key_for, scarcity
from routing.balance import Balance, Choice
from routing.engine import Engine, Match
from routing.needs import NOTHING, AtLeast, Skill, all_of, any_of
from routing.plans import ANYWHERE, Circle, Plan, Ring

SITES = ("bandung", "medan")
SKILLS = ("sales", "billing", "english")
AGENTS, CALLERS = tuple(f"a{number}" for number in range(5)), tuple(f"c{number}" for number in range(7))
NEEDS = (
    NOTHING, Skill("sales", 2), Skill("billing", 4), all_of([Skill("sales"), Skill("english", 3)]),
    any_of([Skill("sales", 4), Skill("billing", 1)]), AtLeast(2, (Skill("sales"), Skill("billing"), Skill("english"))),
)  # fmt: skip
PLANS = (
    Plan((Ring(0, (Circle(NEEDS[3]),)), Ring(20, (Circle(NEEDS[1]),)), Ring(60, (Circle(NOTHING),)))),
    Plan((Ring(0, (Circle(NEEDS[1], "bandung"),)), Ring(15, (Circle(NEEDS[1], "medan"),))), Choice(Balance.MOST_PROFICIENT)),
    Plan((Ring(0, (Circle(NEEDS[5], "medan"), Circle(NEEDS[4]))),), Choice(Balance.MOST_PROFICIENT, keep_scarce_free=True)),
    Plan((Ring(0, (Circle(NOTHING),)),), Choice(keep_scarce_free=True)),
    Plan((Ring(0, (Circle(NEEDS[2]),)),), Choice(Balance.LEAST_OCCUPIED)),
    Plan((Ring(0, (Circle(NEEDS[1]),)),)),
    Plan((Ring(0, (Circle(NOTHING, agent="a2"),)), Ring(15, (Circle(NEEDS[1]),)))),
)
proficiencies = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5), max_size=3)
sites, plans = st.sampled_from(("", *SITES)), st.sampled_from(PLANS)
numbers, agos = st.integers(0, 5), st.integers(0, 70)


class Floor(RuleBasedStateMachine):
    """A floor and a line, kept twice: by the engine, and in plain dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        self.engine, self.now_s = Engine(SKILLS), 1000.0
        self.agents: dict[str, Able] = {}
        self.line: dict[str, tuple[float, float, Plan]] = {}

    @initialize(
        team=st.lists(st.tuples(proficiencies, sites), min_size=len(AGENTS), max_size=len(AGENTS)),
        line=st.lists(st.tuples(numbers, agos, plans), min_size=len(CALLERS), max_size=len(CALLERS)),
    )
    def a_busy_floor_and_a_full_line(
        self, team: list[tuple[dict[str, int], str]], line: list[tuple[int, int, Plan]]
    ) -> None:  # fmt: skip
        """Else there is hardly ever a choice between callers: whoever comes to idle agents is served at once."""
        for name, (skills, site) in zip(AGENTS, team, strict=True):
            self.learns(name, skills, site)
        for name, (number, ago_s, plan) in zip(CALLERS, line, strict=True):
            self.calls(name, number, ago_s, plan)

    @rule(name=st.sampled_from(AGENTS), proficiencies=proficiencies, site=sites)
    def learns(self, name: str, proficiencies: dict[str, int], site: str) -> None:
        before = self.agents.get(name)
        self.agents[name] = Able(name, proficiencies, site) if before is None else before
        self.agents[name].proficiencies, self.agents[name].site = proficiencies, site
        self.engine.know(name, proficiencies, site)

    @rule(name=st.sampled_from(AGENTS), ago_s=st.sampled_from((0, 0, 5, 50)), occupancy=st.sampled_from((0.0, 0.5, 0.8)))
    def is_ready(self, name: str, ago_s: int, occupancy: float) -> None:
        if name in self.agents:
            self.agents[name].idle_since_s, self.agents[name].occupancy = self.now_s - ago_s, occupancy
            self.engine.ready(name, self.now_s - ago_s, occupancy)

    @rule(name=st.sampled_from(AGENTS))
    def is_busy(self, name: str) -> None:
        if name in self.agents:
            self.agents[name].idle_since_s = None
            self.engine.busy(name)

    @rule(name=st.sampled_from(AGENTS))
    def goes_home(self, name: str) -> None:
        self.agents.pop(name, None)
        self.engine.forget(name)

    @rule(name=st.sampled_from(CALLERS), number=numbers, ago_s=agos, plan=plans)
    def calls(self, name: str, number: int, ago_s: int, plan: Plan) -> None:
        self.line[name] = (float(number), self.now_s - ago_s, plan)
        self.engine.wait(name, number, self.now_s - ago_s, plan, self.now_s)

    @rule(name=st.sampled_from(CALLERS))
    def hangs_up(self, name: str) -> None:
        self.line.pop(name, None)
        self.engine.leave(name)

    @rule(passed_s=st.sampled_from((1, 10, 30)))
    def time_passes(self, passed_s: int) -> None:
        self.now_s += passed_s

    @rule()
    def matches(self) -> None:
        for found in self.engine.match(self.now_s):
            self.check(found)
            self.agents[found.agent_id].idle_since_s = None
            del self.line[found.interaction_id]
        for agent in self.agents.values():
            for name in self.line:
                assert agent.idle_since_s is None or self.circle(agent, name) is None, "nobody stands idle whom a caller waits for"
        dues = [
            since_s + later_s
            for number, since_s, plan in self.line.values()
            if (later_s := plan.next_ring_s(plan.ring_at(self.now_s - since_s))) is not None
        ]
        assert self.engine.next_due_s() == (min(dues) if dues else None)

    def check(self, found: Match) -> None:
        agent, (number, since_s, plan) = self.agents[found.agent_id], self.line[found.interaction_id]
        circle = self.circle(agent, found.interaction_id)
        assert agent.idle_since_s is not None
        assert circle is not None
        assert (found.circle, found.ring) == (circle, plan.ring_at(self.now_s - since_s))
        assert (found.waited_s, found.idle_s) == (self.now_s - since_s, self.now_s - agent.idle_since_s)
        for name, (other, _, _) in self.line.items():
            assert (other, name) >= (number, found.interaction_id) or self.circle(agent, name) is None, "nobody is passed over"
        able = {
            each.agent_id: self.circle(each, found.interaction_id) for each in self.agents.values() if each.idle_since_s is not None
        }
        circles = plan.circles_at(found.ring)
        best = min(circles.index(each) for each in able.values() if each is not None)
        assert circles.index(circle) == best, "the circle that is liked best"
        same = [self.agents[name] for name in able if self.holds(circle, self.agents[name])]
        assert found.ready == len(same)
        for each in same:
            each.scarcity = {
                skill: scarcity(sum(skill in one.proficiencies for one in self.agents.values())) for skill in each.proficiencies
            }
        key = key_for(plan.choice, circle.needs.skills())
        assert key(agent) == min(map(key, same))

    def circle(self, agent: Able, caller: str) -> Circle | None:
        """The first circle by which this agent could serve this caller now."""
        _, since_s, plan = self.line[caller]
        return next((each for each in plan.circles_at(plan.ring_at(self.now_s - since_s)) if self.holds(each, agent)), None)

    @staticmethod
    def holds(circle: Circle, agent: Able) -> bool:
        return (
            circle.agent in ("", agent.agent_id)
            and circle.site in (ANYWHERE, agent.site)
            and circle.needs.met_by(agent.proficiencies)
        )

    @invariant()
    def nobody_is_lost(self) -> None:
        assert len(self.engine.line()) == len(self.line)

    def teardown(self) -> None:
        """Some runs leave whole rules out, such as this one."""
        self.matches()


Floor.TestCase.settings = settings(max_examples=300, stateful_step_count=60, deadline=None)
TestFloor = Floor.TestCase


@pytest.fixture
def engine() -> Engine:
    return Engine()


def test_the_same_calls_give_the_same_assignments() -> None:
    def run(engine: Engine) -> list[tuple[str, str, int]]:
        for number in range(40):
            engine.know(f"a{number}", {"sales": 1 + number % 5}, SITES[number % 2])
            engine.ready(f"a{number}", 5.0)
        for number in range(50):
            engine.wait(f"c{number}", 7.0, 7.0, PLANS[number % len(PLANS)], 9.0)
        return [(found.agent_id, found.interaction_id, found.ready) for found in engine.match(9.0)]

    assert run(Engine()) == run(Engine()) != []


def test_a_skill_that_is_learnt_counts_for_a_caller_who_waits_already(engine: Engine) -> None:
    engine.know("a", {"sales": 3})
    engine.ready("a", 0.0)
    engine.wait("c", 0, 0.0, Plan((Ring(0, (Circle(Skill("billing", 4)),)),)), 0.0)
    assert engine.match(0.0) == []
    engine.know("a", {"sales": 3, "billing": 4})
    assert [found.agent_id for found in engine.match(1.0)] == ["a"]


@pytest.mark.parametrize("starts", [(), (5,), (0, 30, 30), (0, 30, 20)])
def test_rings_that_do_not_follow_one_another_are_refused(starts: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="the first must begin at 0"):
        Plan(tuple(Ring(after_s, (Circle(NOTHING),)) for after_s in starts))


@pytest.mark.parametrize(("make", "said"), [
    (lambda: Skill("sales", 6), "skill sales: at_least is 6"),
    (lambda: AtLeast(3, (Skill("sales"), Skill("billing"))), "at least 3 of 2"),
])  # fmt: skip
def test_needs_that_nobody_could_meet_are_refused(make: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()
