"""HTTP Basic at `POST /apiops/auth/token`: form-decoded (RFC 6749 2.3.1), or else as it came; never beside the form."""

import base64
import json
from urllib.parse import quote_plus, unquote_plus

import pytest

from tests.auth.guessing import limited
from tests.conftest import Service, add_user
from tests.doors.apiops.test_login import GOOD, GRANT, ask, is_token, refused
from tests.doors.contract import MakeService

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


AS_THEY_ARE = [
    *(b"a+bsecret12", b"100%25secure", b"50%", b"%zz", b"%", b"%%", b"+", b"%2", b"%2B", b"%00", b"a:b+c:", b":+"),
    *("pä+ß 📱%".encode(), b"p\xe4+%e4", b"100% sure", b"a%20b+c d", b"%C3%A4", b"&=+", b"+" * 71),
]
"""Passwords that form-decoding changes, or would if they were encoding."""


@pytest.mark.parametrize("password", AS_THEY_ARE, ids=ascii)
def test_a_password_is_found_whether_or_not_the_client_encodes_it(service: Service, password: bytes) -> None:
    for name in ("ann", "ann+lee", "50%", "%41bc", "zoë%+1"):
        add_user(service.server, name, service.core.passwords.hash(password).decode())
        raw = name.encode()
        for basic in (raw + b":" + password, quote_plus(raw).encode() + b":" + quote_plus(password).encode()):
            assert is_token(ask(service, GRANT, basic)), basic
            assert is_token(ask(service, f"{GRANT}&client_id={quote_plus(raw)}", basic)), basic
            assert refused(ask(service, GRANT, basic + b"x"), 401, "unauthorized_client"), basic
        mixed = raw + b":" + quote_plus(password).encode()
        assert is_token(ask(service, GRANT, mixed)) is (unquote_plus(name) == name), "one reading holds for both parts"


def test_both_readings_are_one_guess(make_service: MakeService, lines: list[str]) -> None:
    others = dict.fromkeys(("THROTTLE_ADDRESS", "THROTTLE_ACCOUNT", "THROTTLE_EVERYONE"), "100")
    service = limited(make_service, THROTTLE_PAIR="2", **others)
    for count in (1, 2, 3):
        answer = ask(service, GRANT, b"admin:wrong+%25")
        assert refused(answer, 401, "unauthorized_client") and answer.headers["WWW-Authenticate"].startswith("Basic")
        failures = "SELECT scope, failures FROM login_throttle ORDER BY scope"
        scopes = ("account", "address", "everyone", "pair")
        assert service.server.sql(failures, "gatepass") == "".join(f"{scope}\t{count}\n" for scope in scopes)
    assert refused(ask(service, GRANT, b"admin:password"), 429, "temporarily_unavailable")
    told = [each for each in map(json.loads, lines) if each["event"].startswith("login.")]
    assert [each["event"] for each in told] == ["login.failed"] * 3 + ["login.throttled"]
    service.core.write_behind.write()
    counted = service.server.sql("SELECT outcome, logins FROM login_stats ORDER BY outcome", "gatepass")
    assert counted == "failed\t3\nthrottled\t1\n"


@pytest.mark.parametrize("name", [b"%61dmin", b"%41DMIN", b"admin%20", b"a+b"])
def test_no_reading_of_a_name_is_guessed_at_for_nothing(make_service: MakeService, name: bytes) -> None:
    service = limited(make_service, THROTTLE_PAIR="2")
    add_user(service.server, "a+b")
    for _ in range(3):
        assert refused(ask(service, GRANT, name + b":wrong"), 401, "unauthorized_client")
    meant = b"a+b" if name == b"a+b" else b"admin"
    assert refused(ask(service, GRANT, meant + b":password"), 429, "temporarily_unavailable")


def test_a_right_second_reading_leaves_no_failure_behind(make_service: MakeService, lines: list[str]) -> None:
    service = limited(make_service, THROTTLE_PAIR="2")
    add_user(service.server, "ann", service.core.passwords.hash(b"a+b").decode())
    for _ in range(5):
        assert is_token(ask(service, GRANT, b"ann:a+b"))
    assert service.server.sql("SELECT COUNT(*) FROM login_throttle", "gatepass") == "0\n"
    told = [each["event"] for each in map(json.loads, lines) if each["event"].startswith("login.")]
    assert told == ["login.ok"] * 5
