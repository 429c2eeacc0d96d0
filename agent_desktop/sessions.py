"""Server-side sessions: the signed cookie holds only a random id; who that is, and until when, stands in Redis."""

import hashlib
import secrets

from flask import g, session
from redis import Redis

from agent_desktop.accounts import User
from agent_desktop.records import from_records
from agent_desktop.redis_guard import redis_answers
from core.database import Database
from core.errors import Unavailable

LIFETIME_S = 14 * 3600  # longer than any shift: a session must not end in a call
_ID = "sid"


class Sessions:
    """Opens, finds and ends sessions. A session ends after LIFETIME_S whatever happens, or at log-out."""

    def __init__(self, redis: "Redis", database: Database) -> None:
        self._redis = redis
        self._database = database
        self._known: dict[int, User] = {}  # so that whoever is at work stays so while the records are away

    def open(self, user: User) -> None:
        """A new session with a new id for this browser; whatever it had before is over."""
        self.end()
        fresh = secrets.token_urlsafe(32)
        with redis_answers():
            self._redis.set(_key(fresh), user.id, ex=LIFETIME_S)
        session[_ID] = fresh
        session.permanent = True

    def end(self) -> None:
        """Forget this browser's session, here and in Redis."""
        known = session.get(_ID)
        session.clear()
        if known:
            with redis_answers():
                self._redis.delete(_key(known))

    def is_open(self) -> bool:
        """Whether this browser's session still holds."""
        known = session.get(_ID)
        if not known:
            return False
        with redis_answers():
            return bool(self._redis.exists(_key(known)))

    def find_user(self) -> User | None:
        """Whose session this is; None for nobody's.

        While the records are away: as whoever it is was seen last. Raises Unavailable for somebody who was not seen before.
        """
        known = session.get(_ID)
        if not known:
            return None
        with redis_answers():
            user_id = self._redis.get(_key(known))
        if not user_id:
            return None
        number = int(str(user_id))
        try:
            user = from_records(lambda: self._user(number))
        except Unavailable:
            if number not in self._known:
                raise
            return self._known[number]
        if user is not None:
            self._known[number] = user
        return user

    def _user(self, number: int) -> User | None:
        with self._database.reading() as reading:
            return reading.get(User, number)


def current_user() -> User | None:
    """Who asks; found once per request."""
    user: User | None = g.get("user")
    return user


def _key(session_id: str) -> str:
    return f"halo:session:{hashlib.sha256(session_id.encode()).hexdigest()}"
