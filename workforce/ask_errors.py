"""Why a shift can't change hands, or time off not be asked for, as it was wanted."""

from collections.abc import Sequence

from core.errors import HaloError
from workforce.roster_check.broken import BrokenRule
from workforce.rosters.problem import RosterProblem


class NotTheirShift(HaloError):
    """It is between others, or for those who may take it."""

    code = "shift_not_theirs"


class ShiftBegun(HaloError):
    """A shift that has begun stays whose it is."""

    code = "shift_begun"


class ShiftMoved(HaloError):
    """There is no such shift, or no more."""

    code = "shift_moved"


class ShiftHasTraining(HaloError):
    """A training is for the agent, not for the shift."""

    code = "shift_has_training"


class AskedAlready(HaloError):
    """An open ask is about the same shift or days already."""

    code = "asked_already"


class AskMoved(HaloError):
    """It was taken, decided or taken back meanwhile."""

    code = "ask_moved"


class BothWork(HaloError):
    """Whoever would take the shift works on that day."""

    code = "both_work"


class NoContract(HaloError):
    """Without a contract on record no rule can be checked."""

    code = "no_contract"


class TimeOffWrong(HaloError):
    """These days can't be asked for."""

    code = "time_off_wrong"


class RulesBroken(HaloError):
    """It would break hard rules that were kept before: `broken`, of the roster that `problem` tells about."""

    code = "rules_broken"

    def __init__(self, problem: RosterProblem, broken: Sequence[BrokenRule]) -> None:
        names = ", ".join(sorted({each.rule for each in broken}))
        super().__init__(f"This breaks: {names}.", "Choose another shift or colleague.")
        self.problem, self.broken = problem, tuple(broken)
