"""Pins who may call `Auth.CreateApiToken`: programs on the machine itself, and no proxy and no browser's page there."""

from typing import Any

import pytest

from tests.conftest import Service
from tests.doors.contract import MakeService
from tests.doors.media.rpc_calls import STRANGER, api, call, code, fault, notification, post, request, result, rows

API = "Auth.CreateApiToken"
Environ = dict[str, str]

OUTSIDE: list[Environ] = [
    STRANGER,
    {"REMOTE_ADDR": "2001:db8::7"},
    {"REMOTE_ADDR": "::ffff:192.0.2.7"},
    {"REMOTE_ADDR": "10.0.0.7", "HTTP_HOST": "127.0.0.1"},
    {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_REAL_IP": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"},
    {"REMOTE_ADDR": "localhost"},
    {"REMOTE_ADDR": "127.0.0.1, 192.0.2.7"},
]
SOCKET: list[Environ] = [{"REMOTE_ADDR": ""}, {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}]
PROXIES: list[Environ] = [
    {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_FORWARDED_FOR": ""},
    {"HTTP_X_FORWARDED_HOST": "localhost"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_VIA": "1.1 proxy"},
]
PAGES: list[Environ] = [
    {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://localhost"},
    {"HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_SEC_FETCH_SITE": "none"},
    {"HTTP_SEC_FETCH_MODE": "no-cors"},
    {"HTTP_SEC_FETCH_DEST": "empty"},
    {"HTTP_ORIGIN": "https://evil.example", "CONTENT_TYPE": "text/plain"},
]
HOSTS = [
    *("evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "localhost.", "0.0.0.0"),
    *(
        "evil.example@localhost",
        "localhost@evil.example",
        "localhost, evil.example",
        "localhost:80:80",
        "localhost/",
        "",
    ),
    *("127.1", "2130706433", "[::1", "::1", "[::ffff:127.0.0.1]", "\xff"),
]
REBOUND: list[Environ] = [{"HTTP_HOST": host} for host in HOSTS]
STRANGERS = {"outside": OUTSIDE, "socket": SOCKET, "proxy": PROXIES, "page": PAGES, "rebound": REBOUND}

PEERS = ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"]
OWN_HOSTS = ["localhost", "LocalHost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"]


def environ(given: Environ) -> dict[str, Any]:
    """As the server says it of a caller on this machine, but for what is given."""
    return {"environ_overrides": {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", **given}}


@pytest.mark.parametrize("strangers", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_is_refused_before_the_parameters_are_read(service: Service, strangers: list[Environ]) -> None:
    token = api(service)
    for given in strangers:
        for params in ({"ttl": 0}, [0], None, {}, [], {"ttl": -1}, {"ttl": "x", "Token": 1}, {"token": token, "x": 1}):
            answer = call(service, API, params, token, **environ(given))
            assert (answer.status_code, code(answer)) == (400, -32003), given
    assert rows(service) == ["api"], "which is the caller's own"


@pytest.mark.parametrize("strangers", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_gets_no_token_by_a_batch_or_a_notification(service: Service, strangers: list[Environ]) -> None:
    batch = [request(API, [0]), notification(API, [0]), request("x"), notification(API, {"ttl": 0}), request(API)]
    for given in strangers:
        answer = post(service, batch, **environ(given))
        assert [fault(each) for each in answer.json] == [-32003, -32601, -32003], given
        assert post(service, notification(API, [0]), **environ(given)).status_code == 204
    assert rows(service) == []


def test_a_program_on_this_machine_gets_an_api_token(service: Service) -> None:
    for peer in PEERS:
        for host in OWN_HOSTS:
            made = call(service, API, {"ttl": 0}, **environ({"REMOTE_ADDR": peer, "HTTP_HOST": host}))
            assert result(made).startswith("gpa_"), (peer, host)


def test_clients_of_a_trusted_proxy_are_not_local(make_service: MakeService) -> None:
    service = make_service(TRUSTED_PROXIES="192.0.2.0/24,127.0.0.0/8,::1/128")
    for given in OUTSIDE + SOCKET + PROXIES + PAGES + REBOUND:
        assert code(call(service, API, [0], **environ(given))) == -32003, given
    assert rows(service) == []
    assert result(call(service, API, [0])), "whatever is trusted, a caller without those headers is one"


def test_a_stranger_with_an_api_token_gets_a_stream_token_under_either_name(service: Service) -> None:
    token = api(service)
    for given in (STRANGER, *PROXIES, {"HTTP_HOST": "media.example"}):
        for name in (API, "Auth.CreateAccessToken"):
            made = result(call(service, name, {"stream": "cam1", "ttl": 60}, token, **environ(given)))
            assert made.startswith("eyJ"), given
            assert code(call(service, name, {"stream": "cam1", "ttl": 60}, **environ(given))) == -32001
    assert set(rows(service)) == {"api", "stream"} and rows(service).count("api") == 1


def test_an_api_token_does_not_let_a_stranger_create_another(service: Service) -> None:
    token = api(service)
    for presented in ({"Token": token}, {"token": token}, {}):
        for params in ({"ttl": 0, **presented}, {"ttl": 0, "Stream": "cam1", **presented}):
            assert code(call(service, API, params, token, environ_overrides=STRANGER)) == -32003
    assert code(call(service, API, ["cam1", 60], token, environ_overrides=STRANGER)) == -32003
    assert rows(service) == ["api"]


def test_a_stranger_gets_403_with_error_status_http(make_service: MakeService) -> None:
    assert call(make_service(ERROR_STATUS="http"), API, [0], environ_overrides=STRANGER).status_code == 403


def test_a_local_programs_token_is_ignored(service: Service) -> None:
    for presented in ("", "x", api(service, "introspect")):
        for params in ({"ttl": 60}, {"ttl": 60, "Token": "y"}, {"ttl": 60, "token": None}):
            assert result(call(service, API, params, presented)).startswith("gpa_")
