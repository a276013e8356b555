"""Overview: its tiles and lists say what the rows say: logins this hour, who must wait, live sessions, the service."""

import pytest
from werkzeug.test import TestResponse

from tests.auth.guessing import limited
from tests.conftest import NOW, Service
from tests.doors.console.overview_read import PATH, browser, stats, table, text_of
from tests.doors.console.signed_in import Browser, administrator, user_id, visitor
from tests.doors.contract import MakeService
from tests.doors.kinds import KINDS, PHONE, mint
from v1.db.host_health import Health
from v1.db.hosts import HostState
from v1.settings.database_hosts import Host

__all__ = ["browser"]


def tile(response: TestResponse, name: str) -> str:
    return text_of(response, f'id="tile-{name}"', "div")


def test_the_logins_of_this_hour_and_the_share_that_failed(service: Service, browser: Browser) -> None:
    assert tile(browser.get(PATH), "hour") == "Logins this hour 0 No failures"
    stats(service, ("2023-11-14 22", "ok", 1200), ("2023-11-14 22", "failed", 290), ("2023-11-14 22", "throttled", 7))
    stats(service, ("2023-11-14 22", "busy", 2), ("2023-11-14 22", "error", 1), door="console")
    stats(service, ("2023-11-14 21", "ok", 50), ("2023-11-14 21", "failed", 50))
    assert tile(browser.get(PATH), "hour") == "Logins this hour 1,200 20% of all tries failed: 300 failures"
    service.server.sql("UPDATE login_stats SET logins = 100000 WHERE outcome = 'ok'", "gatepass")
    service.server.sql("UPDATE login_stats SET logins = 1 WHERE outcome <> 'ok'", "gatepass")
    assert "1% of all tries failed: 4 failures" in tile(browser.get(PATH), "hour"), "a few are not none"


def counted(service: Service, browser: Browser) -> TestResponse:
    """The page when the count that it starts has ended."""
    browser.get(PATH)
    thread = service.core.counting._thread
    assert thread is not None
    thread.join(60)
    return browser.get(PATH)


def test_live_tokens_are_counted_by_their_kind_and_expired_ones_are_not(service: Service, browser: Browser) -> None:
    for kind in (*KINDS, "mobile", "mobile"):
        mint(service, kind)
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW} WHERE kind = 'management'", "gatepass")
    answer = counted(service, browser)
    listed = dict(table(answer, "Live tokens by kind"))
    assert listed == {
        **{"Mobile app": "3", "Server's API token": "3", "DeviceHive access": "2", "DeviceHive session": "2"},
        **{"Web console": "2", "Personal API token": "1", "Stream": "1"},
    }
    assert tile(answer, "live") == "Live sessions 7 As of 22:13", "of people: neither API tokens nor access tokens"


def test_the_devices_with_the_most_sessions_are_told_with_their_users(service: Service, browser: Browser) -> None:
    for username in ("admin", "other", "other"):
        user_id(service, username)
        mint(service, "mobile", username)
    assert table(counted(service, browser), "Top devices")[0] == [PHONE.device_info, "3", "2"]


def test_what_another_worker_counts_is_not_waited_for(service: Service, browser: Browser) -> None:
    service.server.sql(f"INSERT INTO counts VALUES ('sessions', {NOW + 9}, 0, '')", "gatepass")
    answer = browser.get(PATH)
    assert tile(answer, "live") == "Live sessions … Counting …" and answer.text.count("Counting …") == 3
    assert service.core.counting._thread is None


def test_who_must_wait_is_told_with_address_failures_and_for_how_long(make_service: MakeService) -> None:
    service = limited(make_service, THROTTLE_PAIR="2")
    browser, other = administrator(service), user_id(service, "other")
    calm = browser.get(PATH)
    assert "Nobody has to wait" in calm.text and tile(calm, "blocked") == "Blocked now 0 0 accounts, 0 addresses"
    for name in ("other", "nobody"):
        for _ in range(3):
            visitor(service).sign_in(name, "wrong")
    answer = browser.get(PATH)
    assert [row[:4] for row in table(answer, "Blocked now")] == [
        ["Account from one address", "no such user", "127.0.0.1", "3"],
        ["Account from one address", "other", "127.0.0.1", "3"],
    ]
    assert f'<a href="/console/users/{other}/"><bdi>other</bdi></a>' in answer.text
    assert tile(answer, "blocked") == "Blocked now 2 2 accounts, 0 addresses"
    service.clock.now = NOW + 1
    assert "Nobody has to wait" in browser.get(PATH).text


THROTTLE = "INSERT INTO login_throttle (scope, user_id, address, failures, window_end, blocked_until, expiry) VALUES "


def test_an_account_that_is_blocked_in_several_ways_is_one(service: Service, browser: Browser) -> None:
    rows = [("pair", 7, "192.0.2.1"), ("pair", 7, "192.0.2.2"), ("account", 7, ""), ("account", 8, "")]
    rows += [("address", 0, "192.0.2.1"), ("address", 0, "2001:db8::")]
    until = f"9, {NOW + 9}, {NOW + 9}, {NOW + 9}"
    service.server.sql(THROTTLE + ", ".join(f"('{s}', {u}, '{a}', {until})" for s, u, a in rows), "gatepass")
    assert tile(browser.get(PATH), "blocked") == "Blocked now 4 2 accounts, 2 addresses"


def test_of_very_many_counters_those_at_both_ends_are_read(
    service: Service, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("v1.db.tables.login_throttle.MOST", 2)
    ends = range(9, 109, 10)
    rows = ", ".join(f"('address', 0, '192.0.2.{end}', 9, 0, {NOW + end}, {NOW + end})" for end in ends)
    service.server.sql(THROTTLE + rows, "gatepass")
    answer = browser.get(PATH)
    assert tile(answer, "blocked") == "Blocked now At least 4 0 accounts, 4 addresses"
    assert [row[2] for row in table(answer, "Blocked now")] == [f"192.0.2.{end}" for end in (99, 89, 19, 9)]


def test_an_attack_of_all_addresses_together_is_told_until_it_ends_and_afterwards(
    service: Service, browser: Browser
) -> None:
    assert tile(browser.get(PATH), "service") == "Service Working Database: Working No attack from everywhere"
    service.server.sql(THROTTLE + f"('everyone', 0, '', 9, {NOW}, {NOW + 2}, {NOW + 999})", "gatepass")
    assert "Under attack" in tile(browser.get(PATH), "service")
    service.clock.now += 122
    assert "Last attack from everywhere: 2 minutes ago" in tile(browser.get(PATH), "service")


def test_each_database_host_is_told_in_words(service: Service, browser: Browser) -> None:
    hosts = [HostState(Host("db1", 3306), Health("down", "refused <b>"), False)]
    hosts += [HostState(Host("db2", 3307), Health("well"), True), HostState(Host("db3", 3306), Health("donor"), False)]
    object.__setattr__(service.core.tables, "hosts", lambda: hosts)
    said = tile(browser.get(PATH), "service")
    assert said.startswith("Service Look closer Database db1") and ": Down Database db2:3307 (in use): Working" in said
    assert said.endswith("Gives its rows to another node No attack from everywhere") and "<b>" not in said


@pytest.mark.parametrize("query", ["range=1h", "range=", "range=7D", "door=x", "door=oauth'", "range=24h&door=%00"])
def test_another_range_or_door_is_no_page(browser: Browser, query: str) -> None:
    assert browser.get(f"{PATH}?{query}").status_code == 404
