"""A model of one machine as queues: clients without pause, workers, the database and hashing threads share its cores.

Every thread that has work gets its part of the cores by its weight, at most one core (processor sharing). Checks that
wait while a SELECT is under way share the next one. What the model leaves out: caches that go cold, the time to wake a
thread, and the queues of each core, which Linux evens out only now and then.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.modelled import Load, batch_costs
from bench.stats import percentile

WEIGHT = 1024
NICER = 110
"""What the kernel gives a thread of nice 0, and one that is 10 nicer (sched_prio_to_weight)."""


@dataclass
class Station:
    """A thread, which does its work in the order that it came."""

    weight: float = WEIGHT
    jobs: deque[tuple[float, Callable[[], None]]] = field(default_factory=deque)
    left: float = 0.0

    def add(self, work: float, then: Callable[[], None]) -> None:
        if not self.jobs:
            self.left = work
        self.jobs.append((work, then))

    def end(self) -> None:
        """The first job is done."""
        _, then = self.jobs.popleft()
        self.left = self.jobs[0][0] if self.jobs else 0.0
        then()


@dataclass(frozen=True)
class Outcome:
    """Checks and logins a second, and the milliseconds of the checks."""

    checks: float
    logins: float
    median: float
    high: float


class Model:
    """One run. The first fifth of the time is left out: queues fill in it."""

    def __init__(self, load: Load, cores: float) -> None:
        self.load, self.cores, self.now = load, cores, 0.0
        self.service, self.database = batch_costs()
        self.clients, self.stormers = Station(), Station()
        self.workers = [Station() for _ in range(load.workers)]
        self.selects = [Station() for _ in range(load.workers)]
        self.writes = [Station() for _ in range(load.workers)]
        self.hashers = [Station(NICER) for _ in range(load.workers)]
        self.waiting: list[list[float]] = [[] for _ in range(load.workers)]
        self.asking = [False] * load.workers
        self.took: list[float] = []
        self.logins = 0
        self.stations = [self.clients, self.stormers, *self.workers, *self.selects, *self.writes, *self.hashers]

    def run(self) -> Outcome:
        for number in range(self.load.checking):
            self._check(number % self.load.workers)
        for number in range(self.load.logging_in):
            self._login(number % self.load.workers)
        while self.now < self.load.milliseconds:
            self._step()
        seconds = self.load.milliseconds * 0.8 / 1000
        waits = (percentile(self.took, 50), percentile(self.took, 99)) if self.took else (0.0, 0.0)
        return Outcome(len(self.took) / seconds, self.logins / seconds, *waits)

    def _step(self) -> None:
        """To the next end of a job."""
        busy = [each for each in self.stations if each.jobs]
        speeds = shares([each.weight for each in busy], self.cores)
        passed = min(each.left / speed for each, speed in zip(busy, speeds, strict=True))
        self.now += passed
        ended = []
        for each, speed in zip(busy, speeds, strict=True):
            each.left -= passed * speed
            if each.left <= 1e-9:
                ended.append(each)
        for each in ended:
            each.end()

    @property
    def _counts(self) -> bool:
        return self.now > self.load.milliseconds * 0.2

    def _check(self, worker: int) -> None:
        def arrives() -> None:
            self.waiting[worker].append(self.now)
            self._ask(worker)

        self.clients.add(self.load.client, arrives)

    def _ask(self, worker: int) -> None:
        """One SELECT for all that wait, if none is under way."""
        if self.asking[worker] or not self.waiting[worker]:
            return
        batch, self.waiting[worker], self.asking[worker] = self.waiting[worker], [], True

        def answered() -> None:
            self.asking[worker] = False
            if self._counts:
                self.took += [self.now - since for since in batch]
            for _ in batch:
                self._check(worker)
            self._ask(worker)

        look_up = self.database.of(len(batch))
        self.workers[worker].add(
            self.service.of(len(batch)), lambda: self.selects[worker].add(look_up, answered)
        )

    def _login(self, worker: int) -> None:
        login, half = self.load.login, self.load.login.service / 2

        def done() -> None:
            self.logins += self._counts
            self._login(worker)

        def hashed() -> None:
            self.workers[worker].add(half, lambda: self.writes[worker].add(login.database, done))

        def read() -> None:
            self.workers[worker].add(half, lambda: self.hashers[worker].add(login.hash, hashed))

        self.stormers.add(login.client, read)


def shares(weights: list[float], cores: float) -> list[float]:
    """The cores of each of these threads: by weight, at most one each, and no core idle that somebody could use."""
    found, left, open_ = [0.0] * len(weights), cores, list(range(len(weights)))
    while open_:
        whole = sum(weights[each] for each in open_)
        full = [each for each in open_ if weights[each] / whole * left >= 1]
        for each in full or open_:
            found[each] = 1.0 if full else weights[each] / whole * left
        if not full:
            break
        left, open_ = left - len(full), [each for each in open_ if each not in full]
    return found
