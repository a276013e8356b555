"""The queue of logins that wait for a hashing thread: its length, its order, and what frees a slot."""

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
    """Jobs that run until `go` is set."""

    go: threading.Event = field(default_factory=threading.Event)
    running: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> None:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        assert self.go.wait(GENEROUS)
        with self.lock:
            self.running -= 1


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    yield made
    made.go.set()


def log_in(hashing: Hashing, work: Callable[[], object]) -> object:
    """Hash as a login does. Returns what `work` returns."""
    with hashing.slot():
        return hashing.run(work)


@contextmanager
def calling(hashing: Hashing, work: Work, callers: int, at_once: int) -> Iterator[list[Future[object]]]:
    """This many callers, of which `at_once` run; the others wait. At the end of the block all may go on."""
    with ThreadPoolExecutor(callers) as pool:
        calls = [pool.submit(log_in, hashing, work) for _ in range(callers)]
        try:
            until(lambda: work.running == at_once and waiting() == callers - at_once, "all have come")
            yield calls
        finally:
            work.go.set()


def waiting() -> float:
    return metrics.hash_waiting._value.get()  # type: ignore[no-any-return]


def test_each_thread_hashes_for_one_login_and_every_admitted_login_is_served(work: Work) -> None:
    hashing = Hashing(2, 5, GENEROUS)
    with calling(hashing, work, callers=5, at_once=2) as calls:
        pass
    assert [call.exception() for call in calls] == [None] * 5
    assert (work.most, waiting()) == (2, 0)


def test_a_login_beyond_the_admitted_ones_is_refused_at_once(work: Work) -> None:
    hashing = Hashing(1, 3, GENEROUS)
    with calling(hashing, work, callers=3, at_once=1) as calls:
        for _ in range(20):
            with pytest.raises(Busy):
                log_in(hashing, work)
        assert not any(call.done() for call in calls)  # nobody waited for them
    assert waiting() == 0


def test_a_login_that_waits_too_long_is_refused_never_hashed_and_frees_its_slot(work: Work) -> None:
    hashing = Hashing(1, 3, 1)
    hashed: list[int] = []
    with calling(hashing, work, callers=1, at_once=1):
        for _ in range(2):
            with pytest.raises(Busy):
                log_in(hashing, lambda: hashed.append(1))
        assert waiting() == 0
    assert log_in(hashing, lambda: "free again") == "free again"
    assert hashed == []


@pytest.mark.parametrize("error", [ValueError, Busy, SystemExit], ids=lambda error: error.__name__)
def test_an_error_reaches_the_caller_and_frees_slot_and_thread(error: type[BaseException]) -> None:
    hashing = Hashing(1, 1, GENEROUS)

    def fail() -> None:
        raise error

    for _ in range(5):
        with pytest.raises(error):
            log_in(hashing, fail)
    assert log_in(hashing, lambda: 7) == 7
    assert waiting() == 0


def test_waiting_logins_are_served_before_later_ones() -> None:
    """Of two that come again and again one hashes and one waits when the four come, and nobody moves before."""
    hashing, ran, served = Hashing(1, 6, GENEROUS), [0], [0]
    all_wait, over = threading.Event(), threading.Event()

    def one_hash() -> None:
        assert all_wait.wait(GENEROUS)
        ran[0] += 1

    def again_and_again() -> None:
        while not over.is_set() and ran[0] < 1000:
            log_in(hashing, one_hash)

    def be_served() -> None:
        served[0] += 1
        if served[0] == 4:
            over.set()

    with ThreadPoolExecutor(6) as pool:
        greedy = [pool.submit(again_and_again) for _ in range(2)]
        until(lambda: waiting() == 1, "they are at it")
        patient = [pool.submit(log_in, hashing, be_served) for _ in range(4)]
        until(lambda: waiting() == 5, "all wait")
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
def test_by_default_workers_share_the_cores_and_keep_two_request_threads_free(
    given: tuple[int, int, int], cores: int, at_once: int, admitted: int, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(cores)))
    hashing = hashing_threads.build(*given, GENEROUS)  # HASH_THREADS, WORKERS, THREADS
    with calling(hashing, work, callers=admitted, at_once=at_once):
        with pytest.raises(Busy):
            log_in(hashing, work)
    assert work.most == at_once
