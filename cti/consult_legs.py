"""The channels of a consult as Asterisk knows them at this moment, and moving them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asterisk_conf import names
from core.errors import HaloError
from core.log import get_log
from cti.ami import Ami, Row
from routing.live import LiveAgent

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Leg:
    """One channel: where its dialplan is, and the bridge that it is in; "" for none. `called_at_ms`: when an agent whose phone was
    lost was called by it, since 1970; 0 for the first leg of a reservation."""

    channel: str = ""
    context: str = ""
    bridge: str = ""
    is_up: bool = False
    called_at_ms: int = 0
    unique_id: str = ""

    def is_with(self, other: "Leg") -> bool:
        """Whether the two hear each other."""
        return bool(self.bridge) and self.bridge == other.bridge

    def was_called_since(self, lost_at: datetime) -> bool:
        """Whether an agent whose phone was lost then has been called by this leg."""
        return self.called_at_ms >= int(lost_at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Legs:
    """Those of the agent who asks, the newest last, and that of whoever is asked; a leg without a channel where there is none."""

    own: tuple[Leg, ...]
    them: Leg

    @property
    def agent(self) -> str:
        """The channel by which the agent speaks; "" for none."""
        return self.own[-1].channel if self.own else ""

    def lost(self, at: datetime) -> "Legs":
        """The same, with only those legs of the agent that were there before the phone was lost."""
        return Legs(tuple(leg for leg in self.own if not leg.was_called_since(at)), self.them)


class ConsultLegs:
    """Inside the event loop. What Asterisk does not answer raises Unavailable."""

    def __init__(self, ami: Ami) -> None:
        self._ami = ami

    async def of(self, agent: LiveAgent, rows: Iterable[Row] | None = None) -> Legs:
        """The legs of this agent's consult; `rows`: what Asterisk has said of its channels just now, else it is asked."""
        known = await self._ami.rows("Status") if rows is None else rows
        leg = agent.consult.leg if agent.consult else ""
        own, them = [], Leg()
        for row in known:
            unique_id = row.get("uniqueid", "")
            if names.token_of_leg(unique_id) == agent.token:
                own.append(_leg(row))
            elif leg and unique_id == leg:
                them = _leg(row)
        return Legs(tuple(sorted(own, key=lambda each: each.called_at_ms)), them)

    async def redirect(self, channel: str, context: str, exten: str, other: str = "", context2: str = "", exten2: str = "") -> None:
        """Send a channel there, and the other one that is bridged with it, in one step: alone, the other would go its own way."""
        fields = {"Channel": channel, "Context": context, "Exten": exten, "Priority": "1"}
        if other:
            fields |= {"ExtraChannel": other, "ExtraContext": context2, "ExtraExten": exten2, "ExtraPriority": "1"}
        await self._ami.action("Redirect", **fields)

    async def tell(self, channel: str, variable: str, value: str) -> None:
        """Set a variable of a channel. Raises ActionRefused when that is gone."""
        await self._ami.action("Setvar", Channel=channel, Variable=variable, Value=value)

    async def hang_up(self, channel: str) -> None:
        """End this channel, known by its name or unique id."""
        try:
            await self._ami.action("Hangup", Channel=channel, Cause="16")
        except HaloError:
            log.debug("leg_was_gone", channel=channel)


def caller_leg(channel: str, rows: Iterable[Row]) -> Leg:
    """The caller's channel among these; a leg without a channel when it is gone."""
    return next((_leg(row) for row in rows if row.get("channel") == channel), Leg())


def _leg(row: Row) -> Leg:
    return Leg(
        row.get("channel", ""), row.get("context", ""), row.get("bridgeid", ""), row.get("channelstatedesc") == "Up",
        names.called_again_at_ms(row.get("uniqueid", "")), row.get("uniqueid", ""),
    )  # fmt: skip
