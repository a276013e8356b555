"""The memory of the service, read from /proc while /metrics is rendered."""

import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

NAME: Final = "gatepass_memory_bytes"
TEXT: Final = "Resident memory of all processes of the service. A page that they share counts for each."


class Memory(Collector):
    """Collects the memory of the processes whose numbers are in a directory; without one, of this process."""

    def __init__(self, directory: str | None = None) -> None:
        self._directory = directory

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(NAME, TEXT, sum(map(_resident_bytes, self._processes())))

    def _processes(self) -> list[str]:
        """Each process that is alive, gunicorn's first one too, has a file of live gauges, named by its id."""
        if self._directory is None:
            return ["self"]
        return [path.stem.rpartition("_")[2] for path in Path(self._directory).glob("gauge_livemax_*.db")]


def _resident_bytes(process: str) -> int:
    """The resident memory of a process; 0 if it has ended, and where there is no /proc."""
    with suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    return 0
