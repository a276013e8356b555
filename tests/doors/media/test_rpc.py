"""Pins `POST /api/` as JSON-RPC 2.0: its errors and their statuses, request objects, ids, and the HTTP around it."""

import json
from typing import Any

import pytest

from tests.conftest import Service
from tests.doors.contract import DEAD, MakeService
from tests.doors.media.rpc_calls import STRANGER, api, call, code, fault, notification, post, request, result, rows

API, ACCESS, CHECK = "Auth.CreateApiToken", "Auth.CreateAccessToken", "Auth.CheckAccessToken"
METHODS = ("GET", "PUT", "DELETE", "PATCH", "BREW")


@pytest.fixture
def caller(service: Service) -> str:
    """The API token of a media server's back end."""
    return api(service)


@pytest.mark.parametrize("mode", ["php", "http"])
@pytest.mark.parametrize(
    ("body", "more", "expected", "status"),
    [
        (b"{", {}, -32700, 400),
        (1, {}, -32600, 400),
        ({"jsonrpc": "1.0", "method": API}, {}, -32600, 400),
        (request("Auth.Nothing"), {}, -32601, 400),
        (request(API), {}, -32602, 400),
        (request(ACCESS, ["cam1"]), {}, -32001, 401),
        (request(API, [0]), {"environ_overrides": STRANGER}, -32003, 403),
        (b" " * 65_537, {}, -32600, 413),
    ],
    ids=["no JSON", "no object", "1.0", "no such method", "no ttl", "no token", "not local", "too large"],
)
def test_an_error_has_its_code_and_status_400_or_with_error_status_http_its_own(
    make_service: MakeService, mode: str, body: Any, more: dict[str, Any], expected: int, status: int
) -> None:
    answer = post(make_service(ERROR_STATUS=mode), body, **more)
    number = 1 if isinstance(body, dict) and "id" in body else None
    assert code(answer, number) == expected
    assert answer.status_code == (status if mode == "http" else 400)
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Pragma"] == "no-cache"


def test_a_401_has_the_challenge_that_http_requires(make_service: MakeService) -> None:
    answer = call(make_service(ERROR_STATUS="http"), ACCESS, ["cam1"])
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"  # RFC 9110 15.5.2


@pytest.mark.parametrize(("mode", "status"), [("php", 400), ("http", 503)])
def test_a_database_that_is_down_gives_retry_after(make_service: MakeService, mode: str, status: int) -> None:
    service = make_service(ERROR_STATUS=mode, **DEAD)
    token = "gpa_" + "0" * 40 + "4cMan1"
    for method, params in ((API, [0]), (ACCESS, ["cam1"]), (CHECK, ["x", "cam1", "live"])):
        answer = call(service, method, params, token)
        assert (code(answer), answer.status_code, answer.headers["Retry-After"]) == (-32002, status, "5")
    batch = post(service, [request(API, [0]), request("x", number=2), notification(API, [0])], token)
    assert (batch.status_code, batch.headers["Retry-After"]) == (200, "5")
    assert [fault(batch.json[0]), fault(batch.json[1], 2)] == [-32002, -32601]
    assert post(service, notification(API, [0])).status_code == 204
    assert code(call(service, API, environ_overrides=STRANGER)) == -32003, "this needs no database"


@pytest.mark.parametrize("mode", ["php", "http"])
def test_an_unforeseen_error_is_500_without_details(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch, lines: list[str], mode: str
) -> None:
    def broken(*_: Any) -> int:
        raise RuntimeError("secret-detail")

    service = make_service(ERROR_STATUS=mode)
    monkeypatch.setattr("v1.db.tables.tokens.Tokens.add", broken)
    single = call(service, API, [0])
    assert (single.status_code, single.json) == (
        500,
        {"jsonrpc": "2.0", "error": {"code": -32603, "message": "Internal error"}, "id": 1},
    )
    batch = post(service, [request("x"), request(API, [0], "b"), notification(API, [0])])
    assert batch.status_code == 200
    assert [fault(batch.json[0]), fault(batch.json[1], "b")] == [-32601, -32603]
    assert post(service, notification(API, [0])).data == b""
    assert "secret-detail" not in single.text + batch.text + "".join(lines)
    assert sum('"exception": "RuntimeError"' in line for line in lines) == 4


def test_an_id_comes_back_as_it_was_sent(service: Service) -> None:
    for number in ("", "a", "é\ud800\0", 0, 1, -7, 2**63, 10**100, 1.5, -0.25, None):
        assert result(post(service, request(API, [60], number)), number).startswith("gpa_")
        assert code(post(service, request("x", number=number)), number) == -32601
        assert code(post(service, {**request("x", number=number), "jsonrpc": "1.0"}), number) == -32600


def test_an_id_of_another_type_is_refused_under_the_id_null(service: Service) -> None:
    for number in (True, False, {}, {"id": 1}, [], [1]):
        assert code(post(service, request(API, [60], number)), None) == -32600
    assert rows(service) == []


def test_an_invalid_request_object_is_refused(service: Service) -> None:
    for value in (None, True, 2.0, 1, "2", "", "x", [], {}):
        assert code(post(service, request(API, [60]) | {"jsonrpc": value})) == -32600
        named = isinstance(value, str)
        assert code(post(service, request(API, [60]) | {"method": value})) == (-32601 if named else -32600)
        listed = isinstance(value, list | dict)
        assert code(post(service, request(API, [60]) | {"params": value})) == (-32602 if listed else -32600)
    assert rows(service) == []


def test_a_call_needs_its_version_and_method_but_no_params(service: Service) -> None:
    for name, expected in (("jsonrpc", -32600), ("method", -32600), ("params", -32602)):
        short = {key: value for key, value in request(API, [60]).items() if key != name}
        assert code(post(service, short)) == expected
    assert result(post(service, request(API, [60]) | {"more": {}})).startswith("gpa_")


def test_an_unknown_method_is_not_found_whatever_its_parameters(service: Service) -> None:
    for method in ("", "auth.createapitoken", "Auth.CreateApiToken ", "rpc.discover", "Auth", "é\ud800"):
        for params in (None, [], {}, {"Token": 1}, [None]):
            assert code(call(service, method, params)) == -32601


def test_only_post_is_served_in_every_slash_form_and_never_redirected(service: Service) -> None:
    paths = ("/api", "/api/", "/api//", "/api///")
    for path in paths:
        assert result(call(service, API, [60], path=path)).startswith("gpa_")
        for method in METHODS:
            answer = call(service, API, [60], path=path, method=method)
            assert (answer.status_code, code(answer, None)) == (405, -32600)
            assert "POST" in answer.headers["Allow"]
        head = call(service, API, [60], path=path, method="HEAD")
        assert (head.status_code, head.data) == (405, b"") and "POST" in head.headers["Allow"]
    assert rows(service) == ["api"] * len(paths)


def test_a_path_below_it_is_404_in_json(service: Service) -> None:
    for path in ("/api/x", "/api/x/", "/api//Auth.CreateApiToken", "/api/%ff", "/api/v1/oauth/"):
        for method in ("POST", *METHODS):
            answer = call(service, API, [60], path=path, method=method)
            assert (answer.status_code, code(answer, None)) == (404, -32600)
    assert rows(service) == []


def test_a_path_with_the_same_beginning_belongs_to_another_door(service: Service) -> None:
    for path in ("/apiary", "/ap", "/v1/api/"):
        assert "jsonrpc" not in call(service, API, [60], path=path).text
    assert rows(service) == []


def test_a_body_of_another_type_is_read_as_json(service: Service) -> None:
    raw = json.dumps(request(API, [60], "é"), ensure_ascii=False).encode()
    types = ("", "x", "text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "text/html")
    for kind in (*types, "multipart/form-data; boundary=B", "application/json; charset=latin1"):
        assert result(post(service, raw, content_type=kind), "é").startswith("gpa_")


def test_bare_results_are_the_result_alone_and_errors_stay_objects(make_service: MakeService) -> None:
    service = make_service(RPC_BARE_RESULTS="1")
    made = call(service, API, {"ttl": 0})
    assert (made.status_code, made.headers["Content-Type"]) == (200, "application/json")
    assert rows(service) == ["api"] and isinstance(made.json, str)
    opened = call(service, ACCESS, {"stream": "cam1", "live": True}, made.json)
    checked = call(service, CHECK, {"token": opened.json, "stream": "cam1", "action": "live"}, made.json)
    assert list(checked.json) == ["allowed", "expires"] and checked.json["allowed"] is True
    assert code(call(service, API)) == -32602
    assert code(call(service, ACCESS, ["cam1"])) == -32001
    batch = post(service, [request(API, [60])])
    assert list(batch.json[0]) == ["jsonrpc", "result", "id"], "whose answer is whose, only the id tells"
    assert post(service, notification(API, [60])).status_code == 204


def test_no_token_reaches_the_log(service: Service, caller: str, lines: list[str]) -> None:
    made = [result(call(service, API, [60])), result(call(service, ACCESS, ["cam1"], caller))]
    call(service, ACCESS, {"stream": "cam1", "Token": made[0]}, path=f"/api/?token={caller}")
    call(service, CHECK, {"token": made[1], "stream": caller, "action": made[0]}, caller)
    call(service, caller, [], made[0], path=f"/api/{made[1]}")
    written = "".join(lines)
    assert written and not [each for each in (*made, caller) if each in written]
