"""The picture of a flow: nodes in columns from left to right, ways between them. Geometry only."""

from dataclasses import dataclass
from math import log2

from agent_desktop.graph_picture import heat, lay_out, nearest_columns
from ivr.flow_graph import Graph, Node
from ivr.flow_traffic import FlowTraffic, NodeTraffic


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
    layout = lay_out(graph.nodes, graph.edges, nearest_columns(graph.nodes, graph.edges))
    boxes = tuple(
        Box(node, x, y, traffic.at(node), heat(traffic.at(node).gone_share)) for node, (x, y) in layout.at.items()
    )  # fmt: skip
    ways = dict.fromkeys([*graph.edges, *(way for way in traffic.edges if way[0] in layout.at and way[1] in layout.at)])
    lines = tuple(
        Line(layout.path(start, end), _width(traffic.edges[start, end]), traffic.edges[start, end], start, end)
        for start, end in ways
        if layout.column[end] > layout.column[start] or traffic.edges[start, end]
    )
    return FlowPicture(layout.width, layout.height, boxes, lines)


def _width(callers: int) -> float:
    return round(1 + 1.2 * log2(1 + callers), 1) if callers else 1.0
