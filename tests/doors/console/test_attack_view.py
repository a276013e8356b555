"""The attack view of Overview: where failed logins came from, whom they tried, who got in, and pardoning an address."""

import re

import pytest

from tests.auth.guessing import limited
from tests.conftest import NOW, Service, add_user
from tests.doors.console.overview_read import PATH, browser, table, text_of
from tests.doors.console.pages_read import heading, notice
from tests.doors.console.signed_in import Browser, administrator, user_id, visitor
from tests.doors.contract import MakeService
from tests.numbers import numbers
from v1.auth import attack

__all__ = ["browser"]

PARDON = "/console/overview/pardon/"
VIEW = "Failing addresses, last hour"
HOME = "192.0.2.1"


def happened(
    service: Service, event: str, address: str = HOME, times: int = 1, ago: int = 60, **columns: object
) -> None:
    """A row of the activity log."""
    values = {"event": event, "address": address, "times": times, "time": NOW - ago, **columns}
    written = ", ".join(f"'{each}'" for each in values.values())
    service.server.sql(f"INSERT INTO events ({', '.join(values)}) VALUES ({written})", "gatepass")


def said(browser: Browser) -> str:
    return text_of(browser.get(PATH), 'aria-labelledby="failing"')


def test_without_a_failure_the_view_says_what_will_be_here(service: Service, browser: Browser) -> None:
    happened(service, "login.failed", ago=3600)
    happened(service, "login.ok")
    assert "No login failed" in said(browser)


def test_an_address_is_told_with_its_failures_times_and_accounts(service: Service, browser: Browser) -> None:
    users = [add_user(service.server, f"user {number}") for number in range(7)]
    for number, user in enumerate(users):
        happened(service, "login.failed", times=number + 1, user_id=user, ago=600)
    happened(service, "login.throttled", times=100, user_id=users[0], ago=120)
    happened(service, "login.failed", times=40, reason="username", ago=3599)
    happened(service, "login.failed", "198.51.100.7", user_id=2_000_000_000)
    first, second = table(browser.get(PATH), VIEW)
    tried = "user 0, user 6, user 5, user 4, user 3 and 2 more; 40 tries with unknown names"
    assert first == [HOME, "168", "21:13 – 22:11", tried, "Nobody", "Pardon"]
    assert second == ["198.51.100.7", "1", "22:12", "2000000000", "Nobody", "Pardon"]
    text = browser.get(PATH).text
    assert f'<a href="/console/users/{users[6]}/"><bdi>user 6</bdi></a>' in text
    assert 'aria-label="By the minute: 100 in the busiest one, none in 57 of 60"' in text
    drawn = re.findall(r'<path class="failed" d="(.*?)"/>', text)
    assert drawn[0] == "M0 20v-8.6h1V20zM49 20v-6.3h1V20zM57 20v-20.0h1V20z"


def test_an_ipv6_address_counts_as_its_network(service: Service, browser: Browser) -> None:
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"):
        happened(service, "login.failed", address, 3)
    listed = table(browser.get(PATH), VIEW)
    assert [row[:2] for row in listed] == [["2001:db8:1:2::/64", "6"], ["2001:db8:1:3::/64", "3"]]


@pytest.mark.parametrize(
    ("failing", "entering"), [(HOME, HOME), ("2001:db8::1", "2001:db8::1"), ("2001:db8::1", "2001:db8:0:0:9::2")]
)
def test_who_got_in_is_told_loudly(service: Service, browser: Browser, failing: str, entering: str) -> None:
    user = user_id(service)
    happened(service, "login.failed", failing, attack.MANY, user_id=user)
    happened(service, "login.ok", entering, user_id=user, ago=3600)
    happened(service, "login.ok", "192.0.2.2", user_id=user)
    happened(service, "login.ok", "2001:db8:0:1::1", user_id=user)
    assert table(browser.get(PATH), VIEW)[0][4] == "Nobody"
    happened(service, "login.ok", entering, user_id=user, ago=30)
    answer = browser.get(PATH)
    assert table(answer, VIEW)[0][4] == "Got in: admin 22:12"
    assert text_of(answer, 'class="alarm"', "div") == "Got in: admin 22:12"


def test_a_person_who_mistyped_and_got_in_is_no_alarm(service: Service, browser: Browser) -> None:
    user = user_id(service)
    happened(service, "login.failed", times=attack.MANY - 1, user_id=user)
    happened(service, "login.ok", user_id=user)
    answer = browser.get(PATH)
    assert table(answer, VIEW)[0][4] == "admin 22:12" and 'class="alarm"' not in answer.text
    happened(service, "login.failed", user_id=user_id(service, "other"))
    assert 'class="alarm"' in browser.get(PATH).text


def test_the_ten_with_the_most_failures_are_listed_and_how_many_more_there_are(
    service: Service, browser: Browser
) -> None:
    for number in range(1, 14):
        happened(service, "login.failed", f"198.51.100.{number}", number)
    happened(service, "login.failed", "", 5000)
    listed = table(browser.get(PATH), VIEW)
    assert [row[1] for row in listed] == [str(number) for number in range(13, 3, -1)]
    assert said(browser).endswith(
        "3 more addresses failed less often.5,000 more failures were counted but not listed one by one."
    )


def test_only_numbers_without_an_address_are_no_table(service: Service, browser: Browser) -> None:
    happened(service, "login.failed", "", 1)
    assert said(browser) == f"{VIEW} 1 more failure was counted but not listed one by one."


def test_newcomers_who_had_to_wait_for_their_turn_are_counted(service: Service, browser: Browser) -> None:
    happened(service, "login.throttled", times=1200, reason="everyone")
    happened(service, "login.throttled", "", 34, reason="everyone")
    happened(service, "login.throttled", times=9, reason="pair")
    assert "1,234 newcomers had to wait for their turn" in said(browser)


def test_of_very_many_rows_the_latest_are_read_and_the_view_says_so(
    service: Service, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("v1.db.tables.failures.MOST", 10)
    monkeypatch.setattr("v1.auth.attack.MOST", 10)
    happened(service, "login.failed", "192.0.2.99", 10**6, ago=3000)
    service.server.sql(
        f"INSERT INTO events (time, event, address) SELECT {NOW} - seq, 'login.failed', '{HOME}' FROM {numbers(10)}",
        "gatepass",
    )
    assert [row[:2] for row in table(browser.get(PATH), VIEW)] == [[HOME, "10"]]
    assert said(browser).endswith("the numbers here are those of the latest failures.")


def test_a_hostile_row_is_shown_as_text(service: Service, browser: Browser) -> None:
    user = add_user(service.server, "<b>\u202e' onx=")
    happened(service, "login.failed", "<script>", 7, user_id=user)
    happened(service, "login.failed", "999.1.1.1", user_id=user)
    happened(service, "login.failed", HOME, user_id=user, ago=-9999)  # of a clock that runs ahead
    text = browser.get(PATH).text
    assert "<script>" not in text and "<b>" not in text and "&lt;b&gt;" in text
    assert "8 more failures were counted but not listed one by one" in text


def fail(service: Service, address: str, name: str) -> None:
    for _ in range(3):
        headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": address}
        visitor(service).client.post("/console/sign-in/", data={"username": name, "password": "x"}, headers=headers)


def counters(service: Service) -> list[str]:
    found = service.server.sql("SELECT scope, address FROM login_throttle ORDER BY scope, address", "gatepass")
    return [" ".join(line.split("\t")).strip() for line in found.splitlines()]


@pytest.fixture
def throttled(make_service: MakeService) -> Service:
    """A service with failures from two addresses, one of them IPv6."""
    limits = {f"THROTTLE_{scope}": "2" for scope in ("PAIR", "ADDRESS", "ACCOUNT")}
    service = limited(make_service, TRUSTED_PROXIES="127.0.0.1/32", THROTTLE_EVERYONE="1000", **limits)
    user_id(service, "other")
    for address in (HOME, "2001:db8::9"):
        fail(service, address, "other")
        fail(service, address, "nobody")
    return service


def test_to_pardon_an_address_deletes_its_counters_and_no_others(throttled: Service, lines: list[str]) -> None:
    boss = administrator(throttled)
    before = counters(throttled)
    asked = boss.get(f"{PARDON}?address=2001:db8::77")
    assert heading(asked) == "Pardon this address?" and "2001:db8::/64" in asked.text
    assert 'name="address" value="2001:db8::"' in asked.text and counters(throttled) == before, "a page only reads"
    answer = boss.post(PARDON, address="2001:db8::")
    assert answer.status_code == 303 and answer.headers["Location"].startswith(PATH)
    assert notice(boss.get(answer.headers["Location"])) == (
        "The failures of this address were forgotten. It may try again."
    )
    left = counters(throttled)
    assert left == [each for each in before if "2001:db8::" not in each] and f"address {HOME}" in left
    assert [each for each in left if each.startswith(("account", "everyone"))] == ["account", "account", "everyone"]
    throttled.core.write_behind.write()
    columns = "SELECT event, address, actor FROM events WHERE event = 'throttle.cleared'"
    by = f"user {user_id(throttled)}"
    assert throttled.server.sql(columns, "gatepass") == f"throttle.cleared\t2001:db8::\t{by}\n"
    assert [line for line in lines if '"throttle.cleared"' in line and f'"by": "{by}"' in line]


def test_to_pardon_again_deletes_nothing_more(throttled: Service) -> None:
    boss = administrator(throttled)
    before = counters(throttled)
    for _ in range(2):
        assert boss.post(PARDON, address=HOME).status_code == 303
    assert counters(throttled) == [each for each in before if HOME not in each] != []


def test_very_many_counters_are_deleted_some_at_a_time(
    service: Service, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("v1.db.tables.login_throttle.BATCH", 3)
    rows = ", ".join(f"('pair', {user}, '{HOME}', 1, 0, 0)" for user in range(10))
    columns = "login_throttle (scope, user_id, address, failures, window_end, expiry)"
    service.server.sql(f"INSERT INTO {columns} VALUES {rows}, ('pair', 1, '192.0.2.2', 1, 0, 0)", "gatepass")
    browser.post(PARDON, address=HOME)
    assert counters(service) == ["pair 192.0.2.2"]


WRONG = ("", "x", "192.0.2", "192.0.2.1/24", "2001:db8::/64", "192.0.2.1 ", "' OR 1", "<script>", "1" * 5000)


@pytest.mark.parametrize("address", WRONG, ids=range(len(WRONG)))
def test_what_is_no_address_is_not_pardoned(throttled: Service, address: str) -> None:
    boss, before = administrator(throttled), counters(throttled)
    assert boss.client.get(PARDON, query_string={"address": address}).status_code == 404
    assert boss.post(PARDON, address=address).status_code == 404
    assert boss.get(PARDON).status_code == boss.post(PARDON).status_code == 404
    assert counters(throttled) == before
