"""The soak's verdict: level samples keep the promise; growth and a wrong answer break it. And that of the refusals."""

import random
from collections.abc import Callable

import pytest

from bench import names, soak_verdict
from bench.report import BenchError
from bench.soak import Soak
from bench.soak_load import Load
from bench.soak_samples import Held, Sample

GAUGES = {"gatepass_hash_waiting": 0.0, "gatepass_database_errors_total": 0.0}
SHARE, CAPACITY, SECONDS = 0.7, 100.0, 600
RELOADS = (100.0, 200.0, 300.0)
Value = Callable[[float], float]


def level(at: float) -> float:
    return 0.0


def soak(mib: Value = level, between: float = 0.0, threads: Value = level, kept: Value = level) -> Soak:
    """Ten minutes of two workers that are replaced three times. `mib` is what a worker's age adds to its memory,
    `between` what each generation adds."""
    found = Soak(SECONDS, CAPACITY, Load([]), reloads=[*RELOADS], purges=["purged 7 tokens"])
    for at in range(0, SECONDS, 10):
        number = sum(at >= reload for reload in RELOADS)
        born = (0.0, *RELOADS)[number]
        rss = 50 + mib(at - born) + between * number
        held = Held(rss, rss - 10, 40, 20, 12 + int(threads(at - born)))
        workers = {10 * number: held, 10 * number + 1: held}
        found.born |= dict.fromkeys(workers, born)
        first = Held(40, 30, 12, 4, 1)
        found.samples.append(Sample(at, first, first, workers, 20, 450.0, 400 + kept(at), 5.0, GAUGES))
    found.load.waits["check"].extend([0.001] * int(SHARE * CAPACITY * SECONDS))
    return found


def verdict(of: Soak) -> tuple[bool, str]:
    table = soak_verdict.tables(of, SHARE)[0]
    return table.failed, table.notes[0]


def test_what_is_level_keeps_the_promise() -> None:
    failed, said = verdict(soak())
    assert not failed and "met" in said and "3 reloads" in said


def test_memory_that_settles_in_the_first_third_of_a_workers_life_has_not_grown() -> None:
    assert not verdict(soak(mib=lambda age: min(age, 50) / 5))[0]


@pytest.mark.parametrize(
    ("grows", "said"),
    [
        (soak(mib=lambda age: age / 100), "the last generation's memory"),
        (soak(between=1), "memory from generation to generation"),
        (soak(threads=lambda age: age / 60), "its threads"),
        (soak(kept=lambda at: at / 10), "files of /metrics"),
    ],
)
def test_what_grows_is_named(grows: Soak, said: str) -> None:
    failed, verdict_said = verdict(grows)
    assert failed and f"{said}" in verdict_said and "MISSED" in verdict_said


def test_a_wrong_answer_breaks_it_and_is_shown() -> None:
    found = soak()
    found.load.fail("check", BenchError("a check was answered 500"))
    failed, said = verdict(found)
    assert failed and "1 check: BenchError" in said
    assert "a check was answered 500" in soak_verdict.tables(found, SHARE)[0].markdown()


def test_a_load_that_fell_behind_breaks_it() -> None:
    found = soak()
    del found.load.waits["check"][1000:]
    assert "did not keep up" in verdict(found)[1]


def test_a_twentieth_of_a_millisecond_is_found_between_2000_refusals_and_none_in_none() -> None:
    chance = random.Random(7)

    def tries(extra: float) -> list[float]:
        return [0.004 + extra + chance.gauss(0, 0.0003) + (chance.random() < 0.02) * 0.05 for _ in range(names.TRIES)]

    same = {"unknown": tries(0), "wrong": tries(0)}
    assert names.largest(names.cut(same))[0] < names.TARGET and names.largest(same)[0] < names.TARGET
    other = same | {"disabled": tries(0.00005)}
    found, pair = names.largest(names.cut(other))
    assert found > names.TARGET and "disabled" in pair
    assert names.largest(other)[0] < names.TARGET, "without the cut the slowest hide it"
