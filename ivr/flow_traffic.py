"""What callers do in a flow: arrivals, answers, wishes for a person, hang-ups, misunderstandings and time at each node.

Pure: calls as they were noted go in, numbers come out. A step is noted when a menu was answered, so a caller
who leaves without an answer is counted where the step before had led.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from ivr.flow import Choice, Flow
from ivr.flow_graph import Node, NodeKind, menu_node
from ivr.reasons import Reason
from ivr.services.service import AFTER_TELL
from ivr.welcome import LANGUAGE_MENU

MISSED = frozenset({Reason.NO_INPUT.value, Reason.WRONG_INPUT.value, Reason.NOT_UNDERSTOOD.value})


class How(StrEnum):
    """How a call left the flow. PROMISED: with a call-back, which is a person's work still to be done."""

    CONTAINED = "contained"
    PROMISED = "promised"
    PERSON = "person"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Noted:
    """One step of a call as it was noted: the menu (or number), the choice or what went wrong, and when."""

    step: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FlowCall:
    """One call through a flow, from `began` to `left`. `language_known`: the language was not asked for. `begins` is the menu with
    which the flow began for this caller, "" when it is not on record: they left before, or the record is an old one."""

    version: int
    began: datetime
    left: datetime
    how: How
    language_known: bool
    steps: tuple[Noted, ...] = ()
    begins: str = ""


@dataclass(slots=True)
class NodeTraffic:
    """What happened at one node. Shares are of arrivals, None while nobody came."""

    arrived: int = 0
    contained: int = 0
    promised: int = 0
    to_person: int = 0
    gone: int = 0
    missed: int = 0
    time_s: float = 0.0

    @property
    def mean_s(self) -> float | None:
        return self.time_s / self.arrived if self.arrived else None

    @property
    def gone_share(self) -> float | None:
        return self.gone / self.arrived if self.arrived else None


@dataclass(slots=True)
class FlowTraffic:
    """All calls together: by node, by way, and in sum."""

    calls: int = 0
    how: Counter[How] = field(default_factory=Counter)
    time_s: float = 0.0
    nodes: dict[Node, NodeTraffic] = field(default_factory=dict)
    edges: Counter[tuple[Node, Node]] = field(default_factory=Counter)

    def at(self, node: Node) -> NodeTraffic:
        """The numbers of a node; zeros for one where nobody came."""
        return self.nodes.get(node) or NodeTraffic()

    def share(self, how: How) -> float | None:
        """The share of calls that left so."""
        return self.how[how] / self.calls if self.calls else None

    @property
    def mean_s(self) -> float | None:
        return self.time_s / self.calls if self.calls else None


def traffic(flow: Flow, calls: Iterable[FlowCall]) -> FlowTraffic:
    """Count the calls on the nodes of this flow. What a call did at menus that the flow does not have is left out."""
    found = FlowTraffic()
    for call in calls:
        found.calls += 1
        found.how[call.how] += 1
        found.time_s += (call.left - call.began).total_seconds()
        _follow(found, flow, call)
    return found


def by_version(flow: Flow, calls: Iterable[FlowCall]) -> Mapping[int, FlowTraffic]:
    """The traffic of each version apart, the newest first."""
    apart: dict[int, list[FlowCall]] = {}
    for call in calls:
        apart.setdefault(call.version, []).append(call)
    return {version: traffic(flow, apart[version]) for version in sorted(apart, reverse=True)}


def by_day(flow: Flow, calls: Iterable[FlowCall], zone: ZoneInfo) -> Mapping[date, FlowTraffic]:
    """The traffic of each day apart, by the day in this zone on which the calls began, the newest first."""
    apart: dict[date, list[FlowCall]] = {}
    for call in calls:
        apart.setdefault(call.began.astimezone(zone).date(), []).append(call)
    return {day: traffic(flow, apart[day]) for day in sorted(apart, reverse=True)}


def _follow(found: FlowTraffic, flow: Flow, call: FlowCall) -> None:
    place = _first_place(flow, call)
    since = call.began
    _arrive(found, place)
    for step in call.steps:
        if step.step not in flow.menus:
            continue  # a number that a service asked for, or the hand-over itself
        asked = menu_node(step.step)
        if asked != place:
            place = _go(found, place, asked)
        stats = found.nodes[place]
        stats.time_s += (step.at - since).total_seconds()
        since = step.at
        if step.detail in MISSED:
            stats.missed += 1
            continue
        choice = flow.menus[step.step].choice(step.detail)
        led = _leads(choice) if choice is not None else None
        if step.step == LANGUAGE_MENU and choice is not None:
            led = _first_menu(flow, call)
        if led is not None:
            place = _go(found, place, led)
    found.nodes[place].time_s += (call.left - since).total_seconds()
    _leave(found.nodes[place], call.how)


def _first_place(flow: Flow, call: FlowCall) -> Node:
    if call.steps and call.steps[0].step in flow.menus:
        return menu_node(call.steps[0].step)
    return _first_menu(flow, call) if call.language_known else menu_node(LANGUAGE_MENU)


def _first_menu(flow: Flow, call: FlowCall) -> Node:
    """By dialled number, segment and hours it may be another one for each caller; without a record, that of most."""
    return menu_node(call.begins if call.begins in flow.menus else flow.entries[-1].menu)


def _leads(choice: Choice) -> Node | None:
    if choice.menu:
        return menu_node(choice.menu)
    if choice.does:
        return Node(NodeKind.SERVICE, choice.does)
    if choice.queue:
        return Node(NodeKind.QUEUE, choice.queue)
    return menu_node(AFTER_TELL) if choice.tell else None


def _go(found: FlowTraffic, start: Node, end: Node) -> Node:
    found.edges[start, end] += 1
    _arrive(found, end)
    return end


def _arrive(found: FlowTraffic, node: Node) -> None:
    found.nodes.setdefault(node, NodeTraffic()).arrived += 1


def _leave(stats: NodeTraffic, how: How) -> None:
    match how:
        case How.CONTAINED:
            stats.contained += 1
        case How.PROMISED:
            stats.promised += 1
        case How.PERSON:
            stats.to_person += 1
        case How.GONE:
            stats.gone += 1
