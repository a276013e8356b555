"""What the processes of a service hold at a moment: memory, files, threads, connections; and what it says itself."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.caller import Caller, get
from bench.place import Place
from bench.processes import children

CONNECTIONS: Final = "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'gatepass'"
USED: Final = "SHOW GLOBAL STATUS LIKE 'Memory_used'"
GAUGES: Final = ("gatepass_hash_waiting", "gatepass_database_errors_total")


@dataclass(frozen=True)
class Held:
    """What one process holds: MiB of memory, open files, how many of them are sockets, and threads."""

    rss: float
    pss: float
    files: int
    sockets: int
    threads: int


@dataclass(frozen=True)
class Sample:
    """One moment, in seconds since the soak began. `connections` are those that the database counts.

    `used` are the MiB that MariaDB says it uses, `kept` the KiB of the files of /metrics; `gauges` its sums.
    """

    at: float
    master: Held
    mariadb: Held
    workers: dict[int, Held]
    connections: int
    used: float
    kept: float
    scrape_ms: float
    gauges: dict[str, float]


def take(place: Place, pid: int, port: int, metrics: Path, began: float) -> Sample:
    """A sample of the service whose first process this is, and whose numbers for /metrics are in this directory."""
    workers = {child: each for child in children(pid) if (each := held(child))}
    master, mariadb = held(pid), held(place.server.process.pid)
    assert master and mariadb, "the first processes live until the end"
    with Caller(port) as caller:
        answer = caller.ask(get("/metrics"), 200)
    gauges = {name: _sum(answer.body.decode(), name) for name in GAUGES}
    connections = int(place.server.sql(CONNECTIONS))
    used = int(place.server.sql(USED).split()[1]) / 1024**2
    kept = sum(each.stat().st_blocks * 512 for each in metrics.glob("*.db")) / 1024
    at = time.monotonic() - began
    return Sample(at, master, mariadb, workers, connections, used, kept, answer.seconds * 1000, gauges)


def held(pid: int) -> Held | None:
    """What the process holds; None if it has ended."""
    place = Path(f"/proc/{pid}")
    try:
        memory, status = (place / "smaps_rollup").read_text(), (place / "status").read_text()
        links = [_link(each) for each in (place / "fd").iterdir()]
    except OSError:
        return None
    links = [link for link in links if link]
    sockets = sum(link.startswith("socket:") for link in links)
    return Held(_mib(memory, "Rss"), _mib(memory, "Pss"), len(links), sockets, int(_found(status, "Threads")))


def _link(file: Path) -> str:
    """What an open file is; "" if it was closed meanwhile."""
    try:
        return os.readlink(file)
    except FileNotFoundError:
        return ""


def _sum(text: str, name: str) -> float:
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE))


def _mib(text: str, key: str) -> float:
    return int(_found(text, key)) / 1024


def _found(text: str, key: str) -> str:
    found = re.search(rf"^{key}:\s+(\d+)", text, re.MULTILINE)
    return found[1] if found else "0"
