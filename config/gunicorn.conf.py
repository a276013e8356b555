"""gunicorn's settings. What an operator may change is a setting of the service: see v1/settings/__init__.py."""

import os
import shutil
import socket
import struct
import tempfile

# The workers keep the numbers of /metrics in files of this directory. prometheus_client reads the variable when it is
# first imported. A reload reads this file again and finds the directory of the start. A directory that an operator has
# named stays; one made here is removed at the end. The service writes no other files.
METRICS = "PROMETHEUS_MULTIPROC_DIR"
OURS = "gatepass-metrics-"
if not os.environ.get(METRICS):
    try:
        os.environ[METRICS] = tempfile.mkdtemp(prefix=OURS)
    except OSError:
        told = "  - TMPDIR: no directory can be written to; name one, as gunicorn and /metrics keep small files there"
        raise SystemExit(f"gatepass cannot start:\n{told}") from None

from prometheus_client import multiprocess  # noqa: E402

from v1 import doors  # noqa: E402
from v1.db import migrations  # noqa: E402
from v1.db import statements  # noqa: E402
from v1.server import open_files  # noqa: E402
from v1.server.worker import Worker  # noqa: E402
from v1.server.worker.accept_balancing import connection_counts  # noqa: E402
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

# Read before the workers are forked: a worker that starts after an upgrade of the files still runs the SQL that belongs
# to its code.
statements.load()
migrations.steps()

bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
workers = settings.workers
worker_class = "v1.server.worker.Worker"
logger_class = "v1.server.gunicorn_log.Log"
threads = settings.threads

# With gthread this is the heartbeat of a worker, not a limit on a request. The database has time limits of its own.
timeout = 30
graceful_timeout = 30
keepalive = settings.keepalive_seconds

# gunicorn's parser answers what it refuses itself, in HTML. So it refuses only what no client sends.
# v1/server/request/head_limits.py limits a whole head, for this parser.
http_parser = "python"
limit_request_line = 8190
limit_request_field_size = 32768

# The service finds the client's address by TRUSTED_PROXIES. No header may change the path or the scheme.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

# The service writes its own access log, without query strings: they may hold credentials.
accesslog = None
errorlog = "-"
loglevel = "warning"

control_socket_disable = True


def when_ready(server: object) -> None:
    """Limit how long a thread waits for the rest of a request.

    Accepted sockets inherit the listener's SO_RCVTIMEO. Idle connections wait in the poller, not in a thread.
    """
    Worker.send_seconds = settings.receive_seconds
    limit = struct.pack("ll", settings.receive_seconds, 0)
    for listener in server.LISTENERS:  # type: ignore[attr-defined]
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def pre_request(worker: object, req: object) -> None:
    """Close the connection after a body that is too large, and drop ambiguous Authorization headers."""
    # A body over its door's limit is refused unread, so the next request could not be found behind it.
    declared = [value for name, value in req.headers if name == "CONTENT-LENGTH"]  # type: ignore[attr-defined]
    if declared and int(declared[0]) > doors.body_limit(req.path):  # type: ignore[attr-defined]
        req.force_close()  # type: ignore[attr-defined]
    # WSGI would join two Authorization headers into one, which may look well-formed. Here two count as none.
    if sum(name == "AUTHORIZATION" for name, _ in req.headers) > 1:  # type: ignore[attr-defined]
        req.headers = [each for each in req.headers if each[0] != "AUTHORIZATION"]  # type: ignore[attr-defined]


def worker_exit(server: object, worker: object) -> None:
    """Write what the worker still holds in memory, and close its connections to the database."""
    application = getattr(worker, "wsgi", None)
    if application is not None:
        application.extensions["gatepass"].close()


def child_exit(server: object, worker: object) -> None:
    """A worker has ended: its gauges end, its counters stay, and no other worker waits for it to accept."""
    multiprocess.mark_process_dead(worker.pid, os.environ[METRICS])  # type: ignore[attr-defined, no-untyped-call]
    connection_counts.remove(worker.age)  # type: ignore[attr-defined]


def on_exit(server: object) -> None:
    """The service ends, and the numbers of /metrics with it."""
    remove_metrics()
