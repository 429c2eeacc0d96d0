"""The parts of a flow as people call them."""

from agent_desktop.languages import language_here
from agent_desktop.services import services
from ivr.flow_graph import Node, NodeKind
from ivr.reasons import reason_in
from ivr.steps import step_in


def queue_name(name: str) -> str:
    """A queue by its label."""
    known = {queue.name: queue.label_in(language_here()) for queue in services().policy().queues}
    return known.get(name, name)


def site_name(name: str) -> str:
    """A site by its label."""
    site = services().policy().site(name)
    return site.label.in_language(language_here()) if site is not None else name


def name_of_node(node: Node) -> str:
    """The node in words."""
    if node.kind is NodeKind.QUEUE:
        return queue_name(node.name)
    words = reason_in(language_here(), node.name) if node.kind is NodeKind.SERVICE else step_in(language_here(), node.name)
    return words if words != node.name else node.name.replace("_", " ").capitalize()
