"""Where the nodes of a picture stand, in columns from left to right, and the curves between them. Geometry only."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

NODE_WIDTH, NODE_HEIGHT = 168, 58
_COLUMN, _ROW, _MARGIN = 248, 82, 12
_HEAT_STEPS = (0.02, 0.05, 0.10, 0.20)  # from each of these shares on, one step warmer

_Node = TypeVar("_Node", bound=Hashable)
Edges = Sequence[tuple[_Node, _Node]]


@dataclass(frozen=True, slots=True)
class Layout(Generic[_Node]):
    """The upper left corner of each node, its column, and the size of the whole."""

    at: Mapping[_Node, tuple[float, float]]
    column: Mapping[_Node, int]
    width: float
    height: float

    def path(self, start: _Node, end: _Node) -> str:
        """The way from one node to another, as an SVG path."""
        return _path(self.at[start], self.at[end])


def nearest_columns(nodes: Sequence[_Node], edges: Edges[_Node]) -> dict[_Node, int]:
    """The shortest distance of each node from the first one; those that nothing leads to stand behind the last column."""
    column: dict[_Node, int] = {}
    waiting = list(nodes[:1])
    column |= dict.fromkeys(waiting, 0)
    while waiting:
        node = waiting.pop(0)
        for start, end in edges:
            if start == node and end not in column:
                column[end] = column[node] + 1
                waiting.append(end)
    last = max(column.values(), default=0)
    return column | {node: last + 1 for node in nodes if node not in column}


def furthest_columns(nodes: Sequence[_Node], edges: Edges[_Node]) -> dict[_Node, int]:
    """The longest distance of each node from a beginning, so that every way leads to the right; with a circle the shortest."""
    column = dict.fromkeys(nodes, 0)
    for _round in nodes:
        further = {node: max((column[start] + 1 for start, end in edges if end == node), default=0) for node in nodes}
        if further == column:
            return column
        column = further
    return nearest_columns(nodes, edges)


def lay_out(nodes: Sequence[_Node], edges: Edges[_Node], column: Mapping[_Node, int]) -> Layout[_Node]:
    """Place every node in its column, in an order in which few ways cross."""
    rows: dict[int, int] = {}
    at: dict[_Node, tuple[float, float]] = {}
    for node in _ordered(nodes, edges, column):
        row = rows.get(column[node], 0)
        rows[column[node]] = row + 1
        at[node] = (_MARGIN + column[node] * _COLUMN, _MARGIN + row * _ROW)
    width = max(column.values(), default=0) * _COLUMN + NODE_WIDTH + 2 * _MARGIN
    return Layout(at, column, width, max(rows.values(), default=1) * _ROW + 2 * _MARGIN)


def heat(share: float | None) -> int:
    """How warm a node is by the share of those who leave there: 0 (hardly anybody) to 4."""
    return sum((share or 0.0) >= step for step in _HEAT_STEPS)


def _ordered(nodes: Sequence[_Node], edges: Edges[_Node], column: Mapping[_Node, int]) -> list[_Node]:
    """Each column in the order of what leads to its nodes."""
    order: dict[_Node, float] = {node: float(number) for number, node in enumerate(nodes)}
    placed: list[_Node] = []
    for number in sorted(set(column.values())):
        here = [node for node in nodes if column[node] == number]
        from_left = {node: [order[start] for start, end in edges if end == node and column[start] < number] for node in here}
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
