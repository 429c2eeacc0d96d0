"""The agent says who the caller is, whom the line did not know: the call is that customer's then, and so is their refusal."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from asterisk_conf import names
from core.clock import Clock
from core.events import Event, EventKind
from core.log import get_log
from cti.ami import Ami
from cti.place_on_channel import place_to_variable
from cti.talk_recorder import BY_CONSENT, TalkRecorder
from cti.transfers import NotHanded
from routing.agent_changes import AgentChanges
from routing.live import LiveAgent
from routing.place import Place

log = get_log(__name__)


class Identifying:
    """Inside the event loop. `refuses_recording` asks the database, in a thread, whether this customer wants no talk recorded."""

    def __init__(
        self, clock: Clock, changes: AgentChanges, ami: Ami, recorder: TalkRecorder, refuses_recording: Callable[[int | None], bool]
    ) -> None:
        self._clock, self._changes, self._ami, self._recorder = clock, changes, ami, recorder
        self._refuses_recording = refuses_recording

    async def identify(self, agent: LiveAgent, place: Place, customer_id: int) -> None:
        """The caller is this customer. Raises NotHanded when the talk is over, and Unavailable."""
        given = replace(place, customer_id=customer_id)
        refuses = given.may_record and await asyncio.to_thread(self._refuses_recording, customer_id)
        await self._ami.action("Setvar", Channel=place.channel, Variable=names.PLACE, Value=place_to_variable(given))
        data = {"customer_id": customer_id, "language": place.language}
        told = Event(EventKind.INTERACTION_IDENTIFIED, self._clock.now(), place.interaction_id, agent.agent_id, data)
        if not self._changes.know_caller(agent, given, told):
            raise NotHanded("The call is over.", "Nothing to do.")
        log.info("caller_identified", agent_id=agent.agent_id, refuses_recording=refuses)
        if refuses:
            await self._recorder.refuse(agent, given, BY_CONSENT)
