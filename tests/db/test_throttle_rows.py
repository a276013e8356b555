"""The rows of the throttle: no failure is lost among others at once, what a purge takes, and clocks that were wrong."""

import threading
from collections.abc import Callable
from itertools import product

import pytest

from tests.auth.guessing import AWAY, DELAYS, HOME, MakeService, guess, limited, rows
from tests.conftest import NOW
from v1.auth import throttle
from v1.db.tables.throttle_rows import ThrottleKeys
from v1.errors import DatabaseDown


def together(times: int, work: Callable[[int], object]) -> None:
    """In so many threads that start at one moment. Raises what one of them raised."""
    start = threading.Barrier(times)
    failed: list[BaseException] = []

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def test_50_failures_at_once_are_counted_as_50_under_every_key(make_service: MakeService) -> None:
    service = limited(make_service)
    limits, keys = throttle.limits(service.core.settings), ThrottleKeys(7, "", AWAY)
    together(50, lambda number: service.core.tables.login_throttle.count(keys, limits, NOW))
    assert rows(service, "scope, failures") == ["account\t50", "address\t50", "everyone\t50", "pair\t50"]
    assert rows(service, "scope, blocked_until")[3] == f"pair\t{NOW + 900}.000"


def test_no_deadlock_reaches_a_caller_while_others_count_clear_and_purge(make_service: MakeService) -> None:
    service = limited(make_service)
    limits, table = throttle.limits(service.core.settings), service.core.tables.login_throttle
    accounts = list(product([1, 2, 3], ["192.0.2.1", "192.0.2.2", "192.0.2.3"]))

    def work(number: int) -> None:
        for turn in range(12):
            user, address = accounts[(number + turn) % len(accounts)]
            account = ThrottleKeys(user, "", address)
            keys = account if number % 2 else ThrottleKeys(0, throttle.digest(b"%d" % turn), address)
            if number % 10 == 9:
                table.delete_expired(NOW + 7200 * turn, 3)
            elif number % 10 == 8:
                table.clear(keys)
            else:
                table.count(keys, limits, NOW + 1000 * turn)

    together(50, work)


def test_the_purge_takes_only_what_means_nothing_any_more(make_service: MakeService) -> None:
    service = limited(make_service)
    [guess(service) for _ in range(8)]
    before = rows(service)
    table = service.core.tables.login_throttle
    assert table.delete_expired(NOW + 59.9, 100) == 0 and rows(service) == before
    assert [table.delete_expired(NOW + seconds, 100) for seconds in (60, 600, 3599, 3600)] == [1, 1, 0, 2]
    assert rows(service) == []


def test_a_clock_set_back_by_minutes_adds_no_more_than_it_was_set_back(make_service: MakeService) -> None:
    """What was counted keeps its ends by the old clock: everybody waits so much longer, once, and nothing is undone."""
    service = limited(make_service)
    for delay in [0] * 5 + DELAYS:
        service.clock.now += delay
        assert guess(service) == "wrong"
    service.clock.now -= 1800
    assert guess(service) == f"wait {1800 + 900} pair"
    assert guess(service, address=HOME, password="password") == "in"
    service.clock.now += 1800 + 900
    assert guess(service, password="password") == "in"


@pytest.mark.parametrize("ahead", [7_200, 86_400, 10**9])
def test_a_clock_that_ran_far_ahead_holds_nobody_once_it_is_right(make_service: MakeService, ahead: int) -> None:
    """What it counted ends in a future that no wait reaches: nobody waits for that, and the counts begin anew."""
    service = limited(make_service)
    service.clock.now += ahead
    for _ in range(6):
        assert guess(service) == "wrong"
    service.clock.now -= ahead
    assert [guess(service) for _ in range(6)] == ["wrong"] * 6
    assert guess(service) == "wait 1 pair"
    assert set(rows(service, "failures")) == {"6"}
    assert int(rows(service, "MAX(expiry) <= %d" % (NOW + 3600))[0]) == 1
    service.clock.now += 1
    assert guess(service, password="password") == "in"


def test_a_count_that_fails_raises_and_is_not_taken_for_done(make_service: MakeService) -> None:
    service = limited(make_service)
    service.server.sql("RENAME TABLE login_throttle TO hidden", "gatepass")
    try:
        with pytest.raises(DatabaseDown):
            limits = throttle.limits(service.core.settings)
            service.core.tables.login_throttle.count(ThrottleKeys(1, "", AWAY), limits, NOW)
    finally:
        service.server.sql("RENAME TABLE hidden TO login_throttle", "gatepass")
    assert rows(service) == []
