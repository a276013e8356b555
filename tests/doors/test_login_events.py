"""What a login leaves behind for operators: its line, its counts, other sessions, a new hash; and odd requests."""

import json
import logging
from typing import Any

import pytest
from prometheus_client import REGISTRY

from tests.auth.guessing import HOME, THROTTLED, MakeService, attack, fail, guess, limited
from tests.conftest import COST_4, Service, add_user
from tests.doors.contract.login_door import outcomes
from tests.doors.mobile.test_oauth import code, log_in
from v1.tokens import issue


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"gatepass_{name}_total", labels) or 0.0


def events(lines: list[str], name: str) -> list[dict[str, Any]]:
    return [each for each in map(json.loads, lines) if each["event"] == name]


def test_a_throttled_login_is_told_of_by_the_users_id_and_counted_by_its_key(
    make_service: MakeService, lines: list[str]
) -> None:
    service = make_service(**THROTTLED)
    user_id, before = add_user(service.server, "admin"), counted("logins_throttled", key="pair")
    for name in ("admin", "nobody"):
        for _ in range(7):
            log_in(service, username=name, password="wrong")
    known, unknown = events(lines, "login.throttled")
    assert (known["user_id"], known["key"], known["door"], known["address"]) == (user_id, "pair", "oauth", "127.0.0.1")
    assert "user_id" not in unknown and unknown["key"] == "pair"
    assert counted("logins_throttled", key="pair") == before + 2
    assert outcomes(service) == "failed 12 throttled 2"


def test_the_setting_keeps_so_many_sessions_of_a_user(make_service: MakeService, lines: list[str]) -> None:
    service = make_service(MAX_SESSIONS_PER_USER="2")
    add_user(service.server, "admin")
    for device in ("one", "two", "three"):
        service.clock.now += 1
        assert code(log_in(service, **{"device-info": device})) is None
    assert service.server.sql("SELECT device_info FROM auth_tokens ORDER BY id", "gatepass").split() == ["two", "three"]
    [dropped] = events(lines, "token.revoked")
    assert (dropped["revoked"], dropped["reason"]) == (1, "limit")


def test_a_connection_that_died_in_the_pool_is_no_error_and_a_statement_that_fails_is(
    service: Service, lines: list[str]
) -> None:
    gone, missing = counted("database_errors", number="2013"), counted("database_errors", number="1146")
    log_in(service)
    for each in service.server.sql("SELECT id FROM information_schema.processlist WHERE user = 'gatepass'").split():
        service.server.sql(f"KILL {each}")
    assert code(log_in(service)) is None
    lost = [each for each in events(lines, "database.error") if each["number"] in (2006, 2013)]
    assert (counted("database_errors", number="2013"), lost) == (gone, [])
    service.server.sql("RENAME TABLE login_throttle TO hidden", "gatepass")
    try:
        assert code(log_in(service)) == "5501"
    finally:
        service.server.sql("RENAME TABLE hidden TO login_throttle", "gatepass")
    assert counted("database_errors", number="1146") == missing + 1
    assert 1146 in [each["number"] for each in events(lines, "database.error")]


def test_all_of_a_users_tokens_revoked_by_a_server_are_told_with_whose_token_it_was(
    service: Service, lines: list[str]
) -> None:
    caller = issue.api(service.core, 0, "orders", ("revoke",), 0, issue.NEVER)
    log_in(service)
    headers = {"Authorization": f"Bearer {caller.secret}"}
    assert service.client.post("/v1/oauth/revoke/", data={"user": "admin"}, headers=headers).status_code == 200
    [revoked] = events(lines, "token.revoked")
    assert (revoked["by"], revoked["revoked"]) == (f"token {caller.token.id}", 1)


@pytest.mark.parametrize("path", ["/v1/nothing", "/nothing"])
def test_options_of_an_unknown_path_is_answered_in_the_doors_words(service: Service, path: str) -> None:
    answer = service.client.options(path)
    assert answer.headers["Content-Type"] == "application/json" and "Allow" not in answer.headers
    assert answer.json


@pytest.mark.parametrize("host", ["a..b", ".a", "a" * 64, "a" * 64 + ".b", "ü", "", "[::1", "a b"])
def test_a_host_that_is_none_costs_no_login_and_is_not_local(service: Service, host: str, caplog: Any) -> None:
    with caplog.at_level(logging.ERROR):
        answer = service.client.post(
            "/v1/oauth/",
            data={"username": "admin", "password": "password"},
            environ_overrides={"HTTP_HOST": host.encode().decode("latin1")},
        )
        assert code(answer) is None
    assert service.client.get("/metrics", environ_overrides={"HTTP_HOST": host}).status_code == 404
    assert not caplog.records


def test_an_attack_is_told_once_a_minute_whatever_the_number_of_nodes(
    make_service: MakeService, lines: list[str]
) -> None:
    service, other = limited(make_service), make_service(**THROTTLED)
    attack(service)
    for _ in range(3):
        for node in (service, other):
            fail(node, 1)
            guess(node, "nobody", HOME)
            node.core.write_behind.write()
    assert len(events(lines, "login.attack")) == 1
    assert REGISTRY.get_sample_value("gatepass_login_attack_last_seconds") == service.clock.now
    service.clock.now += 61
    fail(service, 1000)
    guess(service, "nobody", HOME)
    service.core.write_behind.write()
    assert len(events(lines, "login.attack")) == 2


def test_an_unreadable_password_is_told_of_once_an_hour_and_outside_the_request(
    make_service: MakeService, lines: list[str]
) -> None:
    service = make_service()
    first, second = (add_user(service.server, name, "no hash") for name in ("first", "second"))
    for hours, told in ((0, [first]), (0.9, []), (0.1, [first, second])):
        service.clock.now += int(hours * 3600)
        for name in ("first", "second") if hours == 0.1 else ("first", "first"):
            log_in(service, username=name, password="wrong")
        assert not events(lines, "password.unreadable")
        service.core.write_behind.write()
        assert [each["user_id"] for each in events(lines, "password.unreadable")] == told
        lines.clear()


def stored(service: Service) -> str:
    return service.server.sql("SELECT LEFT(password, 7), rehash_cost FROM users", "gatepass").strip()


def come_back(service: Service, password: str = COST_4) -> None:
    """What PHP's password_needs_rehash() and password_hash() make of it."""
    service.server.sql(f"UPDATE users SET password = '{password}'", "gatepass")


def test_a_row_that_comes_back_cheaper_stays_so_and_the_log_says_why(
    make_service: MakeService, lines: list[str]
) -> None:
    service = make_service(BCRYPT_COST="5")
    add_user(service.server, "admin")
    for _ in range(2):
        assert code(log_in(service)) is None
        assert stored(service) == "$2y$05$\t5"
    come_back(service)
    for _ in range(3):
        assert code(log_in(service)) is None
        assert stored(service) == "$2y$04$\t5"
    service.core.write_behind.write()
    assert len(events(lines, "password.rehash_undone")) == 1


def test_a_cost_that_was_raised_since_is_written_once_more(make_service: MakeService) -> None:
    add_user(make_service().server, "admin")
    assert code(log_in(make_service(BCRYPT_COST="5"))) is None
    come_back(make_service())
    service = make_service(BCRYPT_COST="6")
    for expected in ("$2y$06$\t6", "$2y$04$\t6"):
        assert code(log_in(service)) is None
        assert stored(service) == expected
        come_back(service)


def test_a_password_that_is_set_anew_is_not_a_rehash(make_service: MakeService) -> None:
    service = make_service(BCRYPT_COST="5")
    user_id = add_user(service.server, "admin")
    service.core.tables.users.set_password(user_id, COST_4.encode())
    assert stored(service) == "$2y$04$\t0"
    assert code(log_in(service)) is None and stored(service) == "$2y$05$\t5"
