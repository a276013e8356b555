"""gunicorn's settings. What an operator may change is a setting of the service: see v1/settings/__init__.py."""

import fcntl
import glob
import os
import pathlib
import shutil
import sys
import tempfile
import threading

# Where standard output or error is closed at the start, the next file or socket would take its number, and Python has
# None in its place, which each log line would fail at. They become /dev/null.
for number in range(3):
    try:
        os.fstat(number)
    except OSError:
        os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
sys.stdout = sys.stdout or open(os.devnull, "w")
sys.stderr = sys.stderr or open(os.devnull, "w")

# The workers keep the counters of /metrics in files of this directory. prometheus_client reads the variable when it is
# first imported. After a reload, which reads this file again, the variable is still set. A directory that an operator
# has named stays; one made here is removed when the service ends, or by the next one if this one is killed: its lock is
# free then. (Its workers hold it too.) The service writes no other files.
METRICS = "PROMETHEUS_MULTIPROC_DIR"
PREFIX = "gatepass-metrics-"
LOCK = "lock"


def make_metrics() -> str:
    """A new directory, locked until this process and its workers have ended."""
    directory = tempfile.mkdtemp(prefix=PREFIX)
    new = os.path.join(directory, "new")
    fcntl.flock(os.open(new, os.O_WRONLY | os.O_CREAT), fcntl.LOCK_EX)
    os.rename(new, os.path.join(directory, LOCK))  # from now on others look at it, and it is locked already
    return directory


def remove_left_behind() -> None:
    """Remove the directories of this account's services that were killed."""
    for path in glob.glob(os.path.join(glob.escape(tempfile.gettempdir()), PREFIX + "*", LOCK)):
        directory = os.path.dirname(path)
        try:
            if os.lstat(directory).st_uid != os.geteuid():
                continue  # anybody may put something of this name into /tmp
            with open(path) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(directory, ignore_errors=True)
        except OSError:
            continue  # it is in use, or just being removed


if not os.environ.get(METRICS):
    try:
        remove_left_behind()
        os.environ[METRICS] = make_metrics()
    except OSError:
        text = "  - TMPDIR: no directory can be written to; name one, as gunicorn and /metrics keep small files there"
        raise SystemExit(f"gatepass cannot start:\n{text}") from None

from prometheus_client import multiprocess  # noqa: E402

from v1 import doors  # noqa: E402
from v1.db import host_names  # noqa: E402
from v1.db import migrations  # noqa: E402
from v1.db import statements  # noqa: E402
from v1.observe import worker_numbers  # noqa: E402
from v1.server import open_files  # noqa: E402
from v1.server.request import head_limits  # noqa: E402
from v1.server.worker import Worker  # noqa: E402
from v1.server.worker.accept_balancing import connection_counts  # noqa: E402
from v1.settings import SettingsError  # noqa: E402
from v1.settings import load  # noqa: E402


def remove_metrics() -> None:
    if os.path.basename(os.environ[METRICS]).startswith(PREFIX):
        shutil.rmtree(os.environ[METRICS], ignore_errors=True)


try:
    settings = load(os.environ)
    worker_connections = open_files.connections(settings.threads, settings.connections)
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
Worker.receive_seconds = settings.receive_seconds
worker_class = "v1.server.worker.Worker"
logger_class = "v1.server.gunicorn_log.Log"
threads = settings.threads

# With gthread this is the heartbeat of a worker, not a limit on a request. The database has time limits of its own.
timeout = 30
graceful_timeout = 30
keepalive = settings.keepalive_seconds

# What gunicorn's parser refuses is answered in HTML, before the service sees it. So these limits are beyond what
# clients send. v1/server/request/head_limits.py limits a whole head, for this parser.
http_parser = "python"
limit_request_line = head_limits.LINE_BYTES
limit_request_field_size = 32768

# The service finds the client's address by TRUSTED_PROXIES. No header may change the path or the scheme.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

# The kernel's sendfile would wait for the client. See v1/server/worker/outgoing.py.
sendfile = False

# The service writes its own access log, without query strings: they may hold credentials.
accesslog = None
errorlog = "-"
loglevel = "warning"

control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """In the first worker, look up the names of the database hosts. On a thread: a name server may take long."""
    if worker.age == 1:  # type: ignore[attr-defined]
        hosts = settings.database_url.hosts
        threading.Thread(target=host_names.report_unresolved, args=(hosts,), daemon=True).start()


def pre_request(worker: object, req: object) -> None:
    """Close the connection after a body that is too large, and drop ambiguous Authorization headers."""
    # A body over its door's limit is refused and not read, so the next request on the connection could not be found.
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
    """After the end of a worker: remove its gauges and its place in accept balancing. Its counters stay, joined."""
    directory = os.environ[METRICS]
    multiprocess.mark_process_dead(worker.pid, directory)  # type: ignore[attr-defined, no-untyped-call]
    try:
        worker_numbers.join_ended(pathlib.Path(directory), worker.pid)  # type: ignore[attr-defined]
    except OSError as error:  # the disk is full: they are joined after the end of the next worker
        reason = error.strerror
        server.log.error("numbers of ended workers were not joined: %s", reason)  # type: ignore[attr-defined]
    connection_counts.remove(worker.age)  # type: ignore[attr-defined]


def on_exit(server: object) -> None:
    """At the end of the service, remove the counters of /metrics."""
    remove_metrics()
