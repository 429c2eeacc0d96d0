"""What callers did in a flow, counted from their notes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.flow_file import shipped_flow
from ivr.flow_graph import Node, NodeKind, flow_graph, menu_node
from ivr.flow_traffic import FlowCall, How, Noted, by_version, traffic

FLOW = shipped_flow().flow
BEGAN = datetime(2025, 2, 3, 2, 0, tzinfo=UTC)


def call(how: How, *steps: tuple[str, str], version: int = 1, known: bool = True, length_s: float = 60.0) -> FlowCall:
    """A step every ten seconds."""
    noted = tuple(Noted(step, detail, BEGAN + timedelta(seconds=10 * number)) for number, (step, detail) in enumerate(steps, 1))
    return FlowCall(version, BEGAN, BEGAN + timedelta(seconds=max(length_s, 10 * len(steps))), how, known, noted)


def test_an_answered_call_passes_menu_and_service_and_is_contained_after_the_answer() -> None:
    found = traffic(FLOW, [call(How.CONTAINED, ("main_menu", "order_status"), ("after_order", "goodbye"))])
    service, after = Node(NodeKind.SERVICE, "order_status"), menu_node("after_order")
    assert found.at(menu_node("main_menu")).arrived == found.at(service).arrived == 1
    assert found.at(after).contained == 1
    assert found.at(service).contained == 0
    assert found.edges == {(menu_node("main_menu"), service): 1, (service, after): 1}
    assert found.share(How.CONTAINED) == 1


def test_who_leaves_without_an_answer_left_where_the_last_step_had_led() -> None:
    found = traffic(
        FLOW,
        [
            call(How.GONE, known=False),
            call(How.GONE),
            call(How.GONE, ("main_menu", "person")),
            call(How.GONE, ("main_menu", "order_status"), ("order_number", "order_not_found")),
        ],
    )
    assert found.at(menu_node("language")).gone == 1
    assert found.at(menu_node("main_menu")).gone == 1
    assert found.at(menu_node("people_menu")).gone == 1
    assert found.at(Node(NodeKind.SERVICE, "order_status")).gone == 1
    assert found.at(menu_node("people_menu")).gone_share == 1


def test_who_leaves_without_an_answer_left_the_menu_with_which_the_flow_began_for_them() -> None:
    closed = FlowCall(1, BEGAN, BEGAN + timedelta(seconds=9), How.GONE, True, begins="closed_menu")
    answered = Noted("language", "id", BEGAN + timedelta(seconds=4))
    asked = FlowCall(1, BEGAN, BEGAN + timedelta(seconds=9), How.GONE, False, (answered,), begins="closed_menu")
    elsewhere = FlowCall(1, BEGAN, BEGAN + timedelta(seconds=9), How.GONE, True, begins="a_menu_of_before")
    found = traffic(FLOW, [closed, asked, elsewhere])
    assert found.at(menu_node("closed_menu")).gone == 2
    assert found.edges[menu_node("language"), menu_node("closed_menu")] == 1
    assert found.at(menu_node("main_menu")).gone == 1


def test_misunderstandings_count_and_keep_the_caller_where_they_are() -> None:
    steps = [("main_menu", "not_understood"), ("main_menu", "no_input"), ("main_menu", "bill")]
    found = traffic(FLOW, [call(How.PERSON, *steps)])
    assert found.at(menu_node("main_menu")).missed == 2
    assert found.at(menu_node("main_menu")).arrived == 1
    assert found.at(menu_node("main_menu")).mean_s == 30
    assert found.at(Node(NodeKind.SERVICE, "bill")).to_person == 1


def test_versions_stand_apart_the_newest_first() -> None:
    calls = [call(How.CONTAINED, version=1), call(How.PERSON, version=2), call(How.PERSON, version=2)]
    apart = by_version(FLOW, calls)
    assert list(apart) == [2, 1]
    assert [found.calls for found in apart.values()] == [2, 1]


def test_nobody_has_no_shares() -> None:
    found = traffic(FLOW, [])
    assert found.share(How.GONE) is None
    assert found.mean_s is None
    assert found.at(menu_node("main_menu")).gone_share is None


_STEPS = st.sampled_from(
    [(name, choice.name) for name, menu in FLOW.menus.items() for choice in menu.choices]
    + [(name, "no_input") for name in FLOW.menus]
    + [("order_number", "found"), ("person", "no_input"), ("gone_menu", "x")]
)


@given(st.lists(st.tuples(st.sampled_from(How), st.lists(_STEPS, max_size=8), st.booleans()), max_size=8))
def test_whatever_callers_do_every_call_leaves_once_and_its_time_adds_up(made: list) -> None:
    calls = [call(how, *steps, known=known) for how, steps, known in made]
    found = traffic(FLOW, calls)
    nodes = found.nodes.values()
    assert sum(node.contained + node.promised + node.to_person + node.gone for node in nodes) == len(calls)
    assert abs(sum(node.time_s for node in nodes) - found.time_s) < 1e-6
    assert sum(node.arrived for node in nodes) == len(calls) + sum(found.edges.values())


def test_the_graph_holds_every_menu_service_and_queue_of_the_flow_once() -> None:
    graph = flow_graph(FLOW)
    assert len(set(graph.nodes)) == len(graph.nodes)
    assert {node.name for node in graph.nodes if node.kind is NodeKind.MENU} == set(FLOW.menus)
    wanted = {choice.queue for menu in FLOW.menus.values() for choice in menu.choices if choice.queue}
    assert {node.name for node in graph.nodes if node.kind is NodeKind.QUEUE} == wanted
    assert graph.nodes[0] == menu_node("language")
