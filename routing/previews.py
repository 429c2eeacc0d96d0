"""Previews of a policy that people have asked for: a recorded day played under it. In Redis, since each can be played again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import redis
from pydantic import TypeAdapter

from core.errors import NotFound, Unavailable
from core.ids import is_id, new_id
from routing.what_if import WhatIf

KEPT_S = 3600


class State(StrEnum):
    """How far a preview is. EMPTY: nobody called on that day. REPLACED: the same person has asked for another one since."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    EMPTY = "empty"
    REPLACED = "replaced"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it. `callers` by queue and `agents` are of the day on record."""

    callers: Mapping[str, int]
    agents: int
    what_if: WhatIf


@dataclass(frozen=True, slots=True)
class Preview:
    """The day under the policy `text`, beside `text_before`; `done` of `of` rounds are played."""

    id: str
    login: str
    day: date
    text: str
    text_before: str
    state: State = State.WAITING
    done: int = 0
    of: int = 0
    played: Played | None = None


_FORM = TypeAdapter(Preview)


class Previews:
    """Keeps them for an hour. One person's newest counts. Raises Unavailable when Redis does not answer."""

    def __init__(self, connection: "redis.Redis") -> None:
        self._redis = connection

    def place(self, login: str, day: date, text: str, text_before: str) -> Preview:
        """Write a new one down; the one that this person had before is replaced by it."""
        preview = Preview(new_id(), login, day, text, text_before)
        self.keep(preview)
        try:
            self._redis.set(_newest_key(login), preview.id, ex=KEPT_S)
        except redis.RedisError as problem:
            raise _unavailable() from problem
        return preview

    def keep(self, preview: Preview) -> None:
        """Write down how far it is."""
        try:
            self._redis.set(_key(preview.id), _FORM.dump_json(preview), ex=KEPT_S)
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def find(self, preview_id: str) -> Preview:
        """The preview with this id, as of now. Raises NotFound."""
        try:
            text = self._redis.get(_key(preview_id)) if is_id(preview_id) else None
            if text is None:
                raise NotFound("There is no such preview, or no longer.", "Ask for it once more.")
            found = _FORM.validate_json(text if isinstance(text, str | bytes) else str(text))
            if found.state in (State.WAITING, State.WORKING) and not self._is_newest(found):
                return replace(found, state=State.REPLACED)
            return found
        except redis.RedisError as problem:
            raise _unavailable() from problem

    def _is_newest(self, preview: Preview) -> bool:
        newest = self._redis.get(_newest_key(preview.login))
        return preview.id == (newest.decode() if isinstance(newest, bytes) else newest)


def _key(preview_id: str) -> str:
    return f"halo:preview:{preview_id}"


def _newest_key(login: str) -> str:
    return f"halo:preview-of:{login}"


def _unavailable() -> Unavailable:
    return Unavailable("The live state (Redis) does not answer.", "Run ./halo doctor.")
