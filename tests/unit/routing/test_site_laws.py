"""The engine with sites against its guarantees, whatever opens, closes, fills up or goes home."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from routing.asked_first import AskedAs, AskedFirst
from routing.engine import Engine, Match
from routing.plans import ELSEWHERE, THEIRS, Circle, Plan
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text

NEAR = "needs: [{skill: sales, at_least: 2}], rings: [{after_s: 30, lower: {sales: 1}}], "
POLICY = policy_of(
    queue_text("near", NEAR + "sites: {near_km: 0, widen: [{after_s: 20, km: 700}], any_after_s: 60}"),
    queue_text("shared", "sites: {share: {jakarta: 2, surabaya: 1}, any_after_s: 40}"),
    queue_text("known", "last_agent: {within_h: 9, wait_s: 15}, sites: {near_km: 0, any_after_s: 60}"),
    queue_text("plain"), queue_text("all", "sites: {near_km: 20000, any_after_s: 60}"),
    more=sites_text(
        site_text("jakarta", "Jakarta", "hours: always, capacity: 2"),
        site_text("surabaya", "Surabaya", "hours: always, load: 0.5"),
        site_text("makassar", "Makassar", "hours: always, when_closed: take"),
    ),
)  # fmt: skip
SITES = ("jakarta", "surabaya", "makassar")
AGENTS, CALLERS = tuple(f"a{number}" for number in range(6)), tuple(f"c{number}" for number in range(6))
A2 = AskedFirst("a2", 15, AskedAs.LAST)
PLANS = (
    POLICY.plan("near", "id"), POLICY.plan("near", "id", region="surabaya"), POLICY.plan("near", "en", region="makassar"),
    POLICY.plan("shared", "id", region="surabaya"), POLICY.plan("plain", "id"), POLICY.plan("known", "id", A2, "jakarta"),
    POLICY.plan("all", "id"), POLICY.plan("all", "id", region="makassar"), POLICY.plan("all", "id", region="surabaya"),
)  # fmt: skip


class Floor(RuleBasedStateMachine):
    """A floor of three sites, kept twice: by the engine, and in plain dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        self.engine, self.now_s = Engine(POLICY.asked, POLICY.site_limits), 1000.0
        self.agents: dict[str, tuple[int, str]] = {}
        self.idle: set[str] = set()
        self.line: dict[str, tuple[float, Plan]] = {}
        self.reach: dict[str, set[Circle]] = {}
        self.closed: set[str] = set()
        self.calls: Counter[str] = Counter()

    # ---- what happens ---------------------------------------------------------------------------------------------

    @initialize(sites=st.lists(st.sampled_from((*SITES, ELSEWHERE)), min_size=len(AGENTS), max_size=len(AGENTS)))
    def the_day_begins(self, sites: list[str]) -> None:
        for number, (name, site) in enumerate(zip(AGENTS, sites, strict=True)):
            self.learns(name, 3, site)
            self.is_ready(name, number * 7 % 5)
        self.matches()

    @rule(name=st.sampled_from(AGENTS), sales=st.integers(0, 3), site=st.sampled_from((*SITES, ELSEWHERE)))
    def learns(self, name: str, sales: int, site: str) -> None:
        self.agents[name] = sales, site
        self.engine.know(name, {"sales": sales} if sales else {}, site)

    @rule(name=st.sampled_from(AGENTS), ago_s=st.sampled_from((0, 5, 50)))
    def is_ready(self, name: str, ago_s: int) -> None:
        if name in self.agents:
            self.idle.add(name)
            self.engine.ready(name, self.now_s - ago_s)

    @rule(name=st.sampled_from(AGENTS))
    def is_busy(self, name: str) -> None:
        self.idle.discard(name)
        self.engine.busy(name)

    @rule(name=st.sampled_from(AGENTS))
    def goes_home(self, name: str) -> None:
        self.idle.discard(name)
        self.agents.pop(name, None)
        self.engine.forget(name)

    @rule(site=st.sampled_from(SITES), is_open=st.booleans())
    def opens_or_closes(self, site: str, is_open: bool) -> None:
        (self.closed.discard if is_open else self.closed.add)(site)
        self.engine.open_or_close(site, is_open)

    @rule(site=st.sampled_from(SITES))
    def calls_end(self, site: str) -> None:
        self.calls[site] = max(0, self.calls[site] - 1)
        self.engine.set_calls(site, self.calls[site])

    @rule(name=st.sampled_from(CALLERS), plan=st.sampled_from(PLANS), ago_s=st.sampled_from((0, 0, 25)))
    def calls_in(self, name: str, plan: Plan, ago_s: int) -> None:
        self.line[name], self.reach[name] = (self.now_s - ago_s, plan), set()
        self.engine.wait(name, self.now_s - ago_s, self.now_s - ago_s, plan, self.now_s)

    @rule(name=st.sampled_from(CALLERS), plan=st.sampled_from(PLANS))
    def calls_in_alone(self, name: str, plan: Plan) -> None:
        self.calls_in(name, plan, 0)
        self.matches()

    @rule(name=st.sampled_from(CALLERS))
    def hangs_up(self, name: str) -> None:
        self.line.pop(name, None)
        self.engine.leave(name)

    @rule(passed_s=st.sampled_from((1, 10, 30)))
    def time_passes(self, passed_s: int) -> None:
        self.now_s += passed_s

    # ---- the judge ------------------------------------------------------------------------------------------------

    @rule()
    def matches(self) -> None:
        for found in self.engine.match(self.now_s):
            self.check(found)
            self.idle.discard(found.agent_id)
            self.calls[self.agents[found.agent_id][1]] += 1
            del self.line[found.interaction_id]
        for name, (since_s, plan) in self.line.items():
            circles = {pool.circle for pool, _ in self.engine._line[name].stage._ranked}
            assert circles >= self.reach[name], "a ring never takes anybody away"
            assert circles >= set(plan.circles_at(plan.ring_at(self.now_s - since_s))), "nobody is asked later than the policy says"
            self.reach[name] = circles
            for agent in self.idle:
                assert not any(self.may_take(agent, circle) for circle in circles), "nobody stands idle whom a caller waits for"
            at_sites = [circle for circle in circles if circle.site and not circle.agent]
            widest = {circle.site for circle in at_sites} >= {*SITES, ELSEWHERE}
            assert widest or not at_sites or not all(map(self.is_passed, at_sites)), "nobody waits for a site that is passed"
            if plan.tiers and self.now_s - since_s >= 60:
                assert widest, "in the end every site is asked"

    def check(self, found: Match) -> None:
        _, plan = self.line[found.interaction_id]
        agent, circle = found.agent_id, found.circle
        assert agent in self.idle
        assert self.may_take(agent, circle), "never a closed or full site"
        tiers = dict(plan.tiers)
        if circle.site in tiers and plan.shares is None:
            nearer = [site for site, tier in tiers.items() if tier < tiers[circle.site]]
            for each in self.idle:
                for site in nearer:
                    assert not self.may_take(each, Circle(circle.needs, site)), "the nearest able open site first"

    def may_take(self, agent: str, circle: Circle) -> bool:
        sales, site = self.agents[agent]
        shut = bool(circle.site) and ((site in self.closed and site != "makassar") or (site == "jakarta" and self.calls[site] >= 2))
        fits = circle.site in ("", THEIRS, site) and circle.agent in ("", agent)
        return fits and not shut and circle.needs.met_by({"sales": sales})

    def is_passed(self, circle: Circle) -> bool:
        site, there = circle.site, [name for name, (_, site) in self.agents.items() if site == circle.site]
        able = any(circle.needs.met_by({"sales": self.agents[name][0]}) for name in there)
        full = site == "jakarta" and self.calls[site] >= 2
        loaded = site == "surabaya" and bool(there) and 1 - len(self.idle.intersection(there)) / len(there) > 0.5
        return not able or site in self.closed or full or loaded


Floor.TestCase.settings = settings(max_examples=300, stateful_step_count=60, deadline=None)
TestFloor = Floor.TestCase


def test_the_same_events_give_the_same_assignments() -> None:
    def run() -> list[tuple[str, str, int]]:
        engine = Engine(POLICY.asked, POLICY.site_limits)
        found = []
        for number in range(60):
            engine.know(f"a{number}", {"sales": number % 4}, (*SITES, ELSEWHERE)[number % 4])
            engine.ready(f"a{number}", number)
            engine.wait(f"c{number}", number, number, PLANS[number % len(PLANS)], number)
            engine.open_or_close(SITES[number % 3], number % 5 > 0)
            engine.set_calls("jakarta", number % 3)
            found += [(each.agent_id, each.interaction_id, each.ready) for each in engine.match(number)]
        return found

    assert run() == run() != []
