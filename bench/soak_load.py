"""The load of the soak: people on threads, first as fast as they can, then at a rate that no slow answer lowers."""

import random
import threading
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from bench.soak_person import Busy, Person

MIX: Final[dict[str, tuple[Callable[[Person], None], int]]] = {
    "check": (Person.check, 600),
    "login, cost 10": (Person.login, 25),
    "wrong login": (Person.wrong_login, 5),
    "revocation": (Person.revoke, 30),
    "introspection": (Person.introspect, 80),
    "console page": (Person.page, 40),
    "JSON-RPC: stream token": (Person.mint_stream, 40),
    "JSON-RPC: stream check": (Person.check_stream, 100),
    "DeviceHive refresh": (Person.renew, 40),
}
"""What clients do, and of a thousand times how often."""

WEIGHTS: Final = [weight for _, weight in MIX.values()]
EXAMPLES: Final = 10
AGAIN: Final = 0.05
"""Seconds until who was told to come later does, while there are no pauses."""

BUSY: Final = Busy.__name__


class Load:
    """The people while the block runs. `pace(0)`: each asks again as soon as it is answered (a closed loop).

    With a rate their requests fall due at random moments, whatever became of those before (an open loop). `waits` are
    the seconds from then until the answer, by what was asked.
    """

    def __init__(self, people: Sequence[Person]) -> None:
        self.waits: dict[str, array[float]] = defaultdict(lambda: array("d"))
        self.errors: Counter[str] = Counter()
        self.examples: list[str] = []
        self._people, self._rate, self._lock = people, 0.0, threading.Lock()
        self._ended, self._going = threading.Event(), threading.Event()
        self._going.set()
        self._threads = [threading.Thread(target=self._run, args=(each,), daemon=True) for each in people]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def pace(self, rate: float) -> None:
        """So many a second from now on; what was measured before is forgotten, and who was told to come later."""
        with self._lock:
            self._rate = rate
            self.waits.clear()
            self.errors = Counter({what: number for what, number in self.errors.items() if not what.endswith(BUSY)})

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody asks anything new while the block runs; what would fall due meanwhile is left out."""
        self._going.clear()
        try:
            yield
        finally:
            self._going.set()

    def done(self) -> int:
        """How much was asked and answered rightly."""
        with self._lock:
            return sum(map(len, self.waits.values()))

    def afterwards(self) -> None:
        """Once the block has ended: does every token do what was promised?"""
        for person in self._people:
            self._noted("afterwards", person, Person.afterwards)
            person.hang_up()

    def _run(self, person: Person) -> None:
        due, rate = time.monotonic(), self._rate
        while not self._ended.is_set():
            now = time.monotonic()
            due = due if rate and rate == self._rate else now
            if rate := self._rate:
                due += random.expovariate(rate / len(self._people))
                if due > now and self._ended.wait(due - now):
                    return
            if not self._going.is_set():
                self._going.wait()
                due = time.monotonic()
            (kind,) = random.choices([*MIX], WEIGHTS)
            good = self._noted(kind, person, MIX[kind][0])
            while not (good or rate or self._ended.wait(AGAIN)):  # so that the mix stays what it is
                good = self._noted(kind, person, MIX[kind][0])
            if good:
                with self._lock:
                    self.waits[kind].append(time.monotonic() - due)

    def fail(self, what: str, error: Exception) -> None:
        """Count a request that was not answered rightly."""
        with self._lock:
            self.errors[f"{what}: {type(error).__name__}"] += 1
            if len(self.examples) < EXAMPLES and not isinstance(error, Busy):
                self.examples.append(f"{time.strftime('%H:%M:%S', time.gmtime())} {what}: {error}"[:300])

    def _noted(self, kind: str, person: Person, ask: Callable[[Person], None]) -> bool:
        """Whether it was answered rightly. If not, the person calls anew."""
        try:
            ask(person)
            return True
        except Exception as error:
            person.hang_up()
            self.fail(kind, error)
            return False
