"""Pins the line before the hashing threads: how many are let in, how many work, who is next, and what frees a turn."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.e2e.faults import GENEROUS, until
from v1.errors import Busy
from v1.observe import metrics
from v1.passwords import hashing_threads
from v1.passwords.hashing_threads import Hashing


@dataclass
class Work:
    """Jobs that run until they are let go, and what was seen of them."""

    go: threading.Event = field(default_factory=threading.Event)
    running: int = 0
    most: int = 0
    threads: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> None:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.threads.add(threading.get_ident())
        assert self.go.wait(GENEROUS)
        with self.lock:
            self.running -= 1


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    yield made
    made.go.set()


def turn(line: Hashing, work: Callable[[], object]) -> object:
    """What work returns, as a login does it."""
    with line.slot():
        return line.run(work)


@contextmanager
def calling(line: Hashing, work: Work, callers: int, at_once: int) -> Iterator[list[Future[object]]]:
    """So many callers at the line, so many of them at work; at the end of the block all are let go."""
    with ThreadPoolExecutor(callers) as pool:
        calls = [pool.submit(turn, line, work) for _ in range(callers)]
        try:
            until(lambda: work.running == at_once and waiting() == callers - at_once, "all have come")
            yield calls
        finally:
            work.go.set()


def waiting() -> float:
    return metrics.hash_waiting._value.get()  # type: ignore[no-any-return]


def test_at_most_so_many_hash_at_once_and_all_who_are_admitted_come_to_their_turn(work: Work) -> None:
    line = Hashing(2, 5, GENEROUS)
    with calling(line, work, callers=5, at_once=2) as calls:
        pass
    assert [call.exception() for call in calls] == [None] * 5
    assert (work.most, waiting()) == (2, 0)


def test_beyond_those_admitted_it_is_busy_without_a_wait(work: Work) -> None:
    line = Hashing(1, 3, GENEROUS)
    with calling(line, work, callers=3, at_once=1) as calls:
        for _ in range(20):
            with pytest.raises(Busy):
                turn(line, work)
        assert not any(call.done() for call in calls)  # nobody waited for them
    assert waiting() == 0


def test_who_waits_too_long_is_busy_never_hashed_and_out_of_the_line(work: Work) -> None:
    line = Hashing(1, 3, 1)
    hashed: list[int] = []
    with calling(line, work, callers=1, at_once=1):
        for _ in range(2):
            with pytest.raises(Busy):
                turn(line, lambda: hashed.append(1))
        assert waiting() == 0
    assert turn(line, lambda: "free again") == "free again"
    assert hashed == []


@pytest.mark.parametrize("error", [ValueError, Busy, SystemExit], ids=lambda error: error.__name__)
def test_a_job_that_fails_tells_its_caller_and_frees_its_place_and_its_turn(error: type[BaseException]) -> None:
    line = Hashing(1, 1, GENEROUS)

    def fail() -> None:
        raise error

    for _ in range(5):
        with pytest.raises(error):
            turn(line, fail)
    assert turn(line, lambda: 7) == 7
    assert waiting() == 0


def test_who_waits_is_not_passed_over_for_those_who_come_again_and_again() -> None:
    """Of two that come again and again one hashes and one waits when the four come, and nobody moves before."""
    line, ran, served = Hashing(1, 6, GENEROUS), [0], [0]
    all_wait, over = threading.Event(), threading.Event()

    def one_hash() -> None:
        assert all_wait.wait(GENEROUS)
        ran[0] += 1

    def again_and_again() -> None:
        while not over.is_set() and ran[0] < 1000:
            turn(line, one_hash)

    def be_served() -> None:
        served[0] += 1
        if served[0] == 4:
            over.set()

    with ThreadPoolExecutor(6) as pool:
        greedy = [pool.submit(again_and_again) for _ in range(2)]
        until(lambda: waiting() == 1, "they are at it")
        patient = [pool.submit(turn, line, be_served) for _ in range(4)]
        until(lambda: waiting() == 5, "all are in line")
        all_wait.set()
    assert served == [4] and ran[0] < 1000
    assert [each.exception() for each in greedy + patient] == [None] * 6


@pytest.mark.parametrize(
    ("given", "cores", "at_once", "admitted"),
    [
        *(((0, 1, 8), 4, 4, 6), ((0, 2, 8), 4, 2, 6), ((0, 4, 8), 2, 1, 6)),
        *(((3, 4, 8), 2, 3, 6), ((1, 1, 3), 4, 1, 1), ((0, 1, 1), 1, 1, 1)),
    ],
    ids=str,
)
def test_by_default_the_cores_are_shared_out_over_the_workers_and_two_request_threads_stay_free(
    given: tuple[int, int, int], cores: int, at_once: int, admitted: int, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(cores)))
    line = hashing_threads.build(*given, GENEROUS)  # HASH_THREADS, WORKERS, THREADS
    with calling(line, work, callers=admitted, at_once=at_once):
        with pytest.raises(Busy):
            turn(line, work)
    assert work.most == at_once
