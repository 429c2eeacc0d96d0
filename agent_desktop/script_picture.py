"""The picture of a script: its pages in columns from left to right, with faults or with what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent_desktop.graph_picture import furthest_columns, heat, lay_out
from scripts.script_map import MapNode, MapWay, PageKind, ScriptMap
from scripts.script_report import PageReport


@dataclass(frozen=True, slots=True)
class PageBox:
    """A page with its place. `line` is where it begins in the text (0: not known), `faults` how many serious ones it has;
    `numbers` is None where nobody has read it; `heat` 0 (hardly anybody leaves it) to 4."""

    node: MapNode
    x: float
    y: float
    line: int
    faults: int
    numbers: PageReport | None
    heat: int


@dataclass(frozen=True, slots=True)
class WayLine:
    """All ways from one page to another, as one SVG path; `passed_over`: only pages that are not shown lead so."""

    path: str
    start: MapNode
    end: MapNode
    ways: tuple[MapWay, ...]
    passed_over: bool


@dataclass(frozen=True, slots=True)
class ScriptPicture:
    """Geometry and numbers of a whole script."""

    width: float
    height: float
    boxes: tuple[PageBox, ...]
    lines: tuple[WayLine, ...]


def draw_script(
    drawn: ScriptMap, lines: Mapping[str, int], faults: Mapping[str, int], numbers: Mapping[str, PageReport]
) -> ScriptPicture:
    """Place every page; `lines`, `faults` and `numbers` are by the page's name."""
    by_name = {node.page: node for node in drawn.nodes}
    between: dict[tuple[str, str], list[MapWay]] = {}
    for way in drawn.ways:
        between.setdefault((way.start, way.end), []).append(way)
    names, edges = list(by_name), list(between)
    layout = lay_out(names, edges, furthest_columns(names, edges))
    boxes = tuple(
        PageBox(
            by_name[name], x, y, lines.get(name, 0), faults.get(name, 0), numbers.get(name),
            heat(left_share(by_name[name], numbers.get(name))),
        )
        for name, (x, y) in layout.at.items()
    )  # fmt: skip
    ways = tuple(
        WayLine(layout.path(start, end), by_name[start], by_name[end], tuple(them), all(way.passed_over for way in them))
        for (start, end), them in between.items()
    )
    return ScriptPicture(layout.width, layout.height, boxes, ways)


def left_share(node: MapNode, numbers: PageReport | None) -> float | None:
    """The share of readings of a page with which the call left the script; None where it was never read, or is an end."""
    if numbers is None or not numbers.shown or node.kind is PageKind.END:
        return None
    return numbers.left_here / numbers.shown
