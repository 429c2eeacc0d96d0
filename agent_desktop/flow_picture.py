"""The picture of a flow: nodes in columns from left to right, ways between them. Geometry only."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

from ivr.flow_graph import Graph, Node
from ivr.flow_traffic import FlowTraffic, NodeTraffic

NODE_WIDTH, NODE_HEIGHT = 168, 58
_COLUMN, _ROW, _MARGIN = 248, 82, 12
_HEAT_STEPS = (0.02, 0.05, 0.10, 0.20)  # of who arrives hangs up here: from each of these shares on, one step warmer


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place, its numbers, and how warm it is: 0 (nobody leaves) to 4."""

    node: Node
    x: float
    y: float
    numbers: NodeTraffic
    heat: int


@dataclass(frozen=True, slots=True)
class Line:
    """A way, as an SVG path, with how many callers took it."""

    path: str
    width: float
    callers: int
    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class FlowPicture:
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw_flow(graph: Graph, traffic: FlowTraffic) -> FlowPicture:
    """Place every node in the column of its distance from the start, in the order in which the flow names them.

    Ways of the flow are drawn whether anybody took them; a way back is drawn when somebody did.
    """
    column = _columns(graph)
    rows: dict[int, int] = {}
    at: dict[Node, tuple[float, float]] = {}
    for node in _ordered(graph, column):
        row = rows.get(column[node], 0)
        rows[column[node]] = row + 1
        at[node] = (_MARGIN + column[node] * _COLUMN, _MARGIN + row * _ROW)
    boxes = tuple(Box(node, *at[node], traffic.at(node), heat(traffic.at(node))) for node in at)
    ways = dict.fromkeys([*graph.edges, *(way for way in traffic.edges if way[0] in at and way[1] in at)])
    lines = tuple(
        Line(_path(at[start], at[end]), _width(traffic.edges[start, end]), traffic.edges[start, end], start, end)
        for start, end in ways
        if column[end] > column[start] or traffic.edges[start, end]
    )
    width = max(column.values(), default=0) * _COLUMN + NODE_WIDTH + 2 * _MARGIN
    height = max(rows.values(), default=1) * _ROW + 2 * _MARGIN
    return FlowPicture(width, height, boxes, lines)


def heat(numbers: NodeTraffic) -> int:
    """How warm a node is by its drop-off."""
    share = numbers.gone_share or 0.0
    return sum(share >= step for step in _HEAT_STEPS)


def _columns(graph: Graph) -> dict[Node, int]:
    """The shortest distance of each node from the first one."""
    column: dict[Node, int] = {}
    waiting = list(graph.nodes[:1])
    column |= dict.fromkeys(waiting, 0)
    while waiting:
        node = waiting.pop(0)
        for start, end in graph.edges:
            if start == node and end not in column:
                column[end] = column[node] + 1
                waiting.append(end)
    last = max(column.values(), default=0)
    return column | {node: last + 1 for node in graph.nodes if node not in column}


def _ordered(graph: Graph, column: Mapping[Node, int]) -> list[Node]:
    """Each column in the order of what leads to its nodes, so that few ways cross."""
    order: dict[Node, float] = {node: float(number) for number, node in enumerate(graph.nodes)}
    placed: list[Node] = []
    for number in sorted(set(column.values())):
        here = [node for node in graph.nodes if column[node] == number]
        from_left = {node: [order[start] for start, end in graph.edges if end == node and column[start] < number] for node in here}
        here.sort(key=lambda node: (sum(from_left[node]) / len(from_left[node]) if from_left[node] else order[node], order[node]))
        order |= {node: float(place) for place, node in enumerate(here)}
        placed += here
    return placed


def _path(start: tuple[float, float], end: tuple[float, float]) -> str:
    x1, y1 = start[0] + NODE_WIDTH, start[1] + NODE_HEIGHT / 2
    x2, y2 = end[0], end[1] + NODE_HEIGHT / 2
    if x2 > x1:
        middle = (x1 + x2) / 2
        return f"M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    x1, y1, y2 = start[0] + NODE_WIDTH / 2, start[1] + NODE_HEIGHT, end[1] + NODE_HEIGHT
    x2 = end[0] + NODE_WIDTH / 2 + (18 if start == end else 0)
    low = max(y1, y2) + 20
    return f"M{x1:.0f} {y1:.0f}C{x1:.0f} {low:.0f} {x2:.0f} {low:.0f} {x2:.0f} {y2:.0f}"


def _width(callers: int) -> float:
    return round(1 + 1.2 * log2(1 + callers), 1) if callers else 1.0
