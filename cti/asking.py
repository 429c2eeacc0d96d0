"""What the steps of an agent's leg need of a consult in the middle of which they happen."""

from typing import Protocol

from asterisk_conf import names
from routing.consult import Consult, ConsultPhase
from routing.live import LiveAgent
from routing.place import Place

# Where the leg goes by which an agent is called back; from the first two it says that it is there.
_WAYS_BACK = {ConsultPhase.WITH_THEM: (names.CONSULT, "back"), ConsultPhase.THREE: (names.THREE_WAY, "back")}


class Asking(Protocol):
    """See Consults."""

    def left(self, agent: LiveAgent) -> bool:
        """The agent's leg is gone in the middle of a consult. True when that is settled: the caller is theirs who was asked, or in
        line; False: the agent had the caller, and has hung up."""
        ...

    def caller_gone(self, agent: LiveAgent) -> None:
        """The caller has hung up while the agent speaks with whoever is asked: those two may go on."""
        ...

    async def end(self, agent: LiveAgent) -> None:
        """Nobody is asked any more."""
        ...

    async def end_legs(self, agent: LiveAgent) -> None:
        """End every leg of this agent's reservation."""
        ...

    async def let_them_go(self, consult: Consult) -> None:
        """Stop the phone of whoever is asked, or end their leg."""
        ...


class Keeping(Protocol):
    """See KeptConsults."""

    async def lost(self, agent: LiveAgent, place: Place) -> None:
        """The phone of an agent who asks somebody is lost."""
        ...

    def back(self, agent: LiveAgent) -> bool:
        """This agent, whose phone was lost, has answered. True when it is settled here when they are in the consult again; False:
        there is none, and they are with the caller."""
        ...

    async def stayed_away(self, agent: LiveAgent, place: Place) -> bool:
        """The time is up, and this agent's phone is not back. True when the caller has somebody; False: they are for the line."""
        ...


class NobodyAsks:
    """Stands for both where there are no consults."""

    def left(self, agent: LiveAgent) -> bool:
        return False

    def caller_gone(self, agent: LiveAgent) -> None:
        pass

    async def end(self, agent: LiveAgent) -> None:
        pass

    async def end_legs(self, agent: LiveAgent) -> None:
        pass

    async def let_them_go(self, consult: Consult) -> None:
        pass

    async def lost(self, agent: LiveAgent, place: Place) -> None:
        pass

    def back(self, agent: LiveAgent) -> bool:
        return False

    async def stayed_away(self, agent: LiveAgent, place: Place) -> bool:
        return False


def way_back(consult: Consult | None) -> tuple[str, str]:
    """The context and extension of the leg by which an agent comes back into the talk that the phone was lost from."""
    return _WAYS_BACK.get(consult.phase, (names.AGENT_LEG, "s")) if consult is not None else (names.AGENT_LEG, "s")
