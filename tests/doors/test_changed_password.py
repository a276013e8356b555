"""Pins that a login with a password that is changed meanwhile leaves no token, at every door at which one is proved."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service
from v1.db.tables.tokens import Tokens
from v1.errors import Busy
from v1.passwords.hashing_threads import Hashing

LOGINS: dict[str, Callable[[Service], TestResponse]] = {
    "oauth": lambda service: service.client.post("/v1/oauth/", data={"username": "admin", "password": "password"}),
    "devicehive": lambda service: service.client.post("/token", json={"login": "admin", "password": "password"}),
    "apiops": lambda service: service.client.post(
        "/apiops/auth/token",
        data={"grant_type": "client_credentials", "client_id": "admin", "client_secret": "password"},
    ),
    "console": lambda service: service.client.post(
        "/console/sign-in/",
        data={"username": "admin", "password": "password"},
        headers={"Sec-Fetch-Site": "same-origin"},
    ),
}


def meanwhile(service: Service, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    """Between the proof and the row of the first token somebody gives the user this password."""
    add = Tokens.add

    def late(self: Tokens, *values: Any) -> int | None:
        monkeypatch.setattr(Tokens, "add", add)
        hashed = service.core.passwords.hash(password.encode())
        service.server.sql(f"UPDATE users SET password = '{hashed.decode()}'", "gatepass")
        return add(self, *values)

    monkeypatch.setattr(Tokens, "add", late)


def rows(service: Service) -> int:
    return int(service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass"))


@pytest.mark.parametrize("door", LOGINS)
def test_a_password_that_is_changed_meanwhile_opens_nothing(
    door: str, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    LOGINS[door](service)
    assert rows(service) > 0
    service.server.sql("DELETE FROM auth_tokens", "gatepass")
    meanwhile(service, monkeypatch, "another one")
    refused = LOGINS[door](service)
    assert rows(service) == 0
    assert "Set-Cookie" not in refused.headers
    service.core.write_behind.write()
    counted = service.server.sql("SELECT outcome, logins FROM login_stats ORDER BY outcome", "gatepass")
    assert counted == "failed\t1\nok\t1\n"


@pytest.mark.parametrize("door", LOGINS)
def test_another_hash_of_the_same_password_changes_nothing(
    door: str, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(service, monkeypatch, "password")
    LOGINS[door](service)
    assert rows(service) == (2 if door == "devicehive" else 1)


def test_a_second_look_that_finds_no_turn_leaves_no_token(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(service, monkeypatch, "password")
    run, turns = Hashing.run, []

    def busy(self: Hashing, work: Callable[[], Any]) -> Any:
        turns.append(work)
        if len(turns) > 1:
            raise Busy
        return run(self, work)

    monkeypatch.setattr(Hashing, "run", busy)
    answer = LOGINS["oauth"](service)
    assert answer.json["errors"]["code"] == "5501" and len(turns) == 2
    assert rows(service) == 0
