"""When a queue overflows: so many wait, so long, nobody is there, or it closes soon; and what is done then."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from pydantic import BaseModel, Field, model_validator

from core.events import Event
from routing.needs_form import FORM, Name

_LONGEST_S = 86_400.0
_OVER_AT = 0.7  # of where it began: a queue that hovers there does not come and go


class Overflow(BaseModel):
    """While one of four things is so, whoever could serve the queue `also` may serve these callers too, from their first second
    on, and `offer_callback` offers who comes to be called back."""

    model_config = FORM

    waiting: int | None = Field(default=None, ge=1, le=100_000, strict=True)
    expected_wait_s: float | None = Field(default=None, gt=0, le=_LONGEST_S)
    unstaffed: bool = Field(default=False, strict=True)
    closes_within_s: float | None = Field(default=None, gt=0, le=_LONGEST_S)
    also: Name | None = None
    offer_callback: bool = Field(default=False, strict=True)

    @model_validator(mode="after")
    def _says_when_and_what(self) -> Self:
        if (
            sum(each is not None for each in (self.waiting, self.expected_wait_s, self.unstaffed or None, self.closes_within_s))
            != 1
        ):
            raise ValueError("one thing that makes it overflow")
        if not (self.also or self.offer_callback):
            raise ValueError("an overflow that does nothing")
        return self

    @property
    def why(self) -> str:
        """What makes it overflow, as a name: waiting, expected_wait, unstaffed or closing."""
        if self.waiting is not None:
            return "waiting"
        if self.expected_wait_s is not None:
            return "expected_wait"
        return "unstaffed" if self.unstaffed else "closing"

    def is_on(self, now: "QueueNow", was_on: bool) -> bool:
        """Whether it is so now. What has begun goes on until it is well below where it began."""
        share = _OVER_AT if was_on else 1.0
        if self.waiting is not None:
            return now.waiting >= self.waiting * share
        if self.expected_wait_s is not None:
            return now.staffed and (now.expected_s is None or now.expected_s >= self.expected_wait_s * share)
        if self.unstaffed:
            return not now.staffed
        assert self.closes_within_s is not None
        return now.closes_in_s is not None and now.closes_in_s <= self.closes_within_s


@dataclass(frozen=True, slots=True)
class QueueNow:
    """A queue at this moment: `waiting` in line, `expected_s` the wait of who would come (None: nobody is there for it right now),
    `staffed` whether anybody on duty could serve it, `closes_in_s` seconds until it closes (None: it does not)."""

    waiting: int
    expected_s: float | None
    staffed: bool
    closes_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class Overflowing:
    """What is done for a queue now: `also` whose agents help, and why; nothing, when it does not overflow."""

    also: tuple[str, ...] = ()
    offer_callback: bool = False
    why: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.why)

    def to_json(self) -> str:
        """A short line."""
        return json.dumps([self.also, self.offer_callback, self.why], separators=(",", ":"))

    @classmethod
    def of(cls, event: Event) -> "Overflowing":
        """What an event QUEUE_OVERFLOWS tells."""
        return cls(tuple(event.data["also"]), bool(event.data["offer_callback"]), tuple(event.data["why"]))

    @classmethod
    def from_json(cls, text: str) -> "Overflowing":
        """What `to_json` wrote. Raises ValueError on anything else."""
        try:
            also, offer_callback, why = json.loads(text)
            return cls(tuple(map(str, also)), bool(offer_callback), tuple(map(str, why)))
        except TypeError as problem:
            raise ValueError(f"not what is done for a queue: {problem}") from None


_NOTED = frozenset({-1})  # by rules that are not known


@dataclass(slots=True)
class Overflows:
    """What overflows, by queue: looked at again and again, it tells what has changed."""

    _on: dict[str, frozenset[int]] = field(default_factory=dict)

    def begin(self, noted: Iterable[str]) -> None:
        """These queues are noted to overflow, for whatever reason: what is done for them is told whether it has changed or not."""
        self._on = dict.fromkeys(noted, _NOTED)

    def look(self, rules: Mapping[str, Sequence[Overflow]], queues: Mapping[str, QueueNow]) -> dict[str, Overflowing]:
        """The queues for which something else is done than before, with what that is."""
        changed = {queue: Overflowing() for queue in self._on if queue not in queues}
        for queue in changed:
            del self._on[queue]
        for queue, now in queues.items():
            own = rules.get(queue, ())
            before = self._on.get(queue, frozenset())
            found = frozenset(number for number, rule in enumerate(own) if rule.is_on(now, number in before))
            if found != before:
                self._on[queue] = found
                changed[queue] = _done([own[number] for number in sorted(found)])
        return changed


def _done(rules: Sequence[Overflow]) -> Overflowing:
    also = tuple(dict.fromkeys(rule.also for rule in rules if rule.also))
    why = tuple(dict.fromkeys(rule.why for rule in rules))
    return Overflowing(also, any(rule.offer_callback for rule in rules), why)
