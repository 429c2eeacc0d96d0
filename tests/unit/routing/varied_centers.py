"""Centers that differ in everything that the engine looks at, made up from a seed, and a day of each in one line of text."""

import hashlib
from datetime import UTC, datetime
from random import Random

from routing.asked_first import AskedAs, AskedFirst
from routing.balance import Balance, Choice
from routing.demand import ENDLESS, Always, Exponential, Lognormal, Poisson, Retrials, Stream
from routing.needs import NOTHING, Needs, Skill, all_of, any_of
from routing.order import LineOrder
from routing.plans import Circle, Plan, Ring
from routing.policy import Policy
from routing.shifts import RosteredAgent, Shift
from routing.simulate import simulate
from routing.simulated_day import SimulatedDay
from routing.simulated_overflow import SimulatedOverflow
from routing.simulated_site import simulated_sites
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text

SKILLS, PLACES = ("s0", "s1", "s2", "s3"), ("jakarta", "surabaya", "makassar")
_LENGTH_S = 3600.0
_MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
_SITES = sites_text(
    site_text("jakarta", "Jakarta", "hours: always, capacity: 2"), site_text("surabaya", "Surabaya", "hours: always, load: 0.5"),
    site_text("makassar", "Makassar", "hours: always, when_closed: take"),
)  # fmt: skip
_QUEUES = (
    queue_text("near", "needs: [{skill: s0, at_least: 2}], rings: [{after_s: 30, lower: {s0: 1}}], "
               "sites: {near_km: 0, widen: [{after_s: 20, km: 700}], any_after_s: 60}"),
    queue_text("shared", "sites: {share: {jakarta: 2, surabaya: 1}, any_after_s: 40}, overflow: [{waiting: 3, also: near}]"),
    queue_text("plain", "needs: [{skill: s1}], overflow: [{unstaffed: true, also: shared}, {waiting: 2, also: near}]"),
)  # fmt: skip


def day_of(seed: int) -> SimulatedDay:
    """A day of the center with this number; every third one has sites and queues that overflow."""
    chance = Random(seed)
    return _day_at_sites(seed, chance) if seed % 3 == 0 else _day_of_rings(seed, chance)


def in_one_line(day: SimulatedDay) -> str:
    """How many calls there were, and a hash of who took each, when: two days with the same line went the same way."""
    digest = hashlib.sha256()
    for column in (day.taker, day.wait_s, day.arrival_s):
        digest.update(column.tobytes())
    return f"{len(day.taker)} {int((day.taker >= 0).sum())} {digest.hexdigest()}"


def _day_of_rings(seed: int, chance: Random) -> SimulatedDay:
    agents = _agents(chance, ("",))
    streams = [_stream(chance, f"q{number}", _plan(chance, len(agents))) for number in range(chance.randint(1, 6))]
    return simulate(agents, streams, seed, order=LineOrder(head_start_s=chance.choice((0.0, 60.0, 600.0))))


def _day_at_sites(seed: int, chance: Random) -> SimulatedDay:
    policy = policy_of(*_QUEUES, more=_SITES)
    agents = _agents(chance, ("", *PLACES))
    kinds = [
        (queue, chance.choice(("id", "en")), chance.choice((None, None, _asked(chance, len(agents)))), chance.choice(("", *PLACES)))
        for queue in ("near", "shared", "plain", "near")
    ]

    def plan_of(helped: Policy, number: int) -> Plan:
        return helped.plan(*kinds[number])

    streams = [_stream(chance, f"q{number}", plan_of(policy, number)) for number in range(len(kinds))]
    overflow = SimulatedOverflow(policy, [kind[0] for kind in kinds], plan_of)
    return simulate(agents, streams, seed, order=policy.order, sites=simulated_sites(policy.sites, _MONDAY), overflow=overflow)


def _agents(chance: Random, sites: tuple[str, ...]) -> list[RosteredAgent]:
    return [
        RosteredAgent(
            f"a{number}", {skill: chance.randint(1, 5) for skill in chance.sample(SKILLS, chance.randint(0, 4))},
            chance.choice(sites), chance.choice(((Shift(),), _shifts(chance))),
        )
        for number in range(chance.randint(2, 25))
    ]  # fmt: skip


def _shifts(chance: Random) -> tuple[Shift, ...]:
    begins_s = chance.choice((0.0, 600.0, 1200.0))
    break_s = begins_s + chance.choice((300.0, 600.0))
    return (Shift(begins_s, begins_s + 1800.0, ((break_s, break_s + 300.0),)), Shift(begins_s + 2400.0, begins_s + 4000.0))


def _asked(chance: Random, agents: int) -> AskedFirst:
    return AskedFirst(f"a{chance.randrange(agents)}", chance.choice((5, 30)), chance.choice(tuple(AskedAs)))


def _needs(chance: Random, at_least: int) -> Needs:
    parts = [Skill(skill, at_least) for skill in chance.sample(SKILLS, chance.randint(1, 3))]
    return chance.choice((NOTHING, parts[0], all_of(parts), any_of(parts)))


def _plan(chance: Random, agents: int) -> Plan:
    choice = Choice(chance.choice(tuple(Balance)), chance.random() < 0.4)
    alone = (Ring(0, (Circle(NOTHING, agent=f"a{chance.randrange(agents)}"),)),) if chance.random() < 0.25 else ()
    starts = sorted(chance.sample((5.0, 20.0, 30.0, 60.0, 90.0), chance.randint(0, 3)))
    rings = [
        Ring(after_s, tuple(Circle(_needs(chance, chance.randint(1, 3))) for _ in range(chance.randint(1, 2))))
        for after_s in (starts if alone else (0.0, *starts))
    ]
    return Plan((*alone, *rings), choice)


def _stream(chance: Random, name: str, plan: Plan) -> Stream:
    patience = chance.choice((Exponential(60), Exponential(15), Always(45.0), ENDLESS))
    return Stream(
        name, plan, Poisson([chance.choice((2.0, 10.0, 25.0)) for _ in range(6)], _LENGTH_S / 6),
        chance.choice((Exponential(90), Lognormal(120, 1.1), Always(60.0))), patience, priority=chance.choice((0, 1, 4, 5, 5, 9)),
        retrials=Retrials(chance.choice((0.0, 0.3)), Exponential(120)), room=chance.choice((None, None, 2, 5)),
        credit_s=chance.choice((0.0, 0.0, 30.0)),
    )  # fmt: skip
