"""Thousands of idle connections: what they cost the checks of others, and how much memory each takes."""

import re
import resource
import select
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench import wrk
from bench.caller import Caller, get
from bench.client import Page
from bench.place import CHECK, Place, workers_of
from bench.processes import children
from bench.report import BenchError, Table, ms, progress
from bench.sessions import text
from bench.throughput import CLIENTS
from bench.turns import TAIL_SCATTER, judged
from bench.wrk import Checks, Numbers

IDLE = 5000
TARGET = 1.5


def many_idle(place: Place, database: str, rows: int) -> list[Table]:
    """Checks without and with them, in turns."""
    count, rounds, seconds = place.repeats(IDLE, 500), place.repeats(5, 1), place.repeats(5, 1)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    without: list[Checks] = []
    beside: list[Checks] = []
    grown: list[float] = []
    held: list[int] = []
    with place.gatepass(database=database, CONNECTIONS="6000", KEEPALIVE_SECONDS="600") as (login, pid):
        workers, page, numbers = workers_of(pid, 2), Page(login.port, CHECK), Numbers(2, 2, rows // 2)
        wrk.checks(page, numbers, CLIENTS, seconds)
        for number in range(rounds):
            progress(f"idle: round {number + 1} of {rounds}")
            without.append(wrk.checks(page, numbers, CLIENTS, seconds))
            before = _kib(workers)
            with _crowd(page, count) as poll:
                grown.append((_kib(workers) - before) / count)
                beside.append(wrk.checks(page, numbers, CLIENTS, seconds))
                held = [_files(worker) for worker in workers]
                if ended := len(poll.poll(0)):
                    raise BenchError(f"{ended} of {count} idle connections were ended")
        if children(pid) != workers:
            raise BenchError("a worker ended")
    return [_table(count, without, beside, grown, held, f"{rounds} rounds of {seconds} s in turns")]


@contextmanager
def _crowd(page: Page, count: int) -> Iterator[select.epoll]:
    """So many connections, each of which has had one check answered. The poller tells which of them are ended."""
    raw = get(page.path, text(2))
    with ExitStack() as stack, select.epoll() as poll:
        for _ in range(count):
            caller = stack.enter_context(Caller(page.port))
            caller.ask(raw, 200)
            poll.register(caller.fileno(), select.EPOLLRDHUP)
        yield poll


def _kib(pids: list[int]) -> int:
    """The resident memory of these processes."""
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return sum(int(number) for one in rollups for number in re.findall(r"^Rss:\s+(\d+) kB$", one, re.MULTILINE))


def _files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _table(
    count: int, without: list[Checks], beside: list[Checks], grown: list[float], held: list[int], how: str
) -> Table:
    rows = [_row("no other connection", without), _row(f"beside {count:,} idle connections", beside)]
    high, idle = ([one.high for one in found] for found in (beside, without))
    notes = [judged("The 99th percentile, to that without them", high, idle, TARGET, TAIL_SCATTER)]
    notes.append(
        f"**Memory: {grown[0]:.1f} KiB a connection** in the first round (RSS of both workers), "
        f"{max(grown[1:], default=0):.1f} at most in later ones. "
        f"The workers have {' and '.join(map(str, held))} files open."
    )
    title = f"Checks of {CLIENTS} clients beside idle connections, each of which had one check answered ({how})"
    return Table(title, ("checks", "a second", "median ms", "99 % ms"), rows, notes)


def _row(name: str, found: list[Checks]) -> tuple[str, ...]:
    rate, middle, high = (median(getattr(one, part) for one in found) for part in ("rate", "median", "high"))
    return (name, f"{rate:.0f}", ms(middle), ms(high))
