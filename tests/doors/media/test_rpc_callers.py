"""Where a call of `/api/` may present its token: in the header and in `params`, where two that differ open nothing."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service
from tests.doors.media.rpc_calls import api, call, code, fault, notification, post, request, result, rows

ACCESS, CHECK = "Auth.CreateAccessToken", "Auth.CheckAccessToken"


@pytest.fixture
def caller(service: Service) -> str:
    return api(service)


def asked(service: Service, header: str | None, **params: Any) -> Any:
    headers = {} if header is None else {"Authorization": header}
    return call(service, ACCESS, {"stream": "cam1", **params}, headers=headers)


def faults(batch: TestResponse) -> dict[int, int]:
    """The codes of the calls that failed, by the number of the call."""
    return {number: fault(each, number) for number, each in enumerate(batch.json) if "error" in each}


def test_the_header_may_have_either_scheme_or_none(service: Service, caller: str) -> None:
    for form in ("Bearer {}", "bearer {}", "Token {}", "TOKEN {}", "{}", "Bearer   {} ", " {} "):
        assert result(asked(service, form.format(caller))).startswith("eyJ"), form


def test_a_header_of_another_scheme_presents_no_token(service: Service, caller: str) -> None:
    headers = ["", " ", "Bearer", "Bearer ", "Basic {}", "Basic eDp5", "Digest {}", "{0} {0}", "Bearer{}", "Bearer: {}"]
    for form in (*headers, "Bearer {0}, Bearer {0}", "Bearer {}, Basic eDp5", "Bearer {} x", '"{}"', "{},"):
        assert code(asked(service, form.format(caller))) == -32001, form
    assert code(call(service, ACCESS, ["cam1"], path=f"/api/?token={caller}&Token={caller}")) == -32001
    assert rows(service) == ["api"]


def test_the_token_may_be_a_named_parameter_under_either_name(service: Service, caller: str) -> None:
    for name in ("Token", "token"):
        for header in (None, "", f"Bearer {caller}", "Basic eDp5"):
            assert result(asked(service, header, **{name: caller})).startswith("eyJ")
        sample = {"stream": "cam1", "ttl": 60, name: caller}
        assert result(call(service, "Auth.CreateApiToken", sample)).startswith("eyJ")
    assert result(asked(service, None, Token=caller, token=caller)).startswith("eyJ")
    assert result(asked(service, f"Bearer {caller}", Token="", token="")).startswith("eyJ")
    assert code(asked(service, None, TOKEN=caller)) == -32001
    assert code(call(service, ACCESS, ["cam1", 60, caller])) == -32001


def test_two_different_tokens_are_an_invalid_request(service: Service, caller: str) -> None:
    other = api(service)
    for header, params in (
        (f"Bearer {caller}", {"Token": other}),
        (f"Bearer {caller}", {"token": other}),
        (caller, {"Token": "x"}),
        ("x", {"Token": caller}),
        (None, {"Token": caller, "token": other}),
        (f"Token {caller}", {"Token": caller, "token": other}),
        (f"Bearer {caller}", {"Token": caller + " "}),
    ):
        assert code(asked(service, header, **params)) == -32600, params
    assert rows(service) == ["api", "api"]


def test_a_token_that_is_not_a_string_is_an_invalid_parameter(service: Service, caller: str) -> None:
    for value in (None, 1, True, [caller], {"token": caller}):
        for name in ("Token", "token"):
            assert code(asked(service, f"Bearer {caller}", **{name: value})) == -32602
            assert code(asked(service, None, **{name: value})) == -32602
    assert rows(service) == ["api"]


def test_the_parameter_token_of_a_check_is_the_token_to_check_not_the_callers(service: Service, caller: str) -> None:
    made = result(asked(service, caller, live=True))
    asks = {"token": made, "stream": "cam1", "action": "live"}
    allowed = {"allowed": True, "expires": NOW + 3600}
    assert (
        result(call(service, CHECK, asks, caller)) == result(call(service, CHECK, asks | {"Token": caller})) == allowed
    )
    assert code(call(service, CHECK, asks)) == -32001
    assert code(call(service, CHECK, asks | {"token": caller})) == -32001
    assert code(call(service, CHECK, asks | {"Token": "x"}, caller)) == -32600


def test_each_call_of_a_batch_presents_its_own_token(service: Service, caller: str) -> None:
    other, bad = api(service), api(service, "revoke")
    given: list[dict[str, Any]] = [{"Token": caller}, {"token": other}, {}, {"Token": bad}, {"Token": 1}]
    calls = [request(ACCESS, {"stream": "cam1", **each}, number) for number, each in enumerate(given)]
    answer = post(service, [*calls, notification(ACCESS, {"stream": "cam2"})])
    assert faults(answer) == {2: -32001, 3: -32001, 4: -32602}
    assert faults(post(service, calls, caller)) == {1: -32600, 3: -32600, 4: -32602}
    assert rows(service).count("stream") == 2 + 2


def test_a_check_updates_last_access_of_the_api_token_alone(service: Service, caller: str) -> None:
    made = result(asked(service, caller, live=True))
    service.clock.now = NOW + 100
    call(service, CHECK, [made, "cam1", "live"], caller)
    service.core.write_behind.write()
    found = service.server.sql("SELECT kind, last_access FROM auth_tokens ORDER BY id", "gatepass")
    assert found == f"api\t{NOW + 100}\nstream\t{NOW}\n"
