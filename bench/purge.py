"""The price of cleaning up: logins' 99th percentile while `gatepass session purge` deletes a million expired rows."""

import subprocess
import time
from collections.abc import Callable

from bench.client import Client, Page
from bench.place import COST, PASSWORD, Place
from bench.processes import BIN, ROOT, stop
from bench.report import BenchError, Table, ms, progress, verdict
from bench.sessions import MILLION, add, filled, settle
from bench.stats import percentile

TARGET = 1.2
SCATTER = 0.1
"""By how much the two idle 99th percentiles may differ, as a share; beyond it the machine was not quiet."""


def measure(place: Place) -> list[Table]:
    """Idle, purging, idle again."""
    rows = place.repeats(MILLION, 20_000)
    database = filled(place, rows)
    add(place.server, database, rows + 1, 2 * rows, expired=True)
    settle(place.server)
    with place.gatepass(database=database) as (page, _):
        return [_beside(place, page, database)]


def _beside(place: Place, page: Page, database: str) -> Table:
    idle_seconds = place.repeats(30, 2)
    _logins(page, lambda: False, 1)
    before = _logins(page, lambda: True, idle_seconds)
    progress("purge: beside logins")
    expired = _expired(place, database)
    during, seconds = _purge(place, page, database)
    deleted = expired - _expired(place, database)
    after = _logins(page, lambda: True, idle_seconds)
    rows = [_row("idle before", before), _row("while it purges", during), _row("idle after", after)]
    idle = percentile(before + after, 99)
    apart = abs(percentile(before, 99) - percentile(after, 99)) / idle
    grown = percentile(during, 99) / idle
    met = verdict(grown <= TARGET, apart, SCATTER)
    notes = [
        f"**The 99th percentile becomes {grown:.2f} times that of both idle spans**; target {TARGET} or less: {met}.",
        f"{deleted:,} of {expired:,} expired rows were deleted in {seconds:.1f} s, {deleted / seconds:,.0f} a second.",
    ]
    title = f"Logins beside `gatepass session purge`: one client without pause, cost {COST}"
    return Table(title, ("logins", "number", "median ms", "95 % ms", "99 % ms", "slowest ms"), rows, notes)


def _logins(page: Page, go_on: Callable[[], bool], seconds: float) -> list[float]:
    """The seconds of each login, one after another, for that long while `go_on`; at least ten."""
    found: list[float] = []
    until = time.monotonic() + seconds
    with Client(page) as client:
        while len(found) < 10 or (go_on() and time.monotonic() < until):
            found.append(client.login("bench0", PASSWORD))
    return found


def _purge(place: Place, page: Page, database: str) -> tuple[list[float], float]:
    """Logins while the command runs as an operator runs it, and its seconds."""
    command = [str(BIN / "gatepass"), "session", "purge", "--grace", "0"]
    log = place.directory / "purge.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=place.environment(database), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    started = time.perf_counter()
    try:
        found = _logins(page, lambda: process.poll() is None, 900)
    finally:
        if process.poll() is None:
            stop(process)
    if process.returncode:
        raise BenchError(f"gatepass session purge ended with {process.returncode}:\n{log.read_text()[-1000:]}")
    return found, time.perf_counter() - started


def _row(name: str, found: list[float]) -> tuple[str, ...]:
    return name, f"{len(found):,}", *(ms(percentile(found, share)) for share in (50, 95, 99, 100))


def _expired(place: Place, database: str) -> int:
    return int(place.server.sql("SELECT COUNT(*) FROM auth_tokens WHERE expiry <= UNIX_TIMESTAMP()", database))
