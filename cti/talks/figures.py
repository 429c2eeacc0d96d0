"""Figures of recorded talks for Prometheus: how many wait to be brought in, and how much room there is for more."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, Metric

from asterisk_conf.names import CALLERS_SIDE


class TalkFigures:
    """Read from the disk when asked for. A talk that goes on waits, too."""

    def __init__(self, raw_folder: Path) -> None:
        self._folder = raw_folder

    def collect(self) -> Iterable[Metric]:
        if not self._folder.is_dir():
            return []
        waiting = sum(1 for _file in self._folder.glob(f"*{CALLERS_SIDE}"))
        free_bytes = shutil.disk_usage(self._folder).free
        return [
            GaugeMetricFamily("halo_recordings_waiting", "Recorded talks that the worker has not brought in yet", value=waiting),
            GaugeMetricFamily("halo_recordings_free_bytes", "Room on the disk that talks are recorded to", value=free_bytes),
        ]
