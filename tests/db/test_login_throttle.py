"""What is counted together (one account, one address, everyone), for how long; no failure is lost."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

import pytest

from tests.auth.test_throttle import AWAY, DELAYS, HOME, MakeService, guess, limited, rows, sign_in
from tests.conftest import NOW, Clock, Service, add_user, build, environment, migrate
from tests.database_servers import IS_MYSQL
from tests.db.old_php import DUMP, ZERO_DATES
from tools.private_server import Server
from v1.auth import throttle
from v1.db.tables.throttle_rows import ThrottleKeys
from v1.errors import DatabaseDown


@contextmanager
def unsynced(server: Server) -> Iterator[None]:
    """Commits do not wait for the disk: a thousand failures in a second."""
    server.sql("SET GLOBAL innodb_flush_log_at_trx_commit = 0")
    yield
    server.sql("SET GLOBAL innodb_flush_log_at_trx_commit = 1")


def fail(service: Service, times: int, name: str = "", address: str = "") -> None:
    """So many failures of this account or of many, from this address or from many: each pair fails once."""
    user = service.core.tables.users.find(name.encode())
    limits = throttle.limits(service.core.settings)
    with unsynced(service.server):
        for number in range(times):
            account = (user.id, "") if user else (0, throttle.digest(b"%d" % number))
            keys = ThrottleKeys(*account, address or f"10.1.{number // 250}.{number % 250}")
            service.core.tables.login_throttle.count(keys, limits, service.clock())


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


def attack(service: Service, guesses: int = 1008, networks: int = 4) -> None:
    """So many wrong guesses in five seconds, in turns from so many IPv6 networks, each at another name."""
    for number in range(guesses):
        guess(service, f"nobody{number}", f"2001:db8:0:{number % networks:x}::{number:x}")
        if number % (guesses // 5) == 0:
            service.clock.now += 1


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
    assert {seconds for waited, _ in found for seconds in waited} == {2}, "never longer"


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


@pytest.fixture
def adopted(database_server: Server, fresh: str) -> Service:
    """A service on the tables of an old installation, where names are latin1."""
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    clock = Clock()
    app = build(environment(database_server, fresh, THROTTLE_PAIR="5"), clock)
    return Service(app, app.test_client(), database_server, clock)


LATIN1 = ["{0}", "{0} ", "{0}   "]
UTF8MB4 = [*LATIN1, "{0}\u00a0", "{0}\u3000 ", "{0}\u200b"]
"""Ways to write a name that the column takes as equal: it ignores trailing spaces, of any kind that it knows."""


@pytest.mark.parametrize("name", ["admin", "zork"])
@pytest.mark.parametrize("where, ways", [("utf8mb4", UTF8MB4), ("latin1", LATIN1)])
def test_spellings_that_the_column_takes_as_equal_are_one_account_whether_there_is_such_a_user_or_not(
    make_service: MakeService, request: pytest.FixtureRequest, where: str, ways: list[str], name: str
) -> None:
    """Were those of an unknown name counted apart, six failures in two spellings would tell whether there is a user."""
    service = limited(make_service) if where == "utf8mb4" else request.getfixturevalue("adopted")
    spellings = [way.format(each) for way in ways for each in (name, name.upper(), name.title())]
    assert [guess(service, each) for each in spellings[-6:]] == ["wrong"] * 6
    assert {each: guess(service, each) for each in spellings} == dict.fromkeys(spellings, "wait 1 pair")
    assert guess(service, name[:-1]) == guess(service, name + "x") == guess(service, " " + name) == "wrong"


NO_PAD = "utf8mb4 COLLATE " + ("utf8mb4_0900_ai_ci" if IS_MYSQL else "utf8mb4_unicode_nopad_ci")
"""A collation for which a trailing space makes another name: in MySQL the default one."""


@pytest.mark.parametrize("name", ["admin", "zork"])
@pytest.mark.parametrize("charset", [NO_PAD, "binary"])
def test_where_the_column_minds_trailing_spaces_they_make_another_account(
    adopted: Service, fresh: str, name: str, charset: str
) -> None:
    """If only those of an unknown name were counted together, the count would tell whether there is a user."""
    column = f"ALTER TABLE users MODIFY username VARCHAR(30) CHARACTER SET {charset} NOT NULL"
    adopted.server.sql(f"{ZERO_DATES} DELETE FROM users WHERE id <> 1; {column}", fresh)
    assert [guess(adopted, name) for _ in range(7)] == ["wrong"] * 6 + ["wait 1 pair"]
    assert guess(adopted, name + " ") == guess(adopted, " " + name) == "wrong"
    assert guess(adopted, name.upper()) == ("wrong" if charset == "binary" else "wait 1 pair")


@pytest.mark.parametrize("name", ["jürgen", "zörk"])
def test_a_name_beyond_ascii_is_the_account_that_its_column_makes_it(
    make_service: MakeService, adopted: Service, name: str
) -> None:
    service, plain = limited(make_service), name.replace("ö", "o").replace("ü", "u")
    add_user(service.server, "jürgen")
    assert [guess(service, each) for each in [name, name.upper(), plain] * 2] == ["wrong"] * 6
    assert guess(service, plain.upper()) == "wait 1 pair"
    assert [guess(adopted, name) for _ in range(6)] == ["wrong"] * 6
    assert [guess(adopted, name.encode().upper()), guess(adopted, plain)] == ["wait 1 pair", "wrong"]
    assert guess(adopted, name.encode("latin1")) == "wrong", "other bytes: another name"


@pytest.mark.parametrize("name", [b"nobody", b"ad\0min", b"\0", b"\xff\xfe", b"", b"x" * 16000, "\U0001f600".encode()])
def test_a_name_that_nobody_has_is_counted_by_a_digest_and_never_kept(make_service: MakeService, name: bytes) -> None:
    service = limited(make_service)
    assert [guess(service, name) for _ in range(7)] == ["wrong"] * 6 + ["wait 1 pair"]
    assert guess(service, name + b"!") == guess(service, "admin") == "wrong"
    counted = [row.split("\t") for row in rows(service, "scope, user_id, failures, name_digest")]
    digests = {digest for scope, user, failures, digest in counted if (scope, user, failures) == ("pair", "0", "6")}
    assert len(digests) == 1 and re.fullmatch("[0-9a-f]{64}", digests.pop())


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

    with unsynced(service.server):
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
