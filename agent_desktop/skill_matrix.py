"""Who can do what, as the page of skills shows it: agents, skills, proficiencies, who is on duty, and what too few can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_desktop.code_words import LANGUAGE_NAMES
from agent_desktop.flow_names import queue_name
from agent_desktop.formats import clock_text
from agent_desktop.languages import language_here
from agent_desktop.needs_words import needs_words
from agent_desktop.services import services
from agent_desktop.texts import _, ngettext
from routing.agent_state import AgentState
from routing.agents import AgentRecord, AgentSkill
from routing.needs import Proficiencies
from routing.plans import ELSEWHERE
from routing.policy import Policy
from routing.reach import Gap, Reach, gaps, reaches, skills_asked


@dataclass(frozen=True, slots=True)
class SkillMatrix:
    """`names` by agent id, in the order of the rows; `skills` by agent id, those without any too; `sites`: where they are on
    record."""

    names: Mapping[str, str]
    skills: Mapping[str, Proficiencies]
    sites: Mapping[str, str]


def read_matrix(session: Session) -> SkillMatrix:
    """Everybody's skills, in two queries."""
    rows = session.execute(select(AgentRecord.id, AgentRecord.name, AgentRecord.site))
    people = [(agent_id, name, site) for agent_id, name, site in rows]
    names = {agent_id: name for agent_id, name, _site in sorted(people, key=lambda person: (person[1].casefold(), person[0]))}
    skills: dict[str, dict[str, int]] = {agent_id: {} for agent_id in names}
    for agent_id, skill, proficiency in session.execute(select(AgentSkill.agent_id, AgentSkill.skill, AgentSkill.proficiency)):
        skills.setdefault(agent_id, {})[skill] = proficiency
    return SkillMatrix(names, skills, {agent_id: site for agent_id, _name, site in people})


def matrix_json(matrix: SkillMatrix, policy: Policy, on_duty: set[str]) -> dict[str, Any]:
    """The whole table for the page's script; `agents` are [id, name, on duty (0 or 1), proficiencies in the order of `skills`,
    their site in words]."""
    asked = skills_asked(policy)
    others = {skill for known in matrix.skills.values() for skill in known} - set(asked)
    columns = [*asked, *sorted(others)]
    return {
        "skills": columns,
        "asked": asked,
        "agents": [
            [
                agent_id,
                name,
                int(agent_id in on_duty),
                [matrix.skills[agent_id].get(skill, 0) for skill in columns],
                _site_words(policy, matrix.sites[agent_id]),
            ]
            for agent_id, name in matrix.names.items()
        ],
        "gaps": gaps_json(policy, list(matrix.skills.values())),
    }


def gaps_json(policy: Policy, agents: Sequence[Proficiencies]) -> dict[str, list[dict[str, Any]]]:
    """By skill, what is to be said of it: `bad` when nobody can do it."""
    told: dict[str, list[dict[str, Any]]] = {}
    for gap in gaps(policy, agents):
        told.setdefault(gap.skill, []).append({"bad": gap.able == 0, "words": _gap_words(gap)})
    return told


def reach_json(
    policy: Policy, agent_id: str, site: str, before: Proficiencies, after: Proficiencies
) -> list[dict[str, str | bool]]:
    """A row for each queue, and for its callers of a language where that differs: from when on the agent, at this site, may be
    offered them."""
    then, now = reaches(policy, agent_id, before, site), reaches(policy, agent_id, after, site)
    rows: list[dict[str, str | bool]] = []
    for queue in policy.queues:
        usual = (then.get((queue.name, "")), now.get((queue.name, "")))
        rows.append(_reach_row(queue_name(queue.name), *usual))
        for language in policy.languages:
            spoken = (then.get((queue.name, language)), now.get((queue.name, language)))
            if [_reach_words(one) for one in spoken] != [_reach_words(one) for one in usual]:
                name = _("%(queue)s, callers in %(language)s", queue=queue_name(queue.name), language=LANGUAGE_NAMES[language])
                rows.append(_reach_row(name, *spoken))
    return rows


def _site_words(policy: Policy, site: str) -> str:
    """Where an agent on record at this site is; "" for a policy without sites."""
    where = policy.site_of_agent(site)
    found = policy.site(where)
    if found is not None:
        return found.label.in_language(language_here())
    return _("no site") if where == ELSEWHERE else ""


def agents_on_duty() -> set[str]:
    """The ids of those who are logged in on their page of calls."""
    return {agent_id for agent_id, agent in services().store.snapshot().agents.items() if agent.state is not AgentState.OFFLINE}


def _gap_words(gap: Gap) -> str:
    who = queue_name(gap.queue) if gap.queue else _("Callers in %(language)s", language=LANGUAGE_NAMES[gap.language])
    needs = ", ".join(needs_words(gap.needs))
    if gap.able == 0:
        return _("%(who)s: nobody has %(needs)s.", who=who, needs=needs)
    return ngettext("%(who)s: only %(num)d has %(needs)s.", "%(who)s: only %(num)d have %(needs)s.", gap.able, who=who, needs=needs)


def _reach_row(name: str, before: Reach | None, after: Reach | None) -> dict[str, str | bool]:
    then, now = _reach_words(before), _reach_words(after)
    return {"queue": name, "before": then, "after": now, "serves": after is not None, "changed": then != now}


def _reach_words(reach: Reach | None) -> str:
    if reach is None:
        return _("never")
    if reach.ring == 0:
        when = _("from the start")
    elif reach.at_latest:
        when = _("ring %(ring)d, after %(wait)s at the latest", ring=reach.ring + 1, wait=clock_text(reach.after_s))
    else:
        when = _("ring %(ring)d, after %(wait)s", ring=reach.ring + 1, wait=clock_text(reach.after_s))
    return _("%(when)s; callers nearer to other sites later", when=when) if reach.near_first else when
