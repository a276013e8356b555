"""gunicorn's settings. What an operator changes comes from the environment, by way of v1/settings.py."""

import os
import socket
import struct

from v1.doors.body import LARGEST
from v1.settings import load

settings = load(os.environ)

bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
workers = settings.workers
worker_class = "v1.worker.Worker"
logger_class = "v1.worker.Log"
threads = settings.threads

# With gthread this is the heartbeat of a worker, not the limit of a request; the database has limits of its own.
timeout = 30
graceful_timeout = 30
keepalive = 5

# What the parser refuses it answers in HTML, before the service sees it: refuse only what no client sends.
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
    limit = struct.pack("ll", settings.receive_seconds, 0)
    for listener in server.LISTENERS:  # type: ignore[attr-defined]
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def pre_request(worker: object, req: object) -> None:
    """A body over every door's limit is refused unread: the connection cannot be used again, and nobody waits."""
    declared = [value for name, value in req.headers if name == "CONTENT-LENGTH"]  # type: ignore[attr-defined]
    if declared and int(declared[0]) > LARGEST:
        req.force_close()  # type: ignore[attr-defined]
