"""How a flow ends. A hang-up is one of the ways, not an error."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RouteTo:
    """A person is wanted: the caller goes to `queue`. `reason` is a code of ivr.reasons, for the agent's screen; `postcode`
    what the caller typed of where they are, "" when no flow asked."""

    queue: str
    reason: str
    language: str
    customer_id: int | None = None
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Contained:
    """Settled in the IVR: the caller has heard what they wanted and a goodbye."""

    reason: str


@dataclass(frozen=True, slots=True)
class CallBack:
    """The caller was promised to be called back by somebody of `queue`; the promise is kept already."""

    queue: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallerGone:
    """The caller hung up. `heard` is the reason of the last answer they heard to its end, "" when they heard none.

    Callers are invited to simply hang up after an answer, so one with `heard` set was helped, not lost.
    """

    heard: str = ""


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """We could not help, and the caller has heard so: nobody is there, or they were to leave a message and said nothing.

    `reason` is what they had asked for.
    """

    reason: str


Outcome = RouteTo | Contained | CallBack | CallerGone | TurnedAway
