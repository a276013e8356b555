"""The processor time of a login beside its hash, process by process: once all cores are busy, it alone decides."""

import time
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


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time a login, without the hash."""

    server: float
    mariadb: float
    generator: float

    @property
    def whole(self) -> float:
        return self.server + self.mariadb + self.generator


def measure(place: Place) -> list[Table]:
    """At the lowest cost, where the hash hides little; the two pages take turns."""
    logins, rounds = place.repeats(1500, 100), place.repeats(ROUNDS, 1)
    spent: dict[str, list[Spent]] = {"Gatepass": [], "PHP page": []}
    with place.gatepass(APP_ENV="development", BCRYPT_COST=str(LOW_COST)) as (page, pid), apache(place) as php:
        contestants = {"Gatepass": (page, pid), "PHP page": (php, apache_pid(place))}
        for number in range(rounds):
            for name, (where, first) in contestants.items():
                progress(f"cpu: round {number + 1} of {rounds}: {name}")
                spent[name].append(_spent(place, where, first, logins))
    full = _hash_seconds(COST, 8)
    rows = [_row(name, found, full) for name, found in spent.items()]
    notes = [
        f"Measured at cost {LOW_COST} with {CLIENTS} clients; the hash ({ms(_hash_seconds(LOW_COST, 200))} ms there, "
        f"{ms(full)} ms at cost {COST}) is taken off. The last column is what arithmetic leaves of the bare hash rate "
        f"at cost {COST}: hash / (hash + all), the load generator included."
    ]
    columns = ("page", "its processes ms", "MariaDB ms", "load generator ms", "all ms", f"allows at cost {COST}")
    title = f"Processor time a login beside the hash (median of {rounds} rounds of {logins} logins)"
    return [Table(title, columns, rows, notes)]


def _row(name: str, found: list[Spent], full: float) -> tuple[str, ...]:
    server, mariadb, generator, whole = (
        median(getattr(spent, part) for spent in found) for part in ("server", "mariadb", "generator", "whole")
    )
    return name, ms(server), ms(mariadb), ms(generator), ms(whole), f"{full / (full + whole):.3f}"


def _spent(place: Place, page: Page, pid: int, logins: int) -> Spent:
    load(page, CLIENTS, 5 * CLIENTS, "quick", PASSWORD)
    hash_seconds = _hash_seconds(LOW_COST, 100)
    pids = ([pid, *children(pid)], [place.server.process.pid])
    before = [processor_seconds(group) for group in pids]
    own = time.process_time()
    load(page, CLIENTS, logins, "quick", PASSWORD)
    own = time.process_time() - own
    server, mariadb = (processor_seconds(group) - start for group, start in zip(pids, before, strict=True))
    done = logins + CLIENTS  # each client logs in once before the clock starts
    return Spent(server / done - hash_seconds, mariadb / done, own / done)


def _hash_seconds(cost: int, repeats: int) -> float:
    """The processor time of one bare hash."""
    stored = Passwords(cost).hash(PASSWORD)
    started = time.thread_time()
    for _ in range(repeats):
        hashes.loaded(PASSWORD, stored)
    return (time.thread_time() - started) / repeats
