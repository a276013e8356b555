"""How far attacks of thousands of guesses come: how many reach a hash; the owner gets in all the while.

The guesses go to the login itself, which every door calls, so that each takes no longer than its statements do; the
owner comes by the mobile door. Time is the test's own: it is moved as if the guesses came evenly.
"""

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.auth.guessing import AWAY, HOME, MakeService, guess, limited, sign_in
from tests.conftest import COST_4, Service
from tests.fuzz import examples
from tests.numbers import numbers

GUESSES = examples(2_000, 10_000)
HOUR, MINUTE = 3600, 60
OWNER_EVERY = 500
"""The owner logs in once in so many guesses."""


@pytest.fixture
def quiet() -> Iterator[None]:
    """No log lines, which would take as long as the guesses."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def service(make_service: MakeService, quiet: None) -> Service:
    """All limits at their defaults, the owner `admin`, and half of the names that are guessed at."""
    made = limited(make_service)
    add = "INSERT INTO users (username, password, creation_time, remote_ip, access_level)"
    many = f"SELECT CONCAT('user', seq * 2 - 2), '{COST_4}', NOW(), '', 1 FROM {numbers(GUESSES // 2)}"
    made.server.sql(f"{add} {many}", "gatepass")
    return made


def counted(service: Service) -> list[bytes]:
    """The setting of every hash that is worked out from now on."""
    done: list[bytes] = []
    crypt = service.core.passwords.crypt

    def noted(password: bytes, setting: bytes) -> bytes | None:
        done.append(setting)
        return crypt(password, setting)

    object.__setattr__(service.core.passwords, "crypt", noted)
    return done


def hashes_of(
    service: Service,
    seconds: int,
    name: Callable[[int], str],
    address: Callable[[int], str],
    owner: str = HOME,
    guesses: int = GUESSES,
) -> int:
    """How many of the guesses come as far as a hash. The owner logs in from `owner`, where they are signed in."""
    sign_in(service, address=owner)
    hashes, began, found = counted(service), service.clock.now, 0
    for number in range(guesses):
        service.clock.now = began + seconds * number / guesses  # type: ignore[assignment]
        before = len(hashes)
        guess(service, name(number), address(number))
        found += len(hashes) - before
        if number % OWNER_EVERY == 0:
            sign_in(service, address=owner)
    assert len(hashes) - found == guesses / OWNER_EVERY
    return found


def test_from_one_address_at_one_account_18_guesses_of_an_hour_reach_a_hash(service: Service) -> None:
    assert hashes_of(service, HOUR, lambda _: "admin", lambda _: AWAY, guesses=GUESSES // 2) == 18
    assert guess(service, password="password").startswith("wait ")


def test_from_one_address_at_many_accounts_300_guesses_of_10_minutes_reach_a_hash(service: Service) -> None:
    """The owner is behind the attacker's very address, as thousands of phones of one carrier are."""
    guesses = {"owner": AWAY, "guesses": GUESSES // 2}
    assert hashes_of(service, 20 * MINUTE, lambda number: f"user{number}", lambda _: AWAY, **guesses) == 2 * 300


def test_from_500_addresses_at_one_account_112_guesses_of_an_hour_reach_a_hash(service: Service) -> None:
    """Four each: that no pair waits, and all that must wait do so for the account."""
    addresses = [f"203.0.{number // 250}.{number % 250}" for number in range(500)]
    assert hashes_of(service, HOUR, lambda _: "admin", lambda number: addresses[number % 500], guesses=2000) == 112
    assert guess(service, address="198.51.100.77", password="password").startswith("wait ")


def test_one_guess_each_from_as_many_addresses_in_a_minute_a_fifth_of_those_beyond_1000_reach_a_hash(
    service: Service,
) -> None:
    address = "10.{0}.{1}.1".format
    found = hashes_of(service, MINUTE, lambda number: f"user{number}", lambda number: address(*divmod(number, 250)))
    assert 1000 + (GUESSES - 1000) / 6 < found < 1000 + (GUESSES - 1000) / 4
    newcomers = [guess(service, "user2", f"198.51.100.{number}", "password") for number in range(30)]
    assert {answer.partition(" ")[2] for answer in newcomers} <= {"", "1 everyone", "2 everyone"}
    assert "in" in newcomers
