"""Prometheus figures of the desk process."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class DeskFigures:
    """Counters of one app, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "halo_desk_request_seconds", "Time to answer a request, streams apart", ["endpoint", "status"],
            buckets=_BUCKETS_S, registry=self.registry,
        )  # fmt: skip
        self.streams = Gauge("halo_desk_streams", "Pages that are being pushed to now", ["kind"], registry=self.registry)
        self.pushes = Counter("halo_desk_pushes_total", "Events pushed to pages", ["kind"], registry=self.registry)
        self.pop_s = Histogram(
            "halo_desk_pop_seconds",
            "From the reservation to the push of the screen pop",
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.recordings_heard = Counter(
            "halo_desk_recordings_heard_total", "Recorded talks that somebody heard", ["how"], registry=self.registry
        )
        self.recordings_refused = Counter(
            "halo_desk_recordings_refused_total",
            "Recorded talks that somebody may not hear, and wanted",
            registry=self.registry,
        )
        self.refused_logins = Counter("halo_desk_logins_refused_total", "Log-ins refused", ["why"], registry=self.registry)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)
