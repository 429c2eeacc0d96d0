"""The live state in Redis: agents, the line, places taken. Read here; changed only through atomic scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import redis

from core.bus import CONNECTIONS, KEPT_EVENTS, START, STREAM
from core.errors import Unavailable
from core.events import Event
from routing.agent_state import AgentState
from routing.consult import Consult, ConsultPhase
from routing.place import Place

AGENTS, LINE, TAKEN, FENCE = "halo:agents", "halo:line", "halo:taken", "halo:fence"
TERM = "halo:term"  # the newest leader's term, kept when its lease is over
PARTITIONS = "halo:partition"  # under it the lease and the term of each partition's leader, by its name
NO_TERM = "none"  # never that of any leader, so a step that carries it is refused
_SCRIPTS = Path(__file__).with_name("lua")


def agent_key(agent_id: str) -> str:
    """Redis key of one agent's live state."""
    return f"halo:agent:{agent_id}"


def term_key(partition: str) -> str:
    """Redis key of the newest term of a partition's leader; "" is the main one."""
    return f"{PARTITIONS}:{partition}:term" if partition else TERM


@dataclass(frozen=True, slots=True)
class LiveAgent:
    """An agent as of now. `token` fences the reservation in force; `deadline` ends RESERVED, RINGING, WRAP_UP or a
    talk whose phone was lost; `lease_until` is when a silent page counts as closed; `partition` is that of the leader who made the
    last reservation. `handed_over`: the place of a caller who is somebody else's by now, while this agent finishes the wrap-up;
    `consulted_by`: who has asked this agent about the interaction, which is theirs; `consult`: whom this agent asks about it.
    `phone_kind`: which of their phones rings, "" for the desk phone; `phone_up`: it is there.
    `after_call`: the Not Ready reason that they have chosen for after the call, "" for ready; `recording_paused_until`: they have
    paused the recording of the talk until then at the latest; `is_recorded`: whether Asterisk records the talk, None before it has
    said so; `dialled`: they call somebody by hand; `held_since`: since when the caller hears music, as their phone
    wants it. Times are aware UTC."""

    agent_id: str
    state: AgentState = AgentState.OFFLINE
    since: datetime | None = None
    reason: str = ""
    interaction_id: str = ""
    token: int = 0
    deadline: datetime | None = None
    phone_up: bool = False
    phone_since: datetime | None = None
    phone_kind: str = ""
    lease_until: datetime | None = None
    ready_after: bool = True
    partition: str = ""
    handed_over: Place | None = None
    consulted_by: str = ""
    consult: Consult | None = None
    after_call: str = ""
    recording_paused_until: datetime | None = None
    is_recorded: bool | None = None
    dialled: bool = False
    held_since: datetime | None = None

    @property
    def hears_caller(self) -> bool:
        """Whether the leg of this agent, who talks, is with the caller: not with somebody who is asked, nor asked themselves."""
        with_them = self.consult is not None and self.consult.phase in (ConsultPhase.CALLING, ConsultPhase.WITH_THEM)
        return self.holds_caller and not with_them

    @property
    def holds_caller(self) -> bool:
        """Whether the interaction is this agent's own: not handed over, and not only asked about."""
        return bool(self.interaction_id) and self.handed_over is None and not self.consulted_by


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything live at one instant; `position` is the newest event already contained in it."""

    position: str
    agents: Mapping[str, LiveAgent]
    line: Mapping[str, Place]
    taken: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change did not happen: `cause` is leader, state, token, place or phone; with what stood there instead."""

    cause: str
    state: AgentState
    token: int


class LiveStore:
    """Connection to the live state. Raises Unavailable when Redis does not answer."""

    def __init__(self, redis_url: str) -> None:
        self.redis = redis.Redis.from_pool(redis.BlockingConnectionPool.from_url(redis_url, **CONNECTIONS))

    def agent(self, agent_id: str) -> LiveAgent:
        """One agent; OFFLINE when never seen."""
        try:
            return _agent(agent_id, cast(dict[str, str], self.redis.hgetall(agent_key(agent_id))))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def agents(self, agent_ids: Sequence[str]) -> dict[str, LiveAgent]:
        """Several agents by id, in one round trip."""
        try:
            with self.redis.pipeline(transaction=False) as pipe:
                for agent_id in agent_ids:
                    pipe.hgetall(agent_key(agent_id))
                found = pipe.execute()
        except redis.RedisError as problem:
            raise _unavailable() from problem
        return {agent_id: _agent(agent_id, fields) for agent_id, fields in zip(agent_ids, found, strict=True)}

    def snapshot(self) -> Snapshot:
        """All of it, consistent: read in one transaction."""
        try:
            agent_ids = sorted(cast(set[str], self.redis.smembers(AGENTS)))
            with self.redis.pipeline(transaction=True) as pipe:
                pipe.xrevrange(STREAM, count=1)
                pipe.hgetall(LINE)
                pipe.hgetall(TAKEN)
                for agent_id in agent_ids:
                    pipe.hgetall(agent_key(agent_id))
                newest, line, taken, *agents = pipe.execute()
        except redis.RedisError as problem:
            raise _unavailable() from problem
        return Snapshot(
            position=newest[0][0] if newest else START,
            agents={agent_id: _agent(agent_id, fields) for agent_id, fields in zip(agent_ids, agents, strict=True)},
            line={key: Place.from_json(text) for key, text in line.items()},
            taken={key: Place.from_json(text) for key, text in taken.items()},
        )

    def where(self, interaction_id: str) -> tuple[Place | None, Place | None]:
        """The interaction's place in line and its place when taken; at most one of them is there."""
        try:
            with self.redis.pipeline(transaction=True) as pipe:
                pipe.hget(LINE, interaction_id)
                pipe.hget(TAKEN, interaction_id)
                in_line, taken = pipe.execute()
        except redis.RedisError as problem:
            raise _unavailable() from problem
        return (Place.from_json(in_line) if in_line else None), (Place.from_json(taken) if taken else None)

    def place(self, interaction_id: str) -> Place | None:
        """The place of an interaction, waiting or taken; None when it has none."""
        in_line, taken = self.where(interaction_id)
        return in_line or taken

    def next_token(self) -> int:
        """A fencing token, greater than every one before."""
        try:
            return int(cast(Any, self.redis.incr(FENCE)))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def change(
        self,
        agent_id: str,
        expected: AgentState,
        fields: Mapping[str, str],
        events: Sequence[Event],
        *,
        token: int | None = None,
        place: str = "keep",
        interaction_id: str = "",
        restored: Place | None = None,
        term: str = "",
        partition: str = "",
    ) -> Refusal | None:
        """Run the one atomic change; None when it happened. See lua/change.lua for what `place` may be; `term` is that of the
        leader of `partition` whose step it is, "" for a step that needs no leader."""
        pairs = [text for pair in fields.items() for text in pair]
        arguments: list[Any] = [
            expected.value, "" if token is None else str(token), place, interaction_id, restored.to_json() if restored else "",
            KEPT_EVENTS, term, len(events), *(event.to_json() for event in events), *pairs,
        ]  # fmt: skip
        try:
            answer = self._change_script([agent_key(agent_id), LINE, TAKEN, STREAM, term_key(partition)], arguments)
        except redis.RedisError as problem:
            raise _unavailable() from problem
        if answer[0] == 1:
            return None
        return Refusal(cause=answer[1], state=AgentState(answer[2]), token=int(answer[3] or 0))

    def put_in_line(self, place: Place, event: Event, term: str = "") -> bool:
        """Add or replace a place in line, with its event, in one step. False, and nothing done, when the leader of `term` leads no
        more; "" for a step that needs no leader."""
        try:
            arguments = [place.interaction_id, place.to_json(), KEPT_EVENTS, event.to_json(), term]
            return bool(self._join_script([LINE, TAKEN, STREAM, TERM], arguments))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def told_of_recording(self, interaction_id: str, may_record: bool, event: Event) -> bool:
        """The caller was told, and has objected, or not: their place, in line or taken, says so from now on, with the event. False,
        and nothing done, when they have no place any more."""
        try:
            given = [interaction_id, KEPT_EVENTS, event.to_json(), "1" if may_record else "0"]
            return bool(self._told_script([LINE, TAKEN, STREAM], given))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def take_out_of_line(self, interaction_id: str, event: Event) -> bool:
        """Remove a place; tells `event` and returns True only when it was still there."""
        try:
            return bool(self._leave_script([LINE, STREAM], [interaction_id, KEPT_EVENTS, event.to_json()]))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def drop_taken(self, interaction_id: str) -> None:
        """Forget the place of an interaction that is over."""
        self.redis.hdel(TAKEN, interaction_id)

    def set_fields(self, agent_id: str, fields: Mapping[str, str], event: Event | None = None) -> None:
        """Set facts beside the state (phone, lease), with their event, in one step."""
        try:
            with self.redis.pipeline(transaction=True) as pipe:
                pipe.sadd(AGENTS, agent_id)
                pipe.hset(agent_key(agent_id), items=[text for pair in fields.items() for text in pair])
                if event is not None:
                    pipe.xadd(STREAM, {"e": event.to_json()}, maxlen=KEPT_EVENTS, approximate=True)
                pipe.execute()
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def close(self) -> None:
        """Give the connection back."""
        self.redis.close()

    @cached_property
    def _change_script(self) -> Any:
        return self._script("change.lua")

    @cached_property
    def _join_script(self) -> Any:
        return self._script("join.lua")

    @cached_property
    def _leave_script(self) -> Any:
        return self._script("leave.lua")

    @cached_property
    def _told_script(self) -> Any:
        return self._script("told.lua")

    def _script(self, name: str) -> Any:
        script = self.redis.register_script((_SCRIPTS / name).read_text(encoding="utf-8"))
        return lambda keys, arguments: script(keys=keys, args=arguments)


def moment_text(moment: datetime | None) -> str:
    """A moment as it stands in Redis; "" for none."""
    return moment.astimezone(UTC).isoformat() if moment else ""


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _agent(agent_id: str, fields: Mapping[str, str]) -> LiveAgent:
    return LiveAgent(
        agent_id=agent_id,
        state=AgentState(fields.get("state") or AgentState.OFFLINE),
        since=_moment(fields.get("since")),
        reason=fields.get("reason", ""),
        interaction_id=fields.get("interaction", ""),
        token=int(fields.get("token") or 0),
        deadline=_moment(fields.get("deadline")),
        phone_up=fields.get("phone") == "up",
        phone_since=_moment(fields.get("phone_since")),
        phone_kind=fields.get("phone_kind", ""),
        lease_until=_moment(fields.get("lease_until")),
        ready_after=fields.get("ready_after", "1") == "1",
        partition=fields.get("partition", ""),
        handed_over=Place.from_json(fields["handed_over"]) if fields.get("handed_over") else None,
        consulted_by=fields.get("consulted_by", ""),
        consult=Consult.from_json(fields.get("consult", "")),
        after_call=fields.get("after_call", ""),
        recording_paused_until=_moment(fields.get("recording_paused_until")),
        is_recorded=fields["is_recorded"] == "1" if fields.get("is_recorded") else None,
        dialled=fields.get("dialled") == "1",
        held_since=_moment(fields.get("held_since")),
    )


def _unavailable() -> Unavailable:
    return Unavailable("The live state (Redis) does not answer.", "Run ./halo doctor.")
