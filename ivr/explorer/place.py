"""Where a running flow stands, so that two calls that stand at the same place need not both be followed.

A flow is plain Python, so its place is its stack: which line of which function, and what these know. Two calls with equal
stacks go on alike, whatever lies behind them. Left out is only what no flow goes by:

- what is spoken and what was heard (`Prompt`, `Answer`, `Heard`, `Recording`), and why something failed (`Reason`): these become
  words, notes, and the reason that an agent reads;
- what no line will read any more (ivr.explorer.liveness);
- what is the same in all calls (the flow, its version, grammars), and sets and mappings, which are made on the spot from
  what is kept;
- of the visit: what the agent is told (`subject`, `queue`, `heard`); how many menus there were (a brake of its own, taken off
  here so that it hides no loop); and what this call wrote into the records. That a customer has paid, booked or
  opened something is walked with customers who had before, and where a service keeps it in hand.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, time
from enum import Enum
from types import FrameType
from typing import Any, TypeVar

from crm.payment.cards import CardNumber, SecurityCode
from ivr.explorer.liveness import live_names
from ivr.explorer.records import Remembered
from ivr.flow import Flow
from ivr.flow_version import FlowVersion
from ivr.line import Grammar, Heard, Prompt, Recording
from ivr.menu import Ears, Menu
from ivr.number_entry import NumberEntry
from ivr.reasons import Reason
from ivr.telling import Answer
from ivr.visit import GENERAL_QUEUE, Chosen, Visit

_Found = TypeVar("_Found")
_OURS = "ivr.explorer."
# What the agent is told, as in the visit; and how often a question was repeated on request: it is the same question, and that
# it is not for ever is the menu's own rule.
_NAMES_OF_NO_BEARING = frozenset({"subject", "queue", "reason", "repeats"})
_OF_NO_BEARING = (Visit, Prompt, Answer, Heard, Reason, Grammar, Recording, FlowVersion, Flow, Mapping, set, frozenset)


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a flow. `name` is for people: the menu or the number that is asked."""

    stack: tuple[Hashable, ...]
    name: str
    _hash: int = field(init=False, repr=False, compare=False)  # once: a place is looked up many times

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.stack, self.name)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Stack:
    """The functions of a flow that are at work, the innermost first; those of the explorer are none of it."""

    frames: tuple[FrameType, ...]

    def asked(self) -> Menu | NumberEntry | None:
        """The question that is put just now."""
        return next((found for found in self._selves() if isinstance(found, Menu | NumberEntry)), None)

    def service(self) -> str:
        """The service at work; "" for none."""
        return next((str(found.name) for found in self._selves() if type(found).__module__.startswith("ivr.services.")), "")

    def place(self, name: str, *beside: Hashable) -> Place:
        """Where this stands, under this name; `beside` is what else makes a difference."""
        values = (value for frame in reversed(self.frames) for value in frame.f_locals.values())
        visit = next((_known_of_visit(value) for value in values if isinstance(value, Visit)), None)
        return Place((*beside, visit, *(part for frame in self.frames for part in _part(frame))), name)

    def code(self) -> Place:
        """Where in the code this stands, whatever it knows."""
        return Place(tuple((frame.f_code.co_qualname, frame.f_lasti) for frame in self.frames), "")

    def _selves(self) -> Iterator[Any]:
        return (frame.f_locals.get("self") for frame in self.frames)


def watched(work: Callable[[], _Found]) -> _Found:
    """Runs a flow: what is at work in here is its stack."""
    return work()


def stack_above(frame: FrameType | None) -> Stack:
    """The functions of the flow that is watched, as far out as the explorer began it."""
    found: list[FrameType] = []
    while frame is not None and frame.f_code is not watched.__code__:
        if not str(frame.f_globals.get("__name__")).startswith(_OURS):
            found.append(frame)
        frame = frame.f_back
    return Stack(tuple(found))


def _part(frame: FrameType) -> Iterator[Hashable]:
    yield frame.f_code.co_qualname
    yield frame.f_lasti
    live = live_names(frame.f_code, frame.f_lasti)
    for name, value in frame.f_locals.items():
        known = _known(value) if name in live and name not in _NAMES_OF_NO_BEARING else None
        if known is not None:
            yield name, known


def _known(value: Any) -> Hashable:
    """A value as far as it says where a flow stands; None when it says nothing."""
    if value is None or isinstance(value, _OF_NO_BEARING):
        return None
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool | int | float | str | date | time):
        return value
    if isinstance(value, Menu):
        return value.name, value.languages, value.holds
    if isinstance(value, NumberEntry):
        return value.question, value.language
    if isinstance(value, Ears):
        return value.misheard
    if isinstance(value, CardNumber | SecurityCode):
        return value.reveal()
    if isinstance(value, Chosen):
        return _where_to(value)
    if isinstance(value, list | tuple):
        return tuple(_known(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, *(_known(getattr(value, each.name)) for each in fields(value))
    return None


def _known_of_visit(visit: Visit) -> Hashable:
    """Who calls and how it stands with them."""
    failed = isinstance(visit.records, Remembered) and visit.records.failed
    call = visit.line.call
    first = visit.version.flow.first_menu(call.dnis, visit.segment, visit.is_open)
    closed = tuple(queue for queue in (GENERAL_QUEUE, *visit.version.flow.queues) if not visit.has_people(queue))
    known = visit.language, visit.customer_id, visit.proved, visit.order, visit.holds
    return *known, visit.is_open, closed, failed, first, bool(call.ani)


def _where_to(chosen: Chosen) -> Hashable:
    """Where a choice leads is what counts, not the menu in which it was made."""
    choice = chosen.choice
    return choice.does or choice.menu or choice.queue or (choice.name, chosen.menu if choice.tell else "")
