"""When a login must wait: after how many failures, for how long, and what ends or shortens it."""

import math

import pytest

from tests.auth.guessing import AWAY, DELAYS, HOME, THROTTLED, MakeService, guess, limited, rows
from tests.conftest import NOW, add_user
from tests.environments import UNTHROTTLED
from v1.auth import throttle
from v1.db.tables.throttle_rows import ThrottleState
from v1.errors import Throttled
from v1.records import User


@pytest.mark.parametrize("name", ["admin", "nobody"])
def test_five_failures_are_free_and_each_further_one_doubles_the_wait(make_service: MakeService, name: str) -> None:
    service = limited(make_service)
    assert [guess(service, name) for _ in range(6)] == ["wrong"] * 6
    for delay in DELAYS:
        assert guess(service, name) == f"wait {delay} pair"
        service.clock.now += delay - 1
        assert guess(service, name) == "wait 1 pair"
        service.clock.now += 1
        assert guess(service, name) == "wrong"


def test_another_account_and_another_address_do_not_wait_for_a_pair(make_service: MakeService) -> None:
    service = limited(make_service)
    add_user(service.server, "other")
    [guess(service) for _ in range(6)]
    assert guess(service, password="password") == "wait 1 pair"
    assert guess(service, "other", password="password") == "in"
    assert guess(service, address=HOME, password="password") == "in"


def test_a_refused_try_neither_counts_nor_extends(make_service: MakeService) -> None:
    service = limited(make_service)
    [guess(service) for _ in range(8)]
    before = rows(service)
    assert {guess(service) for _ in range(20)} == {"wait 1 pair"}
    assert rows(service) == before


def test_what_is_counted_for_a_pair_vanishes_after_an_hour_without_failures(make_service: MakeService) -> None:
    service = limited(make_service)
    for _ in range(6):
        service.clock.now += 3599
        assert guess(service) == "wrong"
    assert guess(service) == "wait 1 pair", "each came within an hour of the one before"
    service.clock.now += 3600
    assert [guess(service) for _ in range(7)] == ["wrong"] * 6 + ["wait 1 pair"]


def test_a_good_login_clears_its_own_pair_and_nothing_else(make_service: MakeService) -> None:
    service = limited(make_service)
    add_user(service.server, "other")
    for name, address in (("admin", HOME), ("admin", AWAY), ("other", AWAY), ("nobody", AWAY)):
        guess(service, name, address)
    before = set(rows(service))
    assert guess(service, password="password") == "in"
    after = set(rows(service))
    (gone,) = (each.split("\t") for each in before - after)
    admin = service.core.tables.users.find(b"admin")
    assert admin and gone[:4] == ["pair", str(admin.id), "", AWAY]
    assert after < before


@pytest.mark.parametrize("key", list(UNTHROTTLED))
def test_0_switches_a_key_off_even_where_it_was_counting(make_service: MakeService, key: str) -> None:
    on = make_service(**{key: "1"})
    assert [guess(on, "nobody") for _ in range(3)][2].startswith("wait ")
    off = make_service()
    before = rows(off)
    assert [guess(off, "nobody") for _ in range(3)] == ["wrong"] * 3
    assert rows(off) == before


SETTINGS = {
    "PAIR=1 DELAY_SECONDS=3 DELAY_MAX_SECONDS=10": ["wrong", "wrong", "wait 3 pair", "wait 6 pair", "wait 10 pair"],
    "ADDRESS=2 ADDRESS_SECONDS=30": ["wrong", "wrong", "wait 30 address"],
    "ACCOUNT=2 DELAY_SECONDS=5 DELAY_MAX_SECONDS=7": ["wrong", "wrong", "wait 5 account", "wait 7 account"],
    "ACCOUNT=1 DELAY_SECONDS=9 DELAY_MAX_SECONDS=7": ["wrong", "wait 7 account"],
    "ADDRESS=1 ADDRESS_SECONDS=30": ["wrong", "wait 30 address"],
    "PAIR=1 DELAY_SECONDS=3 FORGET_SECONDS=2": ["wrong", "wrong", "wait 3 pair", "wrong", "wait 3 pair"],
}


@pytest.mark.parametrize("limits", SETTINGS)
def test_every_number_is_a_setting(make_service: MakeService, limits: str) -> None:
    """Each wait is sat out, and a failure follows at once: the next of the count or, after FORGET, a first one."""
    service = limited(make_service, **{f"THROTTLE_{each.split('=')[0]}": each.split("=")[1] for each in limits.split()})
    found: list[str] = []
    while len(found) < len(SETTINGS[limits]):
        found.append(guess(service))
        if found[-1].startswith("wait "):
            service.clock.now += int(found[-1].split()[1])
            assert guess(service) == "wrong"
    assert found == SETTINGS[limits]


WINDOWS = {"PAIR=1 FORGET_SECONDS": 1, "ADDRESS=2 ADDRESS_SECONDS": 0, "ACCOUNT=2 ACCOUNT_SECONDS": 0}
WINDOWS |= {"EVERYONE=2 EVERYONE_SECONDS": 0}


@pytest.mark.parametrize("limits", WINDOWS)
def test_a_failure_at_the_end_of_a_window_begins_a_new_one(make_service: MakeService, limits: str) -> None:
    limit, seconds = limits.split()
    number = {f"THROTTLE_{limit.split('=')[0]}": limit.split("=")[1], f"THROTTLE_{seconds}": "20"}
    service = limited(make_service, **number)
    guess(service)
    service.clock.now += 20
    assert [guess(service), guess(service)] == ["wrong", "wrong"]
    answers = {guess(service, address=f"203.0.113.{number}" if "EVERYONE" in limits else AWAY) for number in range(40)}
    assert any(answer.startswith("wait ") for answer in answers), "the second of a window starts the waiting"


def standing(blocked: dict[str, float], signed_in: bool = False, address: str = AWAY) -> ThrottleState:
    """Where nobody stands, but for these keys."""
    nowhere = dict.fromkeys(("pair", "address", "account", "everyone"), 0.0)
    return ThrottleState("ab", address, nowhere | blocked, 6, signed_in)


NOBODY = User(0, "nobody", b"!", 0, False, "")


@pytest.mark.parametrize("ahead", [0.001, 0.5, 1, 1.001, 899.2])
def test_the_seconds_to_wait_are_whole_rounded_up_and_never_0(make_service: MakeService, ahead: float) -> None:
    settings, waiting = make_service(**THROTTLED).core.settings, standing({"pair": NOW + ahead})
    with pytest.raises(Throttled) as caught:
        throttle.check(settings, NOBODY, waiting, NOW)
    assert caught.value.retry_after == math.ceil(ahead) >= 1
    assert throttle.check(settings, NOBODY, waiting, NOW + ahead) is None


WAITS = {
    "address pair": {"pair": 5, "address": 3, "account": 7},
    "account pair": {"pair": 9, "account": 7},
    "pair pair": {"pair": 5},
    "address": {"address": 9, "account": 7},
    "account": {"account": 7},
}


@pytest.mark.parametrize("told", WAITS)
def test_the_wait_of_a_pair_is_told_only_where_no_other_key_waits(make_service: MakeService, told: str) -> None:
    """The pair's grows with the guesses of who is let through: it would tell."""
    settings, key = make_service(**THROTTLED).core.settings, told.split()[0]
    blocked = {scope: NOW + float(seconds) for scope, seconds in WAITS[told].items()}
    for signed_in in (False, True):
        if "pair" in blocked or not signed_in:
            with pytest.raises(Throttled) as caught:
                throttle.check(settings, NOBODY, standing(blocked, signed_in), NOW)
            refusal: Throttled | None = caught.value
        else:
            refusal = throttle.check(settings, NOBODY, standing(blocked, signed_in), NOW)
        assert refusal and (refusal.retry_after, refusal.scope) == (WAITS[told][key], key)


def test_in_an_attack_a_pair_waits_two_seconds_each_time_and_ten_in_all(make_service: MakeService) -> None:
    settings, told, first = make_service(**THROTTLED).core.settings, set[int](), 0
    for number in range(200):
        begun = now = NOW + number * 0.37
        while now < begun + 60:
            attacked = standing({"everyone": now + 1.5}, address=f"203.0.113.{number}")
            try:
                throttle.check(settings, NOBODY, attacked, now)
                break
            except Throttled as refusal:
                assert refusal.scope == "everyone"
                told.add(refusal.retry_after)
                now += refusal.retry_after + 0.4  # on the way
        assert now - begun <= 12
        first += now == begun
    assert told == {1, 2}
    assert 20 <= first <= 60, "a fifth of all need not wait"
