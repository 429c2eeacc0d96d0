"""Calls that a carrier announced before it brings them: each is expected under an interaction id, which is taken up once."""

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

import redis

from asterisk_conf import names
from core.clock import Clock
from core.errors import Unavailable
from core.ids import is_id
from core.log import get_log
from cti.agi_session import AgiSession

EXPECTED_S = 120  # a carrier dials at once; what comes later is an old paper found again
_REMEMBERED_S = 24 * 3600
_TAKEN = "taken"
_MAC_LETTERS = 32  # 128 bits: a SIP address with everything in it must stay below 255 letters

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call that a carrier announced: `ani` and `dnis` are E.164, "" when there is none to read."""

    interaction_id: str
    ani: str
    dnis: str


def make_token(key: bytes, interaction_id: str, expires: datetime) -> str:
    """Proof, until `expires` (aware UTC), that we gave this id: hexadecimal digits and a dot."""
    until = int(expires.timestamp())
    return f"{until}.{_mac(key, interaction_id, until)}"


def is_token_right(key: bytes, interaction_id: str, token: str, now: datetime) -> bool:
    """Whether the token was made by us for this id and is not too old."""
    until, _, mac = token.partition(".")
    if not (token.isascii() and until.isdigit() and len(until) < 12):
        return False
    return hmac.compare_digest(mac.encode(), _mac(key, interaction_id, int(until)).encode()) and now.timestamp() < int(until)


def _mac(key: bytes, interaction_id: str, until: int) -> str:
    return hmac.new(key, f"{interaction_id}.{until}".encode(), sha256).hexdigest()[:_MAC_LETTERS]


class Arrivals:
    """Expected calls, kept in Redis. Every method raises Unavailable when it does not answer."""

    def __init__(self, connection: "redis.Redis", key: bytes, clock: Clock) -> None:
        self._redis, self._key, self._clock = connection, key, clock

    def expect(self, arrival: Arrival, until: datetime) -> str:
        """Remember an announced call until then; returns its token. Again for the same call does no harm."""
        place = _place(arrival.interaction_id)
        lasts_s = max(1, int((until - self._clock.now()).total_seconds()))
        try:
            if not self._redis.set(place, json.dumps(asdict(arrival)), nx=True, ex=lasts_s) and self._redis.get(place) != _TAKEN:
                self._redis.expire(place, lasts_s)
        except redis.RedisError as problem:
            raise _unavailable() from problem
        return make_token(self._key, arrival.interaction_id, until)

    def claim(self, offer: str) -> Arrival | None:
        """Take up the call of an offer "<id>.<token>"; None, and a log line that says why, when it must not be believed."""
        interaction_id, _, token = offer.partition(".")
        if not is_id(interaction_id) or not is_token_right(self._key, interaction_id, token, self._clock.now()):
            log.warning("arrival_refused", why="token_wrong_or_old")
            return None
        try:
            with self._redis.pipeline(transaction=True) as both:
                both.getset(_place(interaction_id), _TAKEN)
                both.expire(_place(interaction_id), _REMEMBERED_S)
                found = both.execute()[0]
        except redis.RedisError as problem:
            raise _unavailable() from problem
        if found is None or found == _TAKEN:
            log.warning("arrival_refused", why="forgotten" if found is None else "taken_before")
            return None
        return Arrival(**json.loads(found))

    def take_up(self, session: AgiSession) -> Arrival | None:
        """The announced call that this channel is, and the channel made so; None for every other call, which keeps its own id."""
        offer = session.env.get("agi_arg_2", "")
        if not offer:
            return None
        arrival = self.claim(offer)
        session.execute("SET VARIABLE", names.OFFER, "")  # decided: another try of the script must not ask again
        if arrival is not None:
            session.execute("SET VARIABLE", f"__{names.INTERACTION}", arrival.interaction_id)
            session.execute("SET VARIABLE", "CALLERID(num)", arrival.ani)
        return arrival


def _place(interaction_id: str) -> str:
    return f"halo:arrival:{interaction_id}"


def _unavailable() -> Unavailable:
    return Unavailable("The expected calls (Redis) can't be read.", "Run ./halo doctor.")
