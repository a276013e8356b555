"""The counters and histograms for Prometheus. No label holds text that a caller sent.

With PROMETHEUS_MULTIPROC_DIR (config/gunicorn.conf.py) the numbers of all workers are added up.
"""

from pathlib import Path

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)

from v1.observe import worker_numbers
from v1.observe.memory import Memory
from v1.observe.metric_files import ReservedFile

values.MmapedDict = ReservedFile  # type: ignore[attr-defined]

logins = Counter("gatepass_logins", "Logins tried, by door and outcome.", ["door", "outcome"])
token_checks = Counter("gatepass_token_checks", "Tokens presented, by outcome.", ["outcome"])
tokens_issued = Counter("gatepass_tokens_issued", "Tokens issued, by kind.", ["kind"])
try:
    tokens_revoked = Counter("gatepass_tokens_revoked", "Tokens revoked by requests.")
except OSError as error:  # this metric has no labels, so it is the first to create its file
    place = f"PROMETHEUS_MULTIPROC_DIR: {Path(error.filename).parent}: {error.strerror}"
    raise SystemExit(f"gatepass cannot start:\n  - {place}; make this directory for the service, or unset it") from None
throttled = Counter("gatepass_logins_throttled", "Logins refused, by the key that must wait.", ["key"])
login_attack = Gauge(
    "gatepass_login_attack_last_seconds",
    "Unix time at which all addresses together last failed more often than they may.",
    multiprocess_mode="max",
)
database_errors = Counter("gatepass_database_errors", "Statements and connections that failed.", ["number"])
database_host_state = Gauge(
    "gatepass_database_host_state",
    "The worst state of a database host as a worker sees it: 0 well, 1 donor, 2 read-only, 3 down.",
    ["host"],
    multiprocess_mode="livemax",
)
database_host_workers = Gauge(
    "gatepass_database_host_workers", "Workers that use this database host.", ["host"], multiprocess_mode="livesum"
)
oldest_expired = Gauge(
    "gatepass_oldest_expired_token_seconds",
    "Seconds since the token expired that waits longest for the purge, as of the last /readyz; 0 if none waits.",
    multiprocess_mode="mostrecent",
)
ids_used = Gauge(
    "gatepass_ids_used_ratio",
    "Share of a column's numbers that are used up, as of the last /readyz; at 1 nothing more can be added.",
    ["column"],
    multiprocess_mode="mostrecent",
)
hash_seconds = Histogram(
    "gatepass_hash_seconds",
    "Seconds of one password check, by algorithm.",
    ["algorithm"],
    buckets=(0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 2, 5),
)
hash_waiting = Gauge("gatepass_hash_waiting", "Logins that wait for their hash.", multiprocess_mode="livesum")
write_behind_waiting = Gauge(
    "gatepass_write_behind_waiting",
    "Last uses of tokens, login counts and events that could not be written and wait for the next try.",
    multiprocess_mode="livesum",
)
connections = Gauge("gatepass_connections", "Connections of clients and proxies.", multiprocess_mode="livesum")
connections_limit = Gauge(
    "gatepass_connections_limit", "Connections that all workers may hold together.", multiprocess_mode="livesum"
)
requests_on_threads = Gauge(
    "gatepass_requests_on_threads", "Requests that a thread serves or that wait for one.", multiprocess_mode="livesum"
)
threads = Gauge("gatepass_threads", "Request threads of all workers together.", multiprocess_mode="livesum")
worker_started = Gauge(
    "gatepass_worker_started_seconds", "Unix time at which the youngest worker started.", multiprocess_mode="livemax"
)
request_seconds = Histogram(
    "gatepass_request_seconds",
    "Seconds of one request, by route.",
    ["route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def render() -> bytes:
    """All metrics in the text format of Prometheus; those of all workers, if they share a directory."""
    if values.ValueClass is values.MutexValue:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    workers = multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Memory(workers._path))
    with worker_numbers.unchanged(Path(workers._path)):
        return generate_latest(registry)


if values.ValueClass is values.MutexValue:
    REGISTRY.register(Memory())
