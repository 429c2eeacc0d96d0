"""Figures for Prometheus, and whether this process is ready to take calls."""

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, ProcessCollector, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily, Metric

from cti.floor import Floor
from cti.leading import Leading
from cti.partitions import Partitions
from cti.talks.figures import TalkFigures


class FloorFigures:
    """Whether we assign callers, and if so, callers in line by queue and agents by state, read from the floor when asked for; and
    which partitions we lead."""

    def __init__(self, floor: Floor, leading: Leading, partitions: Partitions) -> None:
        self._floor, self._leading, self._partitions = floor, leading, partitions

    def collect(self) -> Iterable[Metric]:
        assigning = GaugeMetricFamily("halo_leading", "1 in the process that assigns callers", value=self._leading.is_assigning)
        led = GaugeMetricFamily("halo_leading_partition", "1 for each partition that this process leads", labels=["partition"])
        for name in self._partitions.led:
            led.add_metric([name], 1)
        if not self._leading.is_assigning:
            return [assigning, led]
        waiting = GaugeMetricFamily("halo_callers_waiting", "Callers in line", labels=["queue"])
        for queue, callers in Counter(place.queue for place in list(self._floor.line.values())).items():
            waiting.add_metric([queue], callers)
        agents = GaugeMetricFamily("halo_agents", "Agents by state", labels=["state"])
        for state, number in Counter(agent.state.value for agent in list(self._floor.agents.values())).items():
            agents.add_metric([state], number)
        return [assigning, led, waiting, agents]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Somebody asks every few seconds; that is no news."""


def serve_metrics(port: int, floor: Floor, leading: Leading, partitions: Partitions, talks: TalkFigures) -> WSGIServer:
    """Answer `/metrics` and `/ready` (200 when we lead and assign, or stand by, else 503) on loopback, in a thread of its own."""
    registry = CollectorRegistry()
    registry.register(FloorFigures(floor, leading, partitions))
    registry.register(talks)
    ProcessCollector(registry=registry)
    figures = make_wsgi_app(registry)

    def answer(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environment["PATH_INFO"] != "/ready":
            page: Iterable[bytes] = figures(environment, start_response)
            return page
        ready = leading.is_assigning or leading.stands_by
        start_response("200 OK" if ready else "503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"ready\n" if ready else b"not ready\n"]

    server = make_server("127.0.0.1", port, answer, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
