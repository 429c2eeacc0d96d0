"""What Asterisk is told of an agent's leg: call it, call it again, end it."""

from collections.abc import Set

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.log import get_log
from core.settings import Settings
from cti.ami import Actions
from cti.asking import way_back
from cti.clean import caller_name
from routing.consult import Consult
from routing.live import LiveStore
from routing.place import Place

log = get_log(__name__)


class AgentLegs:
    """The leg of a reservation is known by its token, before Asterisk has a channel for it and after."""

    def __init__(self, settings: Settings, clock: Clock, store: LiveStore, ami: Actions) -> None:
        self._settings, self._clock, self._store, self._ami = settings, clock, store, ami
        self._newest_ms: dict[int, int] = {}  # when the newest leg of a token was called, where it is not the first
        self._given_up: set[str] = set()

    async def call(self, agent_id: str, token: int, place: Place, consulter: str = "", leg: str = "") -> None:
        """Ring the agent's phone for this place, or for `consulter`: the channel of a colleague who asks. `leg`: the unique id, of
        one that is not the first. Raises HaloError."""
        context = names.CONSULTED if consulter else names.AGENT_LEG if place.channel else names.CALL_BACK
        own = [f"{names.CONSULTER}={consulter}"] if consulter else []
        await self._originate(agent_id, leg or names.agent_leg_id(token), place, (context, "s"), [*self._whom(token, place), *own])

    async def call_again(
        self, agent_id: str, token: int, place: Place, consult: Consult | None, way: tuple[str, str] | None = None
    ) -> None:
        """Ring it again for the talk, or the consult, that it was lost from; `way`: where its leg goes, if not there. Raises
        HaloError."""
        leg = names.agent_leg_again_id(token, int(self._clock.now().timestamp() * 1000))
        way = way or (way_back(consult) if place.channel else (names.CALL_BACK, "s"))
        header = f"PJSIP_HEADER(add,{names.HEADER_RESUME})=1"
        await self._originate(agent_id, leg, place, way, [*self._whom(token, place), header])

    def note(self, leg: str) -> None:
        """There is this leg, by its unique id."""
        token, called_ms = names.token_of_leg(leg), names.called_again_at_ms(leg)
        if token is not None and called_ms > self._newest_ms.get(token, 0):
            self._newest_ms[token] = called_ms

    def says_nothing(self, leg: str) -> bool:
        """Whether the end of this leg says nothing about its agent: they were called by another since, as after two reloads in a
        row, or it was given up. To be asked once."""
        token = names.token_of_leg(leg)
        given_up = leg in self._given_up
        self._given_up.discard(leg)
        return given_up or (token is not None and names.called_again_at_ms(leg) < self._newest_ms.get(token, 0))

    async def give_up(self, leg: str) -> None:
        """End this leg, which leads to a phone that is away."""
        self._given_up.add(leg)
        await self.hang_up(leg)

    def forget_all_but(self, tokens: Set[int]) -> None:
        """Only these are in force."""
        self._newest_ms = {token: called_ms for token, called_ms in self._newest_ms.items() if token in tokens}

    async def end(self, token: int) -> None:
        """Stop the phone. Asterisk knows a channel by its unique id too; one that is only about to be is ended when it appears."""
        await self.hang_up(names.agent_leg_id(token))

    async def hang_up(self, channel: str) -> None:
        """End this channel, if it is still there."""
        try:
            await self._ami.action("Hangup", Channel=channel, Cause="16")
        except HaloError:
            log.debug("leg_was_gone", channel=channel)

    def _whom(self, token: int, place: Place) -> list[str]:
        """The variables that say whom the leg takes: the caller, or a customer whose phone it calls."""
        if place.channel:
            return [f"{names.CALLER}={place.channel}"]
        recorded = place.may_record and self._settings.records_talks_of(place.queue)
        return [
            f"{names.NUMBER}={place.ani}", f"{names.TRUNK_OUT}={self._settings.outbound_trunk}",
            f"__{names.CALLED}={token}", f"__{names.SPOKEN_LANGUAGE}={place.language}",
            f"__{names.RECORD}={'yes' if recorded else 'no'}",
        ]  # fmt: skip

    async def _originate(self, agent_id: str, leg: str, place: Place, way: tuple[str, str], variables: list[str]) -> None:
        self.note(leg)
        endpoint = names.agent_endpoint(agent_id, self._store.agent(agent_id).phone_kind)
        known = [
            f"__{names.INTERACTION}={place.interaction_id}",
            f"PJSIP_HEADER(add,{names.HEADER_INTERACTION})={place.interaction_id}",
        ]
        await self._ami.action(
            "Originate", ActionID=leg, Channel=f"PJSIP/{endpoint}", ChannelId=leg, Context=way[0], Exten=way[1], Priority="1",
            Timeout=str(int(self._settings.ring_timeout_s * 1000)), Async="true", Variable=[*known, *variables],
            CallerID=f'"{caller_name(place.queue)}" <{place.ani.lstrip("+") or "anonymous"}>',
        )  # fmt: skip
