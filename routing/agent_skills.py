"""Changes what agents can do, and where they are; the dispatcher hears of it at once."""

import re
from collections.abc import Callable, Mapping

from core.clock import Clock
from core.database import Database
from core.errors import BadInput, NotFound
from core.events import Event, EventKind
from routing.agents import AgentSkill, find_agent
from routing.needs import BEST

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MOST_SKILLS = 100


def change_skills(
    database: Database, clock: Clock, tell: Callable[[Event], object], agent_id: str, changes: Mapping[str, int], by: str
) -> dict[str, int]:
    """Set proficiencies, 1 to 5, and take away those set to 0; returns all that the agent has then.

    Raises BadInput for a name or a number that can't be, NotFound for an agent that is not there.
    """
    for skill, proficiency in changes.items():
        if not _NAME.fullmatch(skill):
            raise BadInput(f"{skill!r} is no name of a skill.", "Use small letters, digits, _ and -, a letter first.")
        if not 0 <= proficiency <= BEST:
            raise BadInput(f"{skill}: {proficiency} is no proficiency.", "Use 1 to 5, 5 the best, or 0 to take the skill away.")
    with database.writing() as session:
        agent = find_agent(session, agent_id)
        if agent is None:
            raise NotFound(f"There is no agent {agent_id}.", "See ./halo routing skills.")
        before = {skill.skill: skill.proficiency for skill in agent.skills}
        skills = {skill: proficiency for skill, proficiency in (before | dict(changes)).items() if proficiency}
        if len(skills) > _MOST_SKILLS:
            raise BadInput(f"An agent can't have more than {_MOST_SKILLS} skills.", "Take some away.")
        known = {skill.skill: skill for skill in agent.skills}
        for skill in known.keys() - skills.keys():
            agent.skills.remove(known[skill])
        for skill, proficiency in skills.items():
            if skill in known:
                known[skill].proficiency = proficiency
            else:
                agent.skills.append(AgentSkill(skill=skill, proficiency=proficiency))
        session.commit()
    tell(Event(EventKind.AGENT_SKILLS_CHANGED, clock.now(), agent_id=agent_id, data={"by": by, "before": before, "after": skills}))
    return dict(sorted(skills.items()))


def change_site(database: Database, clock: Clock, tell: Callable[[Event], object], agent_id: str, site: str, by: str) -> None:
    """The agent is at this site of the policy from now on; "": at none.

    Raises BadInput for a name that can't be, NotFound for an agent that is not there.
    """
    if site and not _NAME.fullmatch(site):
        raise BadInput(f"{site!r} is no name of a site.", "Use small letters, digits, _ and -, a letter first.")
    with database.writing() as session:
        agent = find_agent(session, agent_id)
        if agent is None:
            raise NotFound(f"There is no agent {agent_id}.", "See ./halo routing site.")
        before, agent.site = agent.site, site
        skills = {skill.skill: skill.proficiency for skill in agent.skills}
        session.commit()
    data = {"by": by, "before": skills, "after": skills, "site_before": before, "site_after": site}
    tell(Event(EventKind.AGENT_SKILLS_CHANGED, clock.now(), agent_id=agent_id, data=data))
