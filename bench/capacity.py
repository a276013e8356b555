"""What `gatepass capacity` counts on, beside a short real run: rates by a model of queues, bytes of rows, the purge."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench import cores, row_bytes, wrk
from bench.client import Page, load
from bench.modelled import Load, Login
from bench.place import CHECK, COST, PASSWORD, Place
from bench.processes import BIN, running
from bench.processor import hash_seconds
from bench.queueing import Model, Outcome
from bench.report import BenchError, Table, progress
from bench.sessions import add, filled, settle
from bench.wrk import Numbers
from v1.capacity import measured
from v1.capacity.needs import database, gatepass, hash_ms
from v1.capacity.plan import Plan

CLIENTS = (1, 8, 32)
STORM = 32
SIMULATED_MS = 4000
"""Of the model, on two cores."""

ONE = Plan(users=1, cluster=1, bcrypt_cost=COST)


@dataclass(frozen=True)
class Compared:
    """A number that was predicted, and what came. `had`: the cores of the run."""

    what: str
    predicted: float
    found: float
    had: float | None = None

    def row(self) -> tuple[str, ...]:
        had = "" if self.had is None else f"{self.had:.2f}"
        ratio = f"{self.found / self.predicted:.2f}" if self.predicted else ""
        return self.what, f"{self.predicted:,.1f}", f"{self.found:,.1f}", ratio, had


def measure(place: Place) -> list[Table]:
    """Bytes first: the tables that are compared."""
    tables = row_bytes.measure(place)
    speed = hash_ms(COST) / 1000 / hash_seconds(COST, place.repeats(60, 8))
    found = [*_sizes(place), *_rates(place, speed), _purge(place)]
    columns = ("what", "predicted", "measured", "measured to predicted", "cores that it had")
    notes = [
        "Rates are predicted by the model of bench/queueing.py from constants of earlier runs, at "
        f"{speed:.2f} of the speed of the machine of those runs (by the bare hash), for all cores; or, where others "
        "used more than a tenth of one, for what this run got. What a request costs its client is measured in the run. "
        "The rest is arithmetic."
    ]
    return [*tables, Table("Capacity: predicted and measured", columns, [each.row() for each in found], notes)]


def _sizes(place: Place) -> Iterator[Compared]:
    for table, row in (("users", measured.USER), ("auth_tokens", measured.TOKEN), ("events", measured.EVENT)):
        data, keys = row_bytes.size(place.server, row_bytes.NAME, table)
        count = place.repeats(*row_bytes.COUNTS)
        yield Compared(f"MB of {count:,} rows of {table}", row.whole * count / 1e6, (data + keys) / 1e6)


def _rates(place: Place, speed: float) -> Iterator[Compared]:
    sessions = place.repeats(200_000, 20_000)
    with place.gatepass(database=filled(place, sessions)) as (page, pid):
        check, numbers, run = Page(page.port, CHECK), Numbers(1, 1, sessions), cores.runner(place, pid)
        wrk.checks(check, numbers, 8, place.repeats(5, 1))
        load(page, 8, 16, "bench", PASSWORD)
        for clients in CLIENTS:
            yield from _checks(place, check, numbers, run, speed, clients)
        number = place.repeats(240, 24)
        with run() as span:
            rate = load(page, 8, number, "bench", PASSWORD)
        said = predicted(Load(0, 8, _login(), 0), span.cores, speed)
        yield Compared(f"logins a second, 8 clients, cost {COST}", said.logins, rate, span.cores)
        yield _spent("seconds of cores for these logins", span, speed, 0, number + 8)  # each client has one before
        yield from _both(place, page, numbers, run, speed)


def _checks(
    place: Place, check: Page, numbers: Numbers, run: cores.Run, speed: float, clients: int
) -> Iterator[Compared]:
    progress(f"capacity: clients checking: {clients}")
    with run() as span:
        came = wrk.checks(check, numbers, clients, place.repeats(8, 2))
    said = predicted(Load(clients, 0, _login(), 1000 * span.client / came.number), span.cores, speed)
    yield Compared(f"checks a second, clients: {clients}", said.checks, came.rate, span.cores)
    yield Compared(f"their median, µs, clients: {clients}", said.median * 1000, came.median * 1e6)
    yield _spent(f"seconds of cores for these checks, clients: {clients}", span, speed, came.number)


def _both(place: Place, page: Page, numbers: Numbers, run: cores.Run, speed: float) -> Iterator[Compared]:
    """Eight clients check while many log in."""
    seconds = place.repeats(8, 2)
    with run() as span:
        with wrk.storm(page, "bench", STORM, seconds + 2) as storm:
            time.sleep(1)  # until all of them are there
            came = wrk.checks(Page(page.port, CHECK), numbers, 8, seconds)
    said = predicted(Load(8, STORM, _login(), 1000 * span.client / came.number), span.cores, speed)
    yield Compared(f"checks a second, 8 clients beside {STORM} logins", said.checks, came.rate, span.cores)
    yield Compared(f"logins a second of these {STORM}", said.logins, storm.good)
    yield _spent("seconds of cores for both", span, speed, came.number, storm.good * (seconds + 2))


def _spent(what: str, span: cores.Span, speed: float, checks: float, logins: float = 0) -> Compared:
    """Processor time of the service and the database, by the sums of `gatepass capacity`, and as it was."""
    costs = gatepass(ONE), database(ONE)
    said = sum(checks * each.check + logins * each.login for each in costs) / 1000
    return Compared(what, said / speed, span.service)


def predicted(load: Load, had: float, speed: float) -> Outcome:
    """What the model says of a machine of this speed. Its client's milliseconds are of this machine, all others not."""
    lasting = 2 * SIMULATED_MS / had  # as much work on fewer cores
    said = Model(replace(load, client=load.client * speed, milliseconds=lasting), had).run()
    return Outcome(said.checks * speed, said.logins * speed, said.median / speed, said.high / speed)


def _login() -> Login:
    service, database = (measured.ONE_SERVER[part].login.value for part in ("gatepass", "database"))
    return Login(service, hash_ms(COST), database, measured.LOGIN_CLIENT.value)


def _purge(place: Place) -> Compared:
    """The purge of expired tokens, with nobody else at the database."""
    rows, live = place.repeats(100_000, 5_000), place.repeats(200_000, 20_000)
    name = filled(place, live)
    add(place.server, name, live + 1, live + rows, expired=True)
    settle(place.server)
    progress(f"capacity: purging {rows:,} rows")
    command, log = [str(BIN / "gatepass"), "session", "purge", "--grace", "0"], place.directory / "purge.log"
    started = time.monotonic()
    with running(command, place.environment(name), log) as process:
        process.wait(timeout=900)
    if process.returncode:
        raise BenchError(f"gatepass session purge ended with {process.returncode}:\n{log.read_text()[-1000:]}")
    seconds = time.monotonic() - started
    return Compared(f"s to purge {rows:,} expired tokens", rows / measured.PURGED.value, seconds)
