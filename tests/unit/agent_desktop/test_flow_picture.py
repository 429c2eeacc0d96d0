"""The picture of a flow: every node in a place of its own, warm where callers hang up."""

from itertools import combinations

from agent_desktop.flow_picture import draw_flow
from agent_desktop.graph_picture import NODE_HEIGHT, NODE_WIDTH, heat
from ivr.flow_file import shipped_flow
from ivr.flow_graph import flow_graph, menu_node
from ivr.flow_traffic import FlowTraffic, NodeTraffic

GRAPH = flow_graph(shipped_flow().flow)


def test_every_node_has_a_place_and_none_covers_another() -> None:
    picture = draw_flow(GRAPH, FlowTraffic())
    assert {box.node for box in picture.boxes} == set(GRAPH.nodes)
    for one, other in combinations(picture.boxes, 2):
        assert abs(one.x - other.x) >= NODE_WIDTH or abs(one.y - other.y) >= NODE_HEIGHT
    assert all(0 <= box.x <= picture.width - NODE_WIDTH and 0 <= box.y <= picture.height - NODE_HEIGHT for box in picture.boxes)


def test_a_way_leads_to_the_right_and_one_back_is_drawn_only_when_taken() -> None:
    at = {box.node: box.x for box in draw_flow(GRAPH, FlowTraffic()).boxes}
    assert all(at[line.end] > at[line.start] for line in draw_flow(GRAPH, FlowTraffic()).lines)
    taken = FlowTraffic()
    back = (menu_node("after_bill"), menu_node("main_menu"))
    taken.edges[back] = 7
    drawn = {(line.start, line.end): line for line in draw_flow(GRAPH, taken).lines}
    assert drawn[back].callers == 7
    assert drawn[back].width > min(line.width for line in drawn.values())


def test_a_node_is_the_warmer_the_more_of_its_callers_hang_up() -> None:
    warmth = [heat(NodeTraffic(arrived=100, gone=gone).gone_share) for gone in (0, 1, 2, 5, 10, 20, 100)]
    assert warmth == [0, 0, 1, 2, 3, 4, 4]
    assert heat(NodeTraffic().gone_share) == 0


def test_the_same_flow_looks_the_same() -> None:
    assert draw_flow(GRAPH, FlowTraffic()) == draw_flow(GRAPH, FlowTraffic())
