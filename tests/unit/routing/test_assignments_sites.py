"""Sites on the live floor: hours, load, capacity and the caller's region reach the engine, and why is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from routing.agent_state import AgentState
from routing.agents import Profile
from routing.assignments import Assignment, Assignments
from routing.live import LiveAgent
from routing.place import Place
from routing.policy import Policy
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text

MORNING = datetime(2026, 3, 2, 0, tzinfo=UTC)  # Monday: 7:00 in Jakarta, 8:00 in Makassar
OPEN = "hours: {mon-fri: 08:00-17:00}"
NEAR = "sites: {near_km: 0, widen: [{after_s: 20, km: 900}], any_after_s: 60}"
PROFILES = {
    "jak": Profile("jak", "Jak", {}, "jakarta"), "sby": Profile("sby", "Sby", {}, "surabaya"),
    "mak": Profile("mak", "Mak", {}, "makassar"), "home": Profile("home", "Home", {}),
}  # fmt: skip


def policy(near: str = NEAR, jakarta: str = OPEN, surabaya: str = OPEN, makassar: str = OPEN) -> Policy:
    sites = (site_text("jakarta", "Jakarta", jakarta), site_text("surabaya", "Surabaya", surabaya),
             site_text("makassar", "Makassar", makassar))  # fmt: skip
    return policy_of(queue_text("q", near), queue_text("plain"), more=sites_text(*sites))


class Floor:
    """Everybody in PROFILES with a state, and callers, at a moment of a Monday."""

    def __init__(self, policy: Policy, hour: float, **states: AgentState) -> None:
        self.now = MORNING + timedelta(hours=hour - 7)
        self.floor = Assignments(policy, "Asia/Jakarta")
        agents = {name: self.agent(name, state) for name, state in states.items()}
        self.floor.load(PROFILES, agents, {}, self.now)

    def agent(self, name: str, state: AgentState) -> LiveAgent:
        return LiveAgent(name, state, self.now, phone_up=True, lease_until=self.now + timedelta(days=1))

    def becomes(self, name: str, state: AgentState) -> list[Assignment]:
        self.floor.see_agent(self.agent(name, state), self.now)
        return self.find()

    def calls(self, key: str, region: str = "", confidence: int = 2, queue: str = "q") -> list[Assignment]:
        self.floor.see_place(key, Place(key, queue, self.now, "c", region=region, confidence=confidence), self.now)
        return self.find()

    def passes(self, seconds: float) -> list[Assignment]:
        self.now += timedelta(seconds=seconds)
        return self.find()

    def find(self) -> list[Assignment]:
        found = self.floor.find(self.now)
        for each in found:
            self.floor.see_agent(self.agent(each.agent_id, AgentState.RESERVED), self.now)
        return found


READY, TALKING, WRAP_UP = AgentState.READY, AgentState.TALKING, AgentState.WRAP_UP


def names(found: list[Assignment]) -> list[str]:
    return [each.agent_id for each in found]


def test_a_caller_goes_to_the_nearest_site_and_it_is_told_why() -> None:
    floor = Floor(policy(), 10, jak=READY, sby=READY, mak=READY)
    [one] = floor.calls("i1", "surabaya")
    assert one.agent_id == "sby"
    assert {key: one.because[key] for key in ("site", "site_reason", "region", "distance_km", "sites_passed")} == {
        "site": "surabaya", "site_reason": "nearest", "region": "surabaya", "distance_km": 0, "sites_passed": {},
    }  # fmt: skip


def test_while_the_nearest_is_busy_the_next_is_asked_after_the_ring() -> None:
    floor = Floor(policy(), 10, jak=READY, sby=TALKING)
    assert floor.calls("i1", "surabaya") == []
    assert floor.floor.next_ring_s(floor.now) == 20
    assert floor.passes(19) == []
    [one] = floor.passes(1)
    assert (one.agent_id, one.because["site_reason"]) == ("jak", "passed")
    assert one.because["sites_passed"] == {"surabaya": "busy"}
    assert abs(int(str(one.because["distance_km"])) - 663) < 5


def test_a_site_that_is_too_busy_is_passed_at_once() -> None:
    floor = Floor(policy(surabaya=f"{OPEN}, load: 0.5"), 10, jak=READY, sby=TALKING)
    assert names(floor.calls("i1", "surabaya")) == ["jak"]


def test_whoever_waits_already_goes_on_when_their_site_becomes_too_busy_or_empty() -> None:
    floor = Floor(policy(), 10, jak=READY, sby=TALKING)
    assert floor.calls("i1", "surabaya") == []
    assert names(floor.becomes("sby", AgentState.OFFLINE)) == ["jak"]


def test_a_full_site_gets_nobody_until_a_call_is_over() -> None:
    profiles = {**PROFILES, "sby2": Profile("sby2", "", {}, "surabaya")}
    floor = Floor(policy(surabaya=f"{OPEN}, capacity: 1"), 10)
    floor.floor.load(profiles, {name: floor.agent(name, READY) for name in ("sby", "sby2", "jak")}, {}, floor.now)
    [first], [second] = floor.calls("i1", "surabaya"), floor.calls("i2", "surabaya")
    assert (first.agent_id, second.agent_id, second.because["sites_passed"]) == ("sby", "jak", {"surabaya": "full"})
    assert floor.calls("i3", "surabaya") == []
    assert names(floor.becomes("sby", WRAP_UP)) == ["sby2"], "what follows the talk binds no line"


def test_nobody_is_offered_a_closed_site_and_its_callers_go_where_it_is_day() -> None:
    floor = Floor(policy(), 7.5, jak=READY, sby=READY, mak=READY)  # 8:30 in Makassar
    [one] = floor.calls("i1", "surabaya")
    assert (one.agent_id, one.because["sites_passed"]) == ("mak", {"surabaya": "closed", "jakarta": "closed"})
    assert floor.calls("i2", "surabaya") == []
    assert names(floor.calls("i3", queue="plain")) == ["jak"], "a queue without sites heeds none"


def test_opening_acts_on_who_waits_at_that_moment() -> None:
    floor = Floor(policy(), 7.9, sby=READY)
    assert floor.calls("i1", "makassar") == []
    assert floor.floor.next_ring_s(floor.now) == 360, "8:00 in Jakarta and Surabaya, by the clock there"
    assert floor.passes(359) == []
    assert names(floor.passes(1)) == ["sby"]


def test_closing_acts_on_who_waits_at_that_moment() -> None:
    floor = Floor(policy(makassar="hours: {mon-fri: 08:00-11:00}"), 9.999, mak=TALKING, jak=READY)  # 10:59:56 in Makassar
    assert floor.calls("i1", "makassar") == []
    assert names(floor.passes(4)) == ["jak"], "nobody waits for a site that has closed"
    assert floor.becomes("mak", READY) == []
    assert floor.calls("i2", "makassar") == []


def test_with_take_agents_who_are_still_there_are_offered_calls() -> None:
    floor = Floor(policy(surabaya=f"{OPEN}, when_closed: take"), 18, sby=READY)
    assert names(floor.calls("i1", "surabaya")) == ["sby"]


def test_little_known_whereabouts_are_anywhere() -> None:
    floor = Floor(policy(), 10, mak=READY, sby=READY)
    [one] = floor.calls("i1", "surabaya", confidence=1)
    assert (one.agent_id, one.because["site_reason"], one.because["distance_km"]) == ("mak", "anywhere", None)


def test_who_is_at_no_site_serves_whoever_nobody_else_can() -> None:
    floor = Floor(policy(), 10, home=READY, sby=TALKING)
    assert floor.calls("i1", "surabaya") == []
    [one] = floor.passes(60)
    assert (one.agent_id, one.because["site"]) == ("home", "")


def test_an_agent_who_moves_serves_from_there_at_once() -> None:
    floor = Floor(policy(), 10, jak=READY, sby=TALKING)
    assert floor.calls("i1", "surabaya") == []
    floor.floor.know(replace(PROFILES["jak"], site="surabaya"))
    assert names(floor.find()) == ["jak"]


def test_a_last_agent_at_a_closed_site_is_not_asked() -> None:
    rule = "last_agent: {within_h: 9, wait_s: 5}, " + NEAR
    floor = Floor(policy(rule), 7.5, jak=READY, mak=READY)
    place = Place("i1", "q", floor.now, "c", region="jakarta", confidence=3, last_agent="jak")
    floor.floor.see_place("i1", place, floor.now)
    assert floor.find() == []
    assert names(floor.passes(5)) == ["mak"]
    open_floor = Floor(policy(rule), 10, jak=READY, sby=READY)
    open_floor.floor.see_place("i1", replace(place, queued_at=open_floor.now, region="surabaya"), open_floor.now)
    [one] = open_floor.find()
    assert (one.agent_id, one.because["site_reason"]) == ("jak", "last_agent")


def test_shares_are_held_while_there_is_a_choice() -> None:
    floor = Floor(policy("sites: {share: {jakarta: 1, makassar: 1}, any_after_s: 60}"), 10, jak=READY, mak=READY, sby=READY)
    assert names(floor.calls("i1", "surabaya")) == ["jak"]
    floor.becomes("jak", READY)
    [one] = floor.calls("i2", "surabaya")
    assert (one.agent_id, one.because["site_reason"]) == ("mak", "share")


def test_a_policy_with_other_sites_holds_for_who_waits() -> None:
    floor = Floor(policy(), 10, jak=READY, sby=TALKING)
    assert floor.calls("i1", "surabaya") == []
    floor.floor.use(policy(surabaya="hours: {daily: closed}"))
    agents = {"jak": floor.agent("jak", READY), "sby": floor.agent("sby", TALKING)}
    floor.floor.load(PROFILES, agents, {"i1": Place("i1", "q", floor.now, "c", region="surabaya", confidence=2)}, floor.now)
    assert names(floor.find()) == ["jak"]


def test_agents_at_a_closed_site_count_for_nobody_where_the_queue_heeds_sites() -> None:
    floor = Floor(policy(), 7.5, jak=READY, sby=TALKING)
    assert not floor.floor.is_staffed("q"), "both sites are closed, Makassar's has nobody"
    assert floor.floor.is_staffed("plain")
    floor.passes(1800)
    assert floor.floor.is_staffed("q"), "8:00"


def test_help_from_another_queue_comes_from_the_sites_in_their_order() -> None:
    near = f"needs: [{{skill: sales}}], {NEAR}"
    sites = sites_text(site_text("jakarta", "Jakarta"), site_text("surabaya", "Surabaya"))
    floor = Floor(policy_of(queue_text("q", near), queue_text("plain"), more=sites), 10, jak=READY, sby=READY)
    assert floor.calls("i1", "surabaya") == [], "nobody sells"
    floor.floor.help({"q": ("plain",)}, floor.now)
    [one] = floor.find()
    assert (one.agent_id, one.because["site_reason"]) == ("sby", "nearest")
