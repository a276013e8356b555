"""Pins what comes of a login when its user, or what the service may write, changes while the password is hashed."""

import hashlib
import logging
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import COST_4, Service, add_user, flask
from tests.e2e.faults import digests, log_in, service_on, while_hashing
from tools.private_mariadb import Server

THEIRS = "$2y$04$abcdefghijklmnopqrstuuqm9X0AHdZnBVkyqxqyRAHFJKKRJgDkO"  # of no password that is known


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the service logs; its own handler keeps it from the root logger, where caplog listens."""
    logging.getLogger("v1").addHandler(caplog.handler)
    yield caplog
    logging.getLogger("v1").removeHandler(caplog.handler)


def test_a_user_disabled_while_logging_in_is_refused_and_has_no_token(
    database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(database, "admin")
    client = service_on(database)
    before = log_in(client)
    with monkeypatch.context() as patch:
        while_hashing(patch, lambda: flask(database, "user", "disable", "admin"))
        answer = log_in(client, debug="1")

    assert before.code == "ok"
    assert (answer.code, "debug" in answer.json) == ("1142", False)
    assert digests(database) == []
    assert log_in(client).code == "1142"
    flask(database, "user", "enable", "admin")
    assert log_in(client).code == "ok"


def test_a_user_deleted_while_logging_in_is_refused_and_has_no_token(
    database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(database, "admin")
    client = service_on(database)
    while_hashing(monkeypatch, lambda: database.sql("DELETE FROM users", "gatepass"))

    assert log_in(client).code == "1142"
    assert digests(database) == []


def test_a_refused_write_of_the_new_hash_costs_a_warning_and_not_the_login(
    database: Server, log: pytest.LogCaptureFixture
) -> None:
    user_id = add_user(database, "admin")
    client = service_on(database, DATABASE_URL=least(database), BCRYPT_COST="5")
    answer = log_in(client)

    assert answer.code == "ok"
    assert digests(database) == [hashlib.sha1(answer.json["data"]["access_token"].encode()).hexdigest()]
    assert stored(database) == COST_4
    warnings = [record.getMessage() for record in log.records if record.levelname == "WARNING"]
    assert warnings == [f"user {user_id}: the rehash was not written"]


def test_a_password_changed_during_a_login_that_would_rehash_wins(
    database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(database, "admin")
    client = service_on(database, BCRYPT_COST="5")
    while_hashing(monkeypatch, lambda: database.sql(f"UPDATE users SET password = '{THEIRS}'", "gatepass"))

    assert [log_in(client).code for _ in range(2)] == ["1142", "1142"]
    assert stored(database) == THEIRS and digests(database) == []


def test_without_a_change_the_same_login_does_rehash(database: Server) -> None:
    add_user(database, "admin")
    client = service_on(database, BCRYPT_COST="5")

    assert [log_in(client).code for _ in range(2)] == ["ok", "ok"]
    assert stored(database).startswith("$2y$05$")


def test_a_lost_right_to_write_tokens_is_5501_and_says_why_in_development_only(
    database: Server, make_service: Callable[..., Service]
) -> None:
    add_user(database, "admin")
    database.sql("CREATE OR REPLACE USER reader@localhost IDENTIFIED BY 'reader'")
    database.sql("GRANT SELECT ON gatepass.* TO reader@localhost")
    url = database.url(tcp=True).replace(f"gatepass:{database.password}@", "reader:reader@")
    client = make_service(DATABASE_URL=url).client

    answer = log_in(client, debug="1")
    assert answer.code == "5501"
    assert answer.json["debug"]["mysql"].startswith("1142: INSERT command denied to user 'reader'@'localhost'")
    assert "debug" not in log_in(client).json
    assert digests(database) == []


def least(server: Server) -> str:
    """The URL of an account that may read users, and read and add tokens, and count logins: no more."""
    server.sql(
        "CREATE OR REPLACE USER least@localhost IDENTIFIED BY 'least';"
        "GRANT SELECT ON gatepass.users TO least@localhost;"
        "GRANT SELECT, INSERT ON gatepass.auth_tokens TO least@localhost;"
        "GRANT SELECT ON gatepass.login_throttle TO least@localhost;"
        "GRANT SELECT, INSERT, UPDATE ON gatepass.login_stats TO least@localhost;"
    )
    return server.url(tcp=True).replace(f"gatepass:{server.password}@", "least:least@")


def stored(server: Server) -> str:
    return server.sql("SELECT password FROM users", "gatepass").strip()
