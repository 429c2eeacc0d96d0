"""What each caller may expect, as a moment that comes nearer: it moves back only when something happened."""

import json
from dataclasses import dataclass
from enum import StrEnum

from routing.expected_wait import Wait

_TELL_S, _TELL_SHARE = 15.0, 0.2


class Cause(StrEnum):
    """Why a wait is expected to end when it is."""

    FIRST = "first"  # it is the first that is known
    SOONER = "sooner"
    AGENTS = "agents"  # fewer agents are there who can serve them
    LINE = "line"  # somebody stands before them who did not
    POLICY = "policy"  # the rules have changed


@dataclass(frozen=True, slots=True)
class Expectation:
    """Moments in seconds of the clock: answered at `due_s`, not before `low_s` nor after `high_s` four times in five.

    `told_s` is the moment told last, `able` how many agents were there who could serve them.
    """

    due_s: float
    low_s: float
    high_s: float
    able: int
    told_s: float
    cause: Cause = Cause.FIRST

    def to_json(self) -> str:
        """A short line."""
        moments = [round(moment, 1) for moment in (self.due_s, self.low_s, self.high_s)]
        return json.dumps([*moments, self.able, round(self.told_s, 1), self.cause.value], separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Expectation":
        """What `to_json` wrote. Raises ValueError on anything else."""
        try:
            due_s, low_s, high_s, able, told_s, cause = json.loads(text)
            return cls(float(due_s), float(low_s), float(high_s), int(able), float(told_s), Cause(cause))
        except (TypeError, KeyError) as problem:
            raise ValueError(f"not what may be expected: {problem}") from None

    def wait_s(self, now_s: float) -> tuple[float, float, float]:
        """Seconds from now on: expected, low, high; 0 for what is over."""
        return max(0.0, self.due_s - now_s), max(0.0, self.low_s - now_s), max(0.0, self.high_s - now_s)


def next_expectation(before: Expectation | None, wait: Wait, now_s: float, overtaken: bool, new_rules: bool) -> Expectation:
    """What may be expected from now on. `overtaken`: somebody came before them since."""
    due_s, low_s, high_s = now_s + wait.expected_s, now_s + wait.low_s, now_s + wait.high_s
    if before is None:
        return Expectation(due_s, low_s, high_s, wait.able, due_s)
    reason = _reason(before, wait, overtaken, new_rules)
    if reason is None:
        due_s, low_s, high_s = min(due_s, before.due_s), min(low_s, before.low_s), min(high_s, before.high_s)
    cause = Cause.SOONER if due_s < before.due_s else reason or before.cause
    high_s, low_s = max(high_s, due_s), min(low_s, due_s)
    told_s = before.told_s
    if abs(due_s - told_s) > max(_TELL_S, _TELL_SHARE * max(0.0, told_s - now_s)):
        told_s = due_s
    return Expectation(due_s, low_s, high_s, wait.able, told_s, cause)


def _reason(before: Expectation, wait: Wait, overtaken: bool, new_rules: bool) -> Cause | None:
    """What happened that may make the wait longer; None: nothing did."""
    if new_rules:
        return Cause.POLICY
    if overtaken:
        return Cause.LINE
    return Cause.AGENTS if wait.able < before.able else None
