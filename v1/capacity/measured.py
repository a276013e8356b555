"""The measured constants, each with its unit and its place in a document. A test compares them with that document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

RESULTS: Final = "bench/results.md"
CAPACITY: Final = "docs/capacity.md"
CLUSTER: Final = f"{RESULTS}#What a request costs each part, and what follows for N machines"
LOGIN: Final = f"{RESULTS}#Processor time a login beside the hash (median of 3 rounds)"
CHECK: Final = (
    f"{RESULTS}#Token checks: 8 clients, keep-alive, 1,000,000 live sessions, random tokens (5 rounds of 6 s)"
)
STALE: Final = "Gatepass, last_access of every token over a minute old"
FRONT: Final = f"{RESULTS}#Before the front, on the same machine"
ROWS: Final = f"{CAPACITY}#Bytes, measured"


@dataclass(frozen=True)
class Figure:
    """A measured number. `source` is a document and the heading of a section; `where` is its place there.

    A place is the beginning of a table's row and a column, as `login | checks`, or words with `{}` for the number.
    """

    value: float
    unit: str
    source: str
    where: str


@dataclass(frozen=True)
class Part:
    """What a check and a login cost one part of the service, in milliseconds of one core."""

    check: Figure
    login: Figure


@dataclass(frozen=True)
class Row:
    """Bytes of a row of a table, and of its keys beside the primary one."""

    row: Figure
    keys: Figure

    @property
    def whole(self) -> float:
        return self.row.value + self.keys.value


@dataclass(frozen=True)
class Request:
    """Bytes that one request adds to logs and sends between the service and the database."""

    binary_log: Figure
    log: Figure
    database: Figure


def _row(table: str, row: float, keys: float) -> Row:
    columns = ("bytes of the row", "of its other keys")
    return Row(*(Figure(value, "bytes", ROWS, f"{table} | {column}") for value, column in zip((row, keys), columns)))


def _request(name: str, binary_log: float, log: float, database: float) -> Request:
    columns = ("binary log", "log of the service", "between the service and the database")
    values = zip((binary_log, log, database), columns)
    return Request(*(Figure(value, "bytes", ROWS, f"{name} | {column}") for value, column in values))


HASH_COST: Final = 10
"""The bcrypt cost of all measured logins. Each step doubles the hash."""

HASH: Final = Figure(65.32, "ms", LOGIN, "Gatepass, cold (cost 10) | bare hash ms")

LOGIN_CLIENT: Final = Figure(0.21, "ms", LOGIN, "Gatepass, cold (cost 10) | load generator ms")
"""What a login costs who asks: only the model of a bench on one machine counts it."""

ONE_SERVER: Final = {
    "gatepass": Part(
        Figure(0.131, "ms", CHECK, f"{STALE} | own processor ms"),
        Figure(2.32, "ms beside the hash", LOGIN, "Gatepass, cold (cost 10) | its processes ms"),
    ),
    "database": Part(
        Figure(0.079, "ms", CHECK, f"{STALE} | MariaDB's ms"),
        Figure(1.62, "ms", LOGIN, "Gatepass, cold (cost 10) | MariaDB ms"),
    ),
}
"""One database server beside one service, without a balancer."""

THREE_SERVERS: Final = {
    "balancer": Part(Figure(0.14, "ms", CLUSTER, "HAProxy | check"), Figure(0.40, "ms", CLUSTER, "HAProxy | login")),
    "gatepass": Part(
        Figure(0.31, "ms", CLUSTER, "Gatepass | check"), Figure(71, "ms with the hash", CLUSTER, "Gatepass | login")
    ),
    "database": Part(
        Figure(0.27, "ms", CLUSTER, "Galera, three nodes | check"),
        Figure(10.7, "ms", CLUSTER, "Galera, three nodes | login"),
    ),
}
"""Three Galera servers together, three services and HAProxy."""

USER: Final = _row("users", 133, 61)
TOKEN: Final = _row("auth_tokens", 207, 309)
EVENT: Final = _row("events", 115, 125)

LOGIN_BYTES: Final = _request("login", 1045, 645, 3991)
CHECK_BYTES: Final = _request("check", 182, 200, 304)

PURGED: Final = Figure(
    5700,
    "rows a second",
    f"{RESULTS}#Logins beside `gatepass session purge`: one client without pause, cost 10",
    "expired rows were deleted in 175.5 s, {} a second",
)
WORKER: Final = Figure(
    41.6, "MiB", f"{RESULTS}#Memory of a process (8 clients)", "worker 1, and after 211,228 checks | RSS MiB"
)
FIRST_PROCESS: Final = Figure(43.0, "MiB", WORKER.source, "gunicorn's first process | RSS MiB")
CONNECTION: Final = Figure(
    1.8,
    "KiB",
    f"{RESULTS}#Checks of 8 clients beside idle connections, each of which had one check answered (5 rounds of 5 s in "
    "turns)",
    "**Memory: {} KiB a connection**",
)
COMMITS: Final = Figure(
    494, "logins a second", f"{CAPACITY}#Where one cluster ends", "more than {} logins a second (one server"
)
"""The highest rate of logins, and so of commits, that was ever measured; with a cheap hash, on two cores."""

SERVICE_BY_CLIENTS: Final = {
    clients: Figure(value, "ms a check", FRONT, f"processor ms of the service a check, the same | after | {number}")
    for number, (clients, value) in enumerate(((1, 0.180), (8, 0.105), (32, 0.060)))
}
"""What a check costs the service when so many clients ask without pause: the more, the more share a SELECT."""

DATABASE_BY_CLIENTS: Final = {
    clients: Figure(value, "ms a check", FRONT, f"MariaDB's ms a check, the same | after | {number}")
    for number, (clients, value) in enumerate(((1, 0.106), (8, 0.065), (32, 0.030)))
}


def figures() -> dict[str, Figure]:
    """Every figure of this module by its name, as `HASH` or `ONE_SERVER.gatepass.check`."""
    named = [(name, value) for name, value in globals().items() if name.isupper()]
    return {path: figure for name, value in named for path, figure in _within(name, value)}


def _within(name: str, value: object) -> Iterator[tuple[str, Figure]]:
    if isinstance(value, Figure):
        yield name, value
    elif isinstance(value, dict | Part | Row | Request):
        members = value if isinstance(value, dict) else vars(value)
        for key, member in members.items():
            yield from _within(f"{name}.{key}", member)
