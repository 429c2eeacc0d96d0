"""Prometheus figures of one speech process."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

_ANSWER_BUCKETS_S = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0)
_LAG_BUCKETS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


class SpeechFigures:
    """What a speech process counts. Nothing in it says what anybody said."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.streams = Gauge("halo_speech_streams", "Callers connected, asked something just now or not", registry=self._registry)
        self.answers = Counter("halo_speech_answers", "Questions that ended, by how", ["verdict"], registry=self._registry)
        self.refused = Counter("halo_speech_refused", "Connections closed or refused, by why", ["why"], registry=self._registry)
        self.answer_s = Histogram(
            "halo_speech_answer_seconds", "From the last loud frame to the answer on the wire",
            buckets=_ANSWER_BUCKETS_S, registry=self._registry,
        )  # fmt: skip
        self.lag_s = Histogram(
            "halo_speech_lag_seconds", "How long sound waited for a thread", buckets=_LAG_BUCKETS_S, registry=self._registry
        )

    def page(self) -> str:
        """The page that Prometheus reads."""
        return generate_latest(self._registry).decode()
