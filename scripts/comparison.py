"""Two versions of a script beside each other: what came of their calls, with what lies between them. Pure statistics.

The formulas are those of core.two_groups: Wilson's interval for a share, Newcombe's for the difference of two, Welch's for the
difference of two mean times; each at 95 %, so that of twenty lines in which nothing differs one looks clear by chance.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from statistics import mean

from core.two_groups import Interval, difference, mean_difference, share
from scripts.trial_calls import TrialCall

LEAST_CALLS = 30
"""Of each version, before anything is said of a difference: with fewer, one call moves a share by more than three points."""


class What(StrEnum):
    """What is compared. OUTCOME: a disposition; LEFT: calls that stood on this page last, without an end; TIME: mean seconds."""

    FINISHED = "finished"
    OFFER = "offer"
    OUTCOME = "outcome"
    LEFT = "left"
    TIME = "time"


class Verdict(StrEnum):
    """TOO_FEW calls to tell; UNCLEAR: the interval holds zero; else the tried version has MORE, or LESS, beyond chance."""

    TOO_FEW = "too_few"
    UNCLEAR = "unclear"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing compared: shares from 0 to 1, of TIME mean seconds. `name` is a disposition or a page.

    `gain` is the tried version less the usual one. `needed`: as many calls of each would do, were the difference what it is now;
    None where it is clear, or nothing can be said.
    """

    what: What
    name: str
    usual: float | None
    tried: float | None
    gain: Interval | None
    verdict: Verdict
    needed: int | None


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the two versions: the calls that got it, and how many of them are over."""

    number: int
    calls: int
    over: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both versions, and everything that is compared; of dispositions and pages the most frequent first."""

    usual: Arm
    tried: Arm
    lines: tuple[Line, ...]

    @property
    def enough(self) -> bool:
        """Whether there are calls enough to say anything."""
        return min(self.usual.over, self.tried.over) >= LEAST_CALLS


def compare(calls: Sequence[TrialCall], usual: int, tried: int) -> Comparison:
    """The two versions beside each other; only calls that are over are compared."""
    over = [call for call in calls if call.is_over]
    groups = [[call for call in over if call.version == number] for number in (usual, tried)]
    counts = Counter(call.version for call in calls)
    arms = [Arm(number, counts[number], len(group)) for number, group in zip((usual, tried), groups, strict=True)]
    outcomes = _most_first(call.outcome for call in over)
    pages = _most_first(call.left_on for call in over if not call.finished)
    lines = [_shares(groups, What.FINISHED, "", lambda call: call.finished)]
    if any(call.accepted for call in over):
        lines.append(_shares(groups, What.OFFER, "", lambda call: call.accepted))
    lines += [_shares(groups, What.OUTCOME, name, _has_outcome(name)) for name in outcomes]
    lines += [_shares(groups, What.LEFT, name, _left_on(name)) for name in pages]
    return Comparison(arms[0], arms[1], (*lines, _times(groups)))


def _has_outcome(name: str) -> Callable[[TrialCall], bool]:
    return lambda call: call.outcome == name


def _left_on(page: str) -> Callable[[TrialCall], bool]:
    return lambda call: not call.finished and call.left_on == page


def _shares(groups: Sequence[Sequence[TrialCall]], what: What, name: str, counts: Callable[[TrialCall], bool]) -> Line:
    usual, tried = (share(sum(map(counts, group)), len(group)) for group in groups)
    values = usual.value if usual else None, tried.value if tried else None
    return _line(what, name, values, difference(tried, usual), min(map(len, groups)))


def _times(groups: Sequence[Sequence[TrialCall]]) -> Line:
    usual, tried = ([call.time_s for call in group if call.time_s is not None] for group in groups)
    means = mean(usual) if usual else None, mean(tried) if tried else None
    return _line(What.TIME, "", means, mean_difference(tried, usual), min(len(usual), len(tried)))


def _line(what: What, name: str, values: tuple[float | None, float | None], gain: Interval | None, calls: int) -> Line:
    """`values` of the usual version and of the tried one; `calls` of the version that has fewer."""
    verdict = _verdict(gain, calls)
    return Line(what, name, *values, gain, verdict, _needed(gain, calls) if verdict is not Verdict.TOO_FEW else None)


def _verdict(gain: Interval | None, calls: int) -> Verdict:
    if gain is None or calls < LEAST_CALLS:
        return Verdict.TOO_FEW
    if not gain.is_clear:
        return Verdict.UNCLEAR
    return Verdict.MORE if gain.value > 0 else Verdict.LESS


def _needed(gain: Interval | None, calls: int) -> int | None:
    """An interval narrows with the root of the number of calls: where it would only just leave zero out."""
    if gain is None or gain.is_clear or gain.value == 0:
        return None
    to_zero = gain.value - gain.low if gain.value > 0 else gain.high - gain.value
    return ceil(calls * (to_zero / gain.value) ** 2)


def _most_first(names: Iterable[str]) -> list[str]:
    counts = Counter(names)
    return sorted(counts, key=lambda name: (-counts[name], name))
