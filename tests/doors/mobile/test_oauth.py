"""Pins the mobile door beyond its wire fixtures: rows, debug, statuses, and that no body gets anything but JSON."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user
from tests.doors.contract import DEAD, MakeService
from tests.doors.every_error import EVERY, SECRET, make
from tests.fuzz import examples
from v1.doors.error_answers import entry
from v1.doors.mobile import envelope, oauth
from v1.errors import GatepassError


def code(response: TestResponse) -> str | None:
    return response.json["errors"]["code"] if "errors" in response.json else None


def log_in(service: Service, **fields: str) -> TestResponse:
    return service.client.post("/v1/oauth/", data={"username": "admin", "password": "password", **fields})


def test_a_login_writes_one_row_with_the_digest_and_the_times(service: Service) -> None:
    headers = {"User-Agent": "App/7.1 (Android 17; " + "x" * 300 + ")"}
    fields = {"username": "admin", "password": "password", "device-info": "Pixel 9/📱"}
    data = service.client.post("/v1/oauth/", data=fields, headers=headers).json["data"]
    assert data["expiry"] == NOW + 2_592_000
    columns = "auth_key, creation_time, last_access, expiry, kind, remote_ip, LEFT(user_agent, 7), LENGTH(user_agent)"
    row = service.server.sql(f"SELECT {columns}, device_info FROM auth_tokens", "gatepass").rstrip("\n").split("\t")
    digest = hashlib.sha1(data["access_token"].encode()).hexdigest()
    expected = [digest, str(NOW), str(NOW), str(NOW + 2_592_000), "mobile", "127.0.0.1", "App/7.1", "255", "Pixel 9/📱"]
    assert row == expected


def test_a_device_that_says_nothing_is_unknown(service: Service) -> None:
    log_in(service)
    assert service.server.sql("SELECT device_info FROM auth_tokens", "gatepass") == "Unknown\n"


def test_a_device_name_that_is_not_utf8_is_read_as_windows_1252(service: Service) -> None:
    body = b"username=admin&password=password&device-info=Caf%E9+%80"
    service.client.post("/v1/oauth/", data=body, content_type="application/x-www-form-urlencoded")
    assert service.server.sql("SELECT device_info FROM auth_tokens", "gatepass") == "Café €\n"


def test_two_logins_get_two_tokens(service: Service) -> None:
    assert log_in(service).json["data"]["access_token"] != log_in(service).json["data"]["access_token"]


def test_an_outdated_hash_is_rewritten_at_the_login_and_verifies_again(make_service: MakeService) -> None:
    service = make_service(BCRYPT_COST="5")
    add_user(service.server, "admin")
    assert log_in(service).json["success"]
    assert service.server.sql("SELECT LEFT(password, 7) FROM users", "gatepass") == "$2y$05$\n"
    assert log_in(service).json["success"]


def test_a_dead_database_shows_number_and_text_to_a_developer_who_asks(make_service: MakeService) -> None:
    debug = log_in(make_service(**DEAD), debug="1").json["debug"]
    assert list(debug) == ["mysql"] and debug["mysql"].startswith("2003: Can't connect")


@pytest.mark.parametrize("kind", EVERY, ids=lambda each: each.__name__)
@pytest.mark.parametrize("mode", ["php", "http"])
def test_every_error_is_answered_with_its_code_and_status(
    make_service: MakeService, kind: type[GatepassError], mode: str
) -> None:
    service, error = make_service(ERROR_STATUS=mode), make(kind)
    with service.app.test_request_context("/v1/x"):
        response = oauth.refuse(service.core, error)
    body, own = json.loads(response.data), entry(error, envelope.ERRORS)
    assert response.status_code == (200 if mode == "php" else own.status)
    assert list(body) == ["success", "errors"] and list(body["errors"]) == ["message", "type", "code"]
    assert (body["errors"]["type"], body["errors"]["code"]) == (envelope.TYPES[own.code[0]], own.code)
    assert body["errors"]["message"].strip() and SECRET.encode() not in response.data
    assert ("Retry-After" in response.headers) is (own.code == "5501")


NAMES = st.sampled_from(
    ["username", "password", "device-info", "debug", "username[]", "password[x]", "x", " username", ""]
)
VALUES = st.one_of(st.binary(max_size=40), st.sampled_from([b"admin", b"password", b"1", b"' OR 1=1 -- ", b"x" * 201]))
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=6)
TYPES = st.sampled_from(
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "text/plain", "", "\xff"]
)


def urlencoded(pairs: list[tuple[str, bytes]]) -> bytes:
    return b"&".join(name.encode() + b"=" + b"".join(b"%%%02x" % byte for byte in value) for name, value in pairs)


def multipart(pairs: list[tuple[str, bytes]]) -> bytes:
    part = b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return b"".join(part % (name.encode(), value) for name, value in pairs) + b"--B--\r\n"


BODIES = st.one_of(PAIRS.map(urlencoded), PAIRS.map(multipart), st.binary(max_size=300))


@hypothesis_settings(
    max_examples=examples(300, of=10_000),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=BODIES, content_type=TYPES, query=st.one_of(st.just(b""), PAIRS.map(urlencoded)))
def test_no_body_gets_anything_but_json_and_never_5404(service: Service, body, content_type: str, query: bytes) -> None:
    response = service.client.post("/v1/oauth/", data=body, content_type=content_type, query_string=query.decode())
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert code(response) in (None, "1142", "1157", "2400")
