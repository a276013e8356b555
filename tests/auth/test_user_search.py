"""A search reads and finds so much and no more, and says when there may be more."""

import pytest

from tests.conftest import NOW, Service
from tests.numbers import numbers
from v1.auth import user_search
from v1.auth.user_search import Wanted
from v1.db.tables.user_search import MOST, SCANNED

TOKENS = "auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip)"


def add(service: Service, table: str, values: str, number: int) -> None:
    """So many rows; `values` is SQL of `seq`."""
    service.server.sql(f"INSERT INTO {table} SELECT {values} FROM {numbers(number)}", "gatepass")


def tokens(service: Service, number: int, user: str, live: str = "TRUE") -> None:
    """Tokens of one device and address, of the user and as live as the SQL says."""
    expiry = f"IF({live}, {NOW + 60}, {NOW})"
    add(service, TOKENS, f"LEFT(SHA2(seq, 256), 40), {user}, {NOW}, {expiry}, {NOW}, 'iPhone', '192.0.2.7'", number)


def words(service: Service, number: int, word: str) -> None:
    add(service, "profile_words (word, user_id)", f"{word}, seq", number)


def found(service: Service, **wanted: str) -> tuple[int, bool]:
    """How many ids, and whether there may be more."""
    result = user_search.find(service.core, Wanted(**wanted), NOW)
    assert result is not None
    return len(result.ids), result.more


WAYS = ({"search": "192.0.2.7"}, {"search": "iph"}, {"device": "iPhone"})


@pytest.mark.parametrize("wanted", WAYS, ids=str)
@pytest.mark.parametrize(
    ("number", "user", "live", "expected"),
    [
        (MOST, "seq", "TRUE", (MOST, False)),
        (MOST + 2, "seq", "TRUE", (MOST, True)),
        (MOST + 2, "seq", "seq > 2", (MOST, False)),
        (SCANNED - 1, "7", "TRUE", (1, False)),
        (SCANNED, "7", "TRUE", (1, True)),
        (SCANNED - 1, "7", "FALSE", (0, False)),
        (SCANNED, "seq", "FALSE", (0, True)),
    ],
)
def test_tokens(service: Service, wanted: dict, number: int, user: str, live: str, expected: tuple) -> None:
    tokens(service, number, user, live)
    assert found(service, **wanted) == expected


def test_words_of_profiles(service: Service) -> None:
    words(service, MOST, "'anna'")
    assert found(service, search="an") == (MOST, False)
    words(service, SCANNED, "CONCAT('anton', seq)")
    assert found(service, search="an") == (MOST, True)
    words(service, 3, "'rare'")
    assert found(service, search="rare an") == found(service, search="an rare") == (3, False)
    assert found(service, search="anton an") == (MOST, True)
    assert found(service, search="an an") == (MOST, True), "one word"


def test_counters_of_failed_logins(service: Service) -> None:
    columns = "login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)"
    rest = f"'', '', 9, {NOW + 9}, IF(seq > {SCANNED - 2}, {NOW + 9}, 0), {NOW + 9}"
    add(service, columns, f"'account', seq, {rest}", SCANNED - 1)
    assert found(service, filter="blocked") == (1, False)
    add(service, columns, f"'pair', seq, '', '192.0.2.7', 9, {NOW + 9}, {NOW + 9}, {NOW + 9}", MOST + 1)
    assert found(service, filter="blocked") == (MOST + 1, True)


def test_nothing_wanted_is_everyone(service: Service) -> None:
    assert user_search.find(service.core, Wanted(), NOW) is None
    assert user_search.count(service.core, None, 10) == 1
    assert [user.username for user in user_search.page(service.core, None, True, 0, 10)] == ["admin"]
