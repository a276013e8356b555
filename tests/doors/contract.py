"""What every door promises, as a class that each door's tests subclass."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Response
from werkzeug.test import TestResponse

from tests.conftest import COST_4, Service, add_user
from v1.records import User

MakeService = Callable[..., Service]
DEAD = {"DATABASE_URL": "mysql://u:p@127.0.0.1:1/d"}  # a port where nothing listens


class DoorContract:
    """A subclass says how to log in and how its dialect looks; the promises are here."""

    prefix: str

    def login(self, service: Service, username: str, password: str) -> TestResponse:
        raise NotImplementedError

    def is_token(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def is_database_down(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def is_unknown_path(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def is_unforeseen(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def test_the_right_password_gets_a_token(self, service: Service) -> None:
        assert self.is_token(self.login(service, "admin", "password"))

    def test_unknown_wrong_and_disabled_are_one_answer(self, service: Service) -> None:
        add_user(service.server, "out", "!" + COST_4)
        tries = [
            ("nobody", "password"),
            ("admin", "wrong"),
            ("out", "password"),
            ("admin", ""),
            ("admin", "password\0"),
        ]
        answers = [self.login(service, *each) for each in tries]
        assert len({(answer.status, answer.data, _stable_headers(answer)) for answer in answers}) == 1
        assert not self.is_token(answers[0])

    def test_a_refused_login_leaves_no_row(self, service: Service) -> None:
        self.login(service, "admin", "wrong")
        assert service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"

    def test_a_dead_database_is_said_in_the_doors_own_words(self, make_service: MakeService) -> None:
        response = self.login(make_service(**DEAD), "admin", "password")
        assert self.is_database_down(response)
        assert int(response.headers["Retry-After"]) > 0

    def test_an_unknown_path_is_said_in_the_doors_own_words(self, service: Service) -> None:
        for method in ("GET", "POST", "DELETE"):
            assert self.is_unknown_path(service.client.open(f"{self.prefix}/no/such/path", method=method))

    def test_an_error_nobody_foresaw_tells_nothing(
        self, service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_: Any) -> User:
            raise RuntimeError("secret-detail")

        monkeypatch.setattr("v1.store.users.Users.find_for_login", broken)
        response = self.login(service, "admin", "password")
        assert self.is_unforeseen(response)
        assert b"secret-detail" not in response.data

    def test_nothing_is_stored_by_a_cache(self, service: Service) -> None:
        for response in (self.login(service, "admin", "password"), self.login(service, "admin", "wrong")):
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Pragma"] == "no-cache"
            assert "Set-Cookie" not in response.headers

    def test_no_secret_reaches_the_log(self, service: Service, lines: list[str]) -> None:
        token = self.login(service, "admin", "password")
        self.login(service, "admin", "hunter2-wrong")
        service.client.get(f"{self.prefix}/nothing?password=hunter2-query")
        written = "\n".join(lines)
        digests = service.server.sql("SELECT auth_key FROM auth_tokens", "gatepass").split()
        assert digests and written
        for secret in ("hunter2", "password=", COST_4, *digests, *_texts(token)):
            assert secret not in written


def _stable_headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in response.headers if name not in ("Date", "X-Request-Id"))


def _texts(response: TestResponse) -> list[str]:
    """Every string of a JSON answer that could be a secret."""
    found: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            for each in value.values():
                collect(each)
        elif isinstance(value, str) and len(value) >= 16:
            found.append(value)

    collect(json.loads(response.data))
    assert found, "the answer holds a token"
    return found


class Lines(logging.Handler):
    """Keeps every line as the service's own formatter writes it."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))
