"""The processor time of a login beside the hash, process by process: once all cores are busy, it alone decides.

At the lowest cost logins follow each other fast, and find their code and data in the caches. At COST a hash of 50 ms
lies between them, and they find the caches cold: that is how an app meets them.
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench import hashes
from bench.apache import apache, apache_pid
from bench.client import Page, load
from bench.place import COST, LOW_COST, PASSWORD, Place
from bench.processes import children, processor_seconds
from bench.report import Table, ms, progress
from bench.throughput import CLIENTS
from v1.passwords.hashes import Passwords

ROUNDS = 3

WARM, COLD = "warm", "cold"
_NAMES = {WARM: "quick", COLD: "bench"}
_COSTS = {WARM: LOW_COST, COLD: COST}


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time a login, without the hash; and those of the bare hash."""

    server: float
    mariadb: float
    generator: float
    bare: float

    @property
    def whole(self) -> float:
        return self.server + self.mariadb + self.generator


def measure(place: Place) -> list[Table]:
    """The two pages take turns at each cost."""
    logins = {WARM: place.repeats(1500, 100), COLD: place.repeats(320, 16)}
    rounds = place.repeats(ROUNDS, 1)
    spent: dict[tuple[str, str], list[Spent]] = {}
    with ExitStack() as running:
        php = running.enter_context(apache(place)), apache_pid(place)
        for state, cost in _COSTS.items():
            ours = running.enter_context(place.gatepass(APP_ENV="development", BCRYPT_COST=str(cost)))
            for number in range(rounds):
                for name, (page, pid) in (("Gatepass", ours), ("PHP page", php)):
                    progress(f"cpu: {state}, round {number + 1} of {rounds}: {name}")
                    spent.setdefault((name, state), []).append(_spent(place, page, pid, logins[state], state))
    rows = [_row(f"{name}, {state} (cost {_COSTS[state]})", found) for (name, state), found in spent.items()]
    notes = [
        f"{CLIENTS} clients; {logins[WARM]} logins a round at cost {LOW_COST}, {logins[COLD]} at cost {COST}. The bare "
        "hash, measured in each round on all cores, is taken off the time of its processes. The last column is what "
        "arithmetic leaves of the bare hash rate: hash / (hash + all), the load generator included."
    ]
    columns = ("page", "its processes ms", "MariaDB ms", "load generator ms", "all ms", "bare hash ms", "allows")
    return [Table(f"Processor time a login beside the hash (median of {rounds} rounds)", columns, rows, notes)]


def _row(name: str, found: list[Spent]) -> tuple[str, ...]:
    server, mariadb, generator, whole, bare = (
        median(getattr(spent, part) for spent in found) for part in ("server", "mariadb", "generator", "whole", "bare")
    )
    return name, ms(server), ms(mariadb), ms(generator), ms(whole), ms(bare), f"{bare / (bare + whole):.3f}"


def _spent(place: Place, page: Page, pid: int, logins: int, state: str) -> Spent:
    name = _NAMES[state]
    load(page, CLIENTS, 3 * CLIENTS, name, PASSWORD)
    bare = hash_seconds(_COSTS[state], logins)
    pids = ([pid, *children(pid)], [place.server.process.pid])
    before = [processor_seconds(group) for group in pids]
    own = time.process_time()
    load(page, CLIENTS, logins, name, PASSWORD)
    own = time.process_time() - own
    server, mariadb = (processor_seconds(group) - start for group, start in zip(pids, before, strict=True))
    done = logins + CLIENTS  # each client logs in once before the clock starts
    return Spent(server / done - bare, mariadb / done, own / done, bare)


def hash_seconds(cost: int, repeats: int) -> float:
    """The processor time of one bare hash, with all cores at it."""
    stored = Passwords(cost).hash(PASSWORD)
    started = time.process_time()
    hashes.threads_rate(repeats, stored)
    return (time.process_time() - started) / repeats
