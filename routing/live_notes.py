"""What the leader notes in Redis beside the live state, by name, for whoever tells it to people."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import redis

from core.bus import KEPT_EVENTS, STREAM
from core.errors import Unavailable
from core.events import Event
from routing.live import TERM, LiveStore

_SCRIPT = Path(__file__).with_name("lua") / "note.lua"


class LiveNotes:
    """Texts by name under one key. Raises Unavailable when Redis does not answer."""

    def __init__(self, store: LiveStore, key: str) -> None:
        self._store, self._key = store, key

    def of(self, name: str) -> str | None:
        """What is noted under this name."""
        try:
            return cast(str | None, self._store.redis.hget(self._key, name))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def all(self) -> dict[str, str]:
        """Everything that is noted."""
        try:
            return cast(dict[str, str], self._store.redis.hgetall(self._key))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def write(self, term: str, new: Mapping[str, str], gone: Collection[str], told: Sequence[Event]) -> bool:
        """Note what has changed and tell the events, in one step; False, and nothing done, when this leader leads no more."""
        pairs = [text for pair in new.items() for text in pair]
        arguments: list[Any] = [
            term, KEPT_EVENTS, len(gone), *gone, len(told), *(event.to_json() for event in told), *pairs,
        ]  # fmt: skip
        try:
            return bool(self._script(keys=[self._key, STREAM, TERM], args=arguments))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    @cached_property
    def _script(self) -> Any:
        return self._store.redis.register_script(_SCRIPT.read_text(encoding="utf-8"))


def _unavailable() -> Unavailable:
    return Unavailable("The live state (Redis) does not answer.", "Run ./halo doctor.")
