"""What DeviceHive's door makes of bad bodies and of trouble: a clear error in its own words."""

import pytest

from tests.conftest import Service
from tests.doors.contract import DEAD, MakeService
from tests.doors.devicehive.hive import POSTS, is_refused, log_in, pair, post, rows

TYPES = ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/json;x", "")
OTHERS = ("text/plain", "multipart/form-data; boundary=B", "text/json", ";", "x")


def test_a_body_without_a_type_is_json_and_another_type_is_415(service: Service) -> None:
    fields = {"login": "admin", "password": "password"}
    assert pair(post(service, "/token", fields))
    for kind in TYPES:
        assert pair(post(service, "/token", fields, content_type=kind))
    for kind in OTHERS:
        assert is_refused(post(service, "/token", fields, content_type=kind), 415), kind


@pytest.mark.parametrize("name", ["login", "password"])
def test_a_login_or_password_that_is_no_text_or_missing_is_400(service: Service, name: str) -> None:
    fields = {"login": "admin", "password": "password"}
    for value in (None, 1, 1.5, True, [], {}, ["admin"], {"a": "admin"}):
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


BROKEN = [b"", b"login=admin&password=password", b'{"login": "root", "login": "admin", "password": "password"}']
BROKEN += [b"null", b"7", b'"login"', b"[]", b'[{"login": "admin"}]']
"""tests/doors/media/test_rpc_bad_input.py has all that is no strict JSON."""


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_no_object_in_json_is_400(service: Service, path: str) -> None:
    token = log_in(service).access
    for body in BROKEN:
        assert is_refused(post(service, path, body, token), 400), body
    assert rows(service) == 2


def test_a_dead_database_is_503_and_never_a_bad_token(service: Service, make_service: MakeService) -> None:
    dead = make_service(**DEAD)
    answer = post(dead, "/token/create", {"userId": 1}, log_in(service).access)
    assert is_refused(answer, 503) and int(answer.headers["Retry-After"]) > 0
    assert dead.client.get("/info").status_code == 200, "it asks nothing of the database"
