"""Keeps the rescue queue's members true to who is logged in and ready, so that Asterisk can do without us."""

from asterisk_conf import names
from core.errors import HaloError
from core.log import get_log
from cti.ami import ActionRefused, Ami
from routing.agent_state import AgentState
from routing.live import LiveAgent

log = get_log(__name__)


class RescueMembers:
    """Adds, removes and pauses members by AMI, only when something changed."""

    def __init__(self, ami: Ami) -> None:
        self._ami = ami
        self._known: dict[str, bool | None] = {}

    def forget(self) -> None:
        """Asterisk may have restarted: tell it everything again."""
        self._known.clear()

    async def follow(self, agent: LiveAgent) -> None:
        """Tell Asterisk about one agent: not logged in, ready for a rescue, or paused."""
        wanted = None if agent.state is AgentState.OFFLINE else agent.state is AgentState.NOT_READY
        if agent.agent_id in self._known and self._known[agent.agent_id] == wanted:
            return
        interface = f"PJSIP/{names.agent_endpoint(agent.agent_id)}"
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

    async def _tolerant(self, action: str, **fields: str) -> None:
        try:
            await self._ami.action(action, **fields)
        except ActionRefused:
            log.debug("rescue_member_was_so", action=action)
