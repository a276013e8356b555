"""Owns memory: what a worker of the service takes before and after many logins, beside a child of Apache."""

import re
from pathlib import Path

from bench.apache import apache
from bench.client import load
from bench.place import LOW_COST, PASSWORD, Place, workers_of
from bench.processes import children
from bench.report import Table, progress
from bench.throughput import CLIENTS

LOGINS = 500


def measure(place: Place) -> list[Table]:
    """The service at the lowest cost, so that many logins take little time."""
    progress("memory: logins")
    logins = place.repeats(LOGINS, 50)
    rows = []
    with place.gatepass(APP_ENV="development", BCRYPT_COST=str(LOW_COST)) as (page, pid):
        workers = workers_of(pid, 2)
        rows += [_row(f"worker {n + 1}, no login yet", child) for n, child in enumerate(workers)]
        rate = load(page, CLIENTS, logins, "quick", PASSWORD)
        rows += [_row(f"worker {n + 1}, after {logins} logins", child) for n, child in enumerate(workers)]
        rows.append(_row("gunicorn's first process", pid))
    with apache(place) as php:
        php_rate = load(php, CLIENTS, logins, "quick", PASSWORD)
        found = children(int((place.directory / "apache" / "apache.pid").read_text()))
        rows += [_row(f"Apache child {n + 1} of {len(found)}, beside it", child) for n, child in enumerate(found[:2])]
    note = (
        f"PSS counts shared pages by their share. In passing, at cost {LOW_COST} and {CLIENTS} clients: Gatepass "
        f"{rate:.0f} logins a second, the PHP page {php_rate:.0f} (the page opens a connection each time)."
    )
    return [Table(f"Memory of a process ({CLIENTS} clients)", ("process", "PSS MiB", "RSS MiB"), rows, [note])]


def _row(name: str, pid: int) -> tuple[str, str, str]:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return name, _mib(text, "Pss"), _mib(text, "Rss")


def _mib(text: str, key: str) -> str:
    found = re.search(rf"^{key}:\s+(\d+) kB$", text, re.MULTILINE)
    return f"{int(found[1]) / 1024:.1f}" if found else "?"
