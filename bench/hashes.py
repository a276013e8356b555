"""The bare hash: which implementation is the fastest, and how many hashes a second all cores do."""

import itertools
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from bench.place import COST, PASSWORD, Place
from bench.processes import ROOT
from bench.report import BenchError, Table, ms, progress
from v1.passwords import crypt
from v1.passwords.hashes import Passwords

STORED = b"$2y$10$7Gb1l2yQ6gBzJ5x1UwXn3OvYp.WSVpYQ8ik8Nwg8V1eEJrpjBXGLO"
"""Of no password we know: the work is the same. At COST."""

loaded = crypt.load()


@dataclass(frozen=True)
class Taken:
    """The seconds of one hash: on the clock, and of the processor, which others on the machine hardly lengthen."""

    wall: float
    cpu: float


def measure(place: Place) -> list[Table]:
    """One hash at a time, the implementations taking turns."""
    repeats = place.repeats(60, 10)
    stored = Passwords(COST).hash(PASSWORD)
    with _implementations(stored) as implementations:
        samples: dict[str, list[Taken]] = {name: [] for name in implementations}
        for number in range(repeats):
            progress(f"hash: {number} of {repeats}")
            for name, timed in implementations.items():
                samples[name].append(timed())
    wall = {name: median(taken.wall for taken in found) for name, found in samples.items()}
    cpu = {name: median(taken.cpu for taken in found) for name, found in samples.items()}
    rows = [(name, ms(wall[name]), ms(cpu[name]), f"{cpu[name] / min(cpu.values()):.3f}") for name in samples]
    used = "the bcrypt package" if loaded is crypt.package_crypt else "libxcrypt"
    columns = ("implementation", "median ms", "of processor time, ms", "beside the least")
    title = f"One hash at cost {COST}: implementations ({repeats} each, taking turns)"
    return [Table(title, columns, rows, [f"Gatepass here uses {used}."])]


@contextmanager
def _implementations(stored: bytes) -> Iterator[dict[str, Callable[[], Taken]]]:
    """Each checks PASSWORD against the same hash and gives the seconds."""
    found: dict[str, Callable[[], Taken]] = {}
    if system := crypt.system_crypt():
        found["libxcrypt (`crypt_rn` through ctypes)"] = _timer(system, stored)
    found["the `bcrypt` package"] = _timer(crypt.package_crypt, stored)
    php = shutil.which("php")
    if not php:
        yield found
        return
    command = [php, str(ROOT / "bench" / "php" / "verify.php"), PASSWORD.decode(), stored.decode()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        found["PHP's `password_verify`"] = lambda: _ask(process)
        yield found
        process.communicate(timeout=10)


def _timer(hasher: crypt.Crypt, stored: bytes) -> Callable[[], Taken]:
    def timed() -> Taken:
        started, cpu = time.perf_counter(), time.thread_time()
        right = hasher(PASSWORD, stored) == stored
        taken = Taken(time.perf_counter() - started, time.thread_time() - cpu)
        if not right:
            raise BenchError("an implementation hashed wrongly")
        return taken

    return timed


def _ask(process: subprocess.Popen[str]) -> Taken:
    assert process.stdin and process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    wall, cpu = process.stdout.readline().split()
    return Taken(int(wall) / 1e9, int(cpu) / 1e6)


def stored_at(cost: int) -> bytes:
    """A hash of that cost, of no password we know."""
    return STORED.replace(b"$10$", b"$%02d$" % cost)


def once(against: bytes = STORED) -> float:
    """One bare hash with the implementation that the service uses; its seconds."""
    started = time.perf_counter()
    loaded(PASSWORD, against)
    return time.perf_counter() - started


def threads_rate(total: int, against: bytes = STORED) -> float:
    """Hashes a second of this process with one thread a core."""
    numbers = itertools.count()

    def run() -> None:
        while next(numbers) < total:
            once(against)

    threads = [threading.Thread(target=run, daemon=True) for _ in os.sched_getaffinity(0)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total / (time.perf_counter() - started)
