"""What may be expected, in Redis: written by the leader alone, read by whoever tells it."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import redis

from core.bus import KEPT_EVENTS, STREAM
from core.errors import Unavailable
from core.events import Event
from routing.expectations import Expectation
from routing.live import TERM, LiveStore

EXPECTED = "halo:expected"
_SCRIPT = Path(__file__).with_name("lua") / "expect.lua"


class ExpectedLive:
    """By interaction, and by `newcomer_of` a queue. Raises Unavailable when Redis does not answer."""

    def __init__(self, store: LiveStore) -> None:
        self._store = store

    def of(self, name: str) -> Expectation | None:
        """What this one may expect; None when nothing is known."""
        try:
            return _read(cast(str | None, self._store.redis.hget(EXPECTED, name)))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def all(self) -> dict[str, Expectation]:
        """Everything that is known."""
        try:
            texts = cast(dict[str, str], self._store.redis.hgetall(EXPECTED))
        except redis.RedisError as problem:
            raise _unavailable() from problem
        found = {name: _read(text) for name, text in texts.items()}
        return {name: expectation for name, expectation in found.items() if expectation is not None}

    def write(self, term: str, new: Mapping[str, Expectation], gone: Collection[str], told: Sequence[Event]) -> bool:
        """Note what has changed and tell the events, in one step; False, and nothing done, when this leader leads no more."""
        pairs = [text for name, expectation in new.items() for text in (name, expectation.to_json())]
        arguments: list[Any] = [
            term, KEPT_EVENTS, len(gone), *gone, len(told), *(event.to_json() for event in told), *pairs,
        ]  # fmt: skip
        try:
            return bool(self._script(keys=[EXPECTED, STREAM, TERM], args=arguments))
        except redis.RedisError as problem:
            raise _unavailable() from problem

    @cached_property
    def _script(self) -> Any:
        return self._store.redis.register_script(_SCRIPT.read_text(encoding="utf-8"))


def _read(text: str | None) -> Expectation | None:
    """None also for what another release of Halo wrote."""
    with suppress(ValueError):
        return Expectation.from_json(text) if text else None
    return None


def _unavailable() -> Unavailable:
    return Unavailable("The live state (Redis) does not answer.", "Run ./halo doctor.")
