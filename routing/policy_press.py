"""What pages of the policy have done for them elsewhere, and the long part of it: playing a day under another policy."""

from collections import Counter
from dataclasses import replace
from datetime import tzinfo
from typing import Protocol

from core.clock import Clock
from core.database import Database
from core.errors import HaloError
from core.log import get_log
from routing.policy_check import Surroundings
from routing.policy_file import read_policy
from routing.previews import Played, Preview, Previews, State
from routing.what_if import load_day, what_if

ROUNDS = 10
_log = get_log(__name__)


class PolicyPress(Protocol):
    """What a page needs of the installation around a policy."""

    def surroundings(self) -> Surroundings:
        """What a policy must go with."""
        ...

    def begin(self, preview_id: str) -> None:
        """Have a preview played, soon and elsewhere. Raises Unavailable."""
        ...


class _Replaced(Exception):
    """Nobody waits for this preview any more."""


def play(preview_id: str, previews: Previews, database: Database, clock: Clock, zone: tzinfo) -> State:
    """Play one preview to its end, and write down how far it is all the while; returns how it ended. Raises NotFound."""
    preview = previews.find(preview_id)
    if preview.state is not State.WAITING:
        return preview.state
    preview = replace(preview, state=State.WORKING, of=ROUNDS)
    try:
        ended = _played(preview, previews, database, clock, zone)
    except _Replaced:
        return State.REPLACED
    except HaloError as problem:
        _log.warning("preview_failed", why=problem.code)
        ended = replace(preview, state=State.FAILED)
    except Exception:
        _log.exception("preview_failed")
        ended = replace(preview, state=State.FAILED)
    previews.keep(ended)
    return ended.state


def _played(preview: Preview, previews: Previews, database: Database, clock: Clock, zone: tzinfo) -> Preview:
    previews.keep(preview)
    policy, before = (read_policy(text, "policy").policy for text in (preview.text, preview.text_before))
    with database.reading() as session:
        past = replace(load_day(session, preview.day, zone, clock.now()), policy=before)
    if not past.day.calls:
        return replace(preview, state=State.EMPTY)

    def tell(done: int) -> None:
        if previews.find(preview.id).state is State.REPLACED:
            raise _Replaced
        previews.keep(replace(preview, done=done))

    found = what_if(past, ROUNDS, policy, tell=tell)
    callers = Counter(call.place.queue for call in past.day.calls)
    return replace(preview, state=State.DONE, done=ROUNDS, played=Played(dict(callers), len(past.day.duty), found))
