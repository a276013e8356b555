"""Starts gunicorn as an operator does, and speaks to it."""

import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import processes, secrecy
from tests.environments import BIN, ROOT, environment
from tests.ports import free_port
from tools.private_server import Server


@dataclass(frozen=True)
class Gunicorn:
    """A running service: where it listens, its process, and the file its log goes to."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def send(self, raw: bytes, finish: bool = True) -> bytes:
        """Send raw bytes on a connection of their own; all that comes back until the other side closes or idles."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(raw)
            if finish:
                connection.shutdown(socket.SHUT_WR)
            received = b""
            while data := connection.recv(65536):
                received += data
            return received

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=60)


def serve(
    log: Path, server: Server, database: str = "gatepass", by: Sequence[str] = (), **settings: str
) -> Gunicorn:
    """Start gunicorn as an operator does, on a free port, `by` another command if there is one; its output goes to
    `log`. The caller stops it."""
    environ = environment(server, database, **{"PORT": str(free_port()), "WORKERS": "1", **settings})
    command = [*by, str(BIN / "gunicorn"), "-c", "config/gunicorn.conf.py", "wsgi:application"]
    with log.open("wb") as output:
        process = processes.start(command, environ, cwd=ROOT, stdout=output, stderr=output)
    running = Gunicorn(int(environ["PORT"]), process, log)
    secrecy.watch(log)
    _wait_for_port(running)
    return running


def _wait_for_port(running: Gunicorn) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until and running.process.poll() is None:
        try:
            running.send(b"OPTIONS /v1/oauth/ HTTP/1.0\r\n\r\n")
            return
        except OSError:
            time.sleep(0.05)
    running.stop()
    raise AssertionError("gunicorn did not start:\n" + running.log.read_text())
