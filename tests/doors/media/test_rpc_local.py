"""Who may call `Auth.CreateApiToken`: programs on the machine itself, and no proxy and no browser's page there.

tests/auth/guard/test_local_programs.py has every kind of stranger.
"""

from typing import Any

import pytest

from tests.conftest import Service
from tests.doors.contract import MakeService
from tests.doors.media.rpc_calls import STRANGER, api, call, code, fault, notification, post, request, result, rows

API = "Auth.CreateApiToken"

STRANGERS = {
    "outside": STRANGER,
    "socket": {"REMOTE_ADDR": ""},
    "proxy": {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    "page": {"HTTP_ORIGIN": "http://localhost"},
    "rebound": {"HTTP_HOST": "evil.example"},
}
EACH_STRANGER = pytest.mark.parametrize("given", STRANGERS.values(), ids=STRANGERS)


def environ(given: dict[str, str]) -> dict[str, Any]:
    """As the server says it of a caller on this machine, but for what is given."""
    return {"environ_overrides": {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", **given}}


@EACH_STRANGER
def test_a_stranger_is_refused_before_the_parameters_are_read(make_service: MakeService, given: dict[str, str]) -> None:
    trusting = make_service(TRUSTED_PROXIES="192.0.2.0/24,127.0.0.0/8,::1/128")
    token = api(trusting)
    for service in (make_service(), trusting):
        for params in ({"ttl": 0}, [0], None, {}, [], {"ttl": -1}, {"ttl": "x", "Token": 1}, {"token": token, "x": 1}):
            answer = call(service, API, params, token, **environ(given))
            assert (answer.status_code, code(answer)) == (400, -32003)
    assert rows(trusting) == ["api"], "which is the caller's own"
    assert result(call(trusting, API, [0])), "whatever is trusted, a caller on this machine is one"


@EACH_STRANGER
def test_a_stranger_gets_no_token_by_a_batch_or_a_notification(service: Service, given: dict[str, str]) -> None:
    batch = [request(API, [0]), notification(API, [0]), request("x"), notification(API, {"ttl": 0}), request(API)]
    answer = post(service, batch, **environ(given))
    assert [fault(each) for each in answer.json] == [-32003, -32601, -32003]
    assert post(service, notification(API, [0]), **environ(given)).status_code == 204
    assert rows(service) == []


@EACH_STRANGER
def test_a_stranger_with_an_api_token_gets_a_stream_token_under_either_name(
    service: Service, given: dict[str, str]
) -> None:
    token = api(service)
    for name in (API, "Auth.CreateAccessToken"):
        params = {"stream": "cam1", "ttl": 60}
        assert result(call(service, name, params, token, **environ(given))).startswith("eyJ")
        assert code(call(service, name, params, **environ(given))) == -32001
    assert rows(service) == ["api", "stream", "stream"]


def test_an_api_token_does_not_let_a_stranger_create_another(service: Service) -> None:
    token = api(service)
    for params in ({"ttl": 0, "Token": token}, {"ttl": 0, "Stream": "cam1", "token": token}, ["cam1", 60], [0]):
        assert code(call(service, API, params, token, environ_overrides=STRANGER)) == -32003
    assert rows(service) == ["api"]


def test_a_local_programs_token_is_ignored(service: Service) -> None:
    for presented in ("", "x", api(service, "introspect")):
        for params in ({"ttl": 60}, {"ttl": 60, "Token": "y"}, {"ttl": 60, "token": None}):
            assert result(call(service, API, params, presented)).startswith("gpa_")
