"""Memory: what a worker of the service takes after many logins and token checks, beside a child of Apache."""

import re
from pathlib import Path

from bench import wrk
from bench.apache import apache, apache_pid
from bench.client import Page, load
from bench.place import CHECK, LOW_COST, PASSWORD, Place, workers_of
from bench.processes import children
from bench.report import Table, progress, verdict
from bench.sessions import MILLION, filled
from bench.throughput import CLIENTS
from bench.wrk import Numbers

LOGINS = 500
CHECKS = 200_000
TARGET_MIB = 45.0


def measure(place: Place) -> list[Table]:
    """The service at the lowest cost, so that many logins take little time."""
    sessions, logins = place.repeats(MILLION, 20_000), place.repeats(LOGINS, 50)
    database, wanted = filled(place, sessions), place.repeats(CHECKS, 5_000)
    rows = []
    with place.gatepass(database=database, APP_ENV="development", BCRYPT_COST=str(LOW_COST)) as (page, pid):
        workers = workers_of(pid, 2)
        rows += [_row(f"worker {n + 1}, no request yet", child) for n, child in enumerate(workers)]
        progress("memory: logins")
        rate = load(page, CLIENTS, logins, "quick", PASSWORD)
        rows += [_row(f"worker {n + 1}, after {logins} logins", child) for n, child in enumerate(workers)]
        done = _check(Page(page.port, CHECK), wanted, sessions)
        last = [_row(f"worker {n + 1}, and after {done:,} checks", child) for n, child in enumerate(workers)]
        rows += [*last, _row("gunicorn's first process", pid)]
    with apache(place) as php:
        php_rate = load(php, CLIENTS, logins, "quick", PASSWORD)
        found = children(apache_pid(place))
        rows += [_row(f"Apache child {n + 1} of {len(found)}, beside it", child) for n, child in enumerate(found[:2])]
    most = max(float(resident) for _, _, resident in last)
    notes = [
        f"**The larger worker takes {most:.1f} MiB**, shared pages counted whole (RSS); target {TARGET_MIB:.0f} MiB or "
        f"less: {verdict(most <= TARGET_MIB, 0, 0)}. PSS counts shared pages by their share.",
        f"In passing, at cost {LOW_COST} and {CLIENTS} clients: Gatepass {rate:.0f} logins a second, the PHP page "
        f"{php_rate:.0f} (the page opens a connection each time).",
    ]
    return [Table(f"Memory of a process ({CLIENTS} clients)", ("process", "PSS MiB", "RSS MiB"), rows, notes)]


def _check(page: Page, wanted: int, sessions: int) -> int:
    """At least so many checks of different tokens, each of which is noted; how many they became."""
    done = 0
    while done < wanted:
        progress(f"memory: {done:,} of {wanted:,} checks")
        done += wrk.checks(page, Numbers(1, 2, sessions // 2), CLIENTS, 5).number
    return done


def _row(name: str, pid: int) -> tuple[str, str, str]:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return name, _mib(text, "Pss"), _mib(text, "Rss")


def _mib(text: str, key: str) -> str:
    found = re.search(rf"^{key}:\s+(\d+) kB$", text, re.MULTILINE)
    return f"{int(found[1]) / 1024:.1f}" if found else "?"
