"""The gathering of look-ups: together while one is under way, never older than the question, each its own."""

import random
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.e2e.faults import GENEROUS, until
from v1.db import batching
from v1.db.batching import Batching


class Rows:
    """A table of even numbers; a look-up that has begun stays under way until it is let go."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.rows = {number: str(number) for number in range(0, 100, 2)}
        self.let_go = threading.Semaphore(0)

    def look_up(self, keys: list[int]) -> Mapping[int, str]:
        self.asked.append(keys)
        found = {key: self.rows[key] for key in keys if key in self.rows}
        assert self.let_go.acquire(timeout=GENEROUS)
        return found


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a look-up goes without it only when the test is long over."""
    monkeypatch.setattr(batching, "PATIENCE_SECONDS", GENEROUS)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def start(threads: ThreadPoolExecutor, together: "Batching[int, str]", *keys: int) -> list["Future[str | None]"]:
    """Ask for each key on a thread of its own, until all of them wait."""
    asked = [threads.submit(together.get, key) for key in keys]
    until(lambda: len(together._waiting) == len(keys), "all of them wait")
    return asked


def under_way(threads: ThreadPoolExecutor, rows: Rows, together: "Batching[int, str]") -> "Future[str | None]":
    """A look-up of 0 that has begun."""
    first = threads.submit(together.get, 0)
    until(lambda: bool(rows.asked), "the first look-up begins")
    return first


def test_one_alone_is_asked_at_once() -> None:
    rows = Rows()
    rows.let_go.release(2)
    together = Batching(rows.look_up)
    assert (together.get(4), together.get(5)) == ("4", None)
    assert rows.asked == [[4], [5]]


@pytest.mark.usefixtures("patient")
def test_those_that_come_meanwhile_go_together_and_each_gets_its_own(threads: ThreadPoolExecutor) -> None:
    rows = Rows()
    together = Batching(rows.look_up)
    first = under_way(threads, rows, together)
    others = start(threads, together, 2, 3, 4, 4)
    rows.let_go.release(2)
    assert first.result(GENEROUS) == "0"
    assert [other.result(GENEROUS) for other in others] == ["2", None, "4", "4"]
    assert [sorted(keys) for keys in rows.asked] == [[0], [2, 3, 4, 4]]


@pytest.mark.usefixtures("patient")
def test_what_was_gone_before_the_question_is_not_found(threads: ThreadPoolExecutor) -> None:
    rows = Rows()
    together = Batching(rows.look_up)
    first = under_way(threads, rows, together)
    del rows.rows[0]  # revoked, while a look-up that has found it is still under way
    [again] = start(threads, together, 0)
    rows.let_go.release(2)
    assert first.result(GENEROUS) == "0"
    assert again.result(GENEROUS) is None


@pytest.mark.usefixtures("patient")
def test_an_error_reaches_all_that_went_together_and_nobody_else(threads: ThreadPoolExecutor) -> None:
    rows = Rows()
    together = Batching(rows.look_up)
    first = under_way(threads, rows, together)
    rows.rows = None  # type: ignore[assignment]
    others = start(threads, together, 2, 4)
    rows.let_go.release()
    assert first.result(GENEROUS) == "0"
    for other in others:
        with pytest.raises(TypeError):
            other.result(GENEROUS)
    rows.rows = {2: "2"}
    rows.let_go.release()
    assert together.get(2) == "2"


def test_one_that_stalls_holds_up_the_others_for_a_moment_and_no_longer(threads: ThreadPoolExecutor) -> None:
    rows = Rows()
    together = Batching(rows.look_up)
    stalled = under_way(threads, rows, together)
    second = threads.submit(together.get, 2)
    until(lambda: len(rows.asked) == 2, "the second goes without it")
    third = threads.submit(together.get, 4)
    until(lambda: len(rows.asked) == 3, "and the third")
    assert not stalled.done()
    rows.let_go.release(3)
    assert [each.result(GENEROUS) for each in (stalled, second, third)] == ["0", "2", "4"]
    rows.let_go.release()
    assert together.get(6) == "6", "and the turns go on"


def test_a_crowd_gets_what_is_asked_for(threads: ThreadPoolExecutor) -> None:
    asked: list[list[int]] = []

    def look_up(keys: list[int]) -> Mapping[int, str]:
        asked.append(keys)
        return {key: str(key) for key in keys if key % 2 == 0}

    together = Batching(look_up)
    keys = [random.randrange(1000) for _ in range(5000)]
    answers = list(threads.map(together.get, keys))
    assert answers == [str(key) if key % 2 == 0 else None for key in keys]
    assert sum(map(len, asked)) == len(keys)
    assert max(map(len, asked)) <= 16  # the threads there are
