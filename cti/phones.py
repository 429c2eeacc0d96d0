"""Which agents' phones are there: told by Asterisk's registrations the moment a page closes or a phone goes away."""

import asyncio
from collections import defaultdict

from asterisk_conf import names
from core.errors import HaloError
from core.log import get_log
from cti.ami import ActionRefused, Ami, Row
from cti.floor import Floor
from cti.phone_calls import PhoneCalls
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState
from routing.live import LiveStore

_GONE = frozenset({"Removed", "Unreachable"})
_AWAY_STATES = frozenset({"UNAVAILABLE", "INVALID", "UNKNOWN"})

log = get_log(__name__)


class Phones:
    """Keeps `phone_up` of every agent true to Asterisk."""

    def __init__(self, store: LiveStore, changes: AgentChanges, floor: Floor, ami: Ami, calls: PhoneCalls) -> None:
        self._store, self._changes, self._floor, self._ami, self._calls = store, changes, floor, ami, calls
        self._tasks: set[asyncio.Task[None]] = set()
        # What Asterisk has answered may be older than what it has told meanwhile: each agent's phone is settled by one at a time.
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._heard: set[str] = set()
        ami.on("ContactStatus", self._contact_changed)

    def _contact_changed(self, row: Row) -> None:
        agent_id = names.agent_of_endpoint(row.get("aor", ""))
        if agent_id is not None:
            gone = row.get("contactstatus", "") in _GONE
            self._heard.add(agent_id)
            task = asyncio.get_running_loop().create_task(self._settle(agent_id, row["aor"], gone))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _settle(self, agent_id: str, account: str, one_is_gone: bool) -> None:
        try:
            async with self._one_at_a_time[agent_id]:
                if account != self._endpoint(agent_id):
                    return  # the phone that the agent has not chosen
                still_one = not one_is_gone or await self._has_contact(agent_id)
                if one_is_gone:
                    # A page that was reloaded has registered anew: its old leg is dead all the same.
                    await self._down(agent_id)
                if still_one:
                    await self._up(agent_id)
        except HaloError as problem:
            log.warning("phone_unsettled", agent_id=agent_id, why=problem.code)

    async def _down(self, agent_id: str) -> None:
        self._changes.phone_changed(agent_id, up=False)
        log.info("phone_down", agent_id=agent_id)
        await self._calls.phone_lost(self._floor.refresh_agent(self._store, agent_id))

    async def _up(self, agent_id: str) -> None:
        was_up = self._store.agent(agent_id).phone_up
        self._changes.phone_changed(agent_id, up=True)
        if not was_up:
            log.info("phone_up", agent_id=agent_id)
            await self._calls.phone_back(self._floor.refresh_agent(self._store, agent_id))

    async def look_at(self, agent_id: str) -> None:
        """The agent has chosen another phone: is that one there?"""
        try:
            async with self._one_at_a_time[agent_id]:
                if await self._has_contact(agent_id):
                    await self._up(agent_id)
                else:
                    await self._down(agent_id)
        except HaloError as problem:
            log.warning("phone_unsettled", agent_id=agent_id, why=problem.code)

    async def _has_contact(self, agent_id: str) -> bool:
        answer = await self._ami.action("Getvar", Variable=f"PJSIP_AOR({self._endpoint(agent_id)},contact)")
        return bool(answer.get("value"))

    def _endpoint(self, agent_id: str) -> str:
        return names.agent_endpoint(agent_id, self._store.agent(agent_id).phone_kind)

    async def resync(self) -> None:
        """Read every phone's state again, after any time in which we heard nothing."""
        self._heard.clear()
        rows = [row for row in await self._ami.rows("DeviceStateList") if row.get("device", "").startswith("PJSIP/")]
        phones = [(agent_id, row) for row in rows if (agent_id := names.agent_of_endpoint(row["device"])) is not None]
        legs = await self._legs_by_token()
        found = [(agent_id, row) for agent_id, row in phones if row["device"] == f"PJSIP/{self._endpoint(agent_id)}"]
        for agent_id, up in await asyncio.gather(*(self._is_there(agent_id, row) for agent_id, row in found)):
            was_up = self._store.agent(agent_id).phone_up
            if agent_id in self._heard:
                continue  # that is newer than the list
            if up and not was_up:
                await self._up(agent_id)
            elif was_up and not up:
                await self._down(agent_id)
            elif up and await self._was_left(agent_id, legs.get(self._store.agent(agent_id).token, "")):
                log.info("phone_was_loaded_anew", agent_id=agent_id)
                await self._down(agent_id)
                await self._up(agent_id)

    async def _was_left(self, agent_id: str, leg: str) -> bool:
        """Whether the leg of this agent's talk leads to a page that is gone, while a newer one has registered: nobody of ours heard
        it go. Of pages alone: each has a name of its own where it registers and where it answers."""
        agent = self._store.agent(agent_id)
        if not leg or agent.state is not AgentState.TALKING or agent.phone_kind != names.WEB_PHONE or agent.deadline is not None:
            return False
        try:
            contact = (await self._ami.action("Getvar", Variable=f"PJSIP_AOR({self._endpoint(agent_id)},contact)")).get("value", "")
            there = (await self._ami.action("Getvar", Variable=f"PJSIP_CONTACT({contact},uri)")).get("value", "")
            heard = (await self._ami.action("Getvar", Channel=leg, Variable="CHANNEL(pjsip,target_uri)")).get("value", "")
        except ActionRefused:  # the leg has ended by now
            return False
        return bool(there and heard) and _address(there) != _address(heard)

    async def _legs_by_token(self) -> dict[int, str]:
        """The newest leg of each reservation, by its token."""
        newest_last = sorted(await self._ami.rows("Status"), key=lambda row: names.called_again_at_ms(row.get("uniqueid", "")))
        tokens = [(names.token_of_leg(row.get("uniqueid", "")), row.get("channel", "")) for row in newest_last]
        return {token: channel for token, channel in tokens if token is not None}

    async def _is_there(self, agent_id: str, row: Row) -> tuple[str, bool]:
        return agent_id, row.get("state", "").upper() not in _AWAY_STATES and await self._has_contact(agent_id)


def _address(uri: str) -> str:
    """User, host and port of a SIP address."""
    return uri.removeprefix("sip:").split(";", 1)[0]
