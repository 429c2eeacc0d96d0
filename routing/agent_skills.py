"""Changes what agents can do, and where they are; the dispatcher hears of it at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.clock import Clock
from core.database import Database
from core.errors import BadInput, HaloError, NotFound
from core.events import Event, EventKind
from routing.agents import AgentRecord, AgentSkill
from routing.needs import BEST

SKILL_NAME = r"[a-z][a-z0-9_-]{0,39}"
MOST_SKILLS = 100
_AT_ONCE = 500  # agents asked for in one query


class SkillNameWrong(BadInput):
    """That can be no name of a skill."""

    code = "skill_name"


class TooManySkills(BadInput):
    """An agent would have more skills than MOST_SKILLS."""

    code = "too_many_skills"


@dataclass(frozen=True, slots=True)
class SkillChange:
    """One skill of one agent shall have this proficiency, 0 to take it away; `before` is what it was when that was decided."""

    agent_id: str
    skill: str
    proficiency: int
    before: int


class SkillsMoved(HaloError):
    """Somebody else changed the same skills meanwhile. `now` says what they are, by agent and skill."""

    code = "skills_moved"

    def __init__(self, now: Mapping[tuple[str, str], int]) -> None:
        super().__init__(f"{len(now)} of these skills were changed meanwhile.", "Look at what they are now.")
        self.now = now


def change_skills(
    database: Database, clock: Clock, tell: Callable[[Event], object], agent_id: str, changes: Mapping[str, int], by: str
) -> dict[str, int]:
    """Set proficiencies, 1 to 5, and take away those set to 0; returns all that the agent has then.

    Raises BadInput for a name or a number that can't be, NotFound for an agent that is not there.
    """
    for skill, proficiency in changes.items():
        _check(skill, proficiency)
    with database.writing() as session:
        events = [_changed(agent, changes, clock, by) for agent in _agents(session, [agent_id])]
        session.commit()
    for event in events:
        tell(event)
    return dict(sorted(events[0].data["after"].items()))


def change_site(database: Database, clock: Clock, tell: Callable[[Event], object], agent_id: str, site: str, by: str) -> None:
    """The agent is at this site of the policy from now on; "": at none.

    Raises BadInput for a name that can't be, NotFound for an agent that is not there.
    """
    if site and not re.fullmatch(SKILL_NAME, site):
        raise BadInput(f"{site!r} is no name of a site.", "Use small letters, digits, _ and -, a letter first.")
    with database.writing() as session:
        [agent] = _agents(session, [agent_id])
        before, agent.site = agent.site, site
        skills = {skill.skill: skill.proficiency for skill in agent.skills}
        session.commit()
    data = {"by": by, "before": skills, "after": skills, "site_before": before, "site_after": site}
    tell(Event(EventKind.AGENT_SKILLS_CHANGED, clock.now(), agent_id=agent_id, data=data))


def make_changes(
    database: Database, clock: Clock, tell: Callable[[Event], object], changes: Sequence[SkillChange], by: str
) -> list[Event]:
    """Make all of these changes or, by an error, none; returns what was told: an event of each agent, also of one who can do all of
    it already, so that what was kept and could not be told is told when it is tried again.

    Raises SkillsMoved when one of them is no longer what it was, BadInput and NotFound as change_skills does.
    """
    wanted: dict[str, list[SkillChange]] = {}
    for change in changes:
        _check(change.skill, change.proficiency)
        wanted.setdefault(change.agent_id, []).append(change)
    with database.writing() as session:
        agents = _agents(session, sorted(wanted))
        moved = {
            (agent.id, change.skill): now
            for agent in agents
            for known in [{skill.skill: skill.proficiency for skill in agent.skills}]
            for change in wanted[agent.id]
            if (now := known.get(change.skill, 0)) not in (change.before, change.proficiency)
        }
        if moved:
            raise SkillsMoved(moved)
        events = [_changed(agent, {one.skill: one.proficiency for one in wanted[agent.id]}, clock, by) for agent in agents]
        session.commit()
    for event in events:
        tell(event)
    return events


def _check(skill: str, proficiency: int) -> None:
    if not re.fullmatch(SKILL_NAME, skill):
        raise SkillNameWrong(f"{skill!r} is no name of a skill.", "Use small letters, digits, _ and -, a letter first.")
    if not 0 <= proficiency <= BEST:
        raise BadInput(f"{skill}: {proficiency} is no proficiency.", "Use 1 to 5, 5 the best, or 0 to take the skill away.")


def _agents(session: Session, agent_ids: Sequence[str]) -> list[AgentRecord]:
    """These agents with their skills, held until the commit. Raises NotFound when one is not there."""
    found: list[AgentRecord] = []
    for first in range(0, len(agent_ids), _AT_ONCE):
        some = agent_ids[first : first + _AT_ONCE]
        query = select(AgentRecord).where(AgentRecord.id.in_(some)).order_by(AgentRecord.id)
        found += session.scalars(query.options(selectinload(AgentRecord.skills)).with_for_update())
    missing = set(agent_ids) - {agent.id for agent in found}
    if missing:
        raise NotFound(f"There is no agent {', '.join(sorted(missing))}.", "See ./halo routing skills.")
    return found


def _changed(agent: AgentRecord, changes: Mapping[str, int], clock: Clock, by: str) -> Event:
    """Give the agent these proficiencies; what is to be told of it."""
    known = {skill.skill: skill for skill in agent.skills}
    before = {name: skill.proficiency for name, skill in known.items()}
    after = {skill: proficiency for skill, proficiency in (before | dict(changes)).items() if proficiency}
    if len(after) > MOST_SKILLS:
        raise TooManySkills(f"An agent can't have more than {MOST_SKILLS} skills.", "Take some away.")
    for skill in known.keys() - after.keys():
        agent.skills.remove(known[skill])
    for skill, proficiency in after.items():
        if skill in known:
            known[skill].proficiency = proficiency
        else:
            agent.skills.append(AgentSkill(skill=skill, proficiency=proficiency))
    data = {"by": by, "before": before, "after": after}
    return Event(EventKind.AGENT_SKILLS_CHANGED, clock.now(), agent_id=agent.id, data=data)
