"""Pins HTTP Basic at `POST /apiops/auth/token`, as RFC 6749 2.3.1 has it: form-decoded, and never beside the form."""

import base64

import pytest

from tests.conftest import Service, add_user
from tests.doors.test_apiops import GOOD, GRANT, ask, is_token, refused

BASIC = [
    *(b"a%3Ab:s3cret:", b"a%3ab:s3cret%3A", b"%61%3Ab:s3cret:"),
    *("jürgen:pä ss".encode(), b"j%C3%BCrgen:p%C3%A4+ss", b"J%C3%9CRGEN:p%c3%a4%20ss"),
    *(b"latin:p\xe4+1", b"latin:p%E4%201", b"latin:p\xe4 1"),
    *(b"plus:a+b%25", b"plus:a%20b%25", b"plus:a b%25", b"plus:a b%"),
]


@pytest.mark.parametrize("basic", BASIC, ids=repr)
def test_both_parts_of_http_basic_are_decoded_like_a_form(service: Service, basic: bytes) -> None:
    people = {"a:b": b"s3cret:", "jürgen": "pä ss".encode(), "latin": b"p\xe4 1", "plus": b"a b%"}
    for name, password in people.items():
        add_user(service.server, name, service.core.passwords.hash(password).decode())
    assert is_token(ask(service, GRANT, basic))
    assert refused(ask(service, GRANT, basic + b"x"), 401, "unauthorized_client")


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "Basic  "])
def test_the_scheme_is_read_in_any_case(service: Service, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {base64.b64encode(b'admin:password').decode()} "}
    assert is_token(ask(service, GRANT, headers=headers))


@pytest.mark.parametrize(
    "basic",
    [
        *("", "x", "YWRtaW4", "YWRtaW4=", "YWRtaW46cGFzc3dvcmQ=, x", "YWRtaW46cGFzc3dvcmQ=, Basic YWRtaW46cGFzc3dv"),
        *("\xff", "YWRt\taW4=", "a:b", "====", "x" * 8000),
    ],
)
def test_malformed_basic_is_400_and_no_try_at_the_form_beside_it(service: Service, basic: str) -> None:
    for data in (GRANT, GOOD):
        answer = ask(service, data, basic)
        assert refused(answer, 400, "invalid_request") and "WWW-Authenticate" not in answer.headers


def test_two_ways_of_authenticating_are_400_and_the_same_client_named_twice_is_one(service: Service) -> None:
    add_user(service.server, "other")
    for data in ("client_secret=password", "client_secret=x", "client_id=admin&client_secret=password"):
        assert refused(ask(service, f"{GRANT}&{data}", b"admin:password"), 400, "invalid_request")
    for name in ("other", "ADMIN", "admin+", "%00"):
        assert refused(ask(service, f"{GRANT}&client_id={name}", b"admin:password"), 400, "invalid_request")
    for data in ("client_id=admin", "client_id=%61dmin", "client_id=", "client_id=&client_secret=", "scope=x"):
        assert is_token(ask(service, f"{GRANT}&{data}", b"admin:password"))
