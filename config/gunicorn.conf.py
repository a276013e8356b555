"""gunicorn's settings. What an operator changes comes from the environment, by way of v1/settings/__init__.py."""

import os
import shutil
import socket
import struct
import tempfile

# Where the workers leave their numbers for /metrics: named before prometheus_client is first imported, made once (a
# reload reads this file again), and removed at the end unless an operator named another. Nothing else is written.
METRICS = "PROMETHEUS_MULTIPROC_DIR"
OURS = "gatepass-metrics-"
if not os.environ.get(METRICS):
    try:
        os.environ[METRICS] = tempfile.mkdtemp(prefix=OURS)
    except OSError:
        told = "  - TMPDIR: no directory can be written to; name one, as gunicorn and /metrics keep small files there"
        raise SystemExit(f"gatepass cannot start:\n{told}") from None

from prometheus_client import multiprocess  # noqa: E402

from v1.db import migrations  # noqa: E402
from v1.db import statements  # noqa: E402
from v1.doors import body  # noqa: E402
from v1.server import open_files  # noqa: E402
from v1.server.worker import Worker  # noqa: E402
from v1.server.worker import balance  # noqa: E402
from v1.settings import SettingsError  # noqa: E402
from v1.settings import load  # noqa: E402


def remove_metrics() -> None:
    if os.path.basename(os.environ[METRICS]).startswith(OURS):
        shutil.rmtree(os.environ[METRICS], ignore_errors=True)


try:
    settings = load(os.environ)
    worker_connections = open_files.connections(settings.threads)
except SystemExit:
    remove_metrics()
    raise
except ValueError as error:
    remove_metrics()
    raise SettingsError([str(error)]) from None

# Before the workers are forked, so that one made later runs the SQL of its own code, whatever the files are by then.
statements.load()
migrations.steps()

bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
workers = settings.workers
worker_class = "v1.server.worker.Worker"
logger_class = "v1.server.worker_log.Log"
threads = settings.threads

# With gthread this is the heartbeat of a worker, not the limit of a request; the database has limits of its own.
timeout = 30
graceful_timeout = 30
keepalive = settings.keepalive_seconds

# What the parser refuses it answers in HTML, before the service sees it: refuse only what no client sends. A whole head
# has a limit in v1/server/framing.py, for this parser.
http_parser = "python"
limit_request_line = 8190
limit_request_field_size = 32768

# The client's address is found by TRUSTED_PROXIES; no header may change the path or the scheme.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

# The service writes its own access log: method, path, status, time and request id, and no query string, ever.
accesslog = None
errorlog = "-"
loglevel = "warning"

control_socket_disable = True


def when_ready(server: object) -> None:
    """Give up on a client that stops sending in the middle of a request: it would hold its thread for good.

    Accepted sockets inherit the listener's SO_RCVTIMEO; a kept-alive connection waits elsewhere, in the poller.
    """
    Worker.send_seconds = settings.receive_seconds
    limit = struct.pack("ll", settings.receive_seconds, 0)
    for listener in server.LISTENERS:  # type: ignore[attr-defined]
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def pre_request(worker: object, req: object) -> None:
    """A body over its door's limit is refused unread: the connection cannot be used again, and nobody waits."""
    declared = [value for name, value in req.headers if name == "CONTENT-LENGTH"]  # type: ignore[attr-defined]
    if declared and int(declared[0]) > body.limit(req.path):  # type: ignore[attr-defined]
        req.force_close()  # type: ignore[attr-defined]
    # Two Authorization headers are none: WSGI would join them into one that may look well-formed.
    if sum(name == "AUTHORIZATION" for name, _ in req.headers) > 1:  # type: ignore[attr-defined]
        req.headers = [each for each in req.headers if each[0] != "AUTHORIZATION"]  # type: ignore[attr-defined]


def worker_exit(server: object, worker: object) -> None:
    """Write what the worker still holds in memory, and hang up at the database."""
    application = getattr(worker, "wsgi", None)
    if application is not None:
        application.extensions["gatepass"].close()


def child_exit(server: object, worker: object) -> None:
    """A worker that is gone waits for nothing: its gauges end, its counts stay."""
    multiprocess.mark_process_dead(worker.pid, os.environ[METRICS])  # type: ignore[attr-defined]
    balance.gone(worker.age)  # type: ignore[attr-defined]


def on_exit(server: object) -> None:
    """The numbers end with the service."""
    remove_metrics()
