"""Pins what proof comes along with a request: the token of its header, and whose address is believed."""

import ipaddress
import logging
from dataclasses import replace

import pytest

from tests.conftest import NOW, Service
from v1.auth import guard
from v1.auth.guard import (
    client_address,
    cookie,
    is_local,
    is_same_origin,
    may_create_api_tokens,
    may_read_metrics,
    presented,
)
from v1.errors import InvalidToken, MissingToken
from v1.observe import metrics
from v1.settings import load

TRUSTED = tuple(ipaddress.ip_network(each) for each in ("127.0.0.0/8", "10.0.0.0/8", "::1/128", "2001:db8::/32"))
OFFICE = (ipaddress.ip_network("198.51.100.0/24"),)
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}
TOKEN = "ab" * 20
SETTINGS = load({"DATABASE_URL": "mysql://u:p@127.0.0.1/d", "APP_ENV": "development"})


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN", "tOkEn", "Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("spaces", [" ", "  ", "     "])
def test_the_text_behind_either_scheme_in_any_case_is_the_token(scheme: str, spaces: str) -> None:
    assert presented({"HTTP_AUTHORIZATION": f"{scheme}{spaces}{TOKEN}"}) == TOKEN


@pytest.mark.parametrize(
    "header",
    [
        *("", " ", "Token", "Token ", "Token     ", "Bearer", "Bearer ", "Basic", "Basic YTpi", f"Basic {TOKEN}"),
        *(TOKEN, f" Token {TOKEN}", f"Token={TOKEN}", f"Token\t{TOKEN}", f"Token:{TOKEN}", f"Tokens {TOKEN}"),
        *(f"Digest {TOKEN}", f"Token,{TOKEN}", f"T\xf6ken {TOKEN}", f"JWT {TOKEN}", "x" * 10240),
        *(f"Token {TOKEN}, Token {TOKEN}", f"Token {TOKEN},Bearer {TOKEN}", f"Token {TOKEN}, Basic YTpi"),
    ],
)
def test_any_other_header_presents_no_token(header: str) -> None:
    with pytest.raises(MissingToken):
        presented({"HTTP_AUTHORIZATION": header})


def test_no_header_and_a_token_in_the_query_present_no_token() -> None:
    for environ in ({}, {"QUERY_STRING": f"token={TOKEN}&access_token={TOKEN}"}, {"HTTP_COOKIE": f"token={TOKEN}"}):
        with pytest.raises(MissingToken):
            presented(environ)


@pytest.mark.parametrize(
    "secret", [TOKEN + ",", f"{TOKEN} {TOKEN}", "x" * 10240, "\xe9" * 40, "\x00", "a, b", '"' + TOKEN + '"', "tokenx"]
)
def test_any_value_behind_a_scheme_is_presented_as_it_is(secret: str) -> None:
    assert presented({"HTTP_AUTHORIZATION": "Token " + secret}) == secret


@pytest.mark.parametrize(
    ("header", "value"),
    [
        *(("gatepass=x", "x"), ("a=1; gatepass=x; b=2", "x"), ("a=1;gatepass=x", "x"), ("\tgatepass=x \t", "x")),
        *(("gatepass=x; gatepass=y", "x"), ("gatepass=a=b=", "a=b="), ('gatepass="x"', '"x"'), ("gatepass=a b", "a b")),
        *(("", ""), (";;;", ""), ("gatepass", ""), ("gatepass=", ""), ("gatepass=; gatepass=y", ""), ("=x", "")),
        *(("Gatepass=x", ""), ("xgatepass=x", ""), ("gatepass2=x", ""), ("gatepass =x", ""), ("a=gatepass=x", "")),
        *(("a, gatepass=x", ""), ("gatepass=\xe9", "\xe9"), ("__Host-gatepass=x", ""), ("gatepass_language=tr", "")),
    ],
)
def test_the_first_cookie_of_exactly_that_name_is_read(header: str, value: str) -> None:
    assert cookie({"HTTP_COOKIE": header}, "gatepass") == value
    assert cookie({}, "gatepass") == ""


@pytest.mark.parametrize(
    ("site", "ours"),
    [("same-origin", True), ("same-site", False), ("cross-site", False), ("none", False), ("", False), ("x", False)]
    + [("SAME-ORIGIN", False), ("same-origin, same-origin", False), (" same-origin", False)],
)
def test_what_the_browser_says_of_the_site_decides_whatever_the_origin(site: str, ours: bool) -> None:
    for origin in ({}, {"HTTP_ORIGIN": "null"}, *({"HTTP_ORIGIN": f"https://{host}"} for host in ("here", "evil"))):
        assert is_same_origin({"HTTP_SEC_FETCH_SITE": site, "HTTP_HOST": "here", **origin}, ("https",)) is ours


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        *(("http://here", "here", True), ("https://here", "here", True), ("https://HERE", "Here", True)),
        *(("http://127.0.0.1:8000", "127.0.0.1:8000", True), ("http://[::1]:8000", "[::1]:8000", True)),
        *(("http://here:8000", "here:8001", False), ("http://here:8000", "here", False), ("http://a.b", "b", False)),
        *(("http://here", "here:8000", False), ("http://here.evil", "here", False), ("http://evilhere", "here", False)),
        *(("null", "null", False), ("", "", False), ("://", "", False), ("http://", "here", False)),
        *(("here", "here", False), ("//here", "here", False), ("https:here", "here", False)),
        *(("file://", "", False), ("ftp://here", "here", False), ("http://here/", "here", False), ("x", "", False)),
        *(("http://here http://here", "here", False), ("http://u@here", "here", False), ("HTTP://here", "here", False)),
    ],
)
def test_without_it_the_origin_must_be_the_host_that_was_asked(origin: str, host: str, ours: bool) -> None:
    environ = {"HTTP_ORIGIN": origin, "HTTP_HOST": host}
    assert is_same_origin(environ, ("http", "https")) is ours
    assert is_same_origin(environ, ("https",)) is (ours and origin.startswith("https"))


def test_a_request_that_does_not_say_where_it_comes_from_comes_from_elsewhere() -> None:
    for more in ({}, {"HTTP_REFERER": "http://here/"}, {"HTTP_SEC_FETCH_MODE": "navigate"}, {"HTTP_ORIGIN": ""}):
        assert not is_same_origin({"HTTP_HOST": "here", **more}, ("http", "https"))
    assert not is_same_origin({}, ("http", "https"))


def test_a_check_is_counted_by_its_outcome(service: Service) -> None:
    def count(outcome: str) -> float:
        return metrics.token_checks.labels(outcome)._value.get()

    before = {outcome: count(outcome) for outcome in ("missing", "invalid", "ok")}
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" SELECT SHA1('{TOKEN}'), id, {NOW}, {NOW + 9}, {NOW}, 'x' FROM users",
        "gatepass",
    )
    with pytest.raises(MissingToken):
        guard.authorize(service.core, {}, ("mobile",))
    with pytest.raises(InvalidToken):
        guard.authorize(service.core, {"HTTP_AUTHORIZATION": "Token x"}, ("mobile",))
    principal, proof = guard.authorize(service.core, {"HTTP_AUTHORIZATION": "Token " + TOKEN}, ("mobile",))
    assert (principal.username, proof.kind, proof.expiry) == ("admin", "mobile", NOW + 9)
    assert {outcome: count(outcome) - number for outcome, number in before.items()} == dict.fromkeys(before, 1)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # a stranger may write what it likes
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (
            "127.0.0.1",
            "203.0.113.9, 198.51.100.1, 10.1.2.3",
            "198.51.100.1",
        ),  # what stands left of it is the client's own
        ("127.0.0.1", "10.1.2.3, 10.9.9.9", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:443", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.1:1, 198.51.100.1:54321, 10.1.2.3:65535", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1:443, [2001:db8::9]:80", "198.51.100.1"),
        ("127.0.0.1", '"198.51.100.1:443"', "198.51.100.1"),
        ("127.0.0.1", '"198.51.100.1"', "198.51.100.1"),
        ("127.0.0.1", "[2a00::1]", "2a00::1"),
        ("127.0.0.1", "[2a00::1]:443", "2a00::1"),
        ("127.0.0.1", '"[2a00::1]:443"', "2a00::1"),
        ("127.0.0.1", '"2a00::1"', "2a00::1"),
        ("127.0.0.1", "2a00::1:443", "2a00::1:443"),  # without brackets a port cannot be told from the address
        ("127.0.0.1", "\t[::ffff:198.51.100.1]:443 ", "198.51.100.1"),
        ("127.0.0.1", "::ffff:198.51.100.1:443", "198.51.100.1"),
        ("127.0.0.1", "[198.51.100.1]:443", "198.51.100.1"),
        ("127.0.0.1", "[fe80::1%eth0]:443", "fe80::1"),
        *(
            ("127.0.0.1", f"198.51.100.1, {entry}", "127.0.0.1")
            for entry in ("[2a00::1", "2a00::1]:1", "[[2a00::1]]", "[2a00::1]443", "192.0.2.2:", "192.0.2.2:123456")
        ),
        *(
            ("127.0.0.1", f"198.51.100.1, {entry}", "127.0.0.1")
            for entry in ('"192.0.2.2', '""192.0.2.2""', "192.0.2.2:x", "a.b:1", "for=192.0.2.2", "[]:1", '"')
        ),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::1", "2001:db8::5, 2a00::1", "2a00::1"),
        ("fe80::1%eth0", "", "fe80::1"),
        ("", "198.51.100.1", "198.51.100.1"),  # a Unix socket
        ("", "", ""),
    ],
)
def test_behind_trusted_proxies(peer: str, forwarded: str, expected: str) -> None:
    assert client_address({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}, TRUSTED) == expected


def test_without_trusted_proxies_the_peer_is_the_client() -> None:
    environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert client_address(environ, ()) == "127.0.0.1"


def test_what_cannot_be_read_is_told_once_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def told(forwarded: str) -> list[str]:
        caplog.clear()
        client_address({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}, TRUSTED)
        return [str(record.__dict__.get("event")) for record in caplog.records]

    logging.getLogger("v1").addHandler(caplog.handler)
    guard._tell_unreadable.cache_clear()
    try:
        assert told("") == told("198.51.100.1:1") == told("unknown, 198.51.100.1") == []
        assert told("a secret, unknown") == ["proxy.unreadable_address"] and "unknown" not in caplog.text
        assert told("another") == told("a secret, unknown") == []
    finally:
        logging.getLogger("v1").removeHandler(caplog.handler)


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_a_program_on_this_machine_is_local(peer: str, host: str) -> None:
    assert is_local({"REMOTE_ADDR": peer, "HTTP_HOST": host})


@pytest.mark.parametrize(
    "changed",
    [
        *({"REMOTE_ADDR": each} for each in ("192.0.2.7", "10.0.0.1", "2001:db8::1", "", "::ffff:192.0.2.7")),
        *({"HTTP_HOST": each} for each in ("", "gatepass.example", "localhost.evil.example", "::1", "127.0.0.1.x")),
        *({f"HTTP_X_FORWARDED{end}": ""} for end in ("", "_FOR", "_HOST", "_PROTO", "_PORT", "_SERVER")),
        *({f"HTTP_{name}": "x"} for name in ("FORWARDED", "X_REAL_IP", "VIA", "SEC_FETCH_SITE", "SEC_FETCH_MODE")),
        *({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_ORIGIN": "null"}, {"HTTP_SEC_FETCH_SITE": "none"}),
    ],
    ids=str,
)
def test_a_stranger_a_proxy_beside_us_and_a_page_in_a_browser_are_not_local(changed: dict[str, str]) -> None:
    assert is_local(HERE)
    assert not is_local({**HERE, **changed})


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "sees"),
    [
        ("198.51.100.9", "", (), True),
        ("192.0.2.7", "", (), False),
        ("192.0.2.7", "198.51.100.9", (), False),  # anybody can write that
        ("127.0.0.1", "198.51.100.9", (), False),  # a proxy that is not trusted proves nothing
        ("127.0.0.1", "198.51.100.9", TRUSTED, True),
        ("127.0.0.1", "198.51.100.9, 192.0.2.7", TRUSTED, False),
        ("192.0.2.7", "198.51.100.9", TRUSTED, False),
        ("", "", TRUSTED, False),
    ],
)
def test_the_numbers_are_for_allowed_networks_alone(peer: str, forwarded: str, trusted: tuple, sees: bool) -> None:
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded, "HTTP_HOST": "gatepass.example"}
    assert may_read_metrics(replace(SETTINGS, trusted_proxies=trusted, metrics_allow=OFFICE), environ) is sees
    assert not may_read_metrics(replace(SETTINGS, trusted_proxies=trusted), environ)


@pytest.mark.parametrize("allowed", [(), OFFICE])
def test_the_machine_itself_may_see_them_unless_that_is_closed(allowed: tuple) -> None:
    settings = replace(SETTINGS, metrics_allow=allowed)
    assert may_read_metrics(settings, HERE) and may_create_api_tokens(settings, HERE)
    closed = replace(settings, local_metrics=False, local_api_tokens=False)
    assert not may_read_metrics(closed, HERE) and not may_create_api_tokens(closed, HERE)
    assert may_read_metrics(closed, {**HERE, "REMOTE_ADDR": "198.51.100.9"}) is bool(allowed)
    assert not may_create_api_tokens(settings, {**HERE, "REMOTE_ADDR": "198.51.100.9"})
