"""Floors of agents and callers, made up from a seed, for measuring the matching."""

from datetime import UTC, datetime, timedelta
from random import Random

from core.ids import derived_id
from routing.agents import Profile
from routing.engine import ReadyAgent
from routing.place import Place
from routing.queues import load_queues

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SKILLS = ("sales", "billing", "technical", "english")


def floor_of(agents: int, callers: int, chance: Random, hopeless: bool) -> tuple[list[ReadyAgent], list[Place], datetime]:
    """Ready agents with one to three of four skills, and callers of the shipped queues, a fifth of them in English.

    `hopeless`: the agents have none of the skills and every caller asks for one, so the whole floor is looked at in vain.
    """
    queues = load_queues()
    names = [queue.name for queue in queues.queues if queue.requires or not hopeless]
    ready = [
        ReadyAgent(Profile(f"{number:05d}", f"Agent {number}", {} if hopeless else _skills(chance)), _before(chance, 600))
        for number in range(agents)
    ]
    line = []
    for number in range(callers):
        queue, language = chance.choice(names), chance.choices(("id", "en"), (4, 1))[0]
        line.append(
            Place(
                interaction_id=derived_id("benchmark", str(number)), queue=queue, queued_at=_before(chance, 300),
                channel=f"PJSIP/carrier-{number:08x}", requirements=queues.requirements(queue, language), language=language,
            )
        )  # fmt: skip
    return ready, line, NOW


def _skills(chance: Random) -> dict[str, int]:
    return {skill: chance.randint(1, 5) for skill in chance.sample(SKILLS, chance.randint(1, 3))}


def _before(chance: Random, most_s: float) -> datetime:
    return NOW - timedelta(seconds=chance.uniform(0, most_s))
