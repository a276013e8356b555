"""The limits of an address, of an account and of everyone, each with its window; and an attack on all accounts."""

from tests.auth.guessing import AWAY, DELAYS, HOME, MakeService, attack, fail, guess, limited, sign_in
from tests.conftest import NOW, Service, add_user


def test_300_failures_from_an_address_stop_it_until_the_10_minutes_end(make_service: MakeService) -> None:
    service = limited(make_service)
    fail(service, 1, address=AWAY)
    service.clock.now += 599
    fail(service, 298, address=AWAY)
    assert guess(service, "the 300th") == "wrong"
    assert guess(service, password="password") == guess(service, "nobody") == "wait 1 address"
    assert guess(service, address=HOME) == "wrong"
    service.clock.now += 1
    assert [guess(service, "nobody"), guess(service, password="password")] == ["wrong", "in"]


def test_the_10_minutes_begin_with_the_first_failure_and_begin_anew_after_them(make_service: MakeService) -> None:
    service = limited(make_service)
    fail(service, 299, address=AWAY)
    service.clock.now += 600
    fail(service, 299, address=AWAY)
    assert [guess(service, "the 300th"), guess(service, "nobody")] == ["wrong", "wait 600 address"]


def test_an_account_with_a_token_from_the_address_is_exempt_while_the_token_lives(make_service: MakeService) -> None:
    service = limited(make_service)
    add_user(service.server, "other")
    sign_in(service, "admin", AWAY)
    sign_in(service, "other", HOME)
    fail(service, 300, address=AWAY)
    assert guess(service, password="password") == "in"
    assert guess(service, "other") == guess(service, "nobody") == "wait 600 address"
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW}", "gatepass")
    assert guess(service, password="password") == "wait 600 address"
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW + 1}", "gatepass")
    assert guess(service, password="password") == "in"


def test_100_failures_at_an_account_delay_addresses_without_a_token_of_it(make_service: MakeService) -> None:
    service = limited(make_service)
    add_user(service.server, "other")
    sign_in(service, "admin", HOME)
    sign_in(service, "other", AWAY)
    fail(service, 1, "admin")
    service.clock.now += 2000
    fail(service, 98, "admin")
    assert guess(service) == "wrong"
    for number, delay in enumerate(DELAYS[:10]):
        address = f"203.0.113.{number}"
        assert guess(service, address=address) == guess(service) == f"wait {delay} account"
        assert guess(service, address=HOME, password="password") == "in"
        service.clock.now += delay
        assert guess(service, address=address) == "wrong"
    assert guess(service) == "wait 900 account"
    assert guess(service, "other", password="password") == "in"


def test_the_hour_of_an_account_begins_with_the_first_failure(make_service: MakeService) -> None:
    service = limited(make_service)
    fail(service, 99, "admin")
    service.clock.now += 3600
    fail(service, 99, "admin")
    service.clock.now += 3599
    assert [guess(service), guess(service, address=HOME)] == ["wrong", "wait 1 account"]


def tries_until_in(service: Service, address: str) -> tuple[list[int], str]:
    """The seconds that the right password is told to wait, one after the other, and how it ends. Time passes so, while
    twenty failures a second come from elsewhere."""
    waited: list[int] = []
    while (answer := guess(service, "other", address, "password")).endswith(" everyone") and sum(waited) <= 60:
        waited.append(int(answer.split()[1]))
        for _ in range(waited[-1]):
            service.clock.now += 1
            fail(service, 20)
    return waited, answer


def test_while_an_attack_lasts_a_newcomer_who_comes_again_when_told_is_in_within_a_minute(
    make_service: MakeService,
) -> None:
    service = limited(make_service)
    add_user(service.server, "other")
    attack(service)
    found = [tries_until_in(service, f"2001:db8:{number:x}::1") for number in range(256, 276)]
    assert {answer for _, answer in found} == {"in"}
    assert max(sum(waited) for waited, _ in found) <= 10
    assert max(seconds for waited, _ in found for seconds in waited) == 2, "never longer"


def test_an_attack_is_over_two_seconds_after_its_last_failure(make_service: MakeService) -> None:
    service = limited(make_service)
    add_user(service.server, "other")
    attack(service)
    addresses = [f"203.0.113.{number}" for number in range(40)]
    answers = [guess(service, "other", address, "password") for address in addresses]
    assert {answer[-8:] for answer in answers} == {"in", "everyone"}, "some have their turn"
    service.clock.now += 2
    assert [guess(service, "other", address, "password") for address in addresses] == ["in"] * 40


def test_who_is_signed_in_does_not_wait_for_an_attack_and_the_limit_of_an_account_holds_in_it(
    make_service: MakeService,
) -> None:
    service = limited(make_service)
    sign_in(service)
    attack(service)
    assert [guess(service, address=HOME, password="password") for _ in range(3)] == ["in"] * 3
    fail(service, 100, "admin")
    found = {guess(service, address=f"203.0.113.{number}", password="password") for number in range(9)}
    assert found == {"wait 1 account"}


def test_999_failures_in_a_minute_delay_nobody(make_service: MakeService) -> None:
    service = limited(make_service)
    fail(service, 999)
    service.clock.now += 60
    fail(service, 999)
    assert guess(service, password="password") == "in"
