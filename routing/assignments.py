"""The engine on the live floor: told what agents and callers do as it is in the live state, it says who gets whom, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from routing.agent_state import AgentState
from routing.agents import Profile
from routing.asked_first import AskedAs, AskedFirst, asked_as_in
from routing.engine import Engine, Match
from routing.left_to_others import LeftToOthers
from routing.live import LiveAgent
from routing.needs import in_words
from routing.occupancy import Occupancies
from routing.outlook import FloorNow, Standing
from routing.place import Place
from routing.plans import Plan
from routing.policy import MAIN, Policy
from routing.site_story import why_site
from routing.site_watch import SiteWatch


@dataclass(frozen=True, slots=True)
class Assignment:
    """This agent gets this interaction, `because` of these facts (for the record and for people)."""

    agent_id: str
    place: Place
    because: Mapping[str, object]


class Assignments:
    """What may be assigned now. Tell it every change; `find` costs what changed since.

    It decides over everybody in line, so the leaders of all partitions decide the same; callers of other partitions than this one
    are left to their leaders, see `routing.left_to_others`.
    """

    def __init__(self, policy: Policy, time_zone: str, partition: str = MAIN) -> None:
        self._policy, self._occupancies, self._partition = policy, Occupancies(time_zone), partition
        self._engine = Engine(policy.asked)
        self._sites: SiteWatch | None = None  # where the policy has sites
        self._help: Mapping[str, tuple[str, ...]] = {}
        self._profiles: dict[str, Profile] = {}
        self._agents: dict[str, LiveAgent] = {}
        self._line: dict[str, Place] = {}
        self._left = LeftToOthers()

    def use(self, policy: Policy) -> None:
        """From the next load on this policy holds, for callers who wait already, too."""
        self._policy, self._help = policy, {}

    def help(self, also: Mapping[str, tuple[str, ...]], now: datetime) -> None:
        """For these queues and no others the agents of more queues help from now on, for callers who wait already, too."""
        changed = {queue for queue in {*also, *self._help} if also.get(queue) != self._help.get(queue)}
        self._policy, self._help = self._policy.helped(also), dict(also)
        for interaction_id, place in self._line.items():
            if place.queue in changed:
                self._stand(interaction_id, place, now)

    def is_staffed(self, queue: str) -> bool:
        """Whether anybody on duty could serve the callers of a queue by its own rules, ready or not."""
        plan = self._policy.helped({}).plan(queue, "")
        return any(self._engine.able(circle) for circle in plan.circles_at(len(plan.rings) - 1))

    def recall(self, today: Occupancies, now: datetime) -> None:
        """What agents have done today, for those who are ready already, too."""
        self._occupancies = today
        for agent in self._agents.values():
            self.see_agent(agent, now)

    def load(
        self, profiles: Mapping[str, Profile], agents: Mapping[str, LiveAgent], line: Mapping[str, Place], now: datetime
    ) -> None:
        """Begin anew with everything that is known."""
        policy, self._profiles = self._policy, dict(profiles)
        self._engine = Engine(policy.asked, policy.site_limits)
        self._sites = SiteWatch(policy.sites, self._engine, now) if policy.sites else None
        self._agents, self._line, self._left = {}, {}, LeftToOthers()
        for agent in agents.values():  # all of them first: how scarce a skill is depends on everybody
            if is_on_duty(agent) and agent.agent_id in self._profiles:
                self._know(self._profiles[agent.agent_id])
        for agent in agents.values():
            self.see_agent(agent, now)
        for interaction_id, place in line.items():
            self.see_place(interaction_id, place, now)

    def know(self, profile: Profile) -> None:
        """This is what the agent can do from now on."""
        self._profiles[profile.agent_id] = profile
        if is_on_duty(self._agents.get(profile.agent_id)):
            self._know(profile)

    def _know(self, profile: Profile) -> None:
        self._engine.know(profile.agent_id, profile.proficiencies, self._policy.site_of_agent(profile.site))

    def see_agent(self, agent: LiveAgent, now: datetime) -> None:
        """This is how the agent is. One of whom there is no profile gets nobody."""
        self._agents[agent.agent_id] = agent
        self._occupancies.see(agent.agent_id, agent.state, agent.since or now)
        profile = self._profiles.get(agent.agent_id)
        if profile is None:
            return
        if self._sites is not None:
            self._sites.see_agent(agent.agent_id, profile.site, agent.state)
        if not is_on_duty(agent):
            self._engine.forget(agent.agent_id)
            return
        self._know(profile)
        kept_for = self._left.kept_for(agent.agent_id)
        if kept_for and can_be_offered(agent, now):
            return
        if kept_for and (left := self._left.drop(kept_for)) is not None:  # somebody else got the agent
            self.see_place(kept_for, left.place, now)
        if can_be_offered(agent, now):
            occupancy = self._occupancies.occupancy(agent.agent_id)
            self._engine.ready(agent.agent_id, (agent.since or now).timestamp(), occupancy)
        else:
            self._engine.busy(agent.agent_id)

    def see_place(self, interaction_id: str, place: Place | None, now: datetime) -> None:
        """This is the caller's place in line; None: they have none."""
        left = self._left.find(interaction_id)
        if left is not None:
            if left.place == place:
                return
            self._left.drop(interaction_id)
            if left.agent_id:
                self.see_agent(self._agents[left.agent_id], now)
        if place is None:
            self._line.pop(interaction_id, None)
            self._engine.leave(interaction_id)
        elif self._line.get(interaction_id) != place:
            self._line[interaction_id] = place
            self._stand(interaction_id, place, now)

    def _stand(self, interaction_id: str, place: Place, now: datetime) -> None:
        number, plan = self._policy.number(place), self._plan_of(place)
        self._engine.wait(interaction_id, number, place.queued_at.timestamp(), plan, now.timestamp())

    def _plan_of(self, place: Place) -> Plan:
        """Their own agent, or who spoke with them last, is asked alone at first, unless away."""
        return self._policy.plan_of(place, next((each for each in self._policy.asked_first(place) if self._is_there(each)), None))

    def _is_there(self, asked: AskedFirst) -> bool:
        agent = self._agents.get(asked.agent_id)
        return agent is not None and is_on_duty(agent) and agent.state is not AgentState.NOT_READY

    def find(self, now: datetime) -> list[Assignment]:
        """Who gets whom now. An agent whose page went silent meanwhile gets nobody, and the caller goes to another."""
        if self._sites is not None:
            self._sites.look(now)
        self._look_at_those_left(now)
        found: list[Assignment] = []
        while matches := self._engine.match(now.timestamp()):
            for match in matches:
                place = self._line.pop(match.interaction_id)
                if can_be_offered(self._agents[match.agent_id], now):
                    if self._policy.partition_of(place) != self._partition:
                        self._left.leave(place, match.agent_id, now)
                        continue
                    asked_as = asked_as_in(self._policy.asked_first(place), match.circle.agent)
                    because = _because(match, self._policy.plan_of(place), asked_as)
                    because |= why_site(self._policy, place, match.circle, asked_as, self._engine.why_passed)
                    found.append(Assignment(match.agent_id, place, because))
                else:
                    if self._sites is not None:
                        self._sites.recount(self._profiles[match.agent_id].site)
                    self.see_place(match.interaction_id, place, now)
        return found

    def _look_at_those_left(self, now: datetime) -> None:
        for left in self._left.due(now):
            self._left.drop(left.place.interaction_id)
            if left.agent_id:
                self._left.set_aside(left.place, now)
                self.see_agent(self._agents[left.agent_id], now)
            else:
                self.see_place(left.place.interaction_id, left.place, now)

    def floor_now(self, taken: Mapping[str, Place], now: datetime) -> FloorNow:
        """The floor as it is, with the places `taken` by interaction: what an expected wait is worked out from."""
        line = [Standing(self._line[waiter.interaction_id], waiter.stage.plan) for waiter in self._engine.line()]
        left = self._left.places
        if left:
            line += [Standing(place, self._plan_of(place)) for place in left]
            line.sort(key=lambda standing: (self._policy.number(standing.place), standing.place.interaction_id))
        newcomers = {queue.name: self._policy.plan(queue.name, "") for queue in self._policy.queues}
        return FloorNow(now, line, list(self._agents.values()), dict(taken), self._engine.able, newcomers)

    def next_ring_s(self, now: datetime) -> float | None:
        """Seconds until it must be looked at again though nothing happens: a circle becomes wider, a site opens or closes, or
        another leader was slow. None: never."""
        change = self._sites.next_change if self._sites is not None else None
        left = self._left.next_due
        moments = (self._engine.next_due_s(), *(each.timestamp() for each in (change, left) if each is not None))
        return min((moment - now.timestamp() for moment in moments if moment is not None), default=None)


def is_on_duty(agent: LiveAgent | None) -> bool:
    """Whether the agent is logged in."""
    return agent is not None and agent.state is not AgentState.OFFLINE


def can_be_offered(agent: LiveAgent, now: datetime) -> bool:
    """Whether the agent can be given a call at this moment: ready, page open, phone there."""
    return agent.state is AgentState.READY and agent.phone_up and agent.lease_until is not None and agent.lease_until > now


def _because(match: Match, plan: Plan, asked_as: AskedAs | None) -> dict[str, object]:
    required, at_first = in_words(match.circle.needs), in_words(plan.rings[0].circles[0].needs)
    return {
        "waited_s": round(match.waited_s, 3),
        "idle_s": round(match.idle_s, 3),
        "ring": match.ring,
        "able_agents": match.ready,
        "balance": plan.choice.balance.value,
        "asked_first": asked_as.value if asked_as is not None else "",
        "kept_scarce_free": plan.choice.keep_scarce_free,
        "required": required,
        "relaxed": [need for need in at_first if need not in required],
    }
