"""A floor far larger than most and what happens on it, made up from a seed: to measure the engine, with a plain scan beside."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from routing.able import Able, key_for, scarcity
from routing.balance import Balance, Choice
from routing.needs import Skill, all_of, any_of
from routing.plans import ANYWHERE, Circle, Plan, Ring, asked_skills

LANGUAGES = ("id", "en", "jv", "su")
SITES = tuple(f"site{number}" for number in range(8))
LINE_SPREAD_S = 300.0
_EVENT_EVERY_S = 0.01
# Out of a hundred events: agents ready, callers arriving, skills changing, callers hanging up; else only time passes.
_SHARES = (("ready", 45), ("arrive", 43), ("skill", 2), ("hang up", 2), ("time", 8))


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are."""

    agents: int
    skills: int
    queues: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at `now_s`: `kind` of _SHARES, to this agent or caller."""

    kind: str
    now_s: float
    who: str = ""
    proficiencies: dict[str, int] | None = None
    site: str = ANYWHERE
    plan: Plan | None = None
    number: float = 0.0
    occupancy: float = 0.0


class BigFloor:
    """Agents with three to ten of the skills and one or two languages; callers of every queue in every language."""

    def __init__(self, size: Size, seed: int) -> None:
        self._chance, self._size = Random(seed), size
        self.skills = [f"skill{number}" for number in range(size.skills)]
        self.plans = [self._plan(number) for number in range(size.queues) for _language in LANGUAGES]
        self.agents = {f"a{number}": (self._proficiencies(), self._chance.choice(SITES)) for number in range(size.agents)}

    def line(self, now_s: float) -> list[Step]:
        """Those who wait already, since up to LINE_SPREAD_S."""
        starts = [now_s - self._chance.uniform(0, LINE_SPREAD_S) for _ in range(self._size.waiting)]
        return [
            Step("arrive", since_s, f"w{number}", plan=self._chance.choice(self.plans), number=since_s)
            for number, since_s in enumerate(starts)
        ]

    def steps(self, count: int, now_s: float) -> Iterator[Step]:
        """What happens next."""
        kinds, weights = zip(*_SHARES, strict=True)
        names = list(self.agents)
        for number in range(count):
            now_s += _EVENT_EVERY_S
            kind = self._chance.choices(kinds, weights)[0]
            agent = self._chance.choice(names)
            match kind:
                case "ready":
                    yield Step(kind, now_s, agent, occupancy=self._chance.random())
                case "skill":
                    proficiencies = dict(self.agents[agent][0]) | {self._chance.choice(self.skills): self._chance.randint(1, 5)}
                    self.agents[agent] = (proficiencies, self.agents[agent][1])
                    yield Step(kind, now_s, agent, proficiencies, self.agents[agent][1])
                case "arrive":
                    urgent_s = self._chance.choice((0, 0, 0, 600))
                    yield Step(kind, now_s, f"c{number}", plan=self._chance.choice(self.plans), number=now_s - urgent_s)
                case "hang up":
                    yield Step(kind, now_s, f"w{self._chance.randrange(self._size.waiting)}")
                case _:
                    yield Step(kind, now_s)

    def _plan(self, queue: int) -> Plan:
        first, second, language = *self._chance.sample(self.skills, 2), self._chance.choice(LANGUAGES)
        near = SITES[queue % len(SITES)]
        best = all_of([Skill(first, 2), Skill(language, 2)])
        anyone = any_of([Skill(first), all_of([Skill(second, 2), Skill(language)])])
        rings = (
            Ring(0, (Circle(best, near),)), Ring(20, (Circle(best),)),
            Ring(60, (Circle(all_of([Skill(first), Skill(language)])),)), Ring(120, (Circle(anyone),)),
        )  # fmt: skip
        return Plan(rings, Choice(self._chance.choice(list(Balance)), self._chance.random() < 0.5))

    def _proficiencies(self) -> dict[str, int]:
        chance = self._chance
        proficiencies = {skill: chance.randint(1, 5) for skill in chance.sample(self.skills, chance.randint(3, 10))}
        return proficiencies | {"id": 5, chance.choice(LANGUAGES): chance.randint(2, 5)}


class PlainScan:
    """The same decision by looking at everybody each time."""

    def __init__(self, floor: BigFloor) -> None:
        self._agents = {name: Able(name, proficiencies, site) for name, (proficiencies, site) in floor.agents.items()}
        self._line: dict[str, Step] = {}
        self._asked = asked_skills(floor.plans)
        self._holders = Counter(skill for agent in self._agents.values() for skill in agent.proficiencies)

    def take(self, step: Step) -> None:
        """It happens."""
        match step.kind:
            case "ready":
                agent = self._agents[step.who]
                agent.idle_since_s, agent.occupancy = step.now_s, step.occupancy
            case "skill" if step.proficiencies is not None:
                self._holders.subtract(self._agents[step.who].proficiencies.keys())
                self._holders.update(step.proficiencies.keys())
                self._agents[step.who].proficiencies = step.proficiencies
            case "arrive":
                self._line[step.who] = step
            case "hang up":
                self._line.pop(step.who, None)

    def match(self, now_s: float) -> list[tuple[str, str]]:
        """Each agent who gets somebody, and whom, in the order of the line."""
        ready = [agent for agent in self._agents.values() if agent.idle_since_s is not None]
        found = []
        for name, waits in sorted(self._line.items(), key=lambda each: (each[1].number, each[0])) if ready else ():
            chosen = self._choose(ready, waits, now_s)
            if chosen is not None:
                found.append((chosen.agent_id, name))
                chosen.idle_since_s = None
                ready.remove(chosen)
                del self._line[name]
            if not ready:
                break
        return found

    def _choose(self, ready: list[Able], waits: Step, now_s: float) -> Able | None:
        assert waits.plan is not None
        for circle in waits.plan.circles_at(waits.plan.ring_at(now_s - waits.now_s)):
            able = [agent for agent in ready if circle.site in (ANYWHERE, agent.site) and circle.needs.met_by(agent.proficiencies)]
            for agent in able if len(able) > 1 else ():
                agent.scarcity = {skill: scarcity(self._holders[skill]) for skill in agent.proficiencies if skill in self._asked}
            if able:
                return min(able, key=key_for(waits.plan.choice, circle.needs.skills()))
        return None
