"""Pins what DeviceHive's door makes of bad bodies and of trouble: a clear error in its own words, whatever is sent."""

import json
from typing import Any

import pytest

from tests.conftest import Service, add_user
from tests.doors.contract import DEAD, MakeService
from tests.doors.devicehive.hive import MOUNTS, POSTS, current, is_refused, log_in, pair, post, rows

OPERATIONS = [*(("POST", path) for path in POSTS), ("GET", "/info"), ("GET", "/user/current")]
TYPES = ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/json;x", "")
OTHERS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "text/json", ";", "x")


def test_a_body_without_a_type_is_json_and_another_type_is_415(service: Service) -> None:
    fields = {"login": "admin", "password": "password"}
    assert pair(post(service, "/token", fields))
    for kind in TYPES:
        assert pair(post(service, "/token", fields, content_type=kind))
    token = log_in(service).access
    for path in POSTS:
        for kind in OTHERS:
            assert is_refused(post(service, path, fields, token, content_type=kind), 415), (path, kind)


WRONG: list[Any] = [None, 1, 1.5, True, False, [], {}, ["admin"], {"a": "admin"}]


@pytest.mark.parametrize("name", ["login", "password"])
def test_a_login_or_password_that_is_no_text_or_missing_is_400(service: Service, name: str) -> None:
    fields = {"login": "admin", "password": "password"}
    for value in WRONG:
        assert is_refused(post(service, "/token", fields | {name: value}), 400), value
    del fields[name]
    assert is_refused(post(service, "/token", fields), 400, f"{name} is required")
    assert rows(service) == 0


def test_keys_that_nobody_knows_are_ignored_and_none_is_known_in_another_case(service: Service) -> None:
    more = {"device": 7, "": [], "Login": 1, "username": "x", "userId": True, "expiration": "never", "__proto__": {}}
    assert pair(post(service, "/token", {"login": "admin", "password": "password", **more}))
    assert is_refused(post(service, "/token", {"Login": "admin", "PASSWORD": "password"}), 400)


def test_texts_that_no_column_can_hold_are_wrong_credentials(service: Service) -> None:
    for text in ("", "\0", "\ud800", "\udc00\ud800", "📱", "x" * 10_000, "'; --", "admin\n"):
        for fields in ({"login": text, "password": "password"}, {"login": "admin", "password": text}):
            assert is_refused(post(service, "/token", fields), 401, "Invalid credentials"), ascii(text)


BROKEN = {
    "no body": b"",
    "spaces": b"  ",
    "no JSON": b"login=admin&password=password",
    "cut off": b'{"login": "admin", "password": "pass',
    "more behind it": b'{"login": "admin", "password": "password"} {}',
    "single quotes": b"{'login': 'admin', 'password': 'password'}",
    "NaN": b'{"login": "admin", "password": "password", "x": NaN}',
    "Infinity": b'{"login": "admin", "password": "password", "x": -Infinity}',
    "a number beyond a float": b'{"login": "admin", "password": "password", "x": 1e999}',
    "a number of 5,000 digits": b'{"login": "admin", "password": "password", "x": ' + b"9" * 5000 + b"}",
    "no UTF-8": b'{"login": "admin", "password": "password\xff"}',
    "UTF-16": '{"login": "admin", "password": "password"}'.encode("utf-16"),
    "a BOM": b'\xef\xbb\xbf{"login": "admin", "password": "password"}',
    "a login twice": b'{"login": "root", "login": "admin", "password": "password"}',
    "a key twice by an escape": b'{"login": "admin", "\\u0070assword": "x", "password": "password"}',
    "a key twice deep inside": b'{"login": "admin", "password": "password", "x": [{"a": 1, "a": 1}]}',
    "10,000 arrays left open": b"[" * 10_000,
    "objects in each other": b'{"x":' * 2_500 + b"1" + b"}" * 2_500,
    "arrays in each other": b'{"login": "admin", "password": "password", "x": ' + b"[" * 7_900 + b"]" * 7_900 + b"}",
    **{each: each.encode() for each in ("null", "true", "7", '"login"', "[]", '[{"login": "admin"}]')},
}


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_no_object_in_json_is_400(service: Service, path: str) -> None:
    token = log_in(service).access
    for name, body in BROKEN.items():
        assert is_refused(post(service, path, body, token), 400), name
    assert rows(service) == 2


def test_a_body_over_16_kib_is_413_and_one_of_16_kib_is_read(service: Service) -> None:
    fields = {"login": "admin", "password": "password", "x": ""}
    most = json.dumps(fields | {"x": "x" * (16 * 1024 - len(json.dumps(fields)))}).encode()
    assert len(most) == 16 * 1024 and pair(post(service, "/token", most))
    token = log_in(service).access
    for mount in MOUNTS:
        for path in POSTS:
            answer = post(service, mount + path, most + b" ", token)
            assert is_refused(answer, 413) and answer.headers["Connection"] == "close"


def test_another_method_is_405_with_those_there_are(service: Service) -> None:
    for method, path in [(method, mount + path) for mount in MOUNTS for method, path in OPERATIONS]:
        for other in {"GET", "POST", "PUT", "DELETE", "PATCH", "BREW"} - {method}:
            answer = service.client.open(path, method=other)
            assert is_refused(answer, 405) and method in answer.headers["Allow"]


def test_too_many_tries_are_429_with_the_seconds_to_wait(make_service: MakeService) -> None:
    service = make_service(THROTTLE_PAIR="2")
    add_user(service.server, "admin")
    for _ in range(3):
        assert is_refused(post(service, "/token", {"login": "admin", "password": "wrong"}), 401)
    for password in ("password", "wrong"):
        answer = post(service, "/api/rest/token", {"login": "admin", "password": password})
        assert is_refused(answer, 429) and answer.headers["Retry-After"] == "1"
    service.clock.now += 1
    assert log_in(service)


def test_a_dead_database_is_503_and_never_a_bad_token(service: Service, make_service: MakeService) -> None:
    tokens, dead = log_in(service), make_service(**DEAD)
    for path, fields in (("/token/create", {"userId": 1}), ("/token/refresh", {"refreshToken": tokens.refresh})):
        answer = post(dead, path, fields, tokens.access)
        assert is_refused(answer, 503) and int(answer.headers["Retry-After"]) > 0
    assert is_refused(current(dead, tokens.access), 503)
    assert dead.client.get("/info").status_code == 200, "it asks nothing of the database"


def test_an_error_nobody_foresaw_is_500_at_every_path(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = log_in(service)

    def broken(*_: Any) -> Any:
        raise RuntimeError("secret-detail")

    monkeypatch.setattr("v1.db.tables.tokens.Tokens.check", broken)
    answers = [post(service, path, {"refreshToken": tokens.refresh}, tokens.access) for path in POSTS[1:]]
    for answer in (*answers, current(service, tokens.access)):
        assert is_refused(answer, 500) and b"secret-detail" not in answer.data
