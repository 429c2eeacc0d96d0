"""A flow as a graph for people: menus, services and queues, and where each choice leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivr.flow import Flow
from ivr.services import SERVICES
from ivr.services.service import AFTER_TELL, Service
from ivr.welcome import LANGUAGE_MENU


class NodeKind(StrEnum):
    MENU = "menu"
    SERVICE = "service"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A menu, a service or a queue of this name."""

    kind: NodeKind
    name: str

    @property
    def id(self) -> str:
        """One word that names it in a page."""
        return f"{self.kind}-{self.name}"


@dataclass(frozen=True, slots=True)
class Graph:
    """Every node once, the first ones first, and the ways between them in the order of the flow."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[Node, Node], ...]


def menu_node(name: str) -> Node:
    return Node(NodeKind.MENU, name)


def flow_graph(flow: Flow, services: Mapping[str, Service] = SERVICES) -> Graph:
    """The graph of a flow, from the language on."""
    edges = list(dict.fromkeys(_edges(flow, services)))
    nodes = dict.fromkeys([menu_node(LANGUAGE_MENU), *(node for edge in edges for node in edge)])
    return Graph(tuple(nodes), tuple(edges))


def _edges(flow: Flow, services: Mapping[str, Service]) -> Iterator[tuple[Node, Node]]:
    first = dict.fromkeys([entry.menu for entry in flow.entries] + ([flow.closed] if flow.closed else []))
    for name in first:
        if name in flow.menus:
            yield menu_node(LANGUAGE_MENU), menu_node(name)
    for name, menu in flow.menus.items():
        here = menu_node(name)
        for choice in menu.choices:
            if choice.menu:
                yield here, menu_node(choice.menu)
            elif choice.queue:
                yield here, Node(NodeKind.QUEUE, choice.queue)
            elif choice.tell:
                yield here, menu_node(AFTER_TELL)
            elif choice.does:
                service = Node(NodeKind.SERVICE, choice.does)
                yield here, service
                if choice.does in services:
                    yield from ((service, menu_node(asked)) for asked in sorted(services[choice.does].menus))
    if flow.queue_closed in flow.menus:
        yield from ((Node(NodeKind.QUEUE, queue), menu_node(str(flow.queue_closed))) for queue in flow.queues)
