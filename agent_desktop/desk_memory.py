"""What a page must find again after a reload: notes being typed, the page of the script, which tab is the newest."""

import json
from dataclasses import dataclass

from redis import Redis

from agent_desktop.redis_guard import redis_answers

KEPT_S = 24 * 3600
_API_WINDOW_S = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """A wrap-up not saved yet: the note as typed and the disposition chosen ("" for none)."""

    note: str = ""
    code: str = ""


class DeskMemory:
    """Short-lived things of the desk in Redis; all of it may be lost without harm to a call."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def draft(self, agent_id: str, interaction_id: str) -> Draft:
        """The unsaved wrap-up; empty when there is none."""
        with redis_answers():
            text = self._redis.get(_draft_key(agent_id, interaction_id))
        body = json.loads(str(text)) if text else {}
        return Draft(note=str(body.get("note", "")), code=str(body.get("code", "")))

    def keep_draft(self, agent_id: str, interaction_id: str, draft: Draft) -> None:
        """Keep what is typed so far."""
        with redis_answers():
            text = json.dumps({"note": draft.note, "code": draft.code})
            self._redis.set(_draft_key(agent_id, interaction_id), text, ex=KEPT_S)

    def add_to_note(self, agent_id: str, interaction_id: str, lines: list[str]) -> None:
        """Add lines to the note as it is kept; one that stands there already is not added again."""
        draft = self.draft(agent_id, interaction_id)
        there = draft.note.splitlines()
        new = [line for line in lines if line not in there]
        if new:
            note = "\n".join([*([draft.note] if draft.note else []), *new])
            self.keep_draft(agent_id, interaction_id, Draft(note, draft.code))

    def drop_draft(self, agent_id: str, interaction_id: str) -> None:
        """It was saved."""
        with redis_answers():
            self._redis.delete(_draft_key(agent_id, interaction_id))

    def script_progress(self, interaction_id: str) -> str:
        """Where the scripts of an interaction stand, as JSON; "" before one is opened."""
        with redis_answers():
            return str(self._redis.get(f"halo:script:{interaction_id}") or "")

    def keep_first_script(self, interaction_id: str, progress: str) -> str:
        """Keep how the script begins, unless it has begun; returns what is kept now."""
        with redis_answers():
            key = f"halo:script:{interaction_id}"
            self._redis.set(key, progress, ex=KEPT_S, nx=True)
            return str(self._redis.get(key) or progress)

    def keep_script_progress(self, interaction_id: str, progress: str) -> None:
        """Keep where the script stands."""
        with redis_answers():
            self._redis.set(f"halo:script:{interaction_id}", progress, ex=KEPT_S)

    def said_solved(self, interaction_id: str) -> bool:
        """Whether the agent has said that the caller's problem is solved."""
        with redis_answers():
            return bool(self._redis.exists(_solved_key(interaction_id)))

    def keep_said_solved(self, interaction_id: str, solved: bool) -> None:
        """The agent says that it is, or that it is not after all."""
        with redis_answers():
            if solved:
                self._redis.set(_solved_key(interaction_id), "1", ex=KEPT_S)
            else:
                self._redis.delete(_solved_key(interaction_id))

    def open_page(self, agent_id: str) -> int:
        """The number of a page just opened by this agent; the highest number is the one that has the phone."""
        with redis_answers():
            return int(str(self._redis.incr(_page_key(agent_id))))

    def newest_page(self, agent_id: str) -> int:
        """The number of the page opened last; 0 for none."""
        with redis_answers():
            return int(str(self._redis.get(_page_key(agent_id)) or 0))

    def is_first(self, what: str, within_s: int) -> bool:
        """Whether nobody has said this in so many seconds; from now on somebody has."""
        with redis_answers():
            return bool(self._redis.set(f"halo:desk:{what}", "1", ex=within_s, nx=True))

    def calls_lately(self, user_id: int) -> int:
        """Count one API call of this user; returns how many they made in the present ten seconds."""
        key = f"halo:desk:calls:{user_id}"
        with redis_answers(), self._redis.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, _API_WINDOW_S, nx=True)
            return int(pipe.execute()[0])


def _draft_key(agent_id: str, interaction_id: str) -> str:
    return f"halo:draft:{agent_id}:{interaction_id}"


def _solved_key(interaction_id: str) -> str:
    return f"halo:solved:{interaction_id}"


def _page_key(agent_id: str) -> str:
    return f"halo:desk:page:{agent_id}"
