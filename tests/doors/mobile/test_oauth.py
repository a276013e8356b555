"""The mobile login beyond its recorded answers: its row, debug, statuses, and bodies of any bytes."""

import hashlib
import json
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service
from tests.doors.contract import DEAD, MakeService
from tests.doors.every_error import EVERY, SECRET, make
from tests.fuzz import examples
from v1.doors.error_answers import entry
from v1.doors.mobile import envelope, oauth
from v1.errors import GatepassError

FORM = "application/x-www-form-urlencoded"


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


@pytest.mark.parametrize("field, device", [("", "Unknown"), ("&device-info=Caf%E9+%80", "Café €")])
def test_a_device_that_says_nothing_is_unknown_and_one_that_is_no_utf8_is_read_as_windows_1252(
    service: Service, field: str, device: str
) -> None:
    service.client.post("/v1/oauth/", data=f"username=admin&password=password{field}", content_type=FORM)
    assert service.server.sql("SELECT device_info FROM auth_tokens", "gatepass") == f"{device}\n"


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


FIELDS = st.sampled_from(["username", "password", "device-info", "debug", "username[]", "password[x]", " username", ""])
VALUES = st.one_of(st.binary(max_size=40), st.sampled_from([b"admin", b"password", b"1", b"x" * 201]))
FORMS = st.lists(st.tuples(FIELDS, VALUES), max_size=6).map(urlencode)
TYPES = st.sampled_from([FORM, "multipart/form-data; boundary=B", "text/plain", "", "\xff"])


@hypothesis_settings(
    max_examples=examples(300, of=10_000),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=FORMS | st.binary(max_size=300), content_type=TYPES, query=FORMS)
def test_no_body_gets_anything_but_json_and_never_5404(service: Service, body, content_type: str, query: str) -> None:
    response = service.client.post("/v1/oauth/", data=body, content_type=content_type, query_string=query)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert code(response) in (None, "1142", "1157", "2400")
