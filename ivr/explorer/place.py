"""Where a running flow stands, so that two calls that stand at the same place need not both be followed.

A flow is plain Python, so its place is its stack: which line of which function, and what these know. What a call
has behind it without any bearing on what may come (the answers heard, how many menus there were) is left out.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from enum import Enum
from types import CodeType, FrameType
from typing import Any

from ivr.explorer.records import Remembered
from ivr.flow import Flow
from ivr.flow_version import FlowVersion
from ivr.line import Grammar, Heard, Prompt, Recording
from ivr.menu import Menu
from ivr.number_entry import NumberQuestion
from ivr.reasons import Reason
from ivr.runner import run
from ivr.visit import Visit

# What a menu bounds by itself (how often a question was repeated on request), and what is overwritten before it is read.
_NAMES_OF_NO_BEARING = frozenset(
    {"repeats", "chosen", "wait_s", "most", "name", "step", "index", "windows", "window", "subject", "queue"}
)
_OF_NO_BEARING = (Prompt, Heard, Reason, Grammar, Recording, FlowVersion, Flow, Mapping, set, frozenset, BaseException)


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a flow. `name` is for people: the menu or the number that is asked."""

    stack: tuple[Hashable, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The functions of a flow that are at work, the innermost first."""

    frames: tuple[FrameType, ...]

    def menu(self) -> Menu | None:
        """The menu that asks just now: one whose own function called the line."""
        found = self.frames[0].f_locals.get("self")
        return found if isinstance(found, Menu) else None

    def last_menu(self) -> Menu | None:
        """The innermost menu."""
        return next((found for found in self._all("self") if isinstance(found, Menu)), None)

    def question(self) -> NumberQuestion | None:
        """The number that is asked for."""
        return next(
            (found for frame in self.frames for found in frame.f_locals.values() if isinstance(found, NumberQuestion)), None
        )

    def place(self, name: str) -> Place:
        """Where this stands, under this name."""
        return Place(tuple(part for frame in self.frames for part in _part(frame)), name)

    def service(self) -> str:
        """The service at work; "" for none."""
        return next((str(each.name) for each in self._all("self") if type(each).__module__.startswith("ivr.services.")), "")

    def code(self) -> Place:
        """Where in the code this stands, whatever it knows."""
        return Place(tuple((frame.f_code.co_qualname, frame.f_lasti) for frame in self.frames), "")

    def _all(self, name: str) -> Iterator[Any]:
        return (frame.f_locals.get(name) for frame in self.frames)


def stack_above(frame: FrameType | None) -> Stack:
    """The functions between a line's own `frame` and the runner of flows."""
    found: list[FrameType] = []
    outermost: CodeType = run.__code__
    while frame is not None and frame.f_code is not outermost:
        found.append(frame)
        frame = frame.f_back
    return Stack(tuple(found))


def _part(frame: FrameType) -> Iterator[Hashable]:
    yield frame.f_code.co_qualname
    yield frame.f_lasti
    for name, value in frame.f_locals.items():
        if name not in _NAMES_OF_NO_BEARING:
            known = _known(value)
            if known is not None:
                yield known


def _known(value: Any) -> Hashable:
    """A value as far as it says where a flow stands; None when it says nothing."""
    if value is None or isinstance(value, bool | int | float | str):
        return ("", value)
    if isinstance(value, _OF_NO_BEARING):
        return None
    if isinstance(value, Visit):
        failed = isinstance(value.records, Remembered) and value.records.failed
        return (
            value.language, value.customer_id is not None, value.proved is not None, value.segment, value.ears.misheard, failed,
        )  # fmt: skip
    if isinstance(value, Menu):
        return (value.name, value.languages)
    if isinstance(value, NumberQuestion):
        return value.name
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, list | tuple):
        return tuple(known for each in value if (known := _known(each)) is not None)
    if is_dataclass(value) and not isinstance(value, type) and getattr(type(value), "__dataclass_params__").frozen:  # noqa: B009
        return (type(value).__name__, str(getattr(value, "status", "")))  # facts that are read out: only their kind leads on
    return None
