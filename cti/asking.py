"""What the steps of an agent's leg need of a consult in the middle of which they happen."""

from collections.abc import Coroutine
from typing import Any, Protocol

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

    async def over(self, agent: LiveAgent, consult: Consult, why: str) -> None:
        """Whoever was asked is gone; `why` is told to the agent."""
        ...

    def told(self, agent: LiveAgent, consult: Consult | None, held: bool | None = None, why: str = "") -> bool:
        """How far the consult is; `held`: the caller hears music from now on, or no more; None: as before. `why` it is so.
        False when the talk is over, and nothing was told."""
        ...

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside everything else."""
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


class KeepingAsked(Protocol):
    """See KeptAsked."""

    async def lost(self, asked: LiveAgent) -> bool:
        """The phone of an agent who is asked is lost. False when they are not kept."""
        ...

    async def back(self, asked: LiveAgent) -> None:
        """It is there again."""
        ...

    async def stayed_away(self, asked: LiveAgent) -> None:
        """The time is up, and it is not."""
        ...


class NobodyAsks:
    """Stands for the first two where there are no consults."""

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

    async def over(self, agent: LiveAgent, consult: Consult, why: str) -> None:
        pass

    def told(self, agent: LiveAgent, consult: Consult | None, held: bool | None = None, why: str = "") -> bool:
        return False

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        work.close()

    async def lost(self, agent: LiveAgent, place: Place) -> None:
        pass

    def back(self, agent: LiveAgent) -> bool:
        return False

    async def stayed_away(self, agent: LiveAgent, place: Place) -> bool:
        return False


class NobodyAsked:
    """Stands for the third."""

    async def lost(self, asked: LiveAgent) -> bool:
        return False

    async def back(self, asked: LiveAgent) -> None:
        pass

    async def stayed_away(self, asked: LiveAgent) -> None:
        pass


def way_back(consult: Consult | None) -> tuple[str, str]:
    """The context and extension of the leg by which an agent comes back into the talk that the phone was lost from."""
    return _WAYS_BACK.get(consult.phase, (names.AGENT_LEG, "s")) if consult is not None else (names.AGENT_LEG, "s")
