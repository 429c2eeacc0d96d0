"""The policy in force, as every process finds it: the newest publication, or the one that Halo ships."""

import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.errors import HaloError
from core.log import get_log
from routing.policy import Policy
from routing.policy_file import read_policy, shipped_policy
from routing.policy_versions import PolicyPublication, id_in_force
from routing.wrap_up_rule import WrapUpEnds

_log = get_log(__name__)


class PolicyInForce:
    """Looks which publication is the newest (by index), and reads each only once.

    When the database does not answer, or holds what this release can't read, it goes on with the last one that it had.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._id: int | None = None
        self._policy = shipped_policy().policy
        self._lock = threading.Lock()

    def current(self) -> Policy:
        """The policy in force now: the same object until another one is. Never fails."""
        with self._lock:
            try:
                with self._database.reading() as session:
                    newest = id_in_force(session)
                    if newest is not None and newest != self._id:
                        content = session.get_one(PolicyPublication, newest).content
                        self._policy, self._id = read_policy(content, f"policy {newest}").policy, newest
            except (HaloError, SQLAlchemyError) as problem:
                _log.warning("policy_not_read", why=type(problem).__name__)
            return self._policy

    def last(self) -> Policy:
        """The policy that was in force when somebody last asked for the current one. Asks nobody."""
        return self._policy

    def wrap_up_ends(self, usual_s: float) -> WrapUpEnds:
        """When wrap-ups end by the policy that `last` gives, `usual_s` seconds where it does not say it."""
        return lambda queue, begun: self._policy.queue_or_fallback(queue).wrap_up.ends(begun, usual_s)


PolicySource = Callable[[], Policy]
"""Gives the policy in force."""
