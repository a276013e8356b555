"""Who counts live tokens and devices, and when: one worker at a time, once a minute; no fault ends it for good."""

import json
import threading
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.conftest import NOW, Service, build_core, environment
from tests.db.conftest import Insert, insert, table, user
from tests.doors.contract import DEAD
from v1.auth import counting, counts
from v1.auth.counting import Counted
from v1.auth.counts import CLAIM_SECONDS, LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, Sessions
from v1.db.tables.counts import Counts
from v1.errors import DatabaseDown
from v1.kinds import SESSIONS

__all__ = ["insert", "table", "user"]


def row(service: Service) -> list[str]:
    return service.server.sql("SELECT claimed_until, counted, result FROM counts", "gatepass").split("\t")


def ended(service: Service) -> Sessions | None:
    """The result of the count that is going on, when it has ended."""
    service.core.counting.latest()
    thread = service.core.counting._thread
    assert thread is not None
    thread.join(60)
    return service.core.counting.latest()


def test_a_look_starts_the_count_and_the_next_ones_see_its_result(service: Service, insert: Insert) -> None:
    insert("mobile", device_info="Pixel", times=3)
    expected = Sessions(NOW, (("mobile", 3),), (("Pixel", 3, 1),))
    assert ended(service) == expected and expected.live == 3
    claimed, when, _ = row(service)
    assert (int(claimed), int(when)) == (NOW + PAUSE_SECONDS, NOW)


def test_it_counts_at_most_once_a_minute(service: Service, insert: Insert) -> None:
    first = ended(service)
    insert("mobile")
    service.clock.now = NOW + PAUSE_SECONDS - 1
    assert ended(service) == first
    service.clock.now += 1
    found = ended(service)
    assert found and (found.counted, found.live) == (NOW + PAUSE_SECONDS, 1)


@pytest.mark.parametrize(("took", "seconds"), [(0.0, 60), (3.0, 60), (9.0, 180), (10_000.0, LONGEST_PAUSE_SECONDS)])
def test_a_count_that_took_long_is_followed_by_a_longer_pause(took: float, seconds: int) -> None:
    assert counts.pause(took) == seconds


def test_of_two_workers_at_once_one_counts(service: Service) -> None:
    claims, gate = [], threading.Barrier(2)

    def claim() -> None:
        gate.wait(60)
        ends = NOW + CLAIM_SECONDS, NOW + LONGEST_PAUSE_SECONDS
        claims.append(service.core.tables.counts.claim(counts.NAME, NOW, *ends))

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(claims) == [False, True]
    assert not service.core.counting.count() and row(service)[1] == "0"


def test_a_worker_that_was_killed_is_replaced_when_its_claim_ends(service: Service) -> None:
    table = service.core.tables.counts
    assert table.claim(counts.NAME, NOW, NOW + CLAIM_SECONDS, NOW + LONGEST_PAUSE_SECONDS)
    assert ended_nothing(service)
    service.clock.now = NOW + CLAIM_SECONDS
    assert ended(service) == Sessions(NOW + CLAIM_SECONDS, (), ())
    table.finish(counts.NAME, NOW + CLAIM_SECONDS, NOW + 99, NOW + 999, '{"late": 1}')
    assert "late" not in row(service)[2], "the killed one lives, and has lost its claim"


def ended_nothing(service: Service) -> bool:
    """Another worker counts: there is no result yet, and no thread here."""
    return service.core.counting.latest() is None and service.core.counting._thread is None


def test_a_claim_is_renewed_while_its_worker_counts_and_a_lost_one_ends_the_count(
    service: Service, insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(table: Counts, now: int, found: Counted) -> Iterator[None]:
        for _ in range(10):
            service.clock.now += CLAIM_SECONDS // 2
            yield
            claims.append(int(row(service)[0]))

    claims: list[int] = []
    monkeypatch.setattr(counting, "steps", slowly)
    assert service.core.counting.count()
    assert claims == [NOW + CLAIM_SECONDS // 2 * number + CLAIM_SECONDS for number in range(1, 11)]

    def robbed(table: Counts, now: int, found: Counted) -> Iterator[None]:
        service.clock.now += CLAIM_SECONDS * 2
        service.server.sql("UPDATE counts SET claimed_until = claimed_until + 7", "gatepass")
        yield

    service.clock.now = int(row(service)[0])
    before = row(service)[1:]
    monkeypatch.setattr(counting, "steps", robbed)
    assert not service.core.counting.count() and row(service)[1:] == before


def test_a_claim_of_a_clock_that_ran_ahead_is_void(service: Service) -> None:
    service.server.sql(f"INSERT INTO counts VALUES ('sessions', {NOW + 10**9}, 0, '')", "gatepass")
    assert ended(service) == Sessions(NOW, (), ())


GARBAGE: Final[list[Any]] = ["", "{", "null", "[]", "7", "{}", "[" * 100_000]
GARBAGE += [{"version": 0, "kinds": {}, "devices": []}, {"version": 1}, {"version": 1, "kinds": [], "devices": []}]
GARBAGE += [{"version": 1, "kinds": {"mobile": "x"}, "devices": []}, {"version": 1, "kinds": {}, "devices": [[1]]}]


@pytest.mark.parametrize("stored", GARBAGE, ids=range(len(GARBAGE)))
def test_a_result_that_this_version_cannot_read_is_none_and_counted_again(service: Service, stored: Any) -> None:
    text = stored if isinstance(stored, str) else json.dumps(stored)
    service.server.sql(f"INSERT INTO counts VALUES ('sessions', {NOW + 9}, {NOW - 9}, '{text}')", "gatepass")
    assert ended_nothing(service)
    service.clock.now += 9
    assert ended(service) == Sessions(NOW + 9, (), ())


def test_a_kind_that_this_version_does_not_know_is_left_out() -> None:
    stored = counts.write(Counted({"mobile": 2, "console": 3, "fax": 9, "api": 0}, [("a", 2, 1)]))
    assert counts.read(NOW, stored) == Sessions(NOW, (("console", 3), ("mobile", 2)), (("a", 2, 1),))


def test_with_the_database_down_the_look_says_so_and_no_thread_is_left(service: Service) -> None:
    dead = build_core(environment(service.server) | DEAD)
    with pytest.raises(DatabaseDown):
        dead.counting.latest()
    assert dead.counting._thread is None


def test_a_database_that_goes_away_half_way_ends_the_count_and_the_next_one_succeeds(
    service: Service, monkeypatch: pytest.MonkeyPatch, insert: Insert
) -> None:
    def cut_off(table: Counts, now: int, found: Counted) -> Iterator[None]:
        yield
        raise DatabaseDown(2013, "Lost connection")

    monkeypatch.setattr(counting, "steps", cut_off)
    assert ended(service) is None
    monkeypatch.undo()
    service.clock.now += CLAIM_SECONDS
    assert ended(service) is not None


def test_a_worker_that_stops_half_way_ends_after_a_step(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def endless(table: Counts, now: int, found: Counted) -> Iterator[None]:
        while True:
            begun.set()
            yield

    monkeypatch.setattr(counting, "steps", endless)
    assert service.core.counting.latest() is None
    assert begun.wait(60)
    service.core.counting.close()
    assert service.core.counting._thread and not service.core.counting._thread.is_alive()
    assert row(service)[1] == "0" and service.core.counting.latest() is None


def test_an_unforeseen_error_is_logged_and_the_next_count_starts(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(counting, "steps", lambda *_: 1 / 0)
    assert ended(service) is None and "the sessions were not counted" in caplog.text
    monkeypatch.undo()
    service.clock.now += CLAIM_SECONDS
    assert ended(service) is not None


def test_sessions_are_what_a_login_makes_on_a_device() -> None:
    assert SESSIONS == ("mobile", "jwt_refresh", "console")
