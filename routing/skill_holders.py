"""Who of those on duty has which skill, and how scarce each of the asked skills is."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from routing.able import scarcity
from routing.pool import Member


class SkillHolders:
    """Agents by skill. `asked` are the skills whose scarcity counts."""

    def __init__(self, asked: Collection[str]) -> None:
        self._asked = frozenset(asked)
        self._holders: dict[str, dict[str, Member]] = {}

    def count(self, skill: str) -> int:
        """How many have it."""
        return len(self._holders.get(skill, ()))

    def having(self, skills: Iterable[str]) -> Iterable[str]:
        """The ids of those who have any of them, in a settled order."""
        return dict.fromkeys(agent_id for skill in skills for agent_id in self._holders.get(skill, ()))

    def note(self, agent: Member, proficiencies: Mapping[str, int]) -> Iterator[Member]:
        """The agent will have these skills. Gives everybody who has one that became scarcer or less so."""
        changed = agent.proficiencies.keys() ^ proficiencies.keys()
        was = {skill: self._scarcity_of(skill) for skill in changed & self._asked}
        for skill in agent.proficiencies:
            if skill not in proficiencies:
                self._holders[skill].pop(agent.agent_id, None)
        for skill in proficiencies:
            self._holders.setdefault(skill, {})[agent.agent_id] = agent
        agent.scarcity = {skill: self._scarcity_of(skill) for skill in proficiencies if skill in self._asked}
        for skill, before in was.items():
            if self._scarcity_of(skill) != before:
                for holder in self._holders[skill].values():
                    holder.scarcity = {**holder.scarcity, skill: self._scarcity_of(skill)}
                    yield holder

    def _scarcity_of(self, skill: str) -> float:
        return scarcity(self.count(skill))
