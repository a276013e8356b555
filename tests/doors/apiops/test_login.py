"""`/apiops/auth/token` beyond its recorded answers: its row, its parameters and its refusals; and the probes."""

import base64
import hashlib
import re
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user
from tests.doors.contract import DEAD, MakeService
from tests.doors.kinds import mint

PATH, FORM = "/apiops/auth/token", "application/x-www-form-urlencoded"
GRANT = "grant_type=client_credentials"
GOOD = f"{GRANT}&client_id=admin&client_secret=password"
ANSWER = re.compile(
    rb'\{"access_token": "(gpm_[0-9A-Za-z]{46})", "token_type": "Bearer", "expires_in": (\d+)\}', re.ASCII
)
PLAIN = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")
"""Printable ASCII without quotes or backslashes (RFC 6749 5.2)."""


def ask(service: Service, data: str | bytes = GOOD, basic: bytes | str | None = None, **more: Any) -> TestResponse:
    headers = more.pop("headers", {})
    if basic is not None:
        text = base64.b64encode(basic).decode() if isinstance(basic, bytes) else basic
        headers = headers | {"Authorization": f"Basic {text}"}
    return service.client.open(
        more.pop("path", PATH), headers=headers, data=data, **{"method": "POST", "content_type": FORM, **more}
    )


def refused(response: TestResponse, status: int, error: str) -> bool:
    """In the form of RFC 6749 5.2, and plain."""
    assert list(response.json) == ["error", "error_description"]
    assert all(PLAIN.fullmatch(text) for text in response.json.values())
    assert response.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert response.headers["Cache-Control"] == "no-store"
    return (response.status_code, response.json["error"]) == (status, error)


def is_token(response: TestResponse) -> bool:
    return response.status_code == 200 and ANSWER.fullmatch(response.data) is not None


def hello(service: Service, token: str | None, path: str = "/apiops/test/hello/world") -> TestResponse:
    return service.client.get(path, headers={} if token is None else {"Authorization": f"Bearer {token}"})


def test_a_login_writes_one_row_with_the_digest_and_the_times(service: Service) -> None:
    found = ANSWER.fullmatch(ask(service, headers={"User-Agent": "curl/8"}).data)
    assert found and found[2] == b"3600"
    columns = "auth_key, kind, creation_time, expiry, name, claims, remote_ip, device_info, user_agent"
    row = service.server.sql(f"SELECT {columns} FROM auth_tokens", "gatepass").rstrip("\n").split("\t")
    written = [hashlib.sha256(found[1]).hexdigest(), "management", str(NOW), str(NOW + 3600)]
    assert row == [*written, "NULL", "NULL", "127.0.0.1", "curl/8", "curl/8"]


@pytest.mark.parametrize("seconds", ["60", "31536000"])
def test_a_token_lives_as_long_as_the_setting_says(make_service: MakeService, seconds: str) -> None:
    service = make_service(APIOPS_TOKEN_SECONDS=seconds)
    add_user(service.server, "admin")
    answer = ask(service).json
    assert answer["expires_in"] == int(seconds)
    service.clock.now = NOW + int(seconds) - 1
    assert hello(service, answer["access_token"]).status_code == 200
    service.clock.now += 1
    assert refused(hello(service, answer["access_token"]), 401, "unauthorized_client")


@pytest.mark.parametrize("part", ["grant_type=client_credentials", "client_id=admin", "client_secret=password"])
def test_a_parameter_that_is_missing_empty_or_repeated_is_400(service: Service, part: str) -> None:
    name = part.partition("=")[0]
    wrong = [GOOD.replace(part, each) for each in ("", name, f"{name}=", f"{name}[]=x", part.upper(), " " + part)]
    wrong += [f"{GOOD}&{part}", f"{GOOD}&{name}=", f"{name}=x&{GOOD}", f"{GOOD}&x=1&x=2"]
    for data in wrong:
        answer = ask(service, data)
        assert refused(answer, 400, "invalid_request") and "WWW-Authenticate" not in answer.headers, data
    for basic in (b":", b"admin:", b":password"):
        assert refused(ask(service, GRANT, basic), 400, "invalid_request")


def test_a_body_that_is_no_form_is_400_and_what_is_in_the_query_does_not_count(service: Service) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=B", "", "x" + FORM):
        assert refused(ask(service, content_type=kind, path=f"{PATH}?{GOOD}"), 400, "invalid_request")
    for data in ("", GRANT):
        assert refused(ask(service, data, path=f"{PATH}?{GOOD}"), 400, "invalid_request")
    assert is_token(ask(service, path=f"{PATH}?client_id=x&client_secret=x&grant_type=password"))


@pytest.mark.parametrize(("mode", "error"), [("vendor", "unauthorized_client"), ("rfc", "invalid_client")])
def test_wrong_credentials_are_401_with_a_challenge_only_where_basic_was_used(
    make_service: MakeService, mode: str, error: str
) -> None:
    service = make_service(APIOPS_ERRORS=mode)
    add_user(service.server, "admin")
    by_form, by_basic = ask(service, GOOD + "x"), ask(service, GRANT, b"admin:passwordx")
    assert refused(by_form, 401, error) and refused(by_basic, 401, error)
    assert by_form.data == by_basic.data and by_form.json["error_description"] == "Bad credentials"
    assert "WWW-Authenticate" not in by_form.headers
    assert by_basic.headers.getlist("WWW-Authenticate") == ['Basic realm="Gatepass"']
    bad, none = hello(service, "x"), hello(service, None)
    assert refused(bad, 401, "unauthorized_client" if mode == "vendor" else "invalid_token")
    assert bad.data == none.data and bad.json["error_description"] == "Invalid token"
    assert bad.headers.getlist("WWW-Authenticate") == ['Bearer error="invalid_token"']


def test_who_must_wait_is_429_and_told_for_how_long(make_service: MakeService) -> None:
    service = make_service(THROTTLE_PAIR="2")
    add_user(service.server, "admin")
    for basic in (None, b"admin:wrong", b"ADMIN:wrong"):
        assert ask(service, GRANT if basic else GOOD + "x", basic).status_code == 401
    for basic in (None, b"admin:password"):
        answer = ask(service, GRANT if basic else GOOD, basic)
        assert refused(answer, 429, "temporarily_unavailable") and answer.headers["Retry-After"] == "1"
    service.clock.now += 1
    assert is_token(ask(service))


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": "grant_type=zqxj&client_id=zqxj"},
        {"data": f"{GRANT}&zqxj=1&zqxj=2"},
        {"data": f"{GRANT}&client_id=zqxj%22%5C%0D%0AX&client_secret=zqxj"},
        {"data": GRANT, "basic": b"zqxj:\xffzqxj"},
        {"data": GRANT, "basic": "zqxj"},
        {"data": b"zqxj\xff", "content_type": "zqxj/\xff"},
        {"path": f"{PATH}?zqxj=zqxj", "method": "ZQXJ"},
        *({"path": f"/apiops/{path}zqxj"} for path in ("", "test/hello/", "tokens/")),
    ],
    ids=str,
)
def test_an_error_has_nothing_of_the_request_inside(service: Service, wrong: dict[str, Any]) -> None:
    answer = ask(service, headers={"X-Request-Id": "zqxj<", "User-Agent": "zqxj", "Accept": "text/zqxj"}, **wrong)
    assert refused(answer, answer.status_code, answer.json["error"]) and answer.status_code in (400, 401, 404, 405)
    assert b"zqxj" not in answer.data.lower() and "zqxj" not in str(answer.headers).lower()


def test_the_health_check_asks_no_database(make_service: MakeService) -> None:
    assert make_service(**DEAD).client.get("/apiops/test/healthcheck").data == b"OK"


NAMED = ["world", "Zoë 📱", "<script>alert(1)", '"quoted"\\', "100%", "%41", "a b+c", "a\r\nX-A: b", "x" * 4000]


def test_hello_is_plain_text_with_the_name_as_it_was_sent(service: Service) -> None:
    token = mint(service, "personal")
    for name, slash in ((name, slash) for name in NAMED for slash in ("", "/")):
        answer = hello(service, token, f"/apiops/test/hello/{quote(name)}{slash}")
        assert (answer.status_code, answer.data.decode()) == (200, f"Hello {name}")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "X-A" not in answer.headers
    assert hello(service, token, "/apiops/test/hello/%FF").data.decode() == "Hello \ufffd"
    for path in ("/apiops/test/hello/", "/apiops/test/hello/a%2Fb", "/apiops/test/hello/a/b"):
        assert refused(hello(service, token, path), 404, "invalid_request")
