"""HAProxy before running services, with config/haproxy.cfg: its marked lines are changed, and nothing else."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import processes
from tests.conftest import Gunicorn, installed
from tests.e2e.faults import until
from tests.e2e.wire import parse
from tests.ports import free_port
from tools.cluster.haproxy import configuration


@contextmanager
def haproxy(place: Path, *ports: int) -> Iterator[Gunicorn]:
    """HAProxy before the nodes at these ports."""
    command = installed("haproxy", "haproxy")
    port = free_port()
    text = configuration(f"127.0.0.1:{port}", [f"127.0.0.1:{each}" for each in ports])
    (place / "haproxy.cfg").write_text(text)
    checked = subprocess.run([command, "-c", "-f", place / "haproxy.cfg"], capture_output=True, text=True)
    assert checked.returncode == 0 and "WARNING" not in checked.stderr, checked.stderr
    process = processes.start([command, "-db", "-f", str(place / "haproxy.cfg")])
    running = Gunicorn(port, process, place / "haproxy.log")
    try:
        until(lambda: process.poll() is not None or _answers(running), "haproxy listens")
        yield running
    finally:
        running.stop()


def _answers(service: Gunicorn) -> bool:
    try:
        return parse(service.send(b"GET /healthz HTTP/1.0\r\nHost: a\r\n\r\n")).status == 200
    except (OSError, ValueError, IndexError):
        return False
