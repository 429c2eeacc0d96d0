"""Keeps the rescue queue's members true to who is logged in and ready, so that Asterisk can do without us."""

import asyncio

from asterisk_conf import names
from core.errors import HaloError
from core.log import get_log
from cti.ami import ActionRefused, Ami
from cti.floor import Floor
from routing.agent_state import AgentState
from routing.live import LiveAgent

log = get_log(__name__)


class RescueMembers:
    """Adds, removes and pauses members by AMI, only when something changed."""

    def __init__(self, ami: Ami, floor: Floor) -> None:
        self._ami, self._floor = ami, floor
        self._one_at_a_time = asyncio.Lock()
        self._known: dict[str, bool | None] = {}
        self._interfaces: dict[str, str] = {}

    def forget(self) -> None:
        """Asterisk may have restarted, or another has led: what it was told is not known."""
        self._known.clear()

    async def follow_all(self) -> None:
        """Tell Asterisk about every agent."""
        for agent_id in list(self._floor.agents):
            await self.follow(agent_id)

    async def follow(self, agent_id: str) -> None:
        """Tell Asterisk how an agent is now: not logged in, ready for a rescue, or paused."""
        async with self._one_at_a_time:
            await self._tell(self._floor.agents[agent_id])

    async def _tell(self, agent: LiveAgent) -> None:
        wanted = None if agent.state is AgentState.OFFLINE else agent.state is AgentState.NOT_READY
        interface = f"PJSIP/{names.agent_endpoint(agent.agent_id, agent.phone_kind)}"
        if self._interfaces.get(agent.agent_id, interface) != interface:
            await self._leave(agent.agent_id)
        self._interfaces[agent.agent_id] = interface
        if agent.agent_id in self._known and self._known[agent.agent_id] == wanted:
            return
        member = {"Queue": names.RESCUE_QUEUE, "Interface": interface}
        try:
            if wanted is None:
                await self._tolerant("QueueRemove", **member)
            else:
                if self._known.get(agent.agent_id) is None:
                    await self._tolerant("QueueAdd", **member, StateInterface=interface)
                await self._ami.action("QueuePause", **member, Paused=str(wanted).lower())
            self._known[agent.agent_id] = wanted
        except HaloError as problem:
            log.warning("rescue_member_unknown", agent_id=agent.agent_id, why=problem.code)

    async def _leave(self, agent_id: str) -> None:
        """The phone by which Asterisk knew the agent is not theirs any more."""
        self._known.pop(agent_id, None)
        try:
            await self._tolerant("QueueRemove", Queue=names.RESCUE_QUEUE, Interface=self._interfaces[agent_id])
        except HaloError as problem:
            log.warning("rescue_member_unknown", agent_id=agent_id, why=problem.code)

    async def _tolerant(self, action: str, **fields: str) -> None:
        try:
            await self._ami.action(action, **fields)
        except ActionRefused:
            log.debug("rescue_member_was_so", action=action)
