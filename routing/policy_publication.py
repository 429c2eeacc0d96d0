"""Puts a policy in force: checked first, then kept, and only then told to everybody."""

from collections.abc import Callable

from core.clock import Clock
from core.database import Database
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log
from core.problem import Faults
from routing.policy_check import Surroundings, policy_problems
from routing.policy_file import PolicyText, read_policy
from routing.policy_versions import PolicyPublication, bring_back, in_force, policy_of, put_in_force

LookAround = Callable[[], Surroundings]
_log = get_log(__name__)


class PolicyOvertaken(HaloError):
    """Another policy came into force since the one that somebody had before them."""

    code = "policy_overtaken"


class PolicyPublisher:
    """Publishes and brings back. `look_around` tells what a policy must go with, `tell` reaches all processes.

    Who dies between keeping and telling, or can't tell, publishes the same once more: it stays in force and is told again.
    """

    def __init__(self, database: Database, clock: Clock, look_around: LookAround, tell: Callable[[Event], object]) -> None:
        self._database, self._clock, self._look_around, self._tell = database, clock, look_around, tell

    def publish(self, text: PolicyText, by: str, note: str = "", based_on: int | None = None) -> int:
        """Check a policy and put it in force for everybody who waits and who comes; returns its number.

        `based_on` is the number in force that its author knew of (0: none). Raises Faults that names every serious problem
        with its line, PolicyOvertaken when another one came into force since, that says something else.
        """
        return self._put(text, based_on, by, lambda session: put_in_force(session, text.text, self._clock.now(), by, note))

    def roll_back(self, number: int, by: str, based_on: int | None = None) -> int:
        """Put an earlier policy in force again, when it still goes with everything around; returns its number.

        Raises NotFound, and as `publish`.
        """
        with self._database.reading() as session:
            text = read_policy(policy_of(session, number).content, f"policy {number}")
        return self._put(text, based_on, by, lambda session: bring_back(session, number, self._clock.now(), by))

    def _put(self, text: PolicyText, based_on: int | None, by: str, put: Callable[..., PolicyPublication]) -> int:
        serious = [problem for problem in policy_problems(text, self._look_around()) if problem.serious]
        if serious:
            raise Faults(serious, "Nothing was published. Correct the policy and try again.")
        with self._database.writing() as session:
            current = in_force(session, lock=True)
            known = based_on is None or (current.number if current else 0) == based_on
            if not known and (current is None or current.content != text.text):
                raise PolicyOvertaken("Another policy came into force meanwhile.", "Look at what it changes, then publish again.")
            publication = put(session)
            number, how = publication.number, publication.how
            session.commit()
        _log.info("policy_in_force", number=number, how=how)
        self._tell(Event(EventKind.POLICY_PUBLISHED, self._clock.now(), data={"number": number, "how": str(how), "by": by}))
        return number
